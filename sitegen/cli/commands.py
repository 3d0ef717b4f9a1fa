"""The commands of `sitegen`; each imports what it needs when it is called."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen import __version__
from sitegen.cli.options import (
    Voice,
    building,
    common,
    configure,
    rendering,
    speaking,
    voice_option,
)
from sitegen.cli.printing import (
    FORMS,
    print_beginning,
    print_findings,
    print_json,
    print_outcome,
    print_paths,
    print_report,
    progress,
    say,
    shown,
)

if TYPE_CHECKING:
    from sitegen.config import Config
    from sitegen.watch import Outcome

__all__ = ["app"]

SERVED = Path(".sitegen/serve")
"""Where `serve` builds to, in the project folder."""

FAILED = 1
"""The exit code for content that is broken."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="sitegen %(version)s")
def app() -> None:
    """Turn a folder of transcripts into a static site."""


@app.command()
@click.argument("folder", metavar="[DIR]", default=".")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be written; write nothing.")
@voice_option("--json", "as_json", help="Report as JSON on standard output.")
@voice_option("-q", "--quiet", help="Say nothing but errors.")
@click.pass_obj
def init(voice: Voice, /, folder: str, dry_run: bool) -> int:
    """Begin an archive: settings, a sample, a workflow for GitHub Pages; no file is overwritten."""
    from sitegen.scaffold import begin

    done = begin(folder, dry_run=dry_run)
    if voice.as_json:
        left = [{"path": one.path, "reason": one.reason} for one in done.left]
        print_json({"ok": True, "written": list(done.written), "left": left})
    elif not voice.quiet:
        print_beginning(done, dry_run)
    return 0


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

    config = configure(overrides)
    with progress(voice.quiet or voice.as_json) as bar:
        report = build_site(config, bar)
    print_findings(report.diagnostics, voice)
    if voice.as_json:
        print_json(report_json(report))
    elif not voice.quiet:
        print_report(report, config, voice)
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
        print_outcome(outcome, config, voice)

    keep_building(partial(configure, overrides), Doorbell(), tell, poll=poll, say=say)
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
        return configure({"output": str(Path(str(overrides["root"])) / SERVED), **given})

    given = {key: value for key, value in overrides.items() if value is not None}
    with serving(load(), host, port) as server:
        click.echo(f"Serving at {server.address} (Ctrl-C to stop)")

        def tell(config: Config, outcome: Outcome) -> None:
            server.tell(outcome)
            print_outcome(outcome, config, voice)

        if open_browser:
            click.launch(server.address)
        keep_building(load, Doorbell(), tell, poll=poll, say=say, gate=server.gate)
    return 0


@app.command()
@speaking
@rendering
@click.option("--strict/--no-strict", default=True, help="Fail on warnings too (the default).")
@click.option("--explain", metavar="FILE", help="Say how one file is read, and why.")
@click.pass_obj
def check(
    voice: Voice, /, strict: bool, explain: str | None, **overrides: str | bool | None
) -> int:
    """Look for what is wrong in sources, links and settings; write nothing."""
    from sitegen.check import check_site
    from sitegen.findings import check_json, tally

    config = configure(overrides)
    if explain is not None:
        return _explain(config, explain, voice, strict)
    with progress(voice.quiet or voice.as_json) as bar:
        report = check_site(config, os.environ, bar)
    # What a check is asked for is its findings: notes are among them.
    print_findings(report.diagnostics, replace(voice, verbose=True))
    if voice.as_json:
        print_json(check_json(report, strict))
    elif not voice.quiet:
        found = {"transcript": report.transcripts, "file": report.files, "link": report.links}
        counts = ", ".join(FORMS.count(number, noun) for noun, number in found.items())
        click.echo(f"{counts} checked in {report.seconds:.2f} s: {tally(report.diagnostics)}")
    return 0 if report.passes(strict) else FAILED


def _explain(config: Config, given: str, voice: Voice, strict: bool) -> int:
    """Say how one file is read."""
    from sitegen.errors import Severity
    from sitegen.readers.explain import explain_file

    found = explain_file(config, given)
    click.echo(found.text())
    print_findings(found.diagnostics, replace(voice, verbose=True))
    worst = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return FAILED if any(finding.severity in worst for finding in found.diagnostics) else 0


@app.command()
@common
@click.pass_obj
def clean(voice: Voice, /, **overrides: str | bool | None) -> int:
    """Delete what builds have written; other files stay."""
    from sitegen.findings import finding_json
    from sitegen.output import clean as clean_output

    config = configure(overrides)
    commit = clean_output(config)
    print_findings(commit.diagnostics, voice)
    if voice.as_json:
        findings = [finding_json(finding) for finding in commit.diagnostics]
        print_json({"ok": True, "removed": list(commit.removed), "diagnostics": findings})
    elif not voice.quiet:
        if voice.verbose:
            print_paths("removed", commit.removed)
        verb = "would be removed" if config.dry_run else "removed"
        click.echo(f"{FORMS.count(len(commit.removed), 'file')} {verb} from {shown(config.output)}")
    return 0


@app.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--root", default=".", metavar="DIR", help="The project folder.")
@click.option("-s", "--sources", is_flag=True, help="Compare with the project's sources too.")
@click.option("--ignore", multiple=True, metavar="PATTERN", help="Files that may be extra.")
@voice_option("--json", "as_json", help="Report as JSON on standard output.")
@voice_option("-v", "--verbose", help="Say more: what could not be compared.")
@voice_option("-q", "--quiet", help="Say nothing but errors.")
@click.pass_obj
def verify(voice: Voice, /, folder: str, sources: bool, ignore: tuple[str], root: str) -> int:
    """Check a built or downloaded site against itself, and against the sources."""
    from sitegen.findings import finding_json
    from sitegen.verify import verify_folder

    config = configure({"root": root}) if sources or not folder else None
    place = Path(folder) if folder or not config else config.output
    verdict = verify_folder(place, ignore, config if sources else None)
    print_findings(verdict.findings, voice)
    if voice.as_json:
        print_json(verdict.counts() | {"diagnostics": [*map(finding_json, verdict.findings)]})
    elif not voice.quiet:
        click.echo(verdict.summary())
    return 0 if verdict.is_whole else FAILED


@app.command()
@click.argument("given", metavar="IN")
@click.argument("out", metavar="OUT")
@click.option("--root", default=".", metavar="DIR", help="The project folder.")
@click.option("-c", "--config", metavar="FILE", help="Read this file, not sitegen.toml.")
@click.option("-f", "--force", is_flag=True, help="Overwrite OUT.")
@voice_option("-q", "--quiet", help="Say nothing but errors.")
@click.pass_obj
def convert(voice: Voice, /, given: str, out: str, force: bool, **overrides: str | None) -> int:
    """Write the conversations of IN as Markdown that can be edited; `-` is the terminal."""
    from sitegen.convert import convert as convert_file

    done = convert_file(configure(overrides), given, out, force=force)
    print_findings(done.diagnostics, voice)
    click.echo(done.text, nl=False)
    for path in done.written if not voice.quiet else ():
        click.echo(f"written {shown(path.absolute())}")
    return 0


@app.command()
@click.argument("files", metavar="A B [C D]", nargs=-1, required=True)
@click.option("--root", default=".", metavar="DIR", help="The project folder.")
@click.option("-c", "--config", metavar="FILE", help="Read this file, not sitegen.toml.")
@click.option("-o", "--output", "out", metavar="DIR", help="Write here, not to a temporary folder.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
@voice_option("-v", "--verbose", help="Say more: notes too.")
@voice_option("-q", "--quiet", help="Say nothing but errors and where the page is.")
@click.pass_obj
def compare(
    voice: Voice,
    /,
    files: tuple[str, ...],
    out: str | None,
    open_browser: bool,
    **overrides: str | None,
) -> int:
    """Show two files or more side by side, each turn beside its like."""
    from sitegen.compare import compare as compare_files

    config = configure(overrides)
    with progress(voice.quiet) as bar:
        done = compare_files(config, files, out, bar)
    if not voice.quiet:
        print_findings(done.report.diagnostics, voice)
    click.echo(shown(done.page))
    if open_browser:
        click.launch(done.page.as_uri())
    return 0
