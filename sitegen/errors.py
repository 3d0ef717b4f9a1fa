"""What can go wrong, said so that a person can mend it: place, message, remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "BuildError",
    "ConfigError",
    "Diagnostic",
    "LayoutError",
    "OutputError",
    "Severity",
    "SitegenError",
    "SourceError",
]


class Severity(StrEnum):
    """How much a diagnostic matters to the build."""

    ERROR = "error"
    """The build fails and writes nothing."""
    WARNING = "warning"
    """The build goes on; `--strict` makes it fail."""
    NOTE = "note"
    """Worth knowing; never fails a build."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about one place."""

    severity: Severity
    """Error, warning or note."""
    message: str
    """What is wrong, in one sentence without a full stop."""
    path: str = ""
    """The file, relative to the project folder, `/`-separated; empty if none."""
    line: int = 0
    """1-based line; 0 if unknown."""
    column: int = 0
    """1-based column; 0 if unknown."""
    hint: str = ""
    """What to do about it; empty if the message says so already."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}. Hint: {self.hint}" if self.hint else text


class SitegenError(Exception):
    """Base of all errors that sitegen raises on purpose."""

    def __init__(self, message: str, *, path: str = "", line: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        return str(self.diagnostic())

    def diagnostic(self) -> Diagnostic:
        """The error as a diagnostic of severity `error`."""
        return Diagnostic(Severity.ERROR, self.message, self.path, self.line, hint=self.hint)


class ConfigError(SitegenError):
    """The configuration, a flag or a folder's place is not usable (exit code 2)."""


class SourceError(SitegenError):
    """One source cannot be read as what it claims to be (exit code 1)."""


class LayoutError(ConfigError):
    """A layout is broken or missing (exit code 2)."""


class OutputError(SitegenError):
    """The output folder cannot be written (exit code 1)."""


class BuildError(SitegenError):
    """The build failed; nothing was written (exit code 1)."""

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)
        """Every finding of the build, errors and warnings, in order of their place."""
