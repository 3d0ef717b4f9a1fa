"""The pipeline: sources to transcripts to a site to artifacts to files."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from markupsafe import Markup

from sitegen.assets import builtin_layouts, load_assets
from sitegen.attachments import file_path
from sitegen.cache import Cache, load_cache, save_cache, site_key
from sitegen.config import Config
from sitegen.deck import Deck
from sitegen.entry import Entry
from sitegen.errors import BuildError, Diagnostic, Severity, SourceError
from sitegen.feeds import plan_feeds
from sitegen.intake import Harvest, Intake, load_all, parts_of
from sitegen.keys import Key, digest
from sitegen.ledger import Ledger
from sitegen.model import Artifact, Kind, Page, Report, Source
from sitegen.output import Commit, OutputFolder
from sitegen.palette import voice_styles
from sitegen.participants import own_voices
from sitegen.pool import available_jobs, drawing, the_preparer
from sitegen.provenance.checksums import FILE as CHECKSUMS
from sitegen.provenance.checksums import make_checksums
from sitegen.readers import Listing, check_formats, list_sources, load
from sitegen.redact import make_redactor
from sitegen.render import Layouts, Renderer
from sitegen.search import (
    ENTRY,
    OWNER,
    Indexing,
    index_language,
    is_index_file,
    make_facets,
    text_pieces,
)
from sitegen.site import Site, make_site
from sitegen.stapled import with_staples
from sitegen.twins import without_twins
from sitegen.urls import Urls

if TYPE_CHECKING:
    from sitegen.render.messages import Side

__all__ = ["Builder", "Progress", "build_site"]

CARDS_AN_ENTRY = 6
"""Cards kept for each entry: three depths of lists, and as many that are out of date."""

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
    builder.save()
    return report


class Builder:
    """Builds a site once or, as its content changes, again and again.

    `gate` is entered while files are moved into place, so that a server can keep its
    readers out for that moment; `folder` makes what stands in for the output folder,
    `listing` what stands in for the files of the content folder; `pages` come beside those.
    """

    def __init__(
        self,
        config: Config,
        progress: Progress | None = None,
        gate: contextlib.AbstractContextManager[object] | None = None,
        cache: Cache | None = None,
        folder: Callable[[], OutputFolder] | None = None,
        listing: Callable[[], Listing] | None = None,
        pages: Sequence[Page] = (),
    ) -> None:
        self.config = config
        self.list_sources = listing or partial(
            list_sources, config.content, config.root, config.paths.pages_prefix
        )
        self.pages = pages
        self.open_folder = folder or (lambda: OutputFolder(config, dry_run=config.dry_run))
        self.gate = gate or contextlib.nullcontext()
        self.intake = Intake(config, config.jobs or available_jobs(), progress or _say_nothing)
        self.cache = cache or (load_cache(config) if not config.force else Cache.of(config))
        self.layouts: Layouts | None = None
        self.cards: dict[str, Markup] = {}
        self.ground = ""
        self.outdated = False
        """Whether the search index or a card is not of the pages that were built last."""

    def save(self) -> None:
        """Write the cache, for the next process that builds."""
        if not self.config.dry_run:
            save_cache(self.config, self.cache)

    def build(self, index: bool = True) -> Report:
        """Build once; see `build_site`.

        Without `index` the search index and the cards stay as they are; `outdated` tells
        whether they should not.
        """
        config = self.config
        begun = time.perf_counter()
        check_formats(config)
        with self.open_folder() as folder:
            listing = self.list_sources()
            basis = site_key(config, (builtin_layouts(), config.layouts))
            inputs = self.intake.read(listing.transcripts, basis, self.cache.sources)
            findings = inputs.findings
            findings += listing.diagnostics
            findings += inputs.remarks()
            pages = [*_read_pages(config, listing.pages, findings), *self.pages]
            entries = [entry for known in inputs.cached.values() for entry in known.entries]
            entries, notes = without_twins(entries)
            findings += notes
            site = make_site(config, entries, pages)
            findings += _remarks(site)
            site, wrong = with_staples(site, inputs.sources)
            findings += wrong
            _stop_if_broken(config, findings)

            assets = load_assets(config.layouts, voice_styles(own_voices(config.participants)))
            # A template can include a static file; Jinja keeps what it has read.
            ground = digest(basis, *sorted(assets.paths.items()))
            if self.layouts is None or self.ground != ground:
                self.layouts, self.ground = Layouts(config), ground
            renderer = Renderer(
                site,
                assets,
                inputs.contents(site),
                basis,
                self.layouts,
                self._cards(site),
                partial(self._sides, inputs, basis),
            )
            made = Ledger(folder, self.cache)
            self._render(renderer, inputs, made, index)
            findings += folder.collisions
            _stop_if_broken(config, findings)
            with self.gate:
                commit = folder.commit()
            self.cache.sources = inputs.cached
            made.remember(self.cache)
        return _report(site, commit, findings, made, time.perf_counter() - begun)

    def _cards(self, site: Site) -> dict[str, Markup]:
        """What is kept of the entries' cards; thrown away when most must be out of date."""
        if len(self.cards) > CARDS_AN_ENTRY * len(site.entries) + CARDS_AN_ENTRY:
            self.cards.clear()
        return self.cards

    def _sides(
        self, inputs: Harvest, basis: str, page: Page, entries: Sequence[Entry]
    ) -> list[Side]:
        """The transcripts of a page that shows several, read anew: nothing keeps their parts."""
        config = self.config
        path = Urls(config.pages.urls, config.site.base_url, config.base_path).path(page.slug)
        preparer = the_preparer(config, basis)
        found: dict[tuple[str, str], Side] = {}
        for origin in dict.fromkeys(entry.origin for entry in entries):
            keys = {entry.key for entry in entries if entry.origin == origin}
            source = inputs.sources[origin]
            for part in parts_of(source, None, inputs.findings):
                for side in preparer.sides(source, part, keys, path):
                    found.setdefault((origin, side.key), side)
        gone = [entry for entry in entries if (entry.origin, entry.key) not in found]
        if gone:
            name = inputs.sources[gone[0].origin].name
            raise SourceError("changed while the site was built", path=name, hint="build again")
        return [found[entry.origin, entry.key] for entry in entries]

    def _render(self, renderer: Renderer, inputs: Harvest, made: Ledger, index: bool) -> None:
        """Stage every file of the site; make only those that are not as they should be."""
        for artifact in renderer.assets.artifacts:
            made.stage(artifact, Key("", "", "", ""))
        self._stage_media(renderer.site, made)
        deck = Deck(renderer.site, renderer.forms, made, index)
        self.outdated = deck.outdated
        with drawing(deck.cards, self.intake.jobs) as pictures:
            self._stage_transcripts(renderer, inputs, made)
            self._stage_listings(renderer, inputs, made, index)
            for path, picture in pictures:
                deck.stage(path, picture)
        sums = Artifact(CHECKSUMS, make_checksums(made.folder.digests()), Kind.SUMS, "sitegen")
        made.stage(sums, Key("", "", "", ""))

    def _stage_transcripts(self, renderer: Renderer, inputs: Harvest, made: Ledger) -> None:
        """Stage the pages of transcripts, and the files beside them."""
        outdated: dict[tuple[str, str], Source] = {}
        waiting: set[str] = set()
        for entry in renderer.site.entries:
            files = renderer.transcript_files(entry)
            path = renderer.transcript_path(entry)
            source = inputs.sources[entry.origin]
            # Of two that want one address the first has it, so it must come first.
            is_second = path.casefold() in waiting
            if not is_second and not made.missing(files, Kind.PAGE, source.name):
                continue
            place = entry.origin, entry.key
            prepared = inputs.prepared.pop(place)
            if prepared and not is_second:
                made.stage_all(renderer.transcript_artifacts(prepared, source.name), files)
            else:
                waiting.add(path.casefold())
                outdated[place] = source
        # Their text is as it was, but what stands around it is not.
        again: list[tuple[Source, bytes | None]] = [
            (source, None) for source in dict.fromkeys(outdated.values())
        ]
        work = self.intake.prepare(again, renderer.basis, "render", inputs.findings)
        for source, done in work:
            for prepared in done.prepared:
                place = prepared.entry.origin, prepared.entry.key
                if place in outdated:
                    files = renderer.transcript_files(renderer.entries[place])
                    made.stage_all(renderer.transcript_artifacts(prepared, source.name), files)

    def _stage_listings(
        self, renderer: Renderer, inputs: Harvest, made: Ledger, index: bool
    ) -> None:
        """Stage what is made of all transcripts: listings, feeds and the search index."""
        indexing = self._start_index(renderer, made, index)
        feeds = plan_feeds(renderer.site, renderer.contents, renderer.basis)
        for plan in (*renderer.listings(), *feeds):
            if not made.keep(plan.path, plan.kind, plan.owner, plan.key):
                try:
                    made.stage(plan.make(), plan.key)
                except SourceError as error:  # An authored page that cannot be parsed.
                    inputs.findings.append(error.diagnostic())
        if indexing is not None:
            key, index_work = indexing
            for artifact in index_work.result():
                if (artifact.path, artifact.owner) not in made.kept:
                    made.stage(artifact, key)

    def _start_index(
        self, renderer: Renderer, made: Ledger, wanted: bool
    ) -> tuple[Key, Indexing] | None:
        """Begin to make the search index of the pages as they are staged, unless it can stay.

        It is made beside the listings. Its key is of the pages' bytes, for it holds no more.
        """
        if not renderer.searches:
            return None
        digests = made.folder.digests()
        paths = [renderer.transcript_path(entry) for entry in renderer.site.entries]
        pages = {path: digests[path] for path in sorted(paths) if path in digests}
        language = index_language(self.config.site.language)
        facets = make_facets(
            renderer.site,
            lambda entry: renderer.urls.link(renderer.transcript_path(entry), ""),
            renderer.forms,
        )
        key = Key("", "", digest(language, facets, *pages.items()), "")
        files = [path for path in made.before if is_index_file(path)]
        is_current = ENTRY in files and all(made.before[path].key == key for path in files)
        if is_current and not made.missing(dict.fromkeys(files, key), Kind.LISTING, OWNER):
            return None
        if not wanted or self.config.dry_run:
            self.outdated = True
            for path in files:
                made.keep_outdated(path, Kind.LISTING, OWNER)
            return None
        places = [(renderer.urls.link(path, ""), made.folder.place(path)) for path in pages]
        texts = ((url, text_pieces(place)) for url, place in places)
        return key, Indexing(texts, language, facets)

    def _stage_media(self, site: Site, made: Ledger) -> None:
        """Stage the files that transcripts show or link to, as they lie beside them."""
        for entry in site.entries:
            for file in entry.media:
                path = f"{entry.key}/{file.name}"
                key = Key("", "", file.digest, "")
                if not made.keep(path, Kind.ASSET, entry.source.name, key):
                    source = Source(file_path(str(self.config.content), file), file.rel, file.rel)
                    artifact = Artifact(path, load(source), Kind.ASSET, entry.source.name)
                    made.stage(artifact, key)


def _report(
    site: Site, commit: Commit, findings: Sequence[Diagnostic], made: Ledger, seconds: float
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


def _read_pages(
    config: Config, sources: Sequence[Source], findings: list[Diagnostic]
) -> list[Page]:
    pages: list[Page] = []
    if not sources:
        return pages
    from sitegen.authored import prepare_page  # Late: the readers are much to load.

    redactor = make_redactor(config.redact)
    for source, data in load_all(sources, findings):
        page, said = prepare_page(config, redactor, source, data)
        findings.extend(said)
        if page is not None:
            pages.append(page)
    return pages


def _remarks(site: Site) -> list[Diagnostic]:
    """What is worth saying of a site as a whole."""
    if site.entries or not site.config.paths.pages_prefix:
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
