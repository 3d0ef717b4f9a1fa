"""Draws a card: its picture as a PNG of few colours, the same bytes each time."""

from __future__ import annotations

import io
import math
from functools import cache, lru_cache, partial

from PIL import Image, ImageDraw

from sitegen.cards.fonts import (
    Weight,
    advance,
    is_rightward,
    measured,
    readable,
    typeface,
)
from sitegen.cards.lines import break_title
from sitegen.cards.model import HEIGHT, WIDTH, Card
from sitegen.palette import GROUND, INK, LABEL_GROUND, LABEL_TEXT, MUTED, channels

__all__ = ["draw"]

MARGIN = 72
ROOM = WIDTH - 2 * MARGIN
TOP = 92
"""The base line of the first row."""

SIZES = ((88, 2), (74, 2), (62, 3), (54, 3))
"""Of a title: how high its letters are, and how many lines it may have."""
LEADING = 1.2
NAME, SMALL = 34, 27
ROW = 52
"""The height of a row of names."""
NAME_GAP, GLYPH_GAP = 36, 12

SHAPE = 120
"""The height of the longest bar; it stands on the card's lower edge."""
PITCH = 30
"""At most from bar to bar, so that a short talk looks short."""

LARGER = {"▸": "▶"}
"""Signs that are too small in print."""

LEVELS = 11
"""Steps from the ground to a colour: few enough that all colours fit in one palette."""
COMPRESSION = 3
"""Larger takes twice as long for a fifth less."""


def draw(card: Card) -> bytes:
    """The picture of a card: a PNG of 1200 x 630 pixels."""
    return _Picture(card).png()


class _Picture:
    """A card while it is drawn, in indices of a palette that grows with its colours."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.palette = bytearray.fromhex(GROUND[1:])
        self.bases: dict[tuple[str, str], int] = {}
        self.image = Image.new("P", (WIDTH, HEIGHT), 0)
        self.pen = ImageDraw.Draw(self.image)
        self.title = readable(card.title)
        self.is_mirrored = not is_rightward(self.title)

    def png(self) -> bytes:
        card = self.card
        site, facts = readable(card.site), readable(card.facts)
        self.text(site if self.title else "", SMALL, INK, MARGIN, TOP, "bold")
        self.text(facts, SMALL, MUTED, MARGIN, TOP, "regular", at_end=True)
        lines, size = self._title(self.title or site)
        labels = [(text, color) for label, color in card.labels if (text := readable(label))]
        room = HEIGHT - TOP - self._shape() - len(lines) * size * LEADING - 72 * bool(labels)
        names = self._name_rows(2 if room > 160 else 1)
        # A little above the middle of what the first row and the shape leave.
        y = TOP + max(28.0, (room - len(names) * ROW) * 0.42)
        for line in lines:
            y += size * LEADING
            self.text(line, size, INK, MARGIN, round(y - size * 0.18), "bold")
        y += 8
        for row in names:
            y += ROW
            self._names(row, round(y))
        if labels:
            self._labels(labels, round(y + 30))
        return self._encode()

    def _title(self, text: str) -> tuple[tuple[str, ...], int]:
        """The lines of the title, and their size: the largest in which it is whole."""
        lines: tuple[str, ...] = ()
        for size, most in SIZES:
            measure = partial(advance, weight="bold", size=size)
            lines, is_whole = break_title(text, ROOM, most, measure)
            if is_whole:
                return lines, size
        return lines, SIZES[-1][0]

    def _name_rows(self, most: int) -> list[list[tuple[str, str, str, float]]]:
        """The participants in at most so many rows: sign, name, colour and width of each."""
        rows: list[list[tuple[str, str, str, float]]] = [[]]
        left = float(ROOM)
        voices = self.card.voices
        for place, voice in enumerate(voices):
            name, sign = readable(voice.name), readable(voice.look.sign) or "●"
            sign = LARGER.get(sign, sign)
            wide = _width(sign, NAME) + GLYPH_GAP + _width(name, NAME)
            rest = len(voices) - place - 1 + self.card.more
            last = len(rows) == most
            needed = wide + (_width(f"+{rest}", NAME) + NAME_GAP if rest and last else 0)
            if needed > left and rows[-1] and not last:
                rows.append([])
                left = float(ROOM)
            elif needed > left and rows[-1]:
                rows[-1].append(("", f"+{rest + 1}", MUTED, 0.0))
                return rows
            rows[-1].append((sign, name, voice.look.color or MUTED, wide))
            left -= wide + NAME_GAP
        if self.card.more:
            rows[-1].append(("", f"+{self.card.more}", MUTED, 0.0))
        return rows if rows[0] else []

    def _names(self, row: list[tuple[str, str, str, float]], y: int) -> None:
        x = float(MARGIN)
        for sign, name, color, wide in row:
            gone = 0.0
            if sign:
                gone = _width(sign, NAME) + GLYPH_GAP
                self.text(sign, NAME, color, x, y, "bold")
            self.text(name, NAME, color, x + gone, y, "bold")
            x += wide + NAME_GAP

    def _labels(self, labels: list[tuple[str, str]], y: int) -> None:
        x = float(MARGIN)
        for label, color in labels:
            wide = _width(label, SMALL) + 28
            if x + wide > WIDTH - MARGIN:
                return
            left = round(WIDTH - x - wide if self.is_mirrored else x)
            box = (left, y, left + round(wide), y + 42)
            self.pen.rectangle(box, fill=self.color(LABEL_GROUND))
            self.text(label, SMALL, color or LABEL_TEXT, x + 14, y + 31, "bold", LABEL_GROUND)
            x += wide + 14

    def _shape(self) -> int:
        """Draw the shape along the lower edge, and say how high it is."""
        bars = self.card.bars
        if len(bars) < 3:
            self.pen.rectangle((0, HEIGHT - 12, WIDTH, HEIGHT), fill=self.color(MUTED))
            return 12
        pitch = min(float(PITCH), ROOM / len(bars))
        gap = max(1, round(pitch / 5))
        most = max(words for _, words in bars) or 1
        for place, (voice, words) in enumerate(bars):
            high = max(5, round(SHAPE * math.sqrt(words / most))) if words else 3
            color = self.card.voices[voice - 1].look.color if voice else MUTED
            left = round(MARGIN + place * pitch)
            right = max(left, round(MARGIN + (place + 1) * pitch) - gap - 1)
            box = (left, HEIGHT - high, right, HEIGHT)
            self.pen.rectangle(box, fill=self.color(color or MUTED))
        return SHAPE

    def text(
        self,
        text: str,
        size: int,
        color: str,
        x: float,
        y: int,
        weight: Weight,
        ground: str = GROUND,
        *,
        at_end: bool = False,
    ) -> None:
        """Write a text whose first letter stands at a distance from the start of the line.

        The start is on the right on a card whose title is read that way; `at_end` counts
        from the other side. `y` is the base line.
        """
        if not text:
            return
        parts = measured(text, weight, size)
        wide = sum(length for _, _, length in parts)
        left = x if self.is_mirrored == at_end else WIDTH - x - wide
        mask = Image.new("L", (math.ceil(wide) + size, 2 * size), 0)
        pen = ImageDraw.Draw(mask)
        start = size / 2
        for font, part, length in parts if is_rightward(text) else reversed(parts):
            face = typeface(font, weight, size)
            pen.text((start, round(1.4 * size)), part, fill=255, font=face, anchor="ls")
            start += length
        grey = mask.tobytes()
        colors, seen = _tables(self._base(color, ground))
        written = Image.frombytes("P", mask.size, grey.translate(colors))
        place = round(left - size / 2), y - round(1.4 * size)
        self.image.paste(written, place, Image.frombytes("L", mask.size, grey.translate(seen)))

    def color(self, color: str) -> int:
        """The index of a full colour."""
        return self._base(color, GROUND) + LEVELS

    def _base(self, color: str, ground: str) -> int:
        """The index of the ground before the steps that lead to a colour."""
        if (color, ground) not in self.bases:
            self.bases[color, ground] = len(self.palette) // 3
            self.palette += _steps(ground, color)
        return self.bases[color, ground]

    def _encode(self) -> bytes:
        self.image.putpalette(bytes(self.palette))
        stream = io.BytesIO()
        self.image.save(stream, "PNG", compress_level=COMPRESSION)
        return stream.getvalue()


def _width(text: str, size: int) -> float:
    return sum(length for _, _, length in measured(text, "bold", size))


@lru_cache(maxsize=500)
def _steps(one: str, other: str) -> bytes:
    """The colours from one to another, both among them."""
    pairs = [(255 * a, 255 * b) for a, b in zip(channels(one), channels(other), strict=True)]
    parts = (step / LEVELS for step in range(LEVELS + 1))
    return bytes(round(a + (b - a) * part) for part in parts for a, b in pairs)


@cache
def _tables(base: int) -> tuple[bytes, bytes]:
    """Of each shade of grey its colour in the palette, and whether it is seen at all."""
    steps = [(value * LEVELS + 127) // 255 for value in range(256)]
    return bytes(base + step for step in steps), bytes(255 if step else 0 for step in steps)
