"""The `sitegen` command: arguments in, progress and findings out, exit codes.

Exit codes: 0 done; 1 the content is broken, or --strict and there are warnings, or the
output could not be written; 2 the command or the configuration is wrong; 130 interrupted.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from sitegen import __version__

if TYPE_CHECKING:
    from sitegen.build import Progress
    from sitegen.config import Config
    from sitegen.errors import Diagnostic
    from sitegen.model import Report

__all__ = ["main"]

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
MARKS = {"error": ("error", "red"), "warning": ("warning", "yellow"), "note": ("note", "cyan")}
Command = Callable[..., Any]


def common(command: Command) -> Command:
    """The options that every command takes."""
    options = [
        click.option("--root", default=".", metavar="DIR", help="The project folder."),
        click.option("-c", "--config", metavar="FILE", help="Read this file, not sitegen.toml."),
        click.option("-o", "--output", metavar="DIR", help="Write the site here."),
        click.option("-n", "--dry-run", is_flag=True, help="Say what would change; write nothing."),
        click.option("--json", "as_json", is_flag=True, help="Report as JSON on standard output."),
        click.option("-v", "--verbose", is_flag=True, help="Say more: notes, and every file."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
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
@click.option("--keep-going", is_flag=True, help="Publish what can be read, leave out the rest.")
def build(as_json: bool, verbose: bool, quiet: bool, **overrides: str | bool | None) -> int:
    """Build the site of the project folder."""
    from sitegen.build import build_site

    config = _configure(overrides)
    with _progress(quiet or as_json) as progress:
        report = build_site(config, progress)
    _print_findings(report.diagnostics, verbose, quiet)
    if as_json:
        click.echo(_as_json(report))
    elif not quiet:
        _print_report(report, config, verbose)
    return 0


@app.command()
@common
def clean(as_json: bool, verbose: bool, quiet: bool, **overrides: str | bool | None) -> int:
    """Delete what builds have written; other files stay."""
    from sitegen.output import clean as clean_output

    config = _configure(overrides)
    commit = clean_output(config)
    _print_findings(commit.diagnostics, verbose, quiet)
    if as_json:
        click.echo(json.dumps({"removed": list(commit.removed)}, ensure_ascii=False))
    elif not quiet:
        if verbose:
            _print_paths("removed", commit.removed)
        verb = "would be removed" if config.dry_run else "removed"
        click.echo(f"{_files(len(commit.removed))} {verb} from {config.paths.output}")
    return 0


def main() -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit code."""
    from sitegen.errors import BuildError, ConfigError, SitegenError

    try:
        result = app.main(list(arguments), prog_name="sitegen", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return MISUSED
    except BuildError as error:
        _print_findings(error.diagnostics, "-v" in arguments or "--verbose" in arguments, False)
        if "--json" in arguments:
            findings = [_finding(diagnostic) for diagnostic in error.diagnostics]
            report = {"ok": False, "error": error.message, "diagnostics": findings}
            click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        click.echo(error.message, err=True)
        return FAILED
    except SitegenError as error:
        _print_findings([error.diagnostic()], True, False)
        return MISUSED if isinstance(error, ConfigError) else FAILED
    except BrokenPipeError:
        # The reader of our output went away (`sitegen build | head`): not our failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


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


def _print_findings(findings: Sequence[Diagnostic], verbose: bool, quiet: bool) -> None:
    for finding in findings:
        if finding.severity == "note" and not verbose:
            continue
        if quiet and finding.severity != "error":
            continue
        word, colour = MARKS[finding.severity]
        mark = click.style(f"{word}: ", fg=colour, bold=True)
        place = ":".join(str(part) for part in (finding.path, finding.line) if part)
        click.echo(f"{place + ': ' if place else ''}{mark}{finding.message}", err=True)
        if finding.hint:
            click.echo(f"  Hint: {finding.hint}", err=True)


def _print_report(report: Report, config: Config, verbose: bool) -> None:
    if verbose:
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


def _as_json(report: Report) -> str:
    return json.dumps(
        {
            "ok": True,
            "transcripts": report.transcripts,
            "messages": report.messages,
            "written": list(report.written),
            "unchanged": report.unchanged,
            "removed": list(report.removed),
            "seconds": round(report.seconds, 3),
            "diagnostics": [_finding(finding) for finding in report.diagnostics],
        },
        ensure_ascii=False,
        indent=1,
    )
