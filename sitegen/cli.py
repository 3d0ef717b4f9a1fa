"""The `sitegen` command: arguments in, progress and findings out, exit codes.

Exit codes: 0 done; 1 the content is broken, or --strict and there are warnings, or the
output could not be written; 2 the command or the configuration is wrong; 130 interrupted.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sitegen import __version__

if TYPE_CHECKING:
    from sitegen.build import Progress
    from sitegen.config import Config
    from sitegen.errors import Diagnostic, SitegenError
    from sitegen.model import Report

__all__ = ["main"]

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
MARKS = {"error": ("error", "red"), "warning": ("warning", "yellow"), "note": ("note", "cyan")}
Command = Callable[..., Any]


@dataclass(slots=True)
class Voice:
    """How a command speaks, by its options; also while it fails."""

    as_json: bool = False
    verbose: bool = False
    quiet: bool = False


def _voice_option(*names: str, help: str) -> Command:
    def hear(context: click.Context, option: click.Parameter, given: bool) -> None:
        setattr(context.ensure_object(Voice), str(option.name), given)

    return click.option(*names, is_flag=True, expose_value=False, callback=hear, help=help)


def common(command: Command) -> Command:
    """The options that every command takes."""
    options = [
        click.option("--root", default=".", metavar="DIR", help="The project folder."),
        click.option("-c", "--config", metavar="FILE", help="Read this file, not sitegen.toml."),
        click.option("-o", "--output", metavar="DIR", help="Write the site here."),
        click.option("-n", "--dry-run", is_flag=True, help="Say what would change; write nothing."),
        _voice_option("--json", "as_json", help="Report as JSON on standard output."),
        _voice_option("-v", "--verbose", help="Say more: notes, and every file."),
        _voice_option("-q", "--quiet", help="Say nothing but errors."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="sitegen %(version)s")
def app() -> None:
    """Turn a folder of transcripts into a static site."""


@app.command()
@common
@click.option("-u", "--base-url", metavar="URL", help="Where the site will be served.")
@click.option("-D", "--drafts", is_flag=True, help="Publish drafts too.")
@click.option("--strict", is_flag=True, help="Fail on warnings.")
@click.option("-f", "--force", is_flag=True, help="Make every page anew.")
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes at once.")
@click.option("--keep-going", is_flag=True, help="Publish what can be read, leave out the rest.")
@click.pass_obj
def build(voice: Voice, /, **overrides: str | bool | None) -> int:
    """Build the site of the project folder."""
    from sitegen.build import build_site

    config = _configure(overrides)
    with _progress(voice.quiet or voice.as_json) as progress:
        report = build_site(config, progress)
    _print_findings(report.diagnostics, voice)
    if voice.as_json:
        _print_json(_report(report))
    elif not voice.quiet:
        _print_report(report, config, voice)
    return 0


@app.command()
@common
@click.pass_obj
def clean(voice: Voice, /, **overrides: str | bool | None) -> int:
    """Delete what builds have written; other files stay."""
    from sitegen.output import clean as clean_output

    config = _configure(overrides)
    commit = clean_output(config)
    _print_findings(commit.diagnostics, voice)
    if voice.as_json:
        findings = [_finding(diagnostic) for diagnostic in commit.diagnostics]
        _print_json({"ok": True, "removed": list(commit.removed), "diagnostics": findings})
    elif not voice.quiet:
        if voice.verbose:
            _print_paths("removed", commit.removed)
        verb = "would be removed" if config.dry_run else "removed"
        click.echo(f"{_files(len(commit.removed))} {verb} from {config.paths.output}")
    return 0


def main() -> None:
    """Run the command and leave with its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A console that cannot show a sign of a file's name gets its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit code."""
    from sitegen.errors import ConfigError, SitegenError

    voice = Voice()
    try:
        result = app.main(list(arguments), prog_name="sitegen", standalone_mode=False, obj=voice)
        return result if isinstance(result, int) else 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return MISUSED
    except SitegenError as error:
        try:
            _print_failure(error, voice)
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


def _configure(overrides: dict[str, Any]) -> Config:
    from sitegen.config import load_config

    switches = {key: value for key, value in overrides.items() if value not in (None, False)}
    root = switches.pop("root", ".")
    return load_config(root, **switches)


@contextmanager
def _progress(silent: bool) -> Iterator[Progress | None]:
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


def _print_findings(findings: Sequence[Diagnostic], voice: Voice) -> None:
    from sitegen.text import visible

    for finding in findings:
        if finding.severity == "note" and not voice.verbose:
            continue
        if voice.quiet and finding.severity != "error":
            continue
        word, colour = MARKS[finding.severity]
        mark = f"{word}: "
        if not os.environ.get("NO_COLOR"):
            mark = click.style(mark, fg=colour, bold=True)
        place = ":".join(str(part) for part in (finding.path, finding.line) if part)
        place = f"{place}: " if place else ""
        click.echo(f"{visible(place)}{mark}{visible(finding.message)}", err=True)
        if finding.hint:
            click.echo(f"  Hint: {visible(finding.hint)}", err=True)


def _print_failure(error: SitegenError, voice: Voice) -> None:
    from sitegen.errors import BuildError

    several = error.diagnostics if isinstance(error, BuildError) else ()
    findings = several or (error.diagnostic(),)
    _print_findings(findings, voice)
    if several:
        click.echo(error.message, err=True)
    if voice.as_json:
        found = [_finding(finding) for finding in findings]
        _print_json({"ok": False, "error": error.message, "diagnostics": found})


def _print_json(document: dict[str, object]) -> None:
    # In ASCII, which every console and pipe can hold.
    click.echo(json.dumps(document, indent=1))


def _print_report(report: Report, config: Config, voice: Voice) -> None:
    if voice.verbose:
        _print_paths("written", report.written)
        _print_paths("removed", report.removed)
    transcripts = f"{report.transcripts:,} transcript{'' if report.transcripts == 1 else 's'}"
    messages = f"{report.messages:,} message{'' if report.messages == 1 else 's'}"
    click.echo(f"{transcripts}, {messages}")
    verb = "would be written" if config.dry_run else "written"
    click.echo(
        f"{_files(len(report.written))} {verb}, {report.unchanged:,} unchanged, "
        f"{len(report.removed):,} removed in {report.seconds:.2f} s"
    )
    if not config.dry_run:
        click.echo(f"The site is in {config.paths.output}{os.sep}: open index.html there")


def _print_paths(verb: str, paths: Sequence[str]) -> None:
    for path in paths:
        click.echo(f"{verb} {path}")


def _files(number: int) -> str:
    return f"{number:,} file{'' if number == 1 else 's'}"


def _finding(finding: Diagnostic) -> dict[str, object]:
    return {
        "severity": str(finding.severity),
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "hint": finding.hint,
    }


def _report(report: Report) -> dict[str, object]:
    return {
        "ok": True,
        "transcripts": report.transcripts,
        "messages": report.messages,
        "written": list(report.written),
        "unchanged": report.unchanged,
        "removed": list(report.removed),
        "seconds": round(report.seconds, 3),
        "diagnostics": [_finding(finding) for finding in report.diagnostics],
    }
