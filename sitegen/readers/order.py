"""Dates whose parts stand in an order that nobody states: 3/4/24 may be April or March."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

__all__ = ["DateOrder", "Stamp", "in_order", "order_of", "proof_of_order"]


class DateOrder(StrEnum):
    """In which order a date is written."""

    DMY = "day/month/year"
    MDY = "month/day/year"
    YMD = "year/month/day"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date and time as written."""

    written: str
    """The date: `3/4/24`."""
    hour: int
    """0 to 23, or 1 to 12 with a half."""
    minute: int
    """0 to 59."""
    second: int
    """0 to 59."""
    half: str = ""
    """`a` or `p` in a day of two halves; empty where it has 24 hours."""

    @property
    def parts(self) -> tuple[int, int, int]:
        """The three numbers of the date."""
        first, second, third = re.split(r"\D", self.written)
        return int(first), int(second), int(third)


def order_of(stamps: Sequence[Stamp]) -> tuple[DateOrder, str]:
    """The order in which all dates make sense, and what is in doubt about it.

    A number over 12 is no month; a log goes forward in time; one that is read in the
    right order spans less time than in the wrong one. What then remains is settled by
    what regions do: two halves of the day go with the month first.
    """
    if not stamps:
        return DateOrder.DMY, ""
    if any(len(stamp.written.partition(sign)[0]) == 4 for stamp in stamps[:1] for sign in "/.-"):
        return DateOrder.YMD, ""
    firsts = {stamp.parts[0] for stamp in stamps}
    seconds = {stamp.parts[1] for stamp in stamps}
    if max(firsts) > 12 and max(seconds) > 12:
        if max(firsts) > 31:
            return DateOrder.YMD, ""
        better = _fewest_steps_back(stamps)
        return better or DateOrder.DMY, "does not fit all of them"
    if max(firsts) > 31:
        return DateOrder.YMD, ""
    if max(firsts) > 12:
        return DateOrder.DMY, ""
    if max(seconds) > 12:
        return DateOrder.MDY, ""
    if firsts == seconds and all(first == second for first, second, _ in _dates(stamps)):
        return DateOrder.DMY, ""  # 3/3/24 is the same day in both.
    if better := _fewest_steps_back(stamps):
        return better, ""
    return _likelier(stamps), "nothing in the file proves"


def proof_of_order(known: Iterable[tuple[Stamp, Sequence[str]]]) -> DateOrder | None:
    """The one order in which stamps state the days that are known of them, if there is one.

    A day is given as year, month and day in digits.
    """
    days = [(stamp.parts, date(*map(int, day))) for stamp, day in known if _is_day(day)]
    fits = [order for order in DateOrder if any(_day(p, order) == day for p, day in days)]
    return fits[0] if len(fits) == 1 else None


def _is_day(day: Sequence[str]) -> bool:
    year, month, number = map(int, day)
    return _day((year, month, number), DateOrder.YMD) is not None


def _dates(stamps: Sequence[Stamp]) -> list[tuple[int, int, int]]:
    return list(dict.fromkeys(stamp.parts for stamp in stamps))


def _fewest_steps_back(stamps: Sequence[Stamp]) -> DateOrder | None:
    """The order in which time runs back less often, if there is one."""
    steps = {order: _steps_back(stamps, order) for order in (DateOrder.DMY, DateOrder.MDY)}
    if steps[DateOrder.DMY] == steps[DateOrder.MDY]:
        return None
    return min(steps, key=lambda order: steps[order])


def _steps_back(stamps: Sequence[Stamp], order: DateOrder) -> int:
    days = [day for parts in _dates(stamps) if (day := _day(parts, order))]
    return sum(two < one for one, two in pairwise(days))


def _likelier(stamps: Sequence[Stamp]) -> DateOrder:
    spans = {}
    for order in (DateOrder.DMY, DateOrder.MDY):
        days = [day for parts in _dates(stamps) if (day := _day(parts, order))]
        spans[order] = max(days) - min(days) if days else timedelta.max
    if spans[DateOrder.DMY] != spans[DateOrder.MDY]:
        return min(spans, key=lambda order: spans[order])
    halves = any(stamp.half for stamp in stamps) and "/" in stamps[0].written
    # Where the month comes first, no nought is written before a number.
    padded = any(part.startswith("0") for stamp in stamps for part in stamp.written.split("/")[:2])
    return DateOrder.MDY if halves and not padded else DateOrder.DMY


def _day(parts: tuple[int, int, int], order: DateOrder) -> date | None:
    if order is DateOrder.YMD:
        year, month, day = parts
    elif order is DateOrder.MDY:
        month, day, year = parts
    else:
        day, month, year = parts
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def in_order(stamp: Stamp, order: DateOrder, zone: tzinfo) -> datetime | None:
    """The time that a stamp states, or None if there is no such day or hour.

    A date that makes sense only in the other order is read in that.
    """
    day = _day(stamp.parts, order)
    if day is None and order is not DateOrder.YMD:
        day = _day(stamp.parts, DateOrder.MDY if order is DateOrder.DMY else DateOrder.DMY)
    hour = stamp.hour
    if stamp.half and hour <= 12:
        hour = hour % 12 + (12 if stamp.half == "p" else 0)
    if day is None or not 1 < day.year < 9999:
        return None
    try:
        return datetime(day.year, day.month, day.day, hour, stamp.minute, stamp.second, tzinfo=zone)
    except ValueError:
        return None
