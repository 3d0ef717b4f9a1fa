"""TOML tables to settings, with every complaint at its line."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from sitegen.errors import ConfigError

__all__ = ["find_line", "find_value", "read_list", "read_named", "read_table", "unknown_key"]


def read_table(kind: type, section: str, values: Any, name: str, text: str) -> Any:
    """Turn one table into its dataclass, with every complaint at its line."""
    if not isinstance(values, dict):
        raise ConfigError(
            f"`{section}` must be a table",
            path=name,
            line=find_line(text, section, None),
            hint=f"write [{section}] on a line of its own",
        )
    known = get_type_hints(kind)
    for key in values:
        if key not in known:
            raise unknown_key(key, known, name, find_line(text, key, section), section)
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        problem, _, place = str(error).rpartition(" - at ")
        key = place.strip("`").removeprefix("$.")
        raise ConfigError(
            f"`{section}.{key}`: {problem[:1].lower()}{problem[1:]}",
            path=name,
            line=find_line(text, key, section),
            hint=_choices(known[key]) if key in known else "",
        ) from error


def read_named(
    kind: type, section: str, values: Any, name: str, text: str
) -> tuple[tuple[str, Any], ...]:
    """Turn a table of tables into pairs of a name and its dataclass."""
    if not isinstance(values, dict):
        raise ConfigError(
            f"`{section}` must be a table",
            path=name,
            line=find_line(text, section, None),
            hint=f'write [{section}."Name"] on a line of its own',
        )
    return tuple(
        (key, read_table(kind, _header(section, key, text), table, name, text))
        for key, table in values.items()
    )


def _header(section: str, key: str, text: str) -> str:
    """A table's name as its header writes it: with or without quotes."""
    spellings = [f"{section}.{mark}{key}{mark}" for mark in ("", "'")]
    return next((s for s in spellings if f"{s}]" in text), f'{section}."{key}"')


def read_list(kind: type, section: str, tables: Any, name: str, text: str) -> tuple[Any, ...]:
    """Turn the tables of one name into their dataclass, in order."""
    if not isinstance(tables, list):
        raise ConfigError(
            f"`{section}` must be a list of tables",
            path=name,
            line=find_line(text, section, None),
            hint=f"write [[{section}]] on a line of its own",
        )
    return tuple(read_table(kind, section, values, name, text) for values in tables)


def _choices(kind: Any) -> str:
    """Say what a key takes, where it takes one of a few words."""
    options = get_args(kind) if get_origin(kind) is Literal else ()
    words = ", ".join(f'"{option}"' for option in options if option)
    return f"one of {words}" if words else ""


def unknown_key(
    key: str, known: Mapping[str, Any], name: str, line: int, section: str = ""
) -> ConfigError:
    """The complaint of a key that does not exist, with the nearest that does."""
    close = difflib.get_close_matches(key, known, n=1)
    what = f"unknown key `{section}.{key}`" if section else f"unknown table [{key}]"
    hint = f"did you mean `{close[0]}`?" if close else "known here: " + ", ".join(known)
    return ConfigError(what, path=name, line=line, hint=hint)


def find_line(text: str, key: str, section: str | None) -> int:
    """The 1-based line on which a key (or a table's header) stands; 0 if not found."""
    bare = r"[\"']?" + re.escape(key) + r"[\"']?"
    current = ""
    for number, line in enumerate(text.split("\n"), 1):
        header = re.match(r"\s*\[+\s*(?:tool\.sitegen\.?)?\s*([^\]]*?)\s*\]", line)
        if header:
            current = header[1]
            if section is None and re.match(bare + r"(\.|$)", current):
                return number
            if section and re.fullmatch(re.escape(section) + r"\s*\.\s*" + bare, current):
                return number
        elif section in (None, current) and re.match(rf"\s*{bare}\s*[.=]", line):
            return number
    return 0


def find_value(text: str, value: str, key: str, section: str) -> int:
    """The line of a value below its key, or that of the key where it is spelt otherwise."""
    start = find_line(text, key, section)
    spellings = (value, json.dumps(value, ensure_ascii=False)[1:-1])
    for number, line in enumerate(text.split("\n")[max(start - 1, 0) :], max(start, 1)):
        if value.strip() and any(spelling in line for spelling in spellings):
            return number
    return start
