"""The colours of voices: eight that go together, and a site's own made readable."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "GLYPHS",
    "GROUND",
    "HUES",
    "INK",
    "LABEL_GROUND",
    "LABEL_TEXT",
    "MUTED",
    "SLOTS",
    "Look",
    "Voice",
    "channels",
    "is_color",
    "look",
    "voice_styles",
]

HUES = ("blue", "amber", "green", "purple", "teal", "red", "olive", "violet")
"""The hues of the style sheet by name; the first two are told apart by everyone."""

GLYPHS = "▸◆▲●■▼★✚"
"""The sign that goes with each hue, so that colour is never alone."""

SLOTS = 8
"""Voices of one transcript that have a hue; those beyond are told apart by name."""

GROUNDS = {"light": "#fcfcfa", "dark": "#15171a"}
"""The page's ground in each scheme, as the style sheet has it."""

GROUND = GROUNDS["light"]
INK = "#1d1f23"
MUTED = "#55585f"
LABEL_GROUND = "#fbe9d3"
LABEL_TEXT = "#6b3200"
SHADES = (
    *("#0a56a8", "#8a4300", "#16683a", "#8c2f7f"),
    *("#00616a", "#a3262e", "#5a5a00", "#4f46a3"),
)
"""The hues. These are the light scheme's colours as the style sheet has them, for pictures."""

CONTRAST = 4.5
"""The least ratio of a colour to the ground (WCAG 2.2, 1.4.3)."""

HEX = re.compile(r"#[0-9A-Fa-f]{6}")

Voice = tuple[str, str]
"""A colour (a name of `HUES`, `#rrggbb` or empty) and a sign (or empty)."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a voice is told apart in a picture, where no style sheet reaches."""

    color: str
    """`#rrggbb`, as on a light page."""
    sign: str
    """What stands before the name."""


def is_color(text: str) -> bool:
    """Whether a text names a colour that `voice_styles` knows."""
    return text in HUES or bool(HEX.fullmatch(text))


def voice_styles(own: Sequence[Voice]) -> str:
    """CSS for the hues 0 to 7 and, from 8 on, a site's own; and for the slots of a page.

    A page says which hue each of its slots has by classes such as `v1-0 v2-3` on an
    element around; what has the class `v1` in it takes hue 0.
    """
    hues = [_hue_rule(number, "", glyph) for number, glyph in enumerate(GLYPHS)]
    hues += [_hue_rule(len(HUES) + index, *voice) for index, voice in enumerate(own)]
    rules = [*hues, '.v0 { --hue: var(--muted); --glyph: "○"; }']
    for slot in range(1, SLOTS + 1):
        for hue in range(len(hues)):
            values = f"--hue: var(--hue-{hue}); --glyph: var(--glyph-{hue});"
            rules.append(f".v{slot}-{hue} .v{slot} {{ {values} }}")
    return "\n".join(rules) + "\n"


def look(hue: int | None, own: Sequence[Voice]) -> Look:
    """What the style sheet shows of a hue, on a light page; None is a voice without one."""
    if hue is None:
        return Look(MUTED, "○")
    color, sign = own[hue - len(HUES)] if hue >= len(HUES) else ("", "")
    shade = SHADES[HUES.index(color) if color in HUES else hue % len(HUES)]
    if color and color not in HUES:
        shade = _readable(color, GROUND)
    return Look(shade, sign or GLYPHS[hue % len(GLYPHS)])


def _hue_rule(number: int, color: str, glyph: str) -> str:
    """The variables of one hue, and the class that takes them."""
    sign = glyph or GLYPHS[number % len(GLYPHS)]
    own = f"--glyph-{number}: {_quoted(sign)};"
    if color in HUES:
        own = f"--hue-{number}: var(--hue-{HUES.index(color)}); {own}"
    elif color:
        light, dark = (_readable(color, ground) for ground in GROUNDS.values())
        own = f"--hue-{number}: light-dark({light}, {dark}); {own}"
    elif number >= len(HUES):
        own = f"--hue-{number}: var(--hue-{number % len(HUES)}); {own}"
    return (
        f":root {{ {own} }}\n.hue-{number} {{ --hue: var(--hue-{number}); "
        f"--glyph: var(--glyph-{number}); }}"
    )


def _quoted(text: str) -> str:
    """A CSS string; everything but letters, digits and signs beyond ASCII by its code."""
    return (
        '"' + "".join(c if c.isalnum() or ord(c) > 0xA0 else f"\\{ord(c):x} " for c in text) + '"'
    )


def _readable(color: str, ground: str) -> str:
    """The colour, made darker or lighter until it can be read on the ground."""
    hue, light, saturation = colorsys.rgb_to_hls(*channels(color))
    step = -0.01 if _luminance(ground) > 0.5 else 0.01
    while _contrast(color, ground) < CONTRAST and 0 <= light + step <= 1:
        light += step
        shade = colorsys.hls_to_rgb(hue, light, saturation)
        color = "#" + "".join(f"{round(part * 255):02x}" for part in shade)
    return color


def channels(color: str) -> tuple[float, float, float]:
    """Red, green and blue of `#rrggbb`, each from 0 to 1."""
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in channels(color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2.2 defines it, 1 to 21."""
    dark, light = sorted([_luminance(one), _luminance(other)])
    return (light + 0.05) / (dark + 0.05)
