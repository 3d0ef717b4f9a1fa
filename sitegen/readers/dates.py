"""Reads the dates that people and exporters write, always to aware times."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

__all__ = ["parse_date"]


def parse_date(text: str, timezone: str) -> datetime | None:
    """The time that `text` states in ISO 8601 order, or None if it is not one.

    `2025-10-26`, `2025-10-26 17:12:18`, `2025-10-26T17:12:18.5Z`; without an offset the
    time is in `timezone` (an IANA name).
    """
    words = text.strip()
    if words.endswith((" UTC", " Z")):
        words = words.rpartition(" ")[0] + "+00:00"
    # Before year 2 and after 9998 a change of zone leaves the calendar.
    try:
        moment = datetime.fromisoformat(words)
        if not 1 < moment.year < 9999:
            return None
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
