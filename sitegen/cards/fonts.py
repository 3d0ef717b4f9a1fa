"""The fonts of cards: which of them has a sign, how wide a text is, and its runs.

All come as packages, so that a card is the same on every machine. FiraGO has the alphabets
(Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Thai, Georgian), Noto Sans CJK Chinese,
Japanese and Korean, Noto Sans Symbols 2 signs.
"""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from typing import Literal

from PIL import ImageFont, features

__all__ = ["Weight", "advance", "is_rightward", "is_shaped", "measured", "readable", "typeface"]

Weight = Literal["bold", "regular"]

LETTERS = {"bold": "FiraGO_Bold", "regular": "FiraGO_Regular"}
SIGNS = "NotoSansSymbols2_Regular"
CJK = "NotoSansCJKjp-Bold.otf"

PROBE = 16
"""Pixels: the size at which a font is asked for a sign."""
MISSING = "\U0010ffff"
"""A sign that no font has."""

GEOMETRIC = "▸▶◆▲●■▼★✚○"
"""Signs that are of one size in the font of signs alone."""

MARKS_ON_A_LETTER = 4
"""More would reach into other lines."""

NEEDS_SHAPING = re.compile("[\u0590-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufeff]")
"""Scripts whose letters change with their neighbours, or run from right to left."""

JOINERS = "\u200c\u200d"


@cache
def is_shaped() -> bool:
    """Whether letters can be joined and ordered: Pillow looks for FriBiDi on the machine."""
    return bool(features.check("raqm"))


def readable(text: str) -> str:
    """As much of a text as can be drawn; nothing where it would lose a letter or digit.

    Controls and signs that no font has, such as most emoji, are left out. What is left of
    a text without some of its letters would say something else.
    """
    kept: list[str] = []
    marks = 0
    font = ""
    for char in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(char)
        if char.isspace():
            kept.append(" ")
            font = ""
        elif char in JOINERS:
            kept.append(char if font else "")
        elif kind[0] == "C" or "\ufe00" <= char <= "\ufe0f":
            continue
        elif kind[0] == "M":
            marks += 1
            if font and marks <= MARKS_ON_A_LETTER and _has(font, char):
                kept.append(char)
        else:
            marks = 0
            font = font_of(char)
            if not font and kind[0] in "LN":
                return ""
            # A space: without the sign what stood around it could be another word.
            kept.append(char if font else " ")
    return " ".join("".join(kept).split())


def is_rightward(text: str) -> bool:
    """Whether a text is read from left to right, by its first letter."""
    for char in text:
        if (direction := unicodedata.bidirectional(char)) in ("L", "R", "AL"):
            return direction == "L"
    return True


@lru_cache(maxsize=1000)
def measured(text: str, weight: Weight, size: int) -> tuple[tuple[str, str, float], ...]:
    """A text that can be drawn, cut where the font changes: font, part and width of each."""
    found: list[tuple[str, str]] = []
    for char in text:
        stays = found and (char == " " or char in JOINERS or unicodedata.category(char)[0] == "M")
        font = found[-1][0] if stays else font_of(char)
        if found and found[-1][0] == font:
            found[-1] = font, found[-1][1] + char
        else:
            found.append((font, char))
    return tuple((font, part, typeface(font, weight, size).getlength(part)) for font, part in found)


@lru_cache(maxsize=20_000)
def font_of(char: str) -> str:
    """The font that has a sign; empty if none has. Every weight has the same signs."""
    if not is_shaped() and NEEDS_SHAPING.match(char):
        return ""
    order = (LETTERS["bold"], SIGNS, CJK) if char not in GEOMETRIC else (SIGNS,)
    if "\u2e80" <= char < "\U0001f000" or char >= "\U00020000":
        order = (CJK, SIGNS, LETTERS["bold"])
    return next((font for font in order if char == " " or _has(font, char)), "")


@lru_cache(maxsize=20_000)
def advance(char: str, weight: Weight, size: int) -> float:
    """How far a sign moves on, in pixels, by itself; about right for all but joined letters."""
    font = font_of(char)
    return typeface(font, weight, size).getlength(char) if font else 0.0


def _has(font: str, char: str) -> bool:
    """Whether a font draws a sign otherwise than one that it does not have."""
    return _picture(font, char) != _picture(font, MISSING)


@lru_cache(maxsize=20_000)
def _picture(font: str, char: str) -> tuple[tuple[int, int], bytes]:
    mask = _load(font, PROBE, ImageFont.Layout.BASIC).getmask(char)
    return mask.size, bytes(mask)


def typeface(font: str, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """A font in a size, in pixels; the weight is that of letters."""
    name = LETTERS[weight] if font in LETTERS.values() else font
    layout = ImageFont.Layout.RAQM if is_shaped() else ImageFont.Layout.BASIC
    return _load(name, size, layout)


@cache
def _load(font: str, size: int, layout: ImageFont.Layout) -> ImageFont.FreeTypeFont:
    if font == CJK:
        path = files("noto_cjk_sans_jp_bold") / CJK
        return ImageFont.truetype(str(path), size, layout_engine=layout)
    return ImageFont.truetype(io.BytesIO(_data(font)), size, layout_engine=layout)


@cache
def _data(font: str) -> bytes:
    """The bytes of a font, which its package holds compressed."""
    data: bytes = import_module(f"pymupdf_fonts.{font}").fontbuffer
    return data
