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
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen import __version__
from sitegen.formats import Formats

if TYPE_CHECKING:
    from sitegen.builder import Progress
    from sitegen.config import Config
    from sitegen.errors import Diagnostic, SitegenError
    from sitegen.model import Report
    from sitegen.watch import Outcome

__all__ = ["main"]

FORMS = Formats()
SERVED = Path(".sitegen/serve")
"""Where `serve` builds to, in the project folder."""

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


def building(command: Command) -> Command:
    """The options of every command that builds."""
    options = [
        click.option("-u", "--base-url", metavar="URL", help="Where the site will be served."),
        click.option("-D", "--drafts", is_flag=True, help="Publish drafts too."),
        click.option("-f", "--force", is_flag=True, help="Make every page anew."),
        click.option(
            "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes at once."
        ),
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
@building
@click.option("--strict", is_flag=True, help="Fail on warnings.")
@click.option("--keep-going", is_flag=True, help="Publish what can be read, leave out the rest.")
@click.pass_obj
def build(voice: Voice, /, **overrides: str | bool | None) -> int:
    """Build the site of the project folder."""
    from sitegen.builder import build_site

    config = _configure(overrides)
    with _progress(voice.quiet or voice.as_json) as progress:
        report = build_site(config, progress)
    _print_findings(report.diagnostics, voice)
    if voice.as_json:
        _print_json(_report(report))
    elif not voice.quiet:
        _print_report(report, config, voice)
    return 0 if _is_whole(report) else FAILED


@app.command()
@common
@building
@click.option("--poll", is_flag=True, help="Look at the folders instead of being told.")
@click.pass_obj
def watch(voice: Voice, /, poll: bool, **overrides: str | bool | None) -> int:
    """Build, and build again whenever something changes, until Ctrl-C."""
    from sitegen.watch import Doorbell, keep_building

    def tell(config: Config, outcome: Outcome) -> None:
        _print_outcome(outcome, config, voice)

    keep_building(partial(_configure, overrides), Doorbell(), tell, poll=poll, say=_say)
    return 0


@app.command()
@common
@building
@click.option("-p", "--port", default=8000, metavar="N", help="The port, or the next free one.")
@click.option("--host", default="127.0.0.1", metavar="ADDR", help="The address to listen at.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in the browser.")
@click.option("--poll", is_flag=True, help="Look at the folders instead of being told.")
@click.pass_obj
def serve(
    voice: Voice,
    /,
    port: int,
    host: str,
    open_browser: bool,
    poll: bool,
    **overrides: str | bool | None,
) -> int:
    """Serve the site here and reload the browser whenever something changes."""
    from sitegen.serve import serving
    from sitegen.watch import Doorbell, keep_building

    def load() -> Config:
        # Into a folder of its own: what is published stays as the last build left it.
        return _configure({"output": str(Path(str(overrides["root"])) / SERVED), **given})

    given = {key: value for key, value in overrides.items() if value is not None}
    with serving(load(), host, port) as server:
        click.echo(f"Serving at {server.address} (Ctrl-C to stop)")

        def tell(config: Config, outcome: Outcome) -> None:
            server.tell(outcome)
            _print_outcome(outcome, config, voice)

        if open_browser:
            click.launch(server.address)
        keep_building(load, Doorbell(), tell, poll=poll, say=_say, gate=server.gate)
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
        click.echo(
            f"{FORMS.count(len(commit.removed), 'file')} {verb} from {_shown(config.output)}"
        )
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


def _say(message: str) -> None:
    click.echo(message, err=True)


def _print_outcome(outcome: Outcome, config: Config, voice: Voice) -> None:
    """What came of one of many builds, in a line where there is nothing to mend."""
    from sitegen.model import Report

    if not isinstance(outcome, Report):
        _print_failure(outcome, voice)
        return
    _print_findings(outcome.diagnostics, voice)
    if voice.as_json:
        _print_json(_report(outcome))
    elif voice.verbose:
        _print_report(outcome, config, voice)
    elif not voice.quiet:
        changed = FORMS.count(len(outcome.written) + len(outcome.removed), "file")
        click.echo(f"{changed} changed in {outcome.seconds:.2f} s")


def _print_report(report: Report, config: Config, voice: Voice) -> None:
    if voice.verbose:
        _print_findings(_notes(config), voice)
        for path, reason in report.reasons:
            click.echo(f"made {path}: {reason}")
        _print_paths("written", report.written)
        _print_paths("removed", report.removed)
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
        click.echo(f"The site is in {_shown(config.output)}{os.sep}: open index.html there")


def _notes(config: Config) -> list[Diagnostic]:
    """What is worth knowing of the site's settings."""
    from sitegen.errors import Diagnostic, Severity

    if config.site.base_url:
        return []
    message = "the site's address is not known: no feeds, no site map, no addresses in citations"
    hint = "set `site.base_url`, SITEGEN_BASE_URL or --base-url"
    return [Diagnostic(Severity.NOTE, message, hint=hint)]


def _print_paths(verb: str, paths: Sequence[str]) -> None:
    for path in paths:
        click.echo(f"{verb} {path}")


def _shown(path: Path) -> str:
    """A path as one would type it here: relative where it is below the working folder."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _finding(finding: Diagnostic) -> dict[str, object]:
    return {
        "severity": str(finding.severity),
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "hint": finding.hint,
    }


def _is_whole(report: Report) -> bool:
    """Whether nothing had to be left out, as with --keep-going."""
    return not any(finding.severity == "error" for finding in report.diagnostics)


def _report(report: Report) -> dict[str, object]:
    return {
        "ok": _is_whole(report),
        "transcripts": report.transcripts,
        "messages": report.messages,
        "written": list(report.written),
        "unchanged": report.unchanged,
        "removed": list(report.removed),
        "seconds": round(report.seconds, 3),
        "diagnostics": [_finding(finding) for finding in report.diagnostics],
    }
