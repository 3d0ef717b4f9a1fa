"""Who talked with whom, how much, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sitegen.entry import Entry, Share
from sitegen.site import Term

__all__ = ["Cell", "Companion", "Matrix", "Member", "Part", "make_matrix", "make_part"]

MOST_MEMBERS = 12
"""A table of more would not be read; it holds those of the most transcripts."""

MOST_COMPANIONS = 24
"""Companions named on a participant's page; of more, those they met most often."""

HEATS = 4
"""Shades of a table's cells."""


@dataclass(frozen=True, slots=True)
class Member:
    """One participant in the table of who talked with whom."""

    name: str
    """As written."""
    key: str
    """Their page, without an ending."""
    hue: int
    """Their colour."""
    count: int
    """How many transcripts they are in."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What two participants share."""

    count: int
    """How many transcripts both are in; 0 with oneself."""
    heat: int
    """The shade: 1 for the palest, 4 for the most transcripts of all."""
    only: str
    """The key of the transcript where it is just one, else empty."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who talked with whom, as a square table."""

    members: tuple[Member, ...]
    """Those of the most transcripts, by name."""
    rows: tuple[tuple[Cell, ...], ...]
    """For each member and each other what they share."""
    total: int
    """How many participants there are."""


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody with whom a participant talked."""

    name: str
    """As written."""
    hue: int
    """Their colour."""
    count: int
    """How many transcripts both are in."""
    only: str
    """The key of the transcript where it is just one, else empty."""


@dataclass(frozen=True, slots=True)
class Part:
    """One participant's part in all their transcripts."""

    messages: int
    """How many messages."""
    words: int
    """How many words in them."""
    percent: int
    """Share of all words of these transcripts, in percent."""
    first: datetime | None
    """The start of the earliest dated transcript."""
    last: datetime | None
    """The start of the latest dated transcript."""
    companions: tuple[Companion, ...]
    """The others in them, those they met most often first."""
    more: int
    """How many others were left out."""
    models: tuple[str, ...]
    """The models behind this voice."""
    url: str
    """A page about them elsewhere; empty for none."""


def make_matrix(terms: Sequence[Term]) -> Matrix | None:
    """The table of who talked with whom; None where it would say nothing.

    That is for fewer than three participants, and where nobody talked with another.
    """
    if len(terms) < 3:
        return None
    chosen = sorted(terms, key=lambda term: -len(term.entries))[:MOST_MEMBERS]
    chosen.sort(key=terms.index)
    keys = [{entry.key for entry in term.entries} for term in chosen]
    shared = [[set() if row is column else row & column for column in keys] for row in keys]
    most = max(len(both) for row in shared for both in row)
    if not most:
        return None
    rows = tuple(tuple(_cell(both, max(most, HEATS)) for both in row) for row in shared)
    members = tuple(
        Member(term.name, term.key, term.hue or 0, len(term.entries)) for term in chosen
    )
    return Matrix(members, rows, len(terms))


def _cell(both: set[str], most: int) -> Cell:
    return Cell(len(both), -(-HEATS * len(both) // most), *both if len(both) == 1 else [""])


def make_part(term: Term) -> Part:
    """What a participant said in their transcripts, and with whom."""
    own: list[Share] = []
    met: Counter[str] = Counter()
    firsts: dict[str, tuple[int, str]] = {}
    for entry in term.entries:
        for share in entry.shares:
            person = share.participant
            if person.name == term.name:
                own.append(share)
            else:
                met[person.name] += 1
                firsts.setdefault(person.name, (person.hue, entry.key))
    words = sum(share.words for share in own)
    total = sum(entry.words for entry in term.entries)
    dates = sorted(_starts(term.entries))
    order = sorted(met, key=lambda name: (-met[name], name.casefold(), name))
    return Part(
        messages=sum(share.messages for share in own),
        words=words,
        percent=round(100 * words / total) if total else 0,
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        companions=tuple(
            Companion(name, firsts[name][0], met[name], firsts[name][1] if met[name] == 1 else "")
            for name in order[:MOST_COMPANIONS]
        ),
        more=max(0, len(order) - MOST_COMPANIONS),
        models=tuple(dict.fromkeys(s.participant.model for s in own if s.participant.model)),
        url=next((s.participant.url for s in own), ""),
    )


def _starts(entries: Iterable[Entry]) -> Iterable[datetime]:
    return (entry.started for entry in entries if entry.started)
