"""Reads the times that exporters write beside a message: clocks, offsets, local customs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sitegen.readers.dates import parse_date

__all__ = ["Clock", "date_order", "parse_clock", "parse_moment", "parse_offset"]

OFFSET = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d(?:\.\d{1,6})?)")
CLOCK = re.compile(
    r"(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?(\s+UTC)?"
)
LOCAL = re.compile(
    r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?,?(?:\s+(?:at\s+)?)?"
    r"(?:(上午|下午|AM|PM)\s*)?(?:(\d{1,2}):(\d\d)(?::(\d\d))?)?(?:\s*([AaPp])\.?[Mm]\.?)?"
)
LONGEST = 60
"""Characters: a longer text is no time, and is not searched for one."""

BACKWARDS = timedelta(hours=6)
"""A clock that falls by more has passed midnight."""


def parse_offset(text: str) -> float | None:
    """Seconds into a recording: `04:01`, `00:04:01.06`; None if it is not a time."""
    match = OFFSET.fullmatch(text.strip())
    if not match or not text.isascii() or len(text) > LONGEST:
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3])


def parse_clock(text: str) -> tuple[time, bool] | None:
    """A time of day, and whether it is in UTC: `05:07:15`, `11:08:27 PM`, `02:11 UTC`."""
    match = CLOCK.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if not match or not text.isascii():
        return None
    hour = _hour(int(match[1]), match[4] or "")
    if hour > 23:
        return None
    return time(hour, int(match[2]), int(match[3] or 0)), bool(match[5])


def _hour(hour: int, half: str) -> int:
    """The hour of 24, given `a` or `p` for a clock of 12."""
    if not half or not 1 <= hour <= 12:
        return hour if not half else 99
    return hour % 12 + (12 if half.lower() == "p" else 0)


def parse_moment(text: str, timezone: str, order: str = "") -> datetime | None:
    """A date and time as ISO 8601 or as a country writes it; None if it is not sure.

    `6.10.2025, 19:48:17`, `2026/6/1 上午10:59:07`, `9/30/2026, 12:38:32 PM`. Where the day
    and the month could be either, `order` (`dmy` or `mdy`) tells; see `date_order`.
    """
    if len(text) > LONGEST:
        return None
    moment = parse_date(text, timezone)
    match = None if moment else LOCAL.fullmatch(text.strip())
    if not match or not text.replace("上午", "").replace("下午", "").isascii():
        return moment
    order = _order(match) or order
    if not order:
        return None
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    parts = {"ymd": (first, second, third), "dmy": (third, second, first)}
    year, month, day = parts.get(order, (third, first, second))
    half = {"上午": "a", "下午": "p"}.get(match[5] or "", (match[5] or match[9] or "")[:1])
    try:
        hour = _hour(int(match[6] or 0), half)
        naive = datetime(year, month, day, hour, int(match[7] or 0), int(match[8] or 0))
    except ValueError:
        return None
    return naive.replace(tzinfo=ZoneInfo(timezone)) if 1 < year < 9999 else None


def _order(match: re.Match[str]) -> str:
    """How a date alone tells its order; empty if it does not."""
    if len(match[1]) == 4:
        return "ymd"
    if len(match[4]) != 4:
        return "?"
    if match[2] == ".":
        return "dmy"
    first, second = int(match[1]), int(match[3])
    if first > 12:
        return "dmy"
    return "mdy" if second > 12 else ""


def date_order(texts: Iterable[str]) -> str:
    """The order that the dates of one file share, from those that tell; empty if none does.

    A clock with AM and PM after a date with slashes is American.
    """
    orders = set()
    american = False
    for text in texts:
        if len(text) <= LONGEST and (match := LOCAL.fullmatch(text.strip())):
            orders.add(_order(match))
            american = american or (match[2] == "/" and bool(match[9]))
    told = orders & {"dmy", "mdy"}
    if len(told) == 1:
        return told.pop()
    return "mdy" if american and not told else ""


class Clock:
    """Gives times of day their dates, from the day on which a conversation began."""

    def __init__(self, started: datetime | None, timezone: str) -> None:
        self.zone = ZoneInfo(timezone)
        self.day: date | None = started.date() if started else None
        self.last: datetime | None = None

    def read(self, text: str) -> datetime | None:
        """The moment of a time of day; None without a day, or if it is none."""
        found = parse_clock(text)
        if found is None or self.day is None:
            return None
        of_day, utc = found
        moment = datetime.combine(self.day, of_day, UTC if utc else self.zone)
        if self.last and self.last - moment > BACKWARDS and self.day < date.max:
            self.day += timedelta(days=1)
            moment += timedelta(days=1)
        self.last = moment
        return moment
