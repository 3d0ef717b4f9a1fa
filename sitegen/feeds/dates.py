"""The dates of entries, from their content alone: no clock and no file's time has a say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sitegen.entry import Entry
from sitegen.formats import timestamp

__all__ = ["EARLIEST", "newest", "stamp"]

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a format wants a date and none is known: the zero of most clocks."""


def newest(entries: Iterable[Entry]) -> datetime | None:
    """The latest date at which any of the conversations took place; None if none is known."""
    return max((when for e in entries for when in (e.started, e.ended) if when), default=None)


def stamp(when: datetime | None, epoch: int = 0) -> str:
    """A date as RFC 3339; for one that is not known, `epoch` seconds after 1970."""
    return timestamp(when or EARLIEST + timedelta(seconds=epoch))
