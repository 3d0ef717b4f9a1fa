"""Transcripts to one site: what is published, in which order, and by which terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from sitegen.config import Config
from sitegen.entry import Entry
from sitegen.hues import settle_hues, with_hues
from sitegen.model import Page
from sitegen.participants import own_hues
from sitegen.urls import disambiguate

__all__ = ["UNDATED", "Site", "Taxonomy", "Term", "make_site", "year_of"]

EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
Kind = Literal["participants", "tags", "years", "labels"]
TITLES: Mapping[Kind, str] = {
    "participants": "Participants",
    "tags": "Tags",
    "years": "Years",
    "labels": "Labels",
}
UNDATED = "Undated"
NamesOf = Callable[[Entry], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Term:
    """One participant, tag, year or label, and all transcripts that have it."""

    name: str
    """As written."""
    key: str
    """Its page, without an ending: `tags/radio`."""
    entries: tuple[Entry, ...]
    """Newest first."""
    hue: int | None = None
    """The colour of a participant; None for other terms."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One way to sort the archive: by participant, tag, year or label."""

    kind: Kind
    """Which."""
    terms: tuple[Term, ...]
    """By name; years newest first."""

    @property
    def title(self) -> str:
        """The heading of its page."""
        return TITLES[self.kind]

    @property
    def key(self) -> str:
        """Its page, without an ending."""
        return f"{self.kind}/index"


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published. Nothing that is not here reaches the output."""

    config: Config
    """The settings of the build."""
    entries: tuple[Entry, ...]
    """The transcripts, newest first, undated ones last."""
    taxonomies: tuple[Taxonomy, ...]
    """Participants, tags, years; labels if there are any."""
    pages: tuple[Page, ...]
    """Authored pages, by key, without the introduction."""
    introduction: Page | None
    """The text at the top of the index, if there is one."""
    keys: Mapping[tuple[Kind, str], str]
    """The page of each term: `("tags", "radio")` to `tags/radio`."""
    staples: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """By the key of an authored page: the transcripts that it shows side by side."""

    @property
    def participants(self) -> tuple[Term, ...]:
        """All participants, by name."""
        return self.taxonomies[0].terms

    @property
    def tags(self) -> tuple[Term, ...]:
        """All tags, by name."""
        return self.taxonomies[1].terms

    @property
    def years(self) -> tuple[Term, ...]:
        """All years, newest first; `Undated` last."""
        return self.taxonomies[2].terms

    @property
    def labels(self) -> tuple[Term, ...]:
        """All labels, by name."""
        return self.taxonomies[3].terms if len(self.taxonomies) > 3 else ()

    def participant_key(self, name: str) -> str:
        """The page of a participant."""
        return self.keys["participants", name]

    def label_key(self, name: str) -> str:
        """The page of a label."""
        return self.keys["labels", name]

    def tag_key(self, name: str) -> str:
        """The page of a tag."""
        return self.keys["tags", name]

    def year_key(self, name: str) -> str:
        """The page of a year."""
        return self.keys["years", name]


def make_site(config: Config, entries: Iterable[Entry], pages: Iterable[Page]) -> Site:
    """Put the published transcripts and pages in order."""
    found = sorted((entry for entry in entries if config.drafts or not entry.draft), key=_order)
    hues = settle_hues(found, own_hues(config.participants))
    published = [with_hues(entry, hues) for entry in found]
    authored = sorted(
        (page for page in pages if config.drafts or not page.draft), key=lambda page: page.slug
    )
    people = _taxonomy("participants", published, _voices)
    tags = _taxonomy("tags", published, lambda entry: entry.tags)
    years = _taxonomy("years", published, lambda entry: (year_of(entry),))
    years.sort(key=lambda term: "" if term.name == UNDATED else term.name, reverse=True)
    terms = {
        "participants": [
            Term(term.name, term.key, term.entries, hues.get(term.name)) for term in people
        ],
        "tags": tags,
        "years": years,
        "labels": _taxonomy("labels", published, lambda entry: entry.labels),
    }
    return Site(
        config=config,
        entries=tuple(published),
        taxonomies=tuple(
            Taxonomy(kind, tuple(terms[kind]))
            for kind in TITLES
            if terms[kind] or kind != "labels"  # Most sites have none, and need no page of them.
        ),
        pages=tuple(page for page in authored if page.slug != "index"),
        introduction=next((page for page in authored if page.slug == "index"), None),
        keys={(kind, term.name): term.key for kind in TITLES for term in terms[kind]},
    )


def _order(entry: Entry) -> tuple[bool, float, str]:
    """Newest first, undated ones last, then by address."""
    if entry.started is None:
        return True, 0.0, entry.key
    return False, -(entry.started - EARLIEST).total_seconds(), entry.key


def _taxonomy(kind: Kind, entries: Sequence[Entry], names_of: NamesOf) -> list[Term]:
    """Collect the entries of each name; names that are equal in a URL get a number."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        for name in dict.fromkeys(names_of(entry)):
            found.setdefault(name, []).append(entry)
    slugs = disambiguate(found, taken=("index",))
    names = sorted(found, key=lambda name: (name.casefold(), name))
    return [Term(name, f"{kind}/{slugs[name]}", tuple(found[name])) for name in names]


def _voices(entry: Entry) -> tuple[str, ...]:
    return tuple(share.participant.name for share in entry.shares)


def year_of(entry: Entry) -> str:
    """The year in which it began, in four digits, or `Undated`."""
    return f"{entry.started.year:04}" if entry.started else UNDATED
