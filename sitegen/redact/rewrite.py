"""Puts labels and pseudonyms in place of what the rules hit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sitegen.redact.labels import Labels
from sitegen.rules.fold import shown
from sitegen.rules.matcher import Hit, Matcher
from sitegen.rules.settings import RedactConfig
from sitegen.urls import slugify

__all__ = ["Redactor"]

MAX_ROUNDS = 8
"""What stands in for a hit can make another of what is around it; few texts need two rounds."""

MARKS = re.compile(r"\*+|~~|`+")
ADDRESS = re.compile(r"(?i)(?:https?:|mailto:|ftp:|www\.)\S*\Z")
REACH = 300
REMEMBERED, MAX_KNOWN = 100, 10_000


class Redactor:
    """Rewrites texts by the rules of one site."""

    def __init__(self, rules: RedactConfig) -> None:
        self.matcher = Matcher(rules)
        self.labels = Labels(rules, self.matcher)
        self.known: dict[str, str] = {}

    def plain(self, text: str) -> str:
        """A plain text in which labels and pseudonyms stand for what is hidden."""
        if not text:
            return text
        if text in self.known:
            return self.known[text]
        labels = self.labels
        done = self._rewrite(text, labels.label, self._plain_stand_in, labels.by_kind)
        # Names and roles come again with every message.
        if len(text) <= REMEMBERED and len(self.known) < MAX_KNOWN:
            self.known[text] = done
        return done

    def markdown(self, text: str) -> str:
        """The same for Markdown, with tokens for labels; it parses as it did before."""
        return self._rewrite(text, self.labels.token, self._marked_stand_in, self.labels.tokens)

    def slug(self, written: str) -> str:
        """The name in an address of a text, which must not hold what is hidden either."""
        slug = slugify(self.plain(written))
        for _ in range(MAX_ROUNDS):
            if not self.matcher.find(slug):
                return slug
            slug = slugify(self.plain(slug))
        return slugify("…")

    def term(self, text: str) -> str:
        """A plain text of which an address will be made, as of names, tags and folders."""
        plain = self.plain(text)
        if not self.matcher.find(slugify(plain)) or self.labels.label.search(plain):
            return plain
        return self.labels.by_kind["text"]

    def is_clean(self, text: str) -> bool:
        """Whether a text as readers see it shows nothing that is hidden."""
        return not any(
            self._open(self.matcher.find_plain(form), form, self.labels.label)
            for form in dict.fromkeys((text, shown(text)))
        )

    def _rewrite(
        self,
        text: str,
        held: re.Pattern[str],
        stand_in: Callable[[Hit, str], str],
        labels: dict[str, str],
    ) -> str:
        if not text:
            return text
        for _ in range(MAX_ROUNDS):
            hits = self._open(self.matcher.find(text), text, held)
            if not hits:
                return text
            pieces = []
            end = 0
            for hit in hits:
                pieces += [text[end : hit.start], stand_in(hit, text)]
                end = hit.end
            text = "".join(pieces) + text[end:]
        return labels["text"]

    def _open(self, hits: Sequence[Hit], text: str, held: re.Pattern[str]) -> list[Hit]:
        """The hits but those within a label or a token: these hide already."""
        if not hits:
            return []
        places = [match.span() for match in held.finditer(text)]
        return [
            hit
            for hit in hits
            if not any(start <= hit.start and hit.end <= end for start, end in places)
        ]

    def _plain_stand_in(self, hit: Hit, _text: str) -> str:
        return hit.pseudonym or self.labels.by_kind[hit.kind]

    def _marked_stand_in(self, hit: Hit, text: str) -> str:
        name = hit.pseudonym or self.labels.tokens[hit.kind]
        if " " in name and ADDRESS.search(text[max(0, hit.start - REACH) : hit.start]):
            name = name.replace(" ", "-")
        if not hit.is_folded:
            return name
        before, after = _left_over(text, hit)
        return f"{before}{name}{after}"


def _left_over(text: str, hit: Hit) -> tuple[str, str]:
    """The marks of emphasis and code within a hit whose partners are outside of it."""
    counts: dict[str, int] = {}
    for mark in MARKS.findall(text[hit.start : hit.end]):
        counts[mark] = counts.get(mark, 0) + 1
    block = max(text.rfind("\n\n", 0, hit.start), 0)
    before = after = ""
    for mark, count in counts.items():
        if count % 2:
            opened = MARKS.findall(text[block : hit.start]).count(mark) % 2
            before, after = (before, mark + after) if opened else (before + mark, after)
    return before, after
