"""Marks the words in which two bodies differ; for the reader who asks for it."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from sitegen.align import common_places

__all__ = ["Compared", "Kind", "compare_bodies"]

Kind = Literal["changed", "other", "long"]

ALIKE = 0.4
"""Of how many of their words two texts must share to be the same one, worded differently."""

PIECE = re.compile(r"""<(?:"[^"]*"|'[^']*'|[^"'>])*>|[^<]+""")
WORD = re.compile(r"\S+")
DRAWN = re.compile(r"<(/?)(?:math|svg)\b")
"""What is not text: a mark would break it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two bodies that are not the same."""

    kind: Kind
    """`changed`: worded differently; `other`: different altogether; `long`: too long to tell."""
    bodies: tuple[Markup, Markup]
    """Both, with `<mark>` around the words that only one has if they are alike."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag or a text between tags."""

    text: str
    words: tuple[tuple[int, int], ...]
    """Where in it each word begins and ends."""


def compare_bodies(one: str, other: str, limit: int) -> Compared:
    """Compare two bodies word by word; of words no more than `limit` pairs are looked at.

    Both are HTML that is safe; only whole words between their tags are marked.
    """
    pieces = _pieces(one), _pieces(other)
    words = [[p.text[a:b] for p in side for a, b in p.words] for side in pieces]
    found = common_places(words[0], words[1], limit)
    total = len(words[0]) + len(words[1])
    plain = Markup(one), Markup(other)
    if found is None:
        return Compared("long", plain)
    if total and 2 * len(found) < ALIKE * total:
        return Compared("other", plain)
    marked = [_marked(side, {pair[at] for pair in found}) for at, side in enumerate(pieces)]
    return Compared("changed", (marked[0], marked[1]))


def _pieces(html: str) -> list[_Piece]:
    found = []
    depth = 0
    for match in PIECE.finditer(html):
        text = match[0]
        drawn = DRAWN.match(text)
        if drawn:
            depth += -1 if drawn[1] else 1
        is_text = text[0] != "<" and not depth
        words = tuple(word.span() for word in WORD.finditer(text)) if is_text else ()
        found.append(_Piece(text, words))
    return found


def _marked(pieces: list[_Piece], common: Container[int]) -> Markup:
    """The pieces in one, with marks around runs of words that are not common."""
    number = 0
    done = []
    for piece in pieces:
        end = 0
        run: list[int] = []
        for start, stop in piece.words:
            if number not in common:
                run = [run[0] if run else start, stop]
            elif run:
                done += [piece.text[end : run[0]], _mark(piece.text[run[0] : run[1]])]
                end, run = run[1], []
            number += 1
        if run:
            done += [piece.text[end : run[0]], _mark(piece.text[run[0] : run[1]])]
            end = run[1]
        done.append(piece.text[end:])
    return Markup("".join(done))


def _mark(text: str) -> str:
    return f'<mark class="differs">{text}</mark>'
