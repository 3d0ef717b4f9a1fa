"""How numbers, dates and spans of time are written for people."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

__all__ = [
    "FILTERS",
    "clock",
    "count",
    "day",
    "duration",
    "glyph",
    "moment",
    "number",
    "time_into",
    "timestamp",
]

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
GLYPHS = "▸◆▲●■▼★✚"


def number(value: int) -> str:
    """`1,364`."""
    return f"{value:,}"


def count(value: int, noun: str) -> str:
    """`1 message`, `49 messages`."""
    return f"{value:,} {noun}{'' if value == 1 else 's'}"


def day(value: datetime) -> str:
    """`26 October 2025`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def clock(value: datetime) -> str:
    """`17:12`."""
    return f"{value.hour:02}:{value.minute:02}"


def moment(value: datetime, zone: str) -> str:
    """`26 October 2025, 17:12 UTC`; the day alone where the time is midnight sharp."""
    if not (value.hour or value.minute or value.second):
        return day(value)
    return f"{day(value)}, {clock(value)} {zone}".rstrip()


def timestamp(value: datetime) -> str:
    """`2025-10-26T17:12:39+01:00`, as RFC 3339 and XML Schema have it.

    A zone that they do not know (of odd seconds, or beyond 14 hours) becomes UTC.
    """
    offset = value.utcoffset() or timedelta()
    if offset.seconds % 60 or offset.microseconds or abs(offset) > timedelta(hours=14):
        # The first and the last day there is can be no other.
        with contextlib.suppress(OverflowError):
            value = value.astimezone(UTC)
    return value.isoformat()


def duration(value: timedelta) -> str:
    """`2 min 39 s`, `1 h 5 min`, `3 days`; the two largest units that matter."""
    seconds = int(value.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days > 2:
        return f"{days:,} days"
    if hours:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    if minutes:
        return f"{minutes} min {seconds % 60} s" if seconds % 60 else f"{minutes} min"
    return f"{seconds} s"


def time_into(seconds: float) -> str:
    """How far into a recording: `4:01`, `1:02:03`; a fraction of a second is left out."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def glyph(hue: int) -> str:
    """The shape that goes with a hue, so that colour is never alone."""
    return GLYPHS[hue % len(GLYPHS)]


FILTERS = {
    "clock": clock,
    "count": count,
    "day": day,
    "duration": duration,
    "glyph": glyph,
    "moment": moment,
    "number": number,
    "time_into": time_into,
}
"""The names by which layouts call these."""
