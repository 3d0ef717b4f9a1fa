"""Finds keys and passwords in texts that are about to be published."""

from sitegen.secrets.report import secret_warnings
from sitegen.secrets.scan import Secret, find_secrets

__all__ = ["Secret", "find_secrets", "secret_warnings"]
