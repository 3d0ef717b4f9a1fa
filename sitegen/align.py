"""Lays sequences side by side: what they have in common, in order, at a bounded cost."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

__all__ = ["MAX_CELLS", "align_rows", "common_places"]

MAX_CELLS = 1_000_000
"""Pairs of places that are compared at most; a tenth of a second or two."""

Row = tuple[int | None, ...]
"""For each side the place of what stands in a row, from 0; None where it has nothing."""


def common_places(
    one: Sequence[str], other: Sequence[str], limit: int = MAX_CELLS
) -> list[tuple[int, int]] | None:
    """The places of a longest common subsequence of two sequences, in order.

    None if there is too much to compare. The textbook's table, after what is equal at both
    ends; of several answers that with the earliest places.
    """
    begin, end = 0, 0
    shorter = min(len(one), len(other))
    while begin < shorter and one[begin] == other[begin]:
        begin += 1
    while end < shorter - begin and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[begin : len(one) - end], other[begin : len(other) - end]
    if len(left) * len(right) > limit:
        return None
    table = _table(left, right)
    pairs = [(place, place) for place in range(begin)]
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            pairs.append((begin + i, begin + j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    tails = range(end, 0, -1)
    return pairs + [(len(one) - back, len(other) - back) for back in tails]


def _table(left: Sequence[str], right: Sequence[str]) -> list[array[int]]:
    """How long the longest common subsequence is from each two places on."""
    width = len(right)
    below = array("L", [0]) * (width + 1)
    table = [below]
    for word in reversed(left):
        row = array("L", below)
        for j in range(width - 1, -1, -1):
            if word == right[j]:
                row[j] = below[j + 1] + 1
            elif row[j + 1] > row[j]:
                row[j] = row[j + 1]
        table.append(row)
        below = row
    table.reverse()
    return table


def align_rows(signs: Sequence[Sequence[str]], speakers: Sequence[Sequence[str]]) -> list[Row]:
    """Rows of turns that belong beside each other, one turn of each side in each.

    `signs` tells of each side which turns are the same, `speakers` whose they are. The same
    turns stand beside each other; between them those of one speaker; where no speaker is on
    both sides, they go by their place.
    """
    rows: list[Row] = [(place,) for place in range(len(signs[0]))]
    for side in range(1, len(signs)):
        first = [_first(row) for row in rows]
        leads = [signs[s][p] for s, p in first]
        names = [speakers[s][p] for s, p in first]
        none: Row = (None,) * side
        pairs = _pairs(leads, signs[side], names, speakers[side])
        rows = [(*(rows[lead] if lead is not None else none), place) for lead, place in pairs]
    return rows


def _first(row: Row) -> tuple[int, int]:
    """The first side that has something in a row, and its place there."""
    return next((side, place) for side, place in enumerate(row) if place is not None)


def _pairs(
    leads: Sequence[str], signs: Sequence[str], names: Sequence[str], speakers: Sequence[str]
) -> Iterator[tuple[int | None, int | None]]:
    """Every place of both sides once, in order, with its partner if it has one."""
    i = j = 0
    for p, q in [*(common_places(leads, signs) or []), (len(leads), len(signs))]:
        left, right = names[i:p], speakers[j:q]
        near = common_places(left, right) if set(left) & set(right) else None
        if near is None:
            near = [(k, k) for k in range(min(len(left), len(right)))]
        a = b = 0
        for x, y in [*near, (len(left), len(right))]:
            yield from ((i + place, None) for place in range(a, x))
            yield from ((None, j + place) for place in range(b, y))
            if x < len(left):
                yield i + x, j + y
            a, b = x + 1, y + 1
        if p < len(leads):
            yield p, q
        i, j = p + 1, q + 1
