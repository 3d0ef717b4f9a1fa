"""Tells a speaker line from one that is quoted in a code block.

Models nest fences wrongly, so neither reading of them can be trusted alone: by CommonMark a
block ends at the first bare fence, as people mean it the fences pair up like brackets. A
line is quoted only if both readings have it inside a block, and if the block ends later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.readers.engine import Candidate, Fence, Scan

__all__ = ["unquoted"]

LOOK_AHEAD = 200
"""How many fences further down the end of a block is looked for."""


class _Fences:
    """Both readings of the fences since the last message began."""

    def __init__(self) -> None:
        self.open_mark = ""
        self.depth = 0

    def read(self, fence: Fence) -> None:
        if not self.open_mark:
            self.open_mark = fence.mark
        elif fence.bare and fence.mark.startswith(self.open_mark):
            self.open_mark = ""
        self.depth = _deeper(self.depth, fence)

    @property
    def agree(self) -> bool:
        """True if by both readings a block is open."""
        return bool(self.open_mark) and self.depth > 0


def unquoted(found: Scan) -> list[Candidate]:
    """The candidates that stand in no code block."""
    return list(_unquoted(found.candidates, found.fences))


def _unquoted(candidates: Sequence[Candidate], fences: Sequence[Fence]) -> Iterator[Candidate]:
    state, place, closed = _Fences(), 0, -1
    for candidate in candidates:
        while place < len(fences) and fences[place].line < candidate.line:
            state.read(fences[place])
            place += 1
        if state.agree:
            if candidate.line < closed:
                continue
            closed = _end(state.depth, fences, place)
            if candidate.line < closed:
                continue
        yield candidate
        state = _Fences()


def _end(depth: int, fences: Sequence[Fence], place: int) -> int:
    """The line on which the open block ends; -1 if it does not."""
    for fence in fences[place : place + LOOK_AHEAD]:
        depth = _deeper(depth, fence)
        if not depth:
            return fence.line
    return -1


def _deeper(depth: int, fence: Fence) -> int:
    """How many blocks are open after a fence, if fences pair up."""
    return depth - 1 if fence.bare and depth else depth + 1
