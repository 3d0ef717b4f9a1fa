"""The archive in time: a column for each day, week, month or run of years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sitegen.entry import Entry
from sitegen.formats import Formats
from sitegen.site import year_of

__all__ = ["Column", "Label", "Timeline", "make_timeline"]

LEAST_DATED = 3
"""Fewer dated transcripts need no picture."""

MOST_DAYS, MOST_WEEKS, MOST_MONTHS, MOST_YEARS = 92, 100, 96, 96
"""How many columns of each kind are drawn before the next coarser kind is taken."""

LABEL_ROOM = 12.0
"""The least space from one label to the next, in percent of the width."""

LABEL_END = 90.0
"""A label further right would run out of the picture."""


@dataclass(frozen=True, slots=True)
class Column:
    """The transcripts of one day, week, month or run of years."""

    place: int
    """Its place from the left, from 0."""
    label: str
    """When: `3 March 2025`, `the week of 3 March 2025`, `March 2025`, `2025`, `1970–1974`."""
    year: str
    """The year of its latest transcript."""
    entries: tuple[Entry, ...]
    """At least one, newest first."""


@dataclass(frozen=True, slots=True)
class Label:
    """A word on the axis."""

    percent: float
    """Where, from the left."""
    text: str
    """What it says."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The dated transcripts of an archive in order of time."""

    width: int
    """How many columns there are, empty ones included."""
    columns: tuple[Column, ...]
    """Those with transcripts, earliest first."""
    labels: tuple[Label, ...]
    """The axis."""
    sentence: str
    """The same in words."""


def make_timeline(entries: Sequence[Entry], forms: Formats) -> Timeline | None:
    """The timeline of an archive, newest first; None where it would say nothing.

    That is for fewer than three dated transcripts, and where all are of one day.
    """
    dated = [(entry.started.date(), entry) for entry in entries if entry.started]
    if len(dated) < LEAST_DATED:
        return None
    days = [moment for moment, _ in dated]
    scale = _Scale(min(days), max(days), forms)
    found: dict[int, list[Entry]] = {}
    for moment, entry in dated:
        found.setdefault(scale.place(moment), []).append(entry)
    if len(found) < 2:
        return None
    columns = tuple(
        Column(place, scale.name(place), year_of(found[place][0]), tuple(found[place]))
        for place in sorted(found)
    )
    return Timeline(
        scale.width, columns, tuple(scale.labels()), _sentence(columns, scale, len(entries))
    )


class _Scale:
    """Days to columns: of a day each, a week, a month, or as many years as it takes."""

    def __init__(self, first: date, last: date, forms: Formats) -> None:
        self.first, self.last, self.forms = first, last, forms
        years = last.year - first.year + 1
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        days = (last - first).days + 1
        weeks = (last.toordinal() - self._monday()) // 7 + 1
        self.step = -(-years // MOST_YEARS)
        if days <= MOST_DAYS:
            self.unit, self.width = "day", days
        elif weeks <= MOST_WEEKS:
            self.unit, self.width = "week", weeks
        elif months <= MOST_MONTHS:
            self.unit, self.width = "month", months
        else:
            self.unit, self.width = "year", -(-years // self.step)

    def place(self, moment: date) -> int:
        """The column of a day."""
        if self.unit == "day":
            return (moment - self.first).days
        if self.unit == "week":
            return (moment.toordinal() - self._monday()) // 7
        if self.unit == "month":
            return 12 * (moment.year - self.first.year) + moment.month - self.first.month
        return (moment.year - self.first.year) // self.step

    def name(self, place: int) -> str:
        """What a column is called."""
        if self.unit == "day":
            return self.forms.day(date.fromordinal(self.first.toordinal() + place))
        if self.unit == "week":
            monday = self.forms.day(date.fromordinal(self._monday() + 7 * place))
            return self.forms.strings.text("the week of {day}", day=monday)
        if self.unit == "month":
            years, month = divmod(self.first.month - 1 + place, 12)
            return self.forms.month(date(self.first.year + years, month + 1, 1))
        start = self.first.year + place * self.step
        return str(start) if self.step == 1 else f"{start}–{start + self.step - 1}"

    def _monday(self) -> int:
        """The ordinal of the day on which the first week begins."""
        return max(1, self.first.toordinal() - self.first.weekday())

    def labels(self) -> list[Label]:
        """The years, or of a picture of few of them the first and the last day."""
        if self.unit in ("day", "week"):
            return [Label(0, self.forms.day(self.first)), Label(100, self.forms.day(self.last))]
        if self.unit == "year":
            starts = [(place, self.first.year + place * self.step) for place in range(self.width)]
        else:
            ahead = self.first.month - 1
            years = range(self.first.year, self.last.year + 1)
            starts = [(max(0, 12 * n - ahead), year) for n, year in enumerate(years)]
            # Where there is room for one of them, a whole year says more than a part.
            if starts[1][0] < LABEL_ROOM / 100 * self.width:
                del starts[0]
        return _spaced([Label(100 * place / self.width, str(year)) for place, year in starts])


def _spaced(labels: Sequence[Label]) -> list[Label]:
    """Labels that do not run into each other or out of the picture."""
    kept: list[Label] = []
    for label in labels:
        if label.percent <= LABEL_END and (
            not kept or label.percent - kept[-1].percent >= LABEL_ROOM
        ):
            kept.append(label)
    return kept


def _sentence(columns: Sequence[Column], scale: _Scale, total: int) -> str:
    """`From 4 March 2024 to 3 May 2026; the most in March 2025 (4); 2 undated.`"""
    forms = scale.forms
    text = forms.strings.text
    first, last = forms.day(scale.first), forms.day(scale.last)
    parts = [text("From {first} to {last}", first=first, last=last)]
    sizes = [len(column.entries) for column in columns]
    if sizes.count(max(sizes)) == 1:
        when, most = columns[sizes.index(max(sizes))].label, forms.number(max(sizes))
        if scale.unit == "day":
            parts.append(text("the most on {day} ({count})", day=when, count=most))
        else:
            parts.append(text("the most in {time} ({count})", time=when, count=most))
    if undated := total - sum(sizes):
        parts.append(text("{count} undated", count=forms.number(undated)))
    return "; ".join(parts) + "."
