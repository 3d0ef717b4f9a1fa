"""Values of JSON that may be anything, taken as what a reader hopes they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sitegen.readers.dates import parse_date

__all__ = ["first_line", "mapping", "moment", "pretty", "sequence", "string"]

MILLISECONDS = 1e11
"""A larger number of seconds is one of milliseconds: year 5138."""

TITLE_CHARS = 100


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else ()


def string(value: object) -> str:
    """The value if it is a string, a number as text, else nothing."""
    if isinstance(value, str):
        return value
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number else ""


def pretty(value: object) -> str:
    """Any value as text: a string as it is, all else as indented JSON."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return str(value)


FAR = 1e15
"""No time is so many milliseconds after 1970; an integer of JSON may be of any length."""


def moment(value: object, timezone: str) -> datetime | None:
    """The time that a value states, in a zone; None if it states none.

    Numbers, also in strings, are seconds or milliseconds since 1970; texts are ISO 8601.
    """
    zone = ZoneInfo(timezone)
    number = value
    if isinstance(value, str):
        found = parse_date(value, timezone)
        if found:
            return found.astimezone(zone)
        try:
            number = float(value)
        except ValueError:
            return None
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return None
    if not 0 < number < FAR:
        return None
    seconds = number / 1000 if number > MILLISECONDS else number
    try:
        found = datetime.fromtimestamp(seconds, UTC)
        return found.astimezone(zone) if 1 < found.year < 9999 else None
    except (ValueError, OverflowError, OSError):
        return None


def first_line(text: str) -> str:
    """The first line that says something, cut to a title's length."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    line = line.lstrip("#").strip() or line
    if len(line) <= TITLE_CHARS:
        return line
    head, space, _ = line[:TITLE_CHARS].rpartition(" ")
    return (head if space else line[:TITLE_CHARS]) + "…"
