"""What is shown in place of what is hidden.

In plain text that is the label itself: `[redacted: e-mail]`. In Markdown its brackets could
become a link or a definition that swallows the line. There a token of letters holds its
place, which no Markdown, TeX, address or programming language takes for anything but a
word; what renders Markdown puts the label in for it at the end.
"""

from __future__ import annotations

import hashlib
import re

from sitegen.rules.matcher import KINDS, Matcher
from sitegen.rules.settings import RedactConfig

__all__ = ["Labels"]

LETTERS = "bcdfghjklmnpqrstvwxz"


class Labels:
    """The labels of one site and the tokens that hold their places."""

    def __init__(self, rules: RedactConfig, matcher: Matcher) -> None:
        self.by_kind = {kind: _label(kind, matcher) for kind in KINDS}
        stem = _stem(rules)
        self.tokens = {kind: f"{stem}{LETTERS[index]}q" for index, kind in enumerate(KINDS)}
        kinds = {token: kind for kind, token in self.tokens.items()}
        self.of_token = {token: self.by_kind[kind] for token, kind in kinds.items()}
        self.token = re.compile(f"{stem}[{LETTERS[: len(KINDS)]}]q")
        labels = sorted(set(self.by_kind.values()), key=len, reverse=True)
        self.label = re.compile("|".join(map(re.escape, labels)))
        self.stem = stem

    def shown(self, text: str) -> str:
        """A text with labels in place of tokens."""
        return self.token.sub(lambda match: self.of_token[match[0]], text)

    def name(self, token: str) -> str:
        """A label as part of an address or a name: `redacted-e-mail`."""
        words = re.sub(r"[^A-Za-z-]+", "-", self.of_token[token]).strip("-")
        return words or "redacted"


def _label(kind: str, matcher: Matcher) -> str:
    """What a label says; it must not itself say what is hidden."""
    choices = (f"[redacted: {kind}]", "[redacted]", "[…]", "█████")
    return next((text for text in choices if not matcher.find(text)), choices[-1])


def _stem(rules: RedactConfig) -> str:
    """How all tokens begin: nobody writes that by chance, and nobody can know it."""
    number = int.from_bytes(hashlib.sha256(repr(rules).encode(errors="replace")).digest())
    letters = []
    for _ in range(16):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    return "q" + "".join(letters)
