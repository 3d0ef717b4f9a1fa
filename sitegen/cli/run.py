"""Runs the command and turns whatever happens into an exit code.

Exit codes: 0 done; 1 the content is broken, or --strict and there are warnings, or the
output could not be written; 2 the command or the configuration is wrong; 130 interrupted;
143 terminated.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from sitegen.cli.commands import app
from sitegen.cli.options import Voice
from sitegen.cli.printing import print_failure

__all__ = ["main", "run"]

FAILED, MISUSED, INTERRUPTED, TERMINATED = 1, 2, 130, 143


COLLECT = 50_000, 20, 20
"""An archive is many small objects, few of them in circles: looking for those less often
takes an eighth off a build in which nothing changed."""


class _Terminated(KeyboardInterrupt):
    """SIGTERM, by which machines say Ctrl-C: all is tidied up in the same way."""


def main() -> None:
    """Run the command and leave with its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A console that cannot show a sign of a file's name gets its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _terminate)
    gc.set_threshold(*COLLECT)
    sys.exit(run(sys.argv[1:]))


def _terminate(_signal: int, _frame: object) -> None:
    raise _Terminated


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit code."""
    from sitegen.errors import ConfigError, SitegenError

    voice = Voice()
    try:
        result = app.main(list(arguments), prog_name="sitegen", standalone_mode=False, obj=voice)
        return result if isinstance(result, int) else 0
    except (click.exceptions.Abort, KeyboardInterrupt) as error:
        terminated = isinstance(error.__cause__ or error, _Terminated)
        with suppress(OSError):  # Whoever ended us may have closed the terminal too.
            click.echo("terminated" if terminated else "interrupted", err=True)
        return TERMINATED if terminated else INTERRUPTED
    except click.ClickException as error:
        error.show()
        return MISUSED
    except SitegenError as error:
        try:
            print_failure(error, voice)
        except BrokenPipeError:
            _stop_printing()
        return MISUSED if isinstance(error, ConfigError) else FAILED
    except (BrokenPipeError, SystemExit):
        # The reader of our output went away (`sitegen build | head`), for which click
        # leaves by SystemExit: not our failure.
        _stop_printing()
        return 0


def _stop_printing() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
