"""A text as it reads once it is shown: entities, escapes and marks of emphasis resolved.

`jo**hn**&#64;example.org` and `john%40example.org` hold the same address as far as a
reader is concerned. What is found in the folded text is traced back to the source.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from html import unescape
from urllib.parse import unquote_to_bytes

__all__ = ["Folded", "fold", "shown"]

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Signs that nobody sees: all that Unicode calls default-ignorable, and annotation marks."""

# Begins with one set of signs, which the engine finds fast; then by which of them it was.
FOLDS = re.compile(
    r"""[&%\\*~`_<\n\x80-\U0010ffff](?:
      (?<=&)(?P<entity>(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?)
    | (?<=%)(?P<percent>[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*)
    | (?<=\\)(?P<json>\\*(?:[nrt]|u[0-9A-Fa-f]{4}))
    | (?<=\\)(?P<escape>[!-/:-@\[-`{-~])
    | (?<=[*~`_])(?P<marks>[*~`_]*)
    | (?<=<)(?P<tag>/?[A-Za-z][^<>]*>|!--[^<>]{0,200}-->)
    | (?<=\n)(?P<quote>[ \t]*>[ \t>]*)
    | (?<=[^\x00-\x7f])(?P<other>[^\x00-\x7f]*)
    )""",
    re.VERBOSE,
)


class Folded:
    """A folded text, and where each of its parts comes from."""

    def __init__(self, pieces: list[tuple[int, int, str]], source: str) -> None:
        """`pieces`: start, end and folded form of each part of the source that changed."""
        texts: list[str] = []
        self.starts: list[int] = []
        self.spans: list[tuple[int, int, bool]] = []
        length = end = 0

        def add(first: int, last: int, text: str, changed: bool) -> None:
            nonlocal length
            if text:
                texts.append(text)
                self.starts.append(length)
                self.spans.append((first, last, changed))
                length += len(text)

        for first, last, text in pieces:
            add(end, first, source[end:first], False)
            add(first, last, text, True)
            end = last
        add(end, len(source), source[end:], False)
        self.text = "".join(texts)

    def trace(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that a span of the folded text stands for."""
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, position: int) -> tuple[int, int]:
        index = bisect_right(self.starts, position) - 1
        first, last, changed = self.spans[index]
        if changed:
            return first, last
        place = first + position - self.starts[index]
        return place, place + 1


def fold(source: str) -> Folded | None:
    """The folded text; None where it is the source itself."""
    pieces: list[tuple[int, int, str]] = []
    for match in FOLDS.finditer(source):
        start, kind = match.start(), match.lastgroup
        if kind == "other":
            # A mark at its beginning belongs to the letter before.
            is_whole = not (start and unicodedata.combining(source[start]))
            if is_whole and not INVISIBLE.search(match[0]) and _is_composed(match[0]):
                continue
            if not is_whole:
                start = max(start - 1, pieces[-1][1] if pieces else 0)
        written = source[start : match.end()]
        text = _folded(written, kind)
        if text != written:
            pieces.append((start, match.end(), text))
    return Folded(pieces, source) if pieces else None


def _is_composed(text: str) -> bool:
    return unicodedata.is_normalized("NFKC", text)


def _folded(written: str, kind: str | None) -> str:
    if kind in ("marks", "tag"):
        return ""
    if kind == "quote":
        return " "
    if kind == "json":  # In what tools are given and answer, perhaps more than once.
        code = written.lstrip("\\")
        return " " if code in "nrt" else shown(chr(int(code[1:], 16)))
    if kind == "escape":
        return written[1]
    if kind == "entity":
        written = unescape(written)
    elif kind == "percent":
        try:
            written = unquote_to_bytes(written).decode()
        except UnicodeDecodeError:
            return written
    return shown(written)


def shown(text: str) -> str:
    """A text without signs that nobody sees, and with one form for each sign."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
