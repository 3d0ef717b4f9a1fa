"""HTML as a browser's parser sees it, for tests that ask what is in it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta", "mspace"}
ENTITY = re.compile(r"&(?:#\w+|\w+);?")


class Parsed(HTMLParser):
    """The tags, attributes and text of a fragment or a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()
        self.unbalanced += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if len(named) < len(attrs):
            self.others.append(f"<{tag}> has an attribute twice")
        self.tags.append((tag, named))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unbalanced.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.others.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        self.others.append(f"<?{data}")

    def unknown_decl(self, data: str) -> None:
        self.others.append(f"<![{data}")

    @property
    def text(self) -> str:
        """The visible text, tags taken out without a trace."""
        return "".join(self.pieces)

    def values(self, *names: str) -> list[str]:
        """The values of these attributes, in order."""
        return [value for _, attrs in self.tags for key, value in attrs.items() if key in names]


def text_of(html: str) -> str:
    """The visible text of a fragment."""
    return Parsed(html).text


def words(text: str) -> set[str]:
    """Runs of at least three letters or digits; entities are none."""
    return set(re.findall(r"[^\W_]{3,}", ENTITY.sub(" ", text)))


def missing(source: str, html: str) -> set[str]:
    """The words of a source that are neither in the text of its HTML nor in an attribute
    that a reader can get at."""
    page = Parsed(html)
    shown = [page.text, *page.values("href", "alt", "title", "aria-label", "src")]
    everything = "\n".join(shown).casefold()
    return {word for word in words(source) if word.casefold() not in unescape(everything)}
