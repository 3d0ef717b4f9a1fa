"""The `sitegen` command: arguments in, progress and findings out, exit codes."""

from sitegen.cli.commands import app
from sitegen.cli.run import main, run

__all__ = ["app", "main", "run"]
