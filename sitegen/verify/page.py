"""Reads the messages off a transcript's page, as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Article", "ShownPage", "read_page"]

VOID = frozenset(
    [
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
        *("param", "source", "track", "wbr"),
    ]
)
SHOWN_OTHERWISE = frozenset(["markdown-alert-title", "image-link"])
"""Classes of what stands in a message's text and is none of it: names of our own."""
NO_WORDS = frozenset(["math", "svg"])
FOLDED = "details"
MORE = "more"
"""The class of what only says that a long block goes on."""
PARTS = ("messages", "preamble", "banner", "byline")
"""Classes of what else is read of a page."""
BETWEEN = ("day", "gap", "hidden", "blank")
"""Classes of what stands between messages: days, pauses, a heading, that there are none."""
HEAD_ELSE = ("permalink", "line-of", "letter", "side-of")
"""Classes of what stands in the head of a message beside the speaker and the time."""
TIME_INTO = re.compile(r"PT([0-9]+(?:\.[0-9]+)?)S")


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
    offset: float | None = None
    """The seconds into a recording that its head states."""
    reply: str = ""
    """The address of the message that it says it answers; empty for none."""
    marks: str = ""
    """What it says of itself: edited, …"""
    blank: str = ""
    """What stands in place of a text, where there is none."""
    folded: str = ""
    """What is folded in it."""
    parts: list[str] = field(default_factory=list)
    """Its text, without what is folded."""

    @property
    def text(self) -> str:
        """Its text in one."""
        return "".join(self.parts)


@dataclass(slots=True)
class ShownPage:
    """What a page shows of a transcript, or of several."""

    articles: list[Article] = field(default_factory=list)
    """The messages in order; none for a page that has none."""
    titles: list[str] = field(default_factory=list)
    """Its main headings."""
    started: str = ""
    """When it says that the conversation began; empty if it does not."""
    labels: list[str] = field(default_factory=list)
    """The labels of its banner."""
    preamble: str = ""
    """The text before the first message."""
    stray: str = ""
    """Text among the messages that is in none of them."""


def read_page(html: str, kind: str = "message") -> ShownPage:
    """What a page shows.

    `kind` is `turn` for a page that shows the messages of several transcripts side by side.
    """
    parser = _Parser(kind)
    parser.feed(html)
    parser.close()
    return parser.page


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str
    classes: frozenset[str]
    part: str
    """Which part of the page it begins: `message`, `title`, `banner`, …; empty for none."""


class _Parser(HTMLParser):
    def __init__(self, kind: str) -> None:
        super().__init__(convert_charrefs=True)
        self.kind = kind
        self.anchor = re.compile("m([0-9]+)" if kind == "message" else "[a-z]-m([0-9]+)")
        self.page = ShownPage()
        self.open: list[_Element] = []
        """The elements that are open, from the first that begins a part on."""
        self.begun: list[int] = []
        """The places in `open` of those that begin a part."""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = frozenset(given.get("class", "").split())
        part = self._begins(tag, classes, given.get("id", ""))
        if not part and not self.open:
            return
        element = _Element(tag, classes, part)
        if tag not in VOID:
            self.begun += [len(self.open)] if part else []
            self.open.append(element)
        match self._part():
            case "message":
                self._about(element, given)
            case "byline" if tag == "time":
                self.page.started = self.page.started or given.get("datetime", "")
            case "banner" if "label" in classes:
                self.page.labels.append("")

    def _begins(self, tag: str, classes: frozenset[str], name: str) -> str:
        """The part of the page that an element begins."""
        if self._part() == "message":
            return ""
        anchor = self.anchor.fullmatch(name)
        if tag == "article" and self.kind in classes and anchor:
            self.page.articles.append(Article(int(anchor[1])))
            return "message"
        if tag == "h1":
            self.page.titles.append("")
            return "title"
        return next((part for part in PARTS if part in classes), "")

    def _about(self, element: _Element, given: dict[str, str]) -> None:
        """What attributes say of a message."""
        article = self.page.articles[-1]
        if self._inside("header"):
            if element.tag == "time":
                told = given.get("datetime", "")
                if into := TIME_INTO.fullmatch(told):
                    article.offset = float(into[1])
                else:
                    article.at = article.at or told
            if element.tag == "a" and "permalink" in element.classes:
                article.link = given.get("href", "")
        elif element.tag == "a" and self._has("reply"):
            article.reply = given.get("href", "")

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                while self.begun and self.begun[-1] >= depth:
                    self.begun.pop()
                return

    def handle_data(self, data: str) -> None:
        match self._part():
            case "message":
                self._say(self.page.articles[-1], data)
            case "title":
                self.page.titles[-1] += data
            case "preamble":
                self.page.preamble += "" if self._is_chrome() else data
            case "banner" if self._has("label"):
                self.page.labels[-1] += data
            case "messages" if not any(self._has(name) for name in BETWEEN):
                self.page.stray += data

    def _say(self, article: Article, data: str) -> None:
        """Text of a message: what it is depends on where it stands."""
        if self._has("body"):
            if self._has("blank"):
                article.blank += data
            elif self._inside(FOLDED):
                article.folded += "" if self._has(MORE) and self._inside("summary") else data
            elif not self._is_chrome():
                article.parts.append(data)
        elif self._inside("header"):
            if not self._inside("time") and not any(self._has(name) for name in HEAD_ELSE):
                article.heading += data
        elif self._has("marks"):
            article.marks += data
        elif not self._has("reply"):
            article.parts.append(data)

    def _part(self) -> str:
        return self.open[self.begun[-1]].part if self.begun else ""

    def _own(self) -> list[_Element]:
        """The open elements within the part that is read."""
        return self.open[self.begun[-1] :]

    def _inside(self, tag: str) -> bool:
        return any(element.tag == tag for element in self._own())

    def _has(self, name: str) -> bool:
        return any(name in element.classes for element in self._own())

    def _is_chrome(self) -> bool:
        return any(e.tag in NO_WORDS or e.classes & SHOWN_OTHERWISE for e in self._own())
