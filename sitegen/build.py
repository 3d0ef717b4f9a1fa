"""The pipeline: sources to transcripts to a site to artifacts to files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from sitegen.assets import load_assets
from sitegen.config import Config
from sitegen.errors import BuildError, Diagnostic, Severity, SourceError
from sitegen.model import Page, Report, Source
from sitegen.output import OutputFolder
from sitegen.prepare import Preparation, Preparer
from sitegen.readers import list_sources, load, parse_page
from sitegen.render import Renderer
from sitegen.site import Site, make_site

__all__ = ["Progress", "build_site"]

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many of its steps are done, and of how many."""


def build_site(config: Config, progress: Progress | None = None) -> Report:
    """Build the site: read everything, render everything, then write what changed.

    Raises:
        BuildError: a source is broken, or `strict` and there are warnings; nothing
            was written.
        ConfigError: the configuration, a layout or the output folder cannot be used.
        OutputError: the output could not be written.
    """
    begun = time.perf_counter()
    say = progress or _say_nothing
    with OutputFolder(config, dry_run=config.dry_run) as folder:
        listing = list_sources(config.content, config.root)
        findings = list(listing.diagnostics)
        preparations = _prepare(config, listing.transcripts, say)
        findings += [finding for done in preparations for finding in done.diagnostics]
        pages = _read_pages(config, listing.pages, findings)
        prepared = [item for done in preparations for item in done.prepared]
        site = make_site(config, (item.entry for item in prepared), pages)
        findings += _remarks(site)
        _stop_if_broken(config, findings)

        assets = load_assets(config.layouts)
        renderer = Renderer(site, assets)
        for artifact in assets.artifacts:
            folder.stage(artifact)
        for done, item in enumerate(prepared, 1):
            folder.stage(renderer.transcript(item))
            say("render", done, len(prepared))
        for artifact in renderer.listings():
            folder.stage(artifact)
        findings += folder.collisions
        _stop_if_broken(config, findings)
        commit = folder.commit()
    return Report(
        written=commit.written,
        unchanged=commit.unchanged,
        removed=commit.removed,
        transcripts=len(site.entries),
        messages=sum(entry.messages for entry in site.entries),
        diagnostics=_sorted([*findings, *commit.diagnostics]),
        seconds=time.perf_counter() - begun,
    )


def _say_nothing(_stage: str, _done: int, _total: int) -> None:
    """For callers that do not watch."""


def _prepare(config: Config, sources: Sequence[Source], say: Progress) -> list[Preparation]:
    preparer = Preparer(config)
    done = []
    for source in sources:
        done.append(preparer.prepare(source))
        say("read", len(done), len(sources))
    return done


def _read_pages(
    config: Config, sources: Iterable[Source], findings: list[Diagnostic]
) -> list[Page]:
    pages = []
    for source in sources:
        try:
            data = load(source)
        except SourceError as error:
            findings.append(error.diagnostic())
            continue
        page, reading = parse_page(data, source, config.site.timezone)
        findings.extend(reading.diagnostics)
        if page is not None:
            pages.append(page)
    return pages


def _remarks(site: Site) -> list[Diagnostic]:
    """What is worth saying of a site as a whole."""
    if site.entries:
        return []
    return [
        Diagnostic(
            Severity.WARNING,
            "no transcripts to publish",
            site.config.paths.content,
            hint="put .md or .txt files with conversations there",
        )
    ]


def _stop_if_broken(config: Config, findings: Sequence[Diagnostic]) -> None:
    """Raise if the findings fail the build, with all of them."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = sum(finding.severity is Severity.WARNING for finding in findings)
    if errors and not config.keep_going:
        noun = "error" if errors == 1 else "errors"
        raise BuildError(f"{errors} {noun}; nothing was written", _sorted(findings))
    if config.strict and warnings:
        noun = "warning" if warnings == 1 else "warnings"
        raise BuildError(
            f"{warnings} {noun}, and --strict is on; nothing was written", _sorted(findings)
        )


def _sorted(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(findings, key=lambda f: (f.path, f.line, f.column, f.message)))
