"""Small pure functions on plain text that several rooms need."""

from __future__ import annotations

import re

__all__ = ["CONTROLS", "visible"]

CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
"""Controls and non-characters, which HTML and XML cannot hold."""


def visible(text: str) -> str:
    """The text with every control made a symbol: NUL becomes `␀`, U+0085 `⟨U+0085⟩`."""
    return CONTROLS.sub(_symbol, text)


def _symbol(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"
