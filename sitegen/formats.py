"""How numbers, dates and spans of time are written for people."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sitegen.strings import Strings

__all__ = ["Formats", "timestamp"]


@dataclass(frozen=True, slots=True)
class Formats:
    """The forms of one language; by default English."""

    strings: Strings = field(default_factory=Strings)

    def number(self, value: int) -> str:
        """`1,364`."""
        return f"{value:,}".replace(",", self.strings.thousands)

    def count(self, value: int, noun: str) -> str:
        """`1 message`, `49 messages`."""
        return f"{self.number(value)} {self.strings.noun(noun, value)}"

    def day(self, value: date) -> str:
        """`26 October 2025`."""
        return self._day(value, self.strings.day)

    def long_day(self, value: date) -> str:
        """`Sunday 26 October 2025`."""
        return self._day(value, self.strings.long_day)

    def month(self, value: date) -> str:
        """`October 2025`."""
        return f"{self.strings.months[value.month - 1]} {value.year}"

    def _day(self, value: date, form: str) -> str:
        return form.format(
            day=value.day,
            month=self.strings.months[value.month - 1],
            year=value.year,
            weekday=self.strings.weekdays[value.weekday()],
        )

    def clock(self, value: datetime) -> str:
        """`17:12`."""
        return f"{value.hour:02}:{value.minute:02}"

    def moment(self, value: datetime, zone: str) -> str:
        """`26 October 2025, 17:12 UTC`; the day alone where the time is midnight sharp."""
        if not (value.hour or value.minute or value.second):
            return self.day(value)
        return f"{self.day(value)}, {self.clock(value)} {zone}".rstrip()

    def duration(self, value: timedelta) -> str:
        """`2 min 39 s`, `1 h 5 min`, `3 days`; the two largest units that matter."""
        seconds = int(value.total_seconds())
        minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
        if days > 2:
            return self.count(days, "day")
        if hours:
            return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
        if minutes:
            return f"{minutes} min {seconds % 60} s" if seconds % 60 else f"{minutes} min"
        return f"{seconds} s"

    def time_into(self, seconds: float) -> str:
        """How far into a recording: `4:01`, `1:02:03`; a fraction of a second is left out."""
        whole = int(seconds)
        hours, minutes = whole // 3600, whole // 60 % 60
        return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The names by which layouts call these."""
        named = (self.clock, self.count, self.day, self.duration)
        more = (self.long_day, self.moment, self.number, self.time_into)
        return {form.__name__: form for form in (*named, *more)}


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
