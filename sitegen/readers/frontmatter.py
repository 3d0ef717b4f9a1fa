"""Where front matter ends and the text begins, and on which line each key stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sitegen.errors import SourceError

__all__ = ["FrontMatter", "item_lines", "split_front_matter"]

KEY = re.compile(r"""\s*(?:#.*\n)*["']?[^\W\d][\w .:/-]*["']?:(?:\s|$)""")
"""A first key, perhaps below comments; a heading and a blank line are text after a rule."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a file and where its body begins."""

    fields: Mapping[str, Any]
    """Keys to strings, lists and mappings of strings; empty without front matter."""
    body: str
    """The rest of the file."""
    offset: int
    """How many lines stand before `body`."""
    lines: Mapping[str, int]
    """The 1-based line of each key."""
    source: str = ""
    """The YAML as written."""


def split_front_matter(text: str, name: str) -> FrontMatter:
    """Take the front matter off a text.

    A file that opens with `---` and no mapping after it has none: the line is a rule.

    Raises:
        SourceError: it is malformed, too large, or built to exhaust memory.
    """
    none = FrontMatter({}, text, 0, {})
    opening = re.match(r"---[ \t]*\n", text)
    if not opening:
        return none
    closing = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE).search(
        text, opening.end()
    )
    looks_meant = KEY.match(text, opening.end(), opening.end() + 2_000)
    if not closing:
        if looks_meant:
            raise SourceError(
                "front matter is not closed", path=name, line=1, hint="end it with a line `---`"
            )
        return none
    source = text[opening.end() : closing.start()]
    if source.strip() and not looks_meant:
        return none
    from sitegen.readers.fields import parse_fields  # Late: most transcripts need no YAML.

    fields = parse_fields(source, name) or {}
    if not isinstance(fields, dict):
        raise SourceError("front matter is not a list of `key: value` lines", path=name, line=2)
    head = text[: closing.end()]
    lines = _key_lines(source, fields, name)
    return FrontMatter(fields, text[closing.end() :], head.count("\n"), lines, source)


def item_lines(front: FrontMatter, key: str) -> tuple[int, ...]:
    """The 1-based line on which each item of a key's list begins; empty if it is no list."""
    if key not in front.fields:
        return ()
    from sitegen.readers.fields import places_of

    return tuple(place + 2 for place in places_of(front.source, key))


def _key_lines(source: str, fields: Mapping[str, Any], name: str) -> dict[str, int]:
    """The line of each key, and a refusal of those that come twice: one would be lost."""
    lines: dict[str, int] = {}
    for number, line in enumerate(source.split("\n"), 2):
        key = line.partition(":")[0].strip("\"' ")
        if line.startswith(" ") or key not in fields:
            continue
        if key in lines:
            raise SourceError(
                f"front matter has `{key}` twice",
                path=name,
                line=number,
                hint=f"the first is on line {lines[key]}",
            )
        lines[key] = number
    return lines
