"""All rules of a site over one text: where they hit, in the text as written and as it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sitegen.rules.contacts import emails, home_users, ip_addresses, phones
from sitegen.rules.fold import fold
from sitegen.rules.phrases import Phrase
from sitegen.rules.settings import RedactConfig

__all__ = ["KINDS", "Hit", "Matcher"]

KINDS = ("text", "e-mail", "phone number", "IP address", "user")
"""What a label may say of what it hides."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """One place that must not be shown."""

    start: int
    """Index of its first character."""
    end: int
    """Index after its last."""
    kind: str
    """One of `KINDS`."""
    pseudonym: str = ""
    """What stands for it; empty for a label."""
    is_folded: bool = False
    """True if it is there only once entities, escapes and marks are resolved."""


class Matcher:
    """The rules of one site, compiled."""

    def __init__(self, rules: RedactConfig) -> None:
        phrases = [
            *((Phrase(text, whole=True), name) for text, name in rules.names.items()),
            *((Phrase(text, whole=True), "") for text in rules.words),
            *((Phrase(text, whole=False), "") for text in rules.literals),
        ]
        # Most phrases are in few texts, which is found out fifty times as fast by their needles.
        self.phrases = [
            (needle, phrase, name) for phrase, name in phrases for needle in phrase.needles
        ]
        self.finders: list[tuple[str, Callable[[str], Iterator[Span]]]] = []
        if rules.patterns:
            from sitegen.rules.linear import LinearPattern

            self.finders += [("text", LinearPattern(text).spans) for text in rules.patterns]
        for is_on, kind, finder in (
            (rules.emails, "e-mail", emails),
            (rules.phones, "phone number", phones),
            (rules.ip_addresses, "IP address", ip_addresses),
            (rules.home_paths, "user", home_users),
        ):
            if is_on:
                self.finders.append((kind, finder))

    def find(self, text: str) -> list[Hit]:
        """Every hit in a text and in what it reads as, in order, without overlaps."""
        hits = list(self._hits(text, is_folded=False))
        folded = fold(text)
        if folded:
            known = {(hit.start, hit.end) for hit in hits}
            for hit in self._hits(folded.text, is_folded=True):
                start, end = folded.trace(hit.start, hit.end)
                if (start, end) not in known:
                    hits.append(Hit(start, end, hit.kind, hit.pseudonym, is_folded=True))
        return _merged(hits)

    def find_plain(self, text: str) -> list[Hit]:
        """The same for text of which nothing is to be resolved any more."""
        return _merged(list(self._hits(text, is_folded=False)))

    def _hits(self, text: str, is_folded: bool) -> Iterator[Hit]:
        lowered = text.casefold() if self.phrases else ""
        for needle, phrase, pseudonym in self.phrases:
            if needle in lowered:
                for start, end in phrase.spans(text, lowered):
                    yield Hit(start, end, "text", pseudonym, is_folded)
        for kind, finder in self.finders:
            for start, end in finder(text):
                yield Hit(start, end, kind, "", is_folded)


def _merged(hits: list[Hit]) -> list[Hit]:
    """Hits that overlap become one, of the kind of the one that holds the others, if one does."""
    merged: list[Hit] = []
    for hit in sorted(hits):
        last = merged[-1] if merged else None
        if last is None or hit.start >= last.end:
            merged.append(hit)
            continue
        start, end = last.start, max(last.end, hit.end)
        # Of two for the same place, a pseudonym says more than a label.
        whole = [one for one in (hit, last) if (one.start, one.end) == (start, end)]
        whole.sort(key=lambda one: not one.pseudonym)
        first = whole[0] if whole else Hit(start, end, "text", "", hit.is_folded or last.is_folded)
        merged[-1] = Hit(start, end, first.kind, first.pseudonym, first.is_folded)
    return merged
