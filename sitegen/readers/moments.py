"""When a chat began and ended, and when each of its messages was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sitegen.readers.frontmatter import FrontMatter
from sitegen.readers.head import Head
from sitegen.readers.times import Clock, date_order, parse_moment

__all__ = ["Moments", "find_moments"]

STARTS = (("started",), ("date", "time"), ("date",), ("created",))
"""Headers that say when a chat began, the most exact first."""
ENDS = (("ended",), ("last updated",), ("updated",))


@dataclass(slots=True)
class Moments:
    """The times of one chat."""

    title: str
    """The title, without the time that stood in it."""
    started: datetime | None
    ended: datetime | None
    understood: tuple[str, ...]
    """The headers that were read as times, in small letters."""
    timezone: str
    order: str
    clock: Clock

    def read(self, text: str) -> datetime | None:
        """When a message was written; None if that is not sure."""
        return parse_moment(text, self.timezone, self.order) or self.clock.read(text)


def find_moments(
    head: Head,
    front: FrontMatter,
    timezone: str,
    times: Sequence[str],
    title: re.Pattern[str] | None,
) -> Moments:
    """Read the times that a chat states; `times` are those of its messages, as written.

    A pattern for titles has the groups `title` and `time`.
    """
    order = date_order([*times, *(value for _, value, _ in head.headers)])
    name, when = _split_title(head.title, title)
    started = parse_moment(when, timezone, order) if when else None
    if when and started is None:
        name = head.title
    understood: list[str] = []
    if started is None:
        started = _stated(STARTS, head, timezone, order, understood)
    ended = _stated(ENDS, head, timezone, order, understood)
    day = started
    date = front.fields.get("date")
    if day is None and isinstance(date, str):
        day = parse_moment(date, timezone, order)
    return Moments(name, started, ended, tuple(understood), timezone, order, Clock(day, timezone))


def _split_title(text: str, pattern: re.Pattern[str] | None) -> tuple[str, str]:
    match = pattern.fullmatch(text) if pattern and len(text) < 1_000 else None
    if not match:
        return text, ""
    return match["title"].strip(), match.groupdict().get("time") or ""


def _stated(
    choices: Sequence[Sequence[str]],
    head: Head,
    timezone: str,
    order: str,
    understood: list[str],
) -> datetime | None:
    """The first of several headers that holds a time."""
    for keys in choices:
        values = [head.get(key)[0] for key in keys]
        moment = parse_moment(" ".join(values), timezone, order) if all(values) else None
        if moment:
            understood.extend(keys)
            return moment
    return None
