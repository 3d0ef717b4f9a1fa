"""YAML front matter: strings only, bounded, with the line of every mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from sitegen.errors import SourceError
from sitegen.text import CONTROLS

__all__ = ["FrontMatter", "item_lines", "split_front_matter"]

# Every scalar stays the text that was written (`1.10`, `no`, `2025-10-26`), which the
# base loader does: a record must not depend on YAML's guesses at types.
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

KEY = re.compile(r"""\s*(?:#.*\n)*["']?[^\W\d][\w .:/-]*["']?:(?:\s|$)""")
"""A first key, perhaps below comments; a heading and a blank line are text after a rule."""

MAX_BYTES = 64_000
MAX_ALIASES = 20
MAX_DEPTH = 20


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
    fields = _parse(source, name) or {}
    if not isinstance(fields, dict):
        raise SourceError("front matter is not a list of `key: value` lines", path=name, line=2)
    head = text[: closing.end()]
    lines = _key_lines(source, fields, name)
    return FrontMatter(fields, text[closing.end() :], head.count("\n"), lines, source)


def item_lines(front: FrontMatter, key: str) -> tuple[int, ...]:
    """The 1-based line on which each item of a key's list begins; empty if it is no list."""
    root = yaml.compose(front.source, Loader=LOADER)
    for name, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if name.value == key and isinstance(value, yaml.SequenceNode):
            return tuple(item.start_mark.line + 2 for item in value.value)
    return ()


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


def _parse(source: str, name: str) -> Any:
    """Load bounded YAML."""
    if len(source.encode()) > MAX_BYTES:
        raise SourceError(f"front matter is over {MAX_BYTES:,} bytes", path=name, line=2)
    try:
        _refuse_bombs(source, name)
        return yaml.load(source, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark and mark.line >= source.count("\n"):
            # What is never closed is found at the end; where it opens is what helps.
            mark = error.context_mark or mark
        raise SourceError(
            f"front matter is not valid YAML: {error.problem or error.context}",
            path=name,
            line=(mark.line if mark else 0) + 2,
            hint="put values that hold `:` or `#` in quotes",
        ) from error
    except yaml.YAMLError as error:
        control = CONTROLS.search(source)
        raise SourceError(
            "front matter holds a control character, which YAML does not allow",
            path=name,
            line=source.count("\n", 0, control.start() if control else 0) + 2,
            hint="remove it",
        ) from error


def _refuse_bombs(source: str, name: str) -> None:
    """Count aliases and depth on the stream of events, before anything is built."""
    aliases = depth = 0
    for event in yaml.parse(source, Loader=LOADER):
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1
        if aliases > MAX_ALIASES or depth > MAX_DEPTH:
            what = f"{MAX_ALIASES} aliases" if aliases > MAX_ALIASES else f"{MAX_DEPTH} levels"
            raise SourceError(
                f"front matter has more than {what}",
                path=name,
                line=(event.start_mark.line if event.start_mark else 0) + 2,
                hint="write the values out",
            )
