"""The archive in time as inline SVG: attributes and classes only, no style.

Places and widths are shares of the whole, heights are pixels, so that the picture is as
wide as its column without its words being stretched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from sitegen.entry import Entry
from sitegen.formats import Formats
from sitegen.timeline import Column, Label, Timeline

__all__ = ["draw_timeline"]

TALLEST = 48
"""Pixels of the highest column."""

MOST_BLOCKS, MOST_STACKED = 120, 12
"""Up to so many transcripts, and so many in a column, each is drawn as a block of its own."""

BLOCK = 12
"""Pixels of a block and of the space above it, at most."""

WIDEST = 4.0
"""Percent of the picture that a column takes at most."""

AXIS = 22
"""Pixels below the columns, for the labels."""


def draw_timeline(
    timeline: Timeline,
    transcript: Callable[[Entry], str],
    year: Callable[[str], str],
    forms: Formats,
) -> Markup:
    """The timeline of an archive: a block for each transcript, or a bar for each column.

    `transcript` and `year` give the addresses to which these link. The picture is hidden
    from those who hear the page, and its links from the keyboard: the sentence that goes
    with it says the same, and every transcript and year has a link of its own.
    """
    sizes = [len(column.entries) for column in timeline.columns]
    most = max(sizes)
    if sum(sizes) <= MOST_BLOCKS and most <= MOST_STACKED:
        size = min(BLOCK, TALLEST // most)
        floor = size * most
        marks = [
            m
            for c in timeline.columns
            for m in _blocks(c, timeline, size, floor, transcript, forms)
        ]
    else:
        floor = TALLEST
        marks = [_bar(c, timeline, most, floor, year(c.year), forms) for c in timeline.columns]
    drawn = "".join([*marks, *_axis(timeline.labels, floor)])
    return Markup(
        f'<svg class="timeline" width="100%" height="{floor + AXIS}" focusable="false" '
        f'aria-hidden="true">{drawn}</svg>'
    )


def _blocks(
    column: Column,
    timeline: Timeline,
    size: int,
    floor: int,
    link: Callable[[Entry], str],
    forms: Formats,
) -> Iterator[str]:
    """The transcripts of a column from below, the earliest first."""
    for level, entry in enumerate(reversed(column.entries), 1):
        said = f"{entry.title}, {forms.day(entry.started)}" if entry.started else entry.title
        outline = f'{_across(column, timeline)} y="{floor - level * size + 1}" height="{size - 1}"'
        yield _mark(link(entry), outline, said)


def _bar(
    column: Column, timeline: Timeline, most: int, floor: int, link: str, forms: Formats
) -> str:
    size = len(column.entries)
    height = max(3, round(floor * size / most))
    outline = f'{_across(column, timeline)} y="{floor - height}" height="{height}"'
    return _mark(link, outline, f"{column.label}: {forms.count(size, 'transcript')}")


def _across(column: Column, timeline: Timeline) -> str:
    slot = 100 / timeline.width
    width = min(WIDEST, slot * 0.8)
    return f'x="{(column.place + 0.5) * slot - width / 2:.2f}%" width="{width:.2f}%"'


def _mark(link: str, outline: str, said: str) -> str:
    return (
        f'<a href="{escape(link)}" tabindex="-1"><rect {outline}>'
        f"<title>{escape(said)}</title></rect></a>"
    )


def _axis(labels: tuple[Label, ...], floor: int) -> Iterator[str]:
    yield f'<line x1="0" x2="100%" y1="{floor + 0.5}" y2="{floor + 0.5}"/>'
    for label in labels:
        anchor = ' text-anchor="end"' if label.percent == 100 else ""
        place = f'x="{label.percent:.2f}%" y="{floor + 17}"'
        yield f"<text {place}{anchor}>{escape(label.text)}</text>"
