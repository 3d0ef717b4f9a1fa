"""What a list of transcripts can be narrowed by: voices, subjects, labels, years, length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sitegen.entry import Entry
from sitegen.site import Site, year_of

__all__ = ["LENGTHS", "Facet", "Option", "length_of", "make_facets", "slug_of"]

MOST_OPTIONS = 200
"""A facet has no more: of more terms those of the most transcripts."""

MOST_LINKS = 24
"""Values to which a list links where there are no scripts."""

Length = Literal["short", "medium", "long"]
LENGTHS: tuple[Length, ...] = ("short", "medium", "long")
"""The classes of reading time: under 5 minutes, to 20 minutes, longer."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet."""

    slug: str
    """How addresses and cards name it."""
    name: str
    """How readers do; of a length the same, for layouts to say in words."""
    count: int
    """How many of the list's transcripts have it."""
    key: str
    """Its page, without an ending; empty for a length."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One question by which a list can be narrowed."""

    kind: str
    """`participant`, `tag`, `label`, `year` or `length`."""
    options: tuple[Option, ...]
    """By name, years newest first, lengths shortest first."""
    more: int
    """How many values were left out."""
    key: str
    """The page of all of them, without an ending; empty for lengths."""

    @property
    def top(self) -> tuple[Option, ...]:
        """The values of the most transcripts; years in their own order."""
        most = self.options
        if self.kind != "year":
            most = tuple(sorted(most, key=lambda option: -option.count))
        return most[:MOST_LINKS]


def length_of(entry: Entry) -> Length:
    """The class of a transcript's reading time."""
    if entry.minutes < 5:
        return "short"
    return "medium" if entry.minutes <= 20 else "long"


def slug_of(key: str) -> str:
    """The last part of a term's key, by which it is told from others of its kind."""
    return key.rpartition("/")[2]


def make_facets(site: Site, entries: Sequence[Entry], within: str = "") -> tuple[Facet, ...]:
    """The facets of a list, without those in which all its transcripts are equal.

    `within` is the key of the term whose list it is; that term is no option.
    """
    people = (share.participant.name for entry in entries for share in entry.shares)
    tags = (tag for entry in entries for tag in entry.tags)
    labels = (label for entry in entries for label in entry.labels)
    years = (year_of(entry) for entry in entries)
    facets = [
        _facet("participant", people, site.participant_key, within),
        _facet("tag", tags, site.tag_key, within),
        _facet("label", labels, site.label_key, within),
        _facet("year", years, site.year_key, within),
        _lengths(entries),
    ]
    return tuple(
        facet for facet in facets if any(option.count < len(entries) for option in facet.options)
    )


def _facet(kind: str, names: Iterable[str], key_of: Callable[[str], str], within: str) -> Facet:
    found = [(name, key_of(name), count) for name, count in Counter(names).items()]
    found = [item for item in found if item[1] != within]
    found.sort(key=lambda item: (-item[2], item[0]))
    kept = found[:MOST_OPTIONS]
    if kind == "year":
        kept.sort(key=lambda item: (item[0].isdigit(), item[0]), reverse=True)
    else:
        kept.sort(key=lambda item: (item[0].casefold(), item[0]))
    options = tuple(Option(slug_of(key), name, count, key) for name, key, count in kept)
    return Facet(kind, options, len(found) - len(kept), f"{kind}s/index")


def _lengths(entries: Iterable[Entry]) -> Facet:
    counts = Counter(length_of(entry) for entry in entries)
    options = [Option(name, name, counts[name], "") for name in LENGTHS if counts[name]]
    return Facet("length", tuple(options), 0, "")
