"""Several transcripts as one page: turns that belong beside each other, in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from sitegen.align import MAX_CELLS, align_rows
from sitegen.entry import Entry
from sitegen.provenance.record import Record
from sitegen.render.messages import MessageView, Side

__all__ = ["Column", "Stapled", "Turns", "make_stapled"]

LETTERS = "abcd"
MAX_COMPARED = 10_000_000
"""Pairs of words that are compared for one page; what comes later is not compared."""

Kind = Literal["same", "changed", "other", "long", "only"]


@dataclass(frozen=True, slots=True)
class Column:
    """One of the transcripts."""

    letter: str
    """By which its turns are told from those of the others: `a`."""
    entry: Entry
    """What there is to know of it."""
    record: Record
    """Its digests."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message in a row."""

    column: Column
    """Of which transcript."""
    message: MessageView
    """The message; its body has marks where it differs from the first in the row."""


@dataclass(frozen=True, slots=True)
class Turns:
    """A row: at most one message of each transcript."""

    number: int
    """1-based."""
    kind: Kind
    """`same` on all sides; `changed`: worded differently; `other`: different; `long`: not
    compared; `only`: not on all sides."""
    cells: tuple[Turn | None, ...]
    """For each transcript what it has in this row."""


@dataclass(frozen=True, slots=True)
class Stapled:
    """All of a page that shows several transcripts."""

    columns: tuple[Column, ...]
    """The transcripts, in order."""
    opening: tuple[Turns, ...]
    """What they have in common at the beginning; none if that is all or nothing."""
    rows: tuple[Turns, ...]
    """The rest."""
    counts: dict[str, int]
    """How many rows there are of each kind."""
    has_marks: bool
    """Whether differences in wording are marked somewhere."""


def make_stapled(entries: Sequence[Entry], sides: Sequence[Side]) -> Stapled:
    """Lay transcripts side by side; `sides` are those of `entries`, in the same order."""
    columns = tuple(
        Column(letter, entry, side.record)
        for letter, entry, side in zip(LETTERS, entries, sides, strict=False)
    )
    rows = tuple(_rows(columns, sides))
    common = next((n for n, row in enumerate(rows) if row.kind != "same"), 0)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.kind] = counts.get(row.kind, 0) + 1
    return Stapled(columns, rows[:common], rows[common:], counts, "changed" in counts)


def _rows(columns: Sequence[Column], sides: Sequence[Side]) -> Iterator[Turns]:
    speakers = [[message.speaker for message in side.messages] for side in sides]
    left = MAX_COMPARED
    aligned = align_rows([side.signs for side in sides], speakers)
    for number, places in enumerate(aligned, 1):
        cells = tuple(
            Turn(column, side.messages[place]) if place is not None else None
            for column, side, place in zip(columns, sides, places, strict=True)
        )
        signs = {side.signs[p] for side, p in zip(sides, places, strict=True) if p is not None}
        kind: Kind = "only" if None in places else "same"
        if len(signs) > 1:
            kind, cells, spent = _compare(cells, min(left, MAX_CELLS))
            left -= spent
            kind = "only" if None in places and kind == "other" else kind
        yield Turns(number, kind, cells)


def _compare(
    cells: tuple[Turn | None, ...], limit: int
) -> tuple[Kind, tuple[Turn | None, ...], int]:
    """Mark in which words the others differ from the first; how, and how much that took."""
    from sitegen.markup.differences import compare_bodies

    done = list(cells)
    kinds: list[Kind] = []
    spent = 0
    lead, *others = [place for place, cell in enumerate(cells) if cell is not None]
    for place in others:
        first, other = cells[lead], cells[place]
        if first is None or other is None:  # Never: the types do not know.
            continue
        found = compare_bodies(first.message.html, other.message.html, limit)
        kinds.append(found.kind)
        spent += len(first.message.html.split()) * len(other.message.html.split())
        done[place] = _with_body(other, found.bodies[1])
        if place == others[0]:
            done[lead] = _with_body(first, found.bodies[0])
    kind: Kind = next((one for one in ("changed", "long", "other") if one in kinds), "other")
    return kind, tuple(done), spent


def _with_body(turn: Turn, html: Markup) -> Turn:
    return replace(turn, message=replace(turn.message, html=html))
