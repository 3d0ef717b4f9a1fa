"""The shape of a conversation as inline SVG: attributes and classes only, no style."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup, escape

from sitegen.entry import Entry
from sitegen.formats import Formats
from sitegen.palette import SLOTS
from sitegen.shape import Bar, bin_bars, heights
from sitegen.text import in_line

__all__ = ["large_shape", "share_bar", "slot", "slots", "small_shape"]

SMALL_HEIGHT, SMALL_BARS = 24, 100
LARGE_HEIGHT = 64
BAR_PIXELS = 21
"""Of a bar of the large picture and the space after it, where there is room for all."""

SHARE_WIDTH, SHARE_HEIGHT = 1000, 6

WIDTH, GAP = 6, 2
"""Of a bar and of the space after it, in the picture's own units."""


def slot(voice: int) -> int:
    """The slot of a participant by their place among them, from 1; 0 has no hue."""
    return voice if voice <= SLOTS else 0


def slots(entry: Entry) -> str:
    """The classes that say which hue each slot has: `v1-0 v2-3`."""
    hues = [share.participant.hue for share in entry.shares[:SLOTS]]
    return " ".join(f"v{place}-{hue}" for place, hue in enumerate(hues, 1))


def small_shape(entry: Entry) -> Markup:
    """The shape on a card: one path for each voice, hidden from those who hear the page.

    Empty for fewer than three messages, whose shape says nothing.
    """
    bars = bin_bars(entry.bars, SMALL_BARS)
    if len(bars) < 3:
        return Markup()
    paths: dict[int, list[str]] = {}
    for index, (bar, height) in enumerate(zip(bars, heights(bars, SMALL_HEIGHT), strict=True)):
        paths.setdefault(slot(bar.voice), []).append(_column(index, height, SMALL_HEIGHT))
    drawn = "".join(f'<path class="v{place}" d="{"".join(d)}"/>' for place, d in paths.items())
    return Markup(_picture(f"shape small {slots(entry)}", len(bars), SMALL_HEIGHT, drawn))


def large_shape(entry: Entry, link: Callable[[int], str], forms: Formats) -> Markup:
    """The shape on a transcript's own page: each bar a link to its message.

    `link` gives the address of a message by its number. The picture is hidden from those
    who hear the page, and its links from the keyboard: the caption says the same, and
    every message has a link of its own.
    """
    bars = entry.bars
    if len(bars) < 3:
        return Markup()
    columns = "".join(
        f'<a href="{escape(link(bar.number))}" tabindex="-1">'
        f'<path class="hit" d="M{_left(index)} 0h{WIDTH + GAP}v{LARGE_HEIGHT}h-{WIDTH + GAP}z"/>'
        f'<path class="v{slot(bar.voice)}" d="{_column(index, height, LARGE_HEIGHT)}">'
        f"<title>{escape(_title(bar, entry, forms))}</title></path></a>"
        for index, (bar, height) in enumerate(zip(bars, heights(bars, LARGE_HEIGHT), strict=True))
    )
    return Markup(_picture("shape large", len(bars), LARGE_HEIGHT, columns, BAR_PIXELS))


def share_bar(entry: Entry) -> Markup:
    """Who said how much: one line, cut by the words of each voice; empty for a monologue.

    The caption of the large shape says the same in words.
    """
    if len(entry.shares) < 2 or not entry.words:
        return Markup()
    parts = []
    left = 0.0
    for place, share in enumerate(entry.shares, 1):
        width = SHARE_WIDTH * share.words / entry.words
        if share.words:
            path = f"M{left:.1f} 0h{width:.1f}v{SHARE_HEIGHT}h-{width:.1f}z"
            parts.append(f'<path class="v{slot(place)}" d="{path}"/>')
        left += width
    return Markup(
        f'<svg class="shape share" viewBox="0 0 {SHARE_WIDTH} {SHARE_HEIGHT}" '
        f'preserveAspectRatio="none" focusable="false" aria-hidden="true">{"".join(parts)}</svg>'
    )


def _picture(name: str, bars: int, height: int, drawn: str, pixels: int = WIDTH + GAP) -> str:
    width = bars * (WIDTH + GAP) - GAP
    size = f'viewBox="0 0 {width} {height}" width="{bars * pixels}" height="{height}"'
    return (
        f'<svg class="{name}" {size} '
        f'preserveAspectRatio="none" focusable="false" aria-hidden="true">{drawn}</svg>'
    )


def _left(index: int) -> int:
    return index * (WIDTH + GAP)


def _column(index: int, height: int, floor: int) -> str:
    """The outline of a bar that stands on the floor; of a blank message, a low dot."""
    high = height or 1
    wide = WIDTH if height else WIDTH // 2
    return f"M{_left(index)} {floor - high}h{wide}v{high}h-{wide}z"


def _title(bar: Bar, entry: Entry, forms: Formats) -> str:
    text = forms.strings.text
    speaker = in_line(entry.shares[bar.voice - 1].participant.name) if bar.voice else ""
    said = forms.count(bar.words, "word") if bar.words or bar.last else text("blank")
    if not bar.last:
        return f"{bar.number} {speaker}, {said}"
    span = f"{bar.number}–{bar.last}"
    return text(
        "{messages}: mostly {speaker}, {words} each", messages=span, speaker=speaker, words=said
    )
