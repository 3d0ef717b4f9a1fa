"""Reads the dates that people and exporters write, always to aware times."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = ["parse_date"]

# `fromisoformat` takes any sign before the time: `2025-10-26-05:00` is not five o'clock.
SHAPE = re.compile(r"[\dW-]+(?:[Tt ].*)?")


# The zone's name behind the offset, as RFC 9557 has it.
ZONED = re.compile(r"(\S.{8,40}[+-]\d\d:\d\d(?::\d\d)?)\[([A-Za-z0-9_+/-]{1,60})\]")


def parse_date(text: str, timezone: str) -> datetime | None:
    """The time that `text` states in ISO 8601 order, or None if it is not one.

    `2025-10-26`, `2025-10-26 17:12:18`, `2025-10-26T17:12:18.5Z`,
    `2025-10-26T17:12:18+01:00[Europe/Berlin]`; without an offset the time is in `timezone`
    (an IANA name).
    """
    words = text.strip()
    if words.endswith("]") and (zoned := ZONED.fullmatch(words)):
        return _in_zone(parse_date(zoned[1], timezone), zoned[2])
    zone: tzinfo = ZoneInfo(timezone)
    if words.endswith((" UTC", " Z")):
        words, zone = words.rpartition(" ")[0].rstrip(), UTC
    if not SHAPE.fullmatch(words):
        return None
    # Before year 2 and after 9998 a change of zone leaves the calendar.
    try:
        moment = datetime.fromisoformat(words)
        if not 1 < moment.year < 9999:
            return None
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _in_zone(moment: datetime | None, name: str) -> datetime | None:
    """The same moment in a named zone; as it is where the zone is unknown or had another
    offset then."""
    if moment is None:
        return None
    try:
        there = moment.astimezone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        return moment
    return there if there.utcoffset() == moment.utcoffset() else moment
