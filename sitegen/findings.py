"""How findings are written: for a terminal, as JSON, and as annotations of GitHub Actions.

Their texts come from file names and sources, so that none may begin a line of its own or
command what reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sitegen.errors import Diagnostic, Severity
from sitegen.model import Report
from sitegen.text import visible

if TYPE_CHECKING:
    from sitegen.check import CheckReport

__all__ = [
    "annotation",
    "check_json",
    "finding_json",
    "one_line",
    "place",
    "report_json",
    "tally",
]

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def one_line(text: str) -> str:
    """The text with every control and line end made a symbol."""
    return visible(text).replace("\n", "␊").replace("\u2028", "␊").replace("\u2029", "␊")


def place(finding: Diagnostic) -> str:
    """`content/a.md:12: `, as far as the place is known."""
    known = ":".join(str(part) for part in (finding.path, finding.line) if part)
    return f"{one_line(known)}: " if known else ""


def annotation(finding: Diagnostic) -> str:
    """A finding as a workflow command, by which GitHub shows it beside its line.

    Source of the format and of its escapes:
    https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    """
    about = {"file": finding.path, "line": finding.line, "col": finding.column}
    named = [f"{key}={_property(str(value))}" for key, value in about.items() if value]
    properties = f" {','.join(named)}" if named else ""
    lines = [finding.message, *([f"Hint: {finding.hint}"] if finding.hint else [])]
    data = "%0A".join(one_line(line).replace("%", "%25") for line in lines)
    return f"::{LEVELS[finding.severity]}{properties}::{data}"


def _property(text: str) -> str:
    return one_line(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def finding_json(finding: Diagnostic) -> dict[str, object]:
    """A finding for `--json`."""
    return {
        "severity": str(finding.severity),
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "hint": finding.hint,
    }


def report_json(report: Report) -> dict[str, object]:
    """What a build did, for `--json`."""
    return {
        "ok": report.is_whole,
        "transcripts": report.transcripts,
        "messages": report.messages,
        "written": list(report.written),
        "unchanged": report.unchanged,
        "removed": list(report.removed),
        "seconds": round(report.seconds, 3),
        "diagnostics": [finding_json(finding) for finding in report.diagnostics],
    }


def check_json(report: CheckReport, strict: bool) -> dict[str, object]:
    """What a check found, for `--json`."""
    return {
        "ok": report.passes(strict),
        "transcripts": report.transcripts,
        "files": report.files,
        "bytes": report.size,
        "links": report.links,
        "seconds": round(report.seconds, 3),
        "diagnostics": [finding_json(finding) for finding in report.diagnostics],
    }


def tally(findings: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning, no notes`."""
    found = [finding.severity for finding in findings]
    parts = []
    for severity in Severity:
        number = found.count(severity)
        parts.append(f"{number or 'no'} {severity}{'' if number == 1 else 's'}")
    return ", ".join(parts)
