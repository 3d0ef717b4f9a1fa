"""What the command says: findings, reports, progress."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen.cli.options import Voice
from sitegen.formats import Formats

if TYPE_CHECKING:
    from sitegen.builder import Progress
    from sitegen.config import Config
    from sitegen.errors import Diagnostic, SitegenError
    from sitegen.model import Report
    from sitegen.scaffold import Beginning
    from sitegen.watch import Outcome

__all__ = [
    "FORMS",
    "print_beginning",
    "print_failure",
    "print_findings",
    "print_json",
    "print_outcome",
    "print_paths",
    "print_report",
    "progress",
    "say",
    "shown",
]

FORMS = Formats()
PLAIN = re.compile(r"[\w.][\w./\\:-]*")
"""A path that every shell takes as it is."""
MARKS = {"error": ("error", "red"), "warning": ("warning", "yellow"), "note": ("note", "cyan")}


@contextmanager
def progress(silent: bool) -> Iterator[Progress | None]:
    """A progress bar where a person looks on; nothing in a pipe."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)

        yield report


def print_findings(findings: Sequence[Diagnostic], voice: Voice) -> None:
    """Print findings on standard error, as annotations where GitHub Actions reads them."""
    from sitegen.findings import annotation, one_line, place

    on_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    for finding in findings:
        if finding.severity == "note" and not voice.verbose:
            continue
        if voice.quiet and finding.severity != "error":
            continue
        if on_actions:
            click.echo(annotation(finding), err=True)
            continue
        word, colour = MARKS[finding.severity]
        mark = f"{word}: "
        if not os.environ.get("NO_COLOR"):
            mark = click.style(mark, fg=colour, bold=True)
        click.echo(f"{place(finding)}{mark}{one_line(finding.message)}", err=True)
        if finding.hint:
            click.echo(f"  Hint: {one_line(finding.hint)}", err=True)


def print_failure(error: SitegenError, voice: Voice) -> None:
    """Print why a command failed."""
    from sitegen.errors import BuildError
    from sitegen.findings import finding_json

    several = error.diagnostics if isinstance(error, BuildError) else ()
    findings = several or (error.diagnostic(),)
    print_findings(findings, voice)
    if several:
        click.echo(error.message, err=True)
    if voice.as_json:
        found = [finding_json(finding) for finding in findings]
        print_json({"ok": False, "error": error.message, "diagnostics": found})


def print_json(document: dict[str, object]) -> None:
    """Print a report for programs on standard output."""
    # In ASCII, which every console and pipe can hold.
    click.echo(json.dumps(document, indent=1))


def say(message: str) -> None:
    """Print a line on standard error."""
    click.echo(message, err=True)


def print_outcome(outcome: Outcome, config: Config, voice: Voice) -> None:
    """What came of one of many builds, in a line where there is nothing to mend."""
    from sitegen.findings import report_json
    from sitegen.model import Report

    if not isinstance(outcome, Report):
        print_failure(outcome, voice)
        return
    print_findings(outcome.diagnostics, voice)
    if voice.as_json:
        print_json(report_json(outcome))
    elif voice.verbose:
        print_report(outcome, config, voice)
    elif not voice.quiet:
        changed = FORMS.count(len(outcome.written) + len(outcome.removed), "file")
        click.echo(f"{changed} changed in {outcome.seconds:.2f} s")


def print_report(report: Report, config: Config, voice: Voice) -> None:
    """Print what a build did."""
    if voice.verbose:
        print_findings(_notes(config), voice)
        for path, reason in report.reasons:
            click.echo(f"made {path}: {reason}")
        print_paths("written", report.written)
        print_paths("removed", report.removed)
    click.echo(
        f"{FORMS.count(report.transcripts, 'transcript')}, "
        f"{FORMS.count(report.messages, 'message')}"
    )
    verb = "would be written" if config.dry_run else "written"
    click.echo(
        f"{FORMS.count(len(report.written), 'file')} {verb}, {report.unchanged:,} unchanged, "
        f"{len(report.removed):,} removed in {report.seconds:.2f} s"
    )
    if not config.dry_run:
        click.echo(f"The site is in {shown(config.output)}{os.sep}: open index.html there")


def _notes(config: Config) -> list[Diagnostic]:
    """What is worth knowing of the site's settings."""
    from sitegen.errors import Diagnostic, Severity

    if config.site.base_url:
        return []
    message = "the site's address is not known: no feeds, no site map, no addresses in citations"
    hint = "set `site.base_url`, SITEGEN_BASE_URL or --base-url"
    return [Diagnostic(Severity.NOTE, message, hint=hint)]


def print_beginning(done: Beginning, dry_run: bool) -> None:
    """Print what `init` wrote, and what to do next: each command on a line of four spaces."""
    from sitegen.scaffold import WORKFLOW

    print_paths("would be written" if dry_run else "written", done.written)
    for one in done.left:
        click.echo(f"left {one.path}: {one.reason}")
    if dry_run:
        return
    click.echo("\nSee it, and see each change of it (Ctrl-C stops):\n")
    if done.root != Path.cwd():
        name = shown(done.root)
        click.echo(f"    cd {name if PLAIN.fullmatch(name) else _quoted(name)}")
    click.echo("    sitegen serve\n")
    click.echo(
        f"Put conversations into {done.content}{os.sep}, then look them through and build:\n"
    )
    click.echo("    sitegen check\n    sitegen build\n")
    click.echo("To publish on GitHub Pages, make a repository of it:\n")
    click.echo('    git init -b main\n    git add .\n    git commit -m "Begin the archive"\n')
    click.echo(
        "On GitHub, make an empty repository, choose Settings > Pages > Source: GitHub Actions,"
    )
    click.echo("and push to it as it tells you. Every push to main then publishes.")
    if not done.is_installable and WORKFLOW in done.written:
        click.echo(
            f"\nThis sitegen was installed from a folder. Before you push, see in {WORKFLOW}\n"
            "that pip can install it there: by the address of its repository, if it is in no index."
        )


def _quoted(name: str) -> str:
    """A path between quotes, as a shell takes it."""
    return f'"{name}"' if os.name == "nt" else shlex.quote(name)


def print_paths(verb: str, paths: Sequence[str]) -> None:
    """Print a line for each path."""
    for path in paths:
        click.echo(f"{verb} {path}")


def shown(path: Path) -> str:
    """A path as one would type it here: relative where it is below the working folder."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
