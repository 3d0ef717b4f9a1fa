"""What a built page holds that can be broken: its ids, links and images.

Read with the standard library's parser: it takes pages of any layout, needs no further
dependency, and unlike an XML parser it never stops at a mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

__all__ = ["PREAMBLE", "Link", "PageFacts", "read_page_facts", "style_links", "xml_links"]

MESSAGE_ID = re.compile(r"m([1-9]\d{0,8})")
STYLE_URL = re.compile(r"""url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"')]+))\s*\)""")
STYLE_IMPORT = re.compile(r"""@import\s+(?:"([^"\n]*)"|'([^'\n]*)')""")
STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
XML_LINK = re.compile(r"""<loc>\s*([^<]*?)\s*</loc>|<link\b[^>]*?\bhref="([^"]*)\"""")
REFERENCES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))

PREAMBLE = -1
"""Stands for the number of a message where there is none yet."""

ADDRESSES = ("href", "src", "xlink:href", "poster", "data")
"""Attributes that hold an address; `srcset` holds several."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page names."""

    target: str
    """As written in the page."""
    message: int = 0
    """The number of the message that holds it; 0 outside of messages, `PREAMBLE` in the
    text before the first."""
    is_image: bool = False
    """True for a picture."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What one page holds."""

    ids: frozenset[str] = frozenset()
    """Every id, at which a link can point."""
    repeated: tuple[str, ...] = ()
    """Ids that are given more than once, in order."""
    links: tuple[Link, ...] = ()
    """Every address, each once for each message."""
    silent: tuple[Link, ...] = ()
    """Pictures without a text that says what they show."""
    dead: tuple[Link, ...] = ()
    """Addresses in messages that are shown as text because they are not followed."""


def read_page_facts(html: str) -> PageFacts:
    """Read a page."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    counts = Counter(parser.ids)
    return PageFacts(
        frozenset(counts),
        tuple(name for name, count in counts.items() if count > 1),
        tuple(parser.links),
        tuple(parser.silent),
        tuple(parser.dead),
    )


class _Parser(HTMLParser):
    """One pass over the tags of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: dict[Link, None] = {}
        self.silent: dict[Link, None] = {}
        self.dead: dict[Link, None] = {}
        self.message = 0
        self.shown: list[str] | None = None
        """The pieces of an address that is shown as text, while it is read."""
        self.after_image = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in reversed(attrs)}  # The first one counts.
        if "id" in about:
            self.ids.append(about["id"])
        if tag == "article":
            found = MESSAGE_ID.fullmatch(about.get("id", ""))
            self.message = int(found[1]) if found else 0
        elif tag == "section" and about.get("class") == "preamble":
            self.message = PREAMBLE
        is_image = tag in ("img", "source") or about.get("rel") == "icon"
        for target in _targets(tag, about):
            self.links.setdefault(Link(target, self.message, is_image))
        if tag == "img" and not about.get("alt", "").strip():
            self.silent.setdefault(Link(about.get("src", ""), self.message, True))
        if tag == "code" and about.get("class") == "target" and self.message:
            self.shown = []
        elif tag == "span":
            self.after_image = about.get("class") == "image-link"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("article", "section"):  # Neither is ever part of a message.
            self.message = 0
        elif tag == "code" and self.shown is not None:
            address = "".join(self.shown)
            self.dead.setdefault(Link(address, self.message, self.after_image))
            self.shown, self.after_image = None, False

    def handle_data(self, data: str) -> None:
        if self.shown is not None:
            self.shown.append(data)


def _targets(tag: str, about: Mapping[str, str]) -> Iterator[str]:
    for name in ADDRESSES:
        if name in about:
            yield about[name]
    for candidate in about.get("srcset", "").split(","):
        if candidate.strip():
            yield candidate.split()[0]
    if tag == "meta" and about.get("property", "") in ("og:image", "og:url"):
        yield about.get("content", "")


def style_links(css: str) -> list[Link]:
    """The addresses that a style sheet names."""
    text = STYLE_COMMENT.sub(" ", css)
    found = [*STYLE_URL.findall(text), *STYLE_IMPORT.findall(text)]
    return [Link("".join(groups).strip(), is_image=True) for groups in found]


def xml_links(xml: str) -> list[Link]:
    """The addresses of a sitemap, and those of a feed's own `link` elements."""
    return [Link(_unescape("".join(groups))) for groups in XML_LINK.findall(xml)]


def _unescape(text: str) -> str:
    for reference, sign in REFERENCES:
        text = text.replace(reference, sign)
    return text
