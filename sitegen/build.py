"""The pipeline: sources to transcripts to a site to artifacts to files."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sitegen.assets import builtin_layouts, load_assets
from sitegen.cache import Cache, CachedFile, CachedSource, load_cache, save_cache, site_key
from sitegen.config import Config
from sitegen.errors import BuildError, Diagnostic, Severity, SourceError
from sitegen.keys import Key, digest
from sitegen.model import Artifact, Kind, Page, Report, Source
from sitegen.output import Commit, OutputFolder
from sitegen.pool import Work, available_jobs, prepare_all
from sitegen.prepare import Preparation
from sitegen.readers import list_sources, load, parse_page
from sitegen.render import Prepared, Renderer
from sitegen.site import Site, make_site

__all__ = ["Builder", "Progress", "build_site"]

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many of its steps are done, and of how many."""


def build_site(config: Config, progress: Progress | None = None) -> Report:
    """Build the site: read everything, render what changed, then write what differs.

    Raises:
        BuildError: a source is broken, or `strict` and there are warnings; nothing
            was written.
        ConfigError: the configuration, a layout or the output folder cannot be used.
        OutputError: the output could not be written.
    """
    builder = Builder(config, progress)
    report = builder.build()
    if not config.dry_run:
        save_cache(config, builder.cache)
    return report


@dataclass(slots=True)
class _Inputs:
    """What the sources of one build were found to hold."""

    cached: dict[str, CachedSource] = field(default_factory=dict)
    """By the source's path: all that are known, old and new."""
    prepared: dict[tuple[str, str], Prepared] = field(default_factory=dict)
    """By source path and entry key: those that were prepared in this build."""
    findings: list[Diagnostic] = field(default_factory=list)

    def contents(self, site: Site) -> dict[str, str]:
        """By entry key, in the site's order: a digest of what the entry is made of."""
        return {entry.key: self.cached[entry.source.rel].key for entry in site.entries}


class Builder:
    """Builds a site once or, as its content changes, again and again.

    `gate` is entered while files are moved into place, so that a server can keep its
    readers out for that moment.
    """

    def __init__(
        self,
        config: Config,
        progress: Progress | None = None,
        gate: contextlib.AbstractContextManager[object] | None = None,
    ) -> None:
        self.config = config
        self.say = progress or _say_nothing
        self.gate = gate or contextlib.nullcontext()
        self.jobs = config.jobs or available_jobs()
        self.cache = load_cache(config) if not config.force else Cache()

    def build(self) -> Report:
        """Build once; see `build_site`."""
        config = self.config
        begun = time.perf_counter()
        with OutputFolder(config, dry_run=config.dry_run) as folder:
            listing = list_sources(config.content, config.root)
            basis = site_key(config, (builtin_layouts(), config.layouts))
            inputs = self._read(listing.transcripts, basis)
            findings = inputs.findings
            findings += listing.diagnostics
            for known in inputs.cached.values():
                findings += known.diagnostics
            pages = _read_pages(config, listing.pages, findings)
            entries = [entry for known in inputs.cached.values() for entry in known.entries]
            site = make_site(config, entries, pages)
            findings += _remarks(site)
            _stop_if_broken(config, findings)

            renderer = Renderer(site, load_assets(config.layouts), inputs.contents(site), basis)
            made = _Made(folder, self.cache.files)
            self._render(renderer, inputs, made)
            findings += folder.collisions
            _stop_if_broken(config, findings)
            with self.gate:
                commit = folder.commit()
            self.cache.sources = inputs.cached
            self.cache.files = made.remember()
        return _report(site, commit, findings, made, time.perf_counter() - begun)

    def _read(self, sources: Sequence[Source], basis: str) -> _Inputs:
        """Read all sources and prepare those that are not known from the last build."""
        inputs = _Inputs()
        keys: dict[str, str] = {}
        unknown: list[Work] = []
        for source, data in _load_all(sources, inputs.findings):
            key = keys[source.rel] = digest(basis, source.name, hashlib.sha256(data).hexdigest())
            known = self.cache.sources.get(source.rel)
            if known and known.key == key:
                inputs.cached[source.rel] = known
            else:
                unknown.append((source, data))
        for source, done in self._prepare(unknown, "read"):
            entries = tuple(item.entry for item in done.prepared)
            inputs.cached[source.rel] = CachedSource(keys[source.rel], entries, done.diagnostics)
            inputs.prepared.update(((source.rel, item.entry.key), item) for item in done.prepared)
        # In the order of the sources, whichever of them were known.
        inputs.cached = {rel: inputs.cached[rel] for rel in keys}
        return inputs

    def _prepare(self, work: Sequence[Work], stage: str) -> Iterator[tuple[Source, Preparation]]:
        total = len(work)
        results = prepare_all(
            self.config, work, self.jobs, lambda done: self.say(stage, done, total)
        )
        for (source, _), done in zip(work, results, strict=True):
            yield source, done

    def _render(self, renderer: Renderer, inputs: _Inputs, made: _Made) -> None:
        """Stage every file of the site; make only those that are not as they should be."""
        for artifact in renderer.assets.artifacts:
            made.stage(artifact, Key("", "", ""))
        outdated: dict[tuple[str, str], Source] = {}
        for entry in renderer.site.entries:
            key, path = renderer.transcript_key(entry), renderer.transcript_path(entry)
            if made.keep(path, Kind.PAGE, entry.source.name, key):
                continue
            place = entry.source.rel, entry.key
            if prepared := inputs.prepared.pop(place, None):
                made.stage(renderer.transcript(prepared), key)
            else:
                outdated[place] = entry.source
        # Their text is as it was, but what stands around it is not.
        again = list(_load_all(dict.fromkeys(outdated.values()), inputs.findings))
        for source, done in self._prepare(again, "render"):
            for prepared in done.prepared:
                if (source.rel, prepared.entry.key) in outdated:
                    key = renderer.transcript_key(prepared.entry)
                    made.stage(renderer.transcript(prepared), key)
        for plan in renderer.listings():
            if not made.keep(plan.path, plan.kind, plan.owner, plan.key):
                made.stage(plan.make(), plan.key)


class _Made:
    """The files of one build, with the keys by which the next will know them."""

    def __init__(self, folder: OutputFolder, before: Mapping[str, CachedFile]) -> None:
        self.folder = folder
        self.before = before
        self.keys: dict[str, Key] = {}
        self.reasons: dict[str, str] = {}

    def keep(self, path: str, kind: Kind, owner: str, key: Key) -> bool:
        """Keep the file of the last build if it would be made the same, and is there."""
        known = self.before.get(path)
        reason = key.difference(known.key if known else None)
        if known and not reason:
            if self.folder.stamp(path) != (known.size, known.modified):
                reason = "the file in the output was changed"
            elif self.folder.keep(path, kind, owner, known.digest):
                self.keys[path] = key
                return True
        self.reasons[path] = reason or "the output folder is another one"
        return False

    def stage(self, artifact: Artifact, key: Key) -> None:
        """Stage a file that was made in this build."""
        self.folder.stage(artifact)
        self.keys[artifact.path] = key

    def remember(self) -> dict[str, CachedFile]:
        """What to know of the files in the next build; call it after the commit."""
        files = {}
        for path, sha in self.folder.digests().items():
            stamp = self.folder.stamp(path)
            if stamp and path in self.keys:
                files[path] = CachedFile(self.keys[path], sha, *stamp)
        return files


def _report(
    site: Site, commit: Commit, findings: Sequence[Diagnostic], made: _Made, seconds: float
) -> Report:
    return Report(
        written=commit.written,
        unchanged=commit.unchanged,
        removed=commit.removed,
        transcripts=len(site.entries),
        messages=sum(entry.messages for entry in site.entries),
        diagnostics=_sorted([*findings, *commit.diagnostics]),
        reasons=tuple(sorted(made.reasons.items())),
        seconds=seconds,
    )


def _say_nothing(_stage: str, _done: int, _total: int) -> None:
    """For callers that do not watch."""


def _load_all(sources: Iterable[Source], findings: list[Diagnostic]) -> Iterator[Work]:
    """The sources with their bytes; those that cannot be read become findings."""
    for source in sources:
        try:
            yield source, load(source)
        except SourceError as error:
            findings.append(error.diagnostic())


def _read_pages(
    config: Config, sources: Iterable[Source], findings: list[Diagnostic]
) -> list[Page]:
    pages = []
    for source, data in _load_all(sources, findings):
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
