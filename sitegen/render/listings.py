"""The pages that list transcripts: the index, the lists of terms, the terms.

Layouts get views alone, never the site: a page can show no more than its key speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from sitegen.company import Matrix, make_matrix, make_part
from sitegen.entry import Entry
from sitegen.facets import Facet, make_facets, slug_of
from sitegen.keys import digest
from sitegen.model import Artifact
from sitegen.render.paging import Pager, paginate
from sitegen.render.rows import DATA, make_rows
from sitegen.render.shapes import large_shape
from sitegen.render.timelines import draw_timeline
from sitegen.site import UNDATED, Taxonomy, Term, year_of
from sitegen.text import shorten
from sitegen.timeline import make_timeline

if TYPE_CHECKING:
    from sitegen.render.pages import Plan, Renderer

__all__ = ["Listings", "Pointer", "TermView"]

WORTH_SORTING = 3
"""A shorter list is seen at a glance: it needs no filters."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Another page of the site, as far as a page may know of it."""

    key: str
    """Its path, without an ending."""
    title: str
    """Its title."""


@dataclass(frozen=True, slots=True)
class TermView:
    """A term in the list of its kind."""

    name: str
    """As written."""
    key: str
    """Its page, without an ending."""
    hue: int | None
    """The colour of a participant."""
    count: int
    """How many transcripts have it."""

    @classmethod
    def of(cls, term: Term) -> TermView:
        """The term without its entries."""
        return cls(term.name, term.key, term.hue, len(term.entries))


@dataclass(frozen=True, slots=True)
class Group:
    """The transcripts of one year that stand on one page."""

    name: str
    """The year, or `Undated`."""
    key: str
    """The page of the year, without an ending."""
    entries: tuple[Entry, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How much an archive holds."""

    transcripts: int
    """Published transcripts."""
    messages: int
    """Messages in them."""
    participants: int
    """Voices in them."""


@dataclass(frozen=True, slots=True)
class Finder:
    """What a list can be narrowed by, and where the script finds what is not on the page."""

    facets: tuple[Facet, ...]
    """What can be chosen."""
    rows: str
    """The address of the data of all transcripts; empty if all of the list are on the page."""
    root: str
    """What stands before the addresses in these data."""
    within: str
    """The facet in which the list is one value already, or empty."""
    slug: str
    """That value."""
    total: int
    """How many transcripts the list has."""
    size: int
    """How many are shown at a time."""


class Listings:
    """Plans and renders the lists of a site's transcripts."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.site = renderer.site
        self.forms, self.text = renderer.forms, renderer.text
        self.size = renderer.site.config.pages.index_size
        # Of several transcripts in one source the digests are equal, the keys are not.
        self.marks = {key: f"{key} {content}" for key, content in renderer.contents.items()}

    def plans(self) -> Iterator[Plan]:
        """Every page that lists transcripts or terms, and the data for their script."""
        plan, contents = self.renderer.plan, self.renderer.contents
        everything = digest(*contents.values())
        for key, part, pager in paginate("index", self.site.entries, self.size):
            # Only the first page speaks of more than the transcripts on it.
            parts = everything if pager is None or pager.number == 1 else self._digest(part)
            make = partial(self._index, key, part, pager)
            linked = self.renderer.authored.sources if self.site.introduction else ""
            yield plan("index.html", key, make, parts, pager, self.site.introduction, linked)
        for taxonomy in self.site.taxonomies:
            terms = [TermView.of(term) for term in taxonomy.terms]
            matrix = make_matrix(taxonomy.terms) if taxonomy.kind == "participants" else None
            make = partial(self._taxonomy, taxonomy, terms, matrix)
            yield plan("taxonomy.html", taxonomy.key, make, terms, matrix)
            for term in taxonomy.terms:
                owner = f"{taxonomy.title.lower().rstrip('s')} “{term.name}”"
                for key, part, pager in paginate(term.key, term.entries, self.size):
                    entries = term.entries if pager and pager.number == 1 else part
                    make = partial(self._term, taxonomy, term, owner, key, part, pager)
                    view = TermView.of(term)
                    yield plan(owner, key, make, self._digest(entries), pager, view)
        if self._is_long(self.site.entries):
            rows = partial(make_rows, self.site, self.renderer.urls, self.forms)
            yield self.renderer.file_plan(DATA, rows, everything)

    def _digest(self, entries: Sequence[Entry]) -> str:
        return digest(*[self.marks[entry.key] for entry in entries])

    def _is_long(self, entries: Sequence[Entry]) -> bool:
        return bool(self.size) and len(entries) > self.size

    def _index(self, key: str, entries: Sequence[Entry], pager: Pager | None) -> Artifact:
        site, settings = self.site, self.site.config.site
        introduction = site.introduction
        first = key == "index"
        only = entries[0] if len(site.entries) == 1 else None
        address = partial(self._address, start=key)
        timeline = make_timeline(site.entries, self.forms) if first else None
        held = self.forms.count(len(site.entries), "transcript")
        summary = settings.description or (introduction.summary if introduction else "")
        return self.renderer.page(
            "index.html",
            key,
            settings.title if first or pager is None else self._page_of(pager),
            self._on_page(shorten(summary) or (held if first else settings.title), pager),
            head=self.renderer.heads.index(key, shorten(summary), *_beside(pager)),
            totals=self._totals() if first else None,
            groups=[
                Group(year, site.year_key(year), tuple(group))
                for year, group in groupby(entries, year_of)
            ],
            introduction=self.renderer.authored.render(introduction)
            if introduction and introduction.markdown and first
            else "",
            holds_pages_only=not site.config.paths.pages_prefix,
            pager=pager,
            finder=self._finder(key, site.entries) if first else None,
            timeline=draw_timeline(
                timeline,
                lambda entry: address(entry.key),
                lambda year: address(site.year_key(year)),
                self.forms,
            )
            if timeline
            else Markup(),
            timeline_text=timeline.sentence if timeline else "",
            only=only,
            only_shape=large_shape(
                only, lambda number: f"{address(only.key)}#m{number}", self.forms
            )
            if only
            else Markup(),
        )

    def _totals(self) -> Totals:
        entries = self.site.entries
        messages = sum(entry.messages for entry in entries)
        return Totals(len(entries), messages, len(self.site.participants))

    def _taxonomy(
        self, taxonomy: Taxonomy, terms: Sequence[TermView], matrix: Matrix | None
    ) -> Artifact:
        return self.renderer.page(
            "taxonomy.html",
            taxonomy.key,
            self.text(taxonomy.title),
            f"{self.text(taxonomy.title)} · {self._count_of(taxonomy)}",
            head=self.renderer.heads.taxonomy(taxonomy),
            taxonomy=Pointer(taxonomy.key, self.text(taxonomy.title)),
            terms=terms,
            matrix=matrix,
        )

    def _term(
        self,
        taxonomy: Taxonomy,
        term: Term,
        owner: str,
        key: str,
        entries: Sequence[Entry],
        pager: Pager | None,
    ) -> Artifact:
        first = key == term.key
        name = (
            self.text(UNDATED) if taxonomy.kind == "years" and term.name == UNDATED else term.name
        )
        lead = self.forms.count(len(term.entries), "transcript")
        part = make_part(term) if first and taxonomy.kind == "participants" else None
        if part:
            lead += f", {self.forms.count(part.messages, 'message')}"
        return self.renderer.page(
            "term.html",
            key,
            self._on_page(name, pager),
            self._on_page(lead, pager),
            owner=owner,
            head=self.renderer.heads.term(taxonomy, term, key, *_beside(pager)),
            taxonomy=Pointer(taxonomy.key, self.text(taxonomy.title)),
            name=name,
            term=TermView.of(term),
            entries=entries,
            lead=lead,
            part=part,
            pager=pager,
            finder=self._finder(key, term.entries, taxonomy, term) if first else None,
        )

    def _finder(
        self,
        key: str,
        entries: Sequence[Entry],
        taxonomy: Taxonomy | None = None,
        term: Term | None = None,
    ) -> Finder | None:
        """The filters of a list, on its first page."""
        if len(entries) < WORTH_SORTING:
            return None
        urls = self.renderer.urls
        start = urls.path(key)
        return Finder(
            facets=make_facets(self.site, entries, term.key if term else ""),
            rows=urls.link(DATA, start) if self._is_long(entries) else "",
            root="../" * start.count("/"),
            within=taxonomy.kind.removesuffix("s") if taxonomy else "",
            slug=slug_of(term.key) if term else "",
            total=len(entries),
            size=self.size,
        )

    def _address(self, key: str, start: str) -> str:
        urls = self.renderer.urls
        return urls.link(urls.path(key), urls.path(start))

    def _count_of(self, taxonomy: Taxonomy) -> str:
        return self.forms.count(len(taxonomy.terms), taxonomy.kind.removesuffix("s"))

    def _page_of(self, pager: Pager) -> str:
        return self.text("Page {number} of {count}", number=pager.number, count=pager.pages)

    def _on_page(self, text: str, pager: Pager | None) -> str:
        """The text of a list's first page, told apart on its others."""
        if pager is None or pager.number == 1:
            return text
        return f"{text} · {self._page_of(pager)}"


def _beside(pager: Pager | None) -> tuple[str, str]:
    """The keys of the pages of a list before and after one; empty where there is none."""
    return (pager.newer, pager.older) if pager else ("", "")
