"""Long lists on several pages: which transcripts stand on which, and the links between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sitegen.entry import Entry

__all__ = ["Pager", "paginate"]

AROUND = 1
"""Pages named before and after the current one, besides the first and the last."""


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page stands among the pages of its list."""

    key: str
    """The first page, without an ending."""
    number: int
    """Of this page, from 1."""
    pages: int
    """How many there are, at least 2."""

    def page(self, number: int) -> str:
        """The key of a page of the list."""
        return page_key(self.key, number)

    @property
    def newer(self) -> str:
        """The key of the page before, or empty."""
        return self.page(self.number - 1) if self.number > 1 else ""

    @property
    def older(self) -> str:
        """The key of the page after, or empty."""
        return self.page(self.number + 1) if self.number < self.pages else ""

    @property
    def shown(self) -> tuple[int, ...]:
        """The numbers to name: the first, the last, those around; 0 where some are left out."""
        near = range(self.number - AROUND, self.number + AROUND + 1)
        named = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        shown: list[int] = []
        for number in named:
            gap = number - shown[-1] if shown else 1
            # A gap of one page is no shorter than its number.
            shown += [number - 1] if gap == 2 else [0] if gap > 2 else []
            shown.append(number)
        return tuple(shown)


def page_key(key: str, number: int) -> str:
    """The key of a list's page: `tags/sea`, then `tags/sea/2`."""
    return key if number == 1 else f"{key}/{number}"


def paginate(
    key: str, entries: Sequence[Entry], size: int
) -> Iterator[tuple[str, Sequence[Entry], Pager | None]]:
    """The pages of a list: key, transcripts and pager of each; one page has no pager."""
    pages = -(-len(entries) // size) if size else 1
    if pages <= 1:
        yield key, entries, None
        return
    for number in range(1, pages + 1):
        part = entries[(number - 1) * size : number * size]
        yield page_key(key, number), part, Pager(key, number, pages)
