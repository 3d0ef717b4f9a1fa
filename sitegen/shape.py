"""The shape of a conversation: a bar for each message, which shows at a glance who spoke
how much and when it dwindled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import bidirectional

from sitegen.formats import Formats
from sitegen.text import in_line

__all__ = ["MAX_BARS", "Bar", "bin_bars", "describe", "heights"]

MAX_BARS = 400
"""More messages than this are drawn several to a bar."""

SHORT = 40
"""Words below which a message counts as short, for the description."""


class Bar(NamedTuple):
    """One message, or several that stand side by side.

    A tuple, for the cache holds tens of thousands: it is smaller without their names.
    """

    number: int
    """The first message's number."""
    voice: int
    """The speaker's place among the participants, from 1; of several who said most; 0: nobody."""
    words: int
    """How many words; of several their mean."""
    last: int = 0
    """The last message's number where there are several, else 0."""


def bin_bars(bars: Sequence[Bar], most: int = MAX_BARS) -> tuple[Bar, ...]:
    """At most `most` bars, each of as many neighbours as that takes."""
    size = -(-len(bars) // most) if bars else 1
    if size <= 1:
        return tuple(bars)
    return tuple(_merge(bars[start : start + size]) for start in range(0, len(bars), size))


def _merge(bars: Sequence[Bar]) -> Bar:
    said: dict[int, int] = {}
    for bar in bars:
        said[bar.voice] = said.get(bar.voice, 0) + bar.words
    most = max(said, key=lambda voice: (said[voice], -voice))
    mean = round(sum(bar.words for bar in bars) / len(bars))
    return Bar(bars[0].number, most, mean, bars[-1].last or bars[-1].number)


def heights(bars: Sequence[Bar], tallest: int) -> list[int]:
    """The height of each bar in pixels: by the square root, so that one word is still seen.

    A blank message has none; it is drawn as a dot.
    """
    most = max((bar.words for bar in bars), default=0)
    scale = tallest / math.sqrt(most) if most else 0.0
    return [max(2, round(math.sqrt(bar.words) * scale)) if bar.words else 0 for bar in bars]


def describe(shares: Sequence[tuple[str, int]], words: Sequence[int], forms: Formats) -> str:
    """The same in a sentence, from the words of each participant and of each message.

    `49 messages; Kimi K2 11 %, haiku-4.5 89 % of the words; the last 24 are shorter than
    40 words`.
    """
    text = forms.strings.text
    parts = [forms.count(len(words), "message")]
    total = sum(said for _, said in shares)
    if total and len(shares) > 1:
        listed = sorted(shares, key=lambda share: -share[1])[:6]
        named = [f"{_apart(name)} {round(100 * said / total)} %" for name, said in listed]
        parts.append(text("{shares} of the words", shares=", ".join(named)))
    tail = 0
    for count in reversed(words):
        if count >= SHORT:
            break
        tail += 1
    if 2 < tail < len(words):
        many = forms.number(tail)
        parts.append(
            text("the last {count} are shorter than {words} words", count=many, words=SHORT)
        )
    return "; ".join(parts)


def _apart(name: str) -> str:
    """A name in a sentence; one from right to left must not take the number after it along."""
    line = in_line(name)
    if any(bidirectional(char) in ("R", "AL") for char in line):
        return f"\N{FIRST STRONG ISOLATE}{line}\N{POP DIRECTIONAL ISOLATE}"
    return line
