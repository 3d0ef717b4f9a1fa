"""Patterns that someone else wrote, by an engine whose time is linear in the text's length.

Python's own engine backtracks: one unlucky pattern and one hostile transcript could hold up
a build for years. RE2 cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["LinearPattern", "PatternError"]


class PatternError(ValueError):
    """A pattern that RE2 does not take."""


class LinearPattern:
    """One compiled pattern."""

    def __init__(self, text: str) -> None:
        import re2

        options = re2.Options()
        options.log_errors = False
        try:
            self.compiled: Any = re2.compile(text, options)
        except re2.error as error:
            raise PatternError(_words(error)) from error

    @property
    def matches_nothing(self) -> bool:
        """Whether the empty text matches, and so every place of every text."""
        return self.compiled.search("") is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the pattern matches, empty matches left out; in order, without overlaps."""
        # Offsets come in bytes; to count them out once is faster than to ask for each.
        data = text.encode(errors="surrogatepass")
        at = counted = 0
        for match in self.compiled.finditer(data):
            start, end = match.span()
            if start == end:
                continue
            at += len(data[counted:start].decode(errors="surrogatepass"))
            length = len(data[start:end].decode(errors="surrogatepass"))
            yield at, at + length
            at, counted = at + length, end


def _words(error: Exception) -> str:
    """What RE2 says, which it says in bytes."""
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
