"""Reads the messages off a transcript's page, as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Article", "read_articles"]

VOID = frozenset(
    [
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
        *("param", "source", "track", "wbr"),
    ]
)
SKIPPED_TAGS = frozenset(["header", "footer", "nav", "button", "math", "svg", "summary", "time"])
SKIPPED_CLASSES = frozenset(["blank", "markdown-alert-title", "image-link", "chrome"])
"""What stands in a message's article and is none of its text, or is shown in another form."""
FOLDED = "details"


@dataclass(slots=True)
class Article:
    """One message on a page."""

    number: int
    """By its anchor."""
    link: str = ""
    """Of a turn that stands beside others: where it is on its own page."""
    heading: str = ""
    """What its heading says, the speaker's name in it."""
    at: str = ""
    """The time that its head states; empty for none."""
    parts: list[str] = field(default_factory=list)
    """Its text, without what is folded."""

    @property
    def text(self) -> str:
        """Its text in one."""
        return "".join(self.parts)


def read_articles(html: str, kind: str = "message") -> list[Article]:
    """The messages of a page in order; none for a page that has none.

    `kind` is `turn` for a page that shows those of several transcripts side by side.
    """
    parser = _Parser(kind)
    parser.feed(html)
    parser.close()
    return parser.articles


class _Parser(HTMLParser):
    def __init__(self, kind: str) -> None:
        super().__init__(convert_charrefs=True)
        self.kind = kind
        self.anchor = re.compile("m([0-9]+)" if kind == "message" else "[a-z]-m([0-9]+)")
        self.articles: list[Article] = []
        self.open: list[tuple[str, bool]] = []
        """The elements that are open in an article, and whether each hides its text."""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if not self.open:
            anchor = self.anchor.fullmatch(given.get("id", ""))
            if tag == "article" and self.kind in classes and anchor:
                self.articles.append(Article(int(anchor[1])))
                self.open.append((tag, False))
            return
        inside_head = any(name == "header" for name, _ in self.open)
        if tag == "time" and inside_head and not self.articles[-1].at:
            self.articles[-1].at = given.get("datetime", "")
        if tag == "a" and inside_head and "permalink" in classes:
            self.articles[-1].link = given.get("href", "")
        hides = tag in SKIPPED_TAGS or tag == FOLDED or bool(SKIPPED_CLASSES & set(classes))
        if tag not in VOID:
            self.open.append((tag, hides))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth][0] == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        if not self.open:
            return
        if any(name == "h3" for name, _ in self.open) and any(n == "header" for n, _ in self.open):
            self.articles[-1].heading += data
        elif not any(hides for _, hides in self.open):
            self.articles[-1].parts.append(data)
