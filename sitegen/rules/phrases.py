"""Words, literals and names: fixed texts, whatever their case, composition and spacing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["Phrase"]

GAP = r"(?:[\s_.+\\\u00b7\u2010\u2011-]|%20){1,4}"
"""Between the words of a phrase: `John Smith` is also in `john-smith` and `John_Smith`."""

BEFORE, AFTER = r"(?<![^\W_])", r"(?![^\W_])"
"""A word ends at anything but letters and digits; unlike for `\\b`, also at `_`."""

SHARP = re.compile("[\u00df\u1e9e]|ss", re.IGNORECASE)
"""`Groß` in capitals is `GROSS`."""

# Scripts without spaces have no edge of a word to look for.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


class Phrase:
    """One fixed text to look for; `whole`: not inside of a word."""

    def __init__(self, text: str, whole: bool) -> None:
        forms = {unicodedata.normalize(form, text.strip()) for form in ("NFC", "NFKC")}
        before, after = _edges(text.strip()) if whole else ("", "")
        self.forms = [
            (
                [part.casefold() for part in form.split()],
                re.compile(before + GAP.join(map(_written, form.split())) + after, re.IGNORECASE),
            )
            for form in sorted(forms)
        ]
        self.needles = tuple(max(parts, key=len) for parts, _ in self.forms)
        """Texts of which one is in every case-folded text that has the phrase."""

    def spans(self, text: str, lowered: str) -> Iterator[tuple[int, int]]:
        """Where it is in a text; `lowered` is the same text case-folded."""
        for parts, pattern in self.forms:
            if len(lowered) != len(text):  # Some letters became two: `ß` became `ss`.
                yield from (match.span() for match in pattern.finditer(text))
                continue
            place = lowered.find(parts[0])
            while place >= 0:
                match = pattern.match(text, place)
                if match:
                    yield match.span()
                place = lowered.find(parts[0], match.end() if match else place + 1)


def _written(part: str) -> str:
    """A word as a pattern."""
    return SHARP.sub("(?:ss|[\u00df\u1e9e])", re.escape(part))


def _edges(text: str) -> tuple[str, str]:
    before = BEFORE if text[0].isalnum() and not UNSPACED.match(text[0]) else ""
    after = AFTER if text[-1].isalnum() and not UNSPACED.match(text[-1]) else ""
    return before, after
