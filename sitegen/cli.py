"""The `sitegen` command: arguments in, progress and findings out, exit codes.

Exit codes: 0 done; 1 the content is broken, or --strict and there are warnings, or the
output could not be written; 2 the command or the configuration is wrong; 130 interrupted;
143 terminated.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
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

FAILED, MISUSED, INTERRUPTED, TERMINATED = 1, 2, 130, 143
MARKS = {"error": ("error", "red"), "warning": ("warning", "yellow"), "note": ("note", "cyan")}
Command = Callable[..., Any]


class _Terminated(KeyboardInterrupt):
    """SIGTERM, by which machines say Ctrl-C: all is tidied up in the same way."""


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


def _options(*options: Command) -> Command:
    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


speaking = _options(
    click.option("--root", default=".", metavar="DIR", help="The project folder."),
    click.option("-c", "--config", metavar="FILE", help="Read this file, not sitegen.toml."),
    _voice_option("--json", "as_json", help="Report as JSON on standard output."),
    _voice_option("-v", "--verbose", help="Say more: notes, and every file."),
    _voice_option("-q", "--quiet", help="Say nothing but errors."),
)
"""The options that every command takes."""

common = _options(
    speaking,
    click.option("-o", "--output", metavar="DIR", help="Write the site here."),
    click.option("-n", "--dry-run", is_flag=True, help="Say what would change; write nothing."),
)
"""The options of every command that may write."""

rendering = _options(
    click.option("-u", "--base-url", metavar="URL", help="Where the site will be served."),
    click.option("-D", "--drafts", is_flag=True, help="Publish drafts too."),
    click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes at once."),
)
"""The options of every command that makes pages."""

building = _options(
    rendering, click.option("-f", "--force", is_flag=True, help="Make every page anew.")
)
"""The options of every command that builds."""


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
    from sitegen.findings import report_json

    config = _configure(overrides)
    with _progress(voice.quiet or voice.as_json) as progress:
        report = build_site(config, progress)
    _print_findings(report.diagnostics, voice)
    if voice.as_json:
        _print_json(report_json(report))
    elif not voice.quiet:
        _print_report(report, config, voice)
    return 0 if report.is_whole else FAILED


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
@speaking
@rendering
@click.option("--strict/--no-strict", default=True, help="Fail on warnings too (the default).")
@click.pass_obj
def check(voice: Voice, /, strict: bool, **overrides: str | bool | None) -> int:
    """Look for what is wrong in sources, links and settings; write nothing."""
    from sitegen.check import check_site
    from sitegen.findings import check_json, tally

    config = _configure(overrides)
    with _progress(voice.quiet or voice.as_json) as progress:
        report = check_site(config, os.environ, progress)
    # What a check is asked for is its findings: notes are among them.
    _print_findings(report.diagnostics, replace(voice, verbose=True))
    if voice.as_json:
        _print_json(check_json(report, strict))
    elif not voice.quiet:
        found = {"transcript": report.transcripts, "file": report.files, "link": report.links}
        counts = ", ".join(FORMS.count(number, noun) for noun, number in found.items())
        click.echo(f"{counts} checked in {report.seconds:.2f} s: {tally(report.diagnostics)}")
    return 0 if report.passes(strict) else FAILED


@app.command()
@common
@click.pass_obj
def clean(voice: Voice, /, **overrides: str | bool | None) -> int:
    """Delete what builds have written; other files stay."""
    from sitegen.findings import finding_json
    from sitegen.output import clean as clean_output

    config = _configure(overrides)
    commit = clean_output(config)
    _print_findings(commit.diagnostics, voice)
    if voice.as_json:
        findings = [finding_json(finding) for finding in commit.diagnostics]
        _print_json({"ok": True, "removed": list(commit.removed), "diagnostics": findings})
    elif not voice.quiet:
        if voice.verbose:
            _print_paths("removed", commit.removed)
        verb = "would be removed" if config.dry_run else "removed"
        click.echo(
            f"{FORMS.count(len(commit.removed), 'file')} {verb} from {_shown(config.output)}"
        )
    return 0


@app.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--root", default=".", metavar="DIR", help="The project folder.")
@click.option("-s", "--sources", is_flag=True, help="Compare with the project's sources too.")
@click.option("--ignore", multiple=True, metavar="PATTERN", help="Files that may be extra.")
@_voice_option("--json", "as_json", help="Report as JSON on standard output.")
@_voice_option("-v", "--verbose", help="Say more: what could not be compared.")
@_voice_option("-q", "--quiet", help="Say nothing but errors.")
@click.pass_obj
def verify(voice: Voice, /, folder: str, sources: bool, ignore: tuple[str], root: str) -> int:
    """Check a built or downloaded site against itself, and against the sources."""
    from sitegen.findings import finding_json
    from sitegen.verify import verify_folder

    config = _configure({"root": root}) if sources or not folder else None
    place = Path(folder) if folder or not config else config.output
    verdict = verify_folder(place, ignore, config if sources else None)
    _print_findings(verdict.findings, voice)
    if voice.as_json:
        _print_json(verdict.counts() | {"diagnostics": [*map(finding_json, verdict.findings)]})
    elif not voice.quiet:
        click.echo(verdict.summary())
    return 0 if verdict.is_whole else FAILED


@app.command()
@click.argument("given", metavar="IN")
@click.argument("out", metavar="OUT")
@click.option("--root", default=".", metavar="DIR", help="The project folder.")
@click.option("-c", "--config", metavar="FILE", help="Read this file, not sitegen.toml.")
@click.option("-f", "--force", is_flag=True, help="Overwrite OUT.")
@_voice_option("-q", "--quiet", help="Say nothing but errors.")
@click.pass_obj
def convert(voice: Voice, /, given: str, out: str, force: bool, **overrides: str | None) -> int:
    """Write the conversations of IN as Markdown that can be edited; `-` is the terminal."""
    from sitegen.convert import convert as convert_file

    done = convert_file(_configure(overrides), given, out, force=force)
    _print_findings(done.diagnostics, voice)
    click.echo(done.text, nl=False)
    for path in done.written if not voice.quiet else ():
        click.echo(f"written {_shown(path.absolute())}")
    return 0


def main() -> None:
    """Run the command and leave with its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A console that cannot show a sign of a file's name gets its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _terminate)
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


def _print_failure(error: SitegenError, voice: Voice) -> None:
    from sitegen.errors import BuildError
    from sitegen.findings import finding_json

    several = error.diagnostics if isinstance(error, BuildError) else ()
    findings = several or (error.diagnostic(),)
    _print_findings(findings, voice)
    if several:
        click.echo(error.message, err=True)
    if voice.as_json:
        found = [finding_json(finding) for finding in findings]
        _print_json({"ok": False, "error": error.message, "diagnostics": found})


def _print_json(document: dict[str, object]) -> None:
    # In ASCII, which every console and pipe can hold.
    click.echo(json.dumps(document, indent=1))


def _say(message: str) -> None:
    click.echo(message, err=True)


def _print_outcome(outcome: Outcome, config: Config, voice: Voice) -> None:
    """What came of one of many builds, in a line where there is nothing to mend."""
    from sitegen.findings import report_json
    from sitegen.model import Report

    if not isinstance(outcome, Report):
        _print_failure(outcome, voice)
        return
    _print_findings(outcome.diagnostics, voice)
    if voice.as_json:
        _print_json(report_json(outcome))
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
