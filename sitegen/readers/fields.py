"""The YAML of front matter: strings only, bounded, with the line of every mistake."""

from __future__ import annotations

from typing import Any

import yaml

from sitegen.errors import SourceError
from sitegen.text import CONTROLS

__all__ = ["parse_fields", "places_of"]

# Every scalar stays the text that was written (`1.10`, `no`, `2025-10-26`), which the
# base loader does: a record must not depend on YAML's guesses at types.
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

MAX_BYTES = 64_000
MAX_ALIASES = 20
MAX_DEPTH = 20


def places_of(source: str, key: str) -> tuple[int, ...]:
    """The 0-based line on which each item of a key's list begins; empty if it is no list."""
    root = yaml.compose(source, Loader=LOADER)
    for name, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if name.value == key and isinstance(value, yaml.SequenceNode):
            return tuple(item.start_mark.line for item in value.value)
    return ()


def parse_fields(source: str, name: str) -> Any:
    """The fields of front matter: strings, lists and mappings of strings.

    Raises:
        SourceError: it is malformed, too large, or built to exhaust memory.
    """
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
