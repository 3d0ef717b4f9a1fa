"""Breaks a title into lines of about the same length, where its script allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

__all__ = ["break_title"]

HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
NOT_FIRST = "、。，．・：；？！ー々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ）」』】〉》〕］｝”’…"
NOT_LAST = "（「『【〈《〔［｛“‘"
PIECE = re.compile(rf"[{NOT_LAST}]*[{HAN}][{NOT_FIRST}]*|(?:(?![{HAN}{NOT_LAST}])\S)+|[{NOT_LAST}]")

STEPS = 12
"""Halvings of the width when lines are made even."""


def break_title(
    text: str, width: float, most: int, advance: Callable[[str], float]
) -> tuple[tuple[str, ...], bool]:
    """At most so many lines of a width, and whether all of the text is in them.

    `advance` gives the width of a sign. The lines are as even as the words allow.
    """
    pieces = list(_pieces(text, width, advance))
    space = advance(" ")
    lines = _fill(pieces, width, space)
    if len(lines) > most:
        return _cut(lines, most, width, advance), False
    low, high = 0.0, width
    for _ in range(STEPS):
        middle = (low + high) / 2
        tried = _fill(pieces, middle, space)
        if len(tried) == len(lines) and all(size <= width for _, size in tried):
            lines, high = tried, middle
        else:
            low = middle
    return tuple(line for line, _ in lines), True


def _cut(
    lines: Sequence[tuple[str, float]], most: int, width: float, advance: Callable[[str], float]
) -> tuple[str, ...]:
    """The first lines, with a sign that there is more."""
    last = lines[most - 1][0]
    while last and sum(map(advance, last)) + advance("…") > width:
        last = last[:-1]
    return (*(line for line, _ in lines[: most - 1]), last.rstrip(" ,;:.–—-、。") + "…")


def _pieces(
    text: str, width: float, advance: Callable[[str], float]
) -> list[tuple[str, float, bool]]:
    """What a line may end after: each with its width, and whether a space stands before it."""
    found = []
    for match in PIECE.finditer(text):
        spaced = match.start() > 0 and text[match.start() - 1] == " "
        piece = match[0]
        size = sum(map(advance, piece))
        while size > width:  # A word that no line can hold.
            end, part = 0, 0.0
            while end < len(piece) and part + advance(piece[end]) <= width:
                part += advance(piece[end])
                end += 1
            end = max(end, 1)
            found.append((piece[:end], part, spaced))
            piece, spaced = piece[end:], False
            size = sum(map(advance, piece))
        before = found[-1] if found else ("", 0.0, False)
        wide = before[1] + advance(" ") + size
        # An article or a pronoun of one letter goes with what follows it.
        if spaced and len(before[0]) == 1 and before[0].isascii() and wide <= width:
            found[-1] = f"{before[0]} {piece}", wide, before[2]
        elif piece:
            found.append((piece, size, spaced))
    return found


def _fill(
    pieces: Sequence[tuple[str, float, bool]], width: float, space: float
) -> list[tuple[str, float]]:
    """Each line as long as it can be, with its width."""
    lines: list[tuple[str, float]] = []
    for piece, size, spaced in pieces:
        before = space if spaced else 0.0
        if lines and lines[-1][1] + before + size <= width:
            line, length = lines[-1]
            lines[-1] = f"{line}{' ' if spaced else ''}{piece}", length + before + size
        else:
            lines.append((piece, size))
    return lines
