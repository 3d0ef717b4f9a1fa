"""Names and values in a comment or behind a fence, as the canonical form writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from sitegen.text import has_controls

__all__ = ["format_marks", "is_plain", "parse_marks", "quote", "unquote"]

MARK = re.compile(r'\s*(\w+)=("(?:[^"\\]|\\.)*+")\s*')


def format_marks(marks: Mapping[str, str]) -> str:
    """`at="2025-03-04T09:12:00Z" role="user"`; what is empty is left out."""
    return " ".join(f"{name}={quote(value)}" for name, value in marks.items() if value)


def parse_marks(text: str) -> dict[str, str] | None:
    """Names and values; None if the text is anything else."""
    marks: dict[str, str] = {}
    place = 0
    while place < len(text):
        match = MARK.match(text, place)
        value = unquote(match[2]) if match else None
        if match is None or value is None:
            return None
        marks[match[1]] = value
        place = match.end()
    return marks


def quote(text: str) -> str:
    """A text as a JSON string that neither ends a comment nor holds a control character."""
    return json.dumps(text, ensure_ascii=has_controls(text)).replace("-->", "--\\u003e")


def unquote(text: str) -> str | None:
    """What a JSON string says; None if it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def is_plain(text: str) -> bool:
    """Whether a text survives a text file as it is: line ends are LF, no terminal codes."""
    if "\r" in text or "\x1b" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
