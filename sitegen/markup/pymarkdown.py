"""Python-Markdown with the extensions that bring it near to what chats are written in."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html import escape
from html.entities import html5
from typing import Any
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.util import AtomicString
from pymdownx.superfences import (  # type: ignore[import-untyped]
    SuperFencesBlockPreprocessor,
)

__all__ = ["is_too_costly", "message_markdown", "prose_markdown"]

MATH = (
    r"(?<!\\)(?:\$\$(?P<dollars>(?:[^$\\]|\\.)+)\$\$|\$(?P<dollar>(?:[^$\\\n]|\\.)+)\$"
    r"|\\\((?P<round>.+?)\\\)|\\\[(?P<brackets>.+?)\\\])"
)


MARK = re.compile(r"[\[(\\*_`~$&<#+|>@-]|\d\.")
FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})(.*)")
MAX_COST = 40_000_000
"""Time grows with the square of the marks in a block; this many take about a second."""

BRACKET = re.compile(r"[\[\]]")
BRACKET_COST = 8

BRACED = re.compile(r"\{[ \t]*\.([\w#.+-]+)[ \t]*(.*)\}")
ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*;)")


def is_too_costly(source: str) -> bool:
    """Whether the parser would take minutes.

    In each block it compares every mark with all others, and looks for the end of every
    bracket sign by sign.
    """
    cost = marks = fences = inside = 0
    fence = ""
    brackets = _Brackets()
    for line in source.split("\n"):
        found = 1 + len(MARK.findall(line))
        if opening := FENCE.fullmatch(line):
            fences += 1
            if not fence:
                fence = opening[1]
            elif opening[1].startswith(fence) and not opening[2].strip():
                fence, inside = "", 0
        if fence:
            inside += found
        elif line and not line.isspace():
            marks += found
            brackets.read(line)
        else:
            cost += marks**2 + brackets.end()
            marks = 0
    # A fence that nobody closes is text.
    return cost + (marks + inside) ** 2 + brackets.end() + fences**2 > MAX_COST


class _Brackets:
    """Adds up how far the brackets of a block reach."""

    def __init__(self) -> None:
        self.open: list[int] = []
        self.length = self.reach = 0

    def read(self, line: str) -> None:
        """Take the next line of the block."""
        for bracket in BRACKET.finditer(line):
            place = self.length + bracket.start()
            if bracket[0] == "[":
                self.open.append(place)
            elif self.open:
                self.reach += place - self.open.pop()
        self.length += len(line)

    def end(self) -> int:
        """The cost of the block that ends here."""
        reach = self.reach + sum(self.length - place for place in self.open)
        self.open.clear()
        self.length = self.reach = 0
        return BRACKET_COST * reach


def message_markdown(hard_breaks: bool) -> markdown.Markdown:
    """A converter for message bodies: raw HTML is text, fences and lists as in chats."""
    converter = markdown.Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            "sane_lists",
            "pymdownx.superfences",
            "pymdownx.tilde",
            "pymdownx.tasklist",
            "pymdownx.magiclink",
            "pymdownx.highlight",
            *(["nl2br"] if hard_breaks else []),
        ],
        extension_configs={
            "pymdownx.superfences": {"disable_indented_code_blocks": False, "custom_fences": []},
            "pymdownx.highlight": {"use_pygments": False},
            "pymdownx.tilde": {"subscript": False},
        },
        tab_length=2,
    )
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    # Before backslash escapes (180), which would take `\\(` apart, after code (190).
    converter.inlinePatterns.register(_Math(MATH, converter), "math", 185)
    fences = converter.preprocessors["fenced_code_block"]
    converter.preprocessors.register(_Fences(fences), "fenced_code_block", 25)
    converter.postprocessors.register(_Entities(converter), "entities", 0)
    return converter


class _Fences(SuperFencesBlockPreprocessor):  # type: ignore[misc]
    """Fences with any info string, as the CommonMark engine takes them."""

    formatter: Callable[..., str]

    def __init__(self, standard: SuperFencesBlockPreprocessor) -> None:
        super().__init__(standard.md)
        self.config = standard.config
        self.extension = standard.extension

    def parse_options(self, m: re.Match[str]) -> bool:
        """Take the info string of a fence; False if the line opens none."""
        info = m.string[m.end("fence") :].strip()
        if m["fence"][0] == "`" and "`" in info:
            return False
        braced = BRACED.fullmatch(info)
        written = f"{braced[1]} {braced[2]}" if braced else info
        self.lang, _, about = written.partition(" ")
        self.formatter = partial(_code, about=about.strip())
        return True

    handle_attrs = handle_unrecognized = parse_options


def _code(src: str, language: str, about: str, **_: Any) -> str:
    """Code the way the CommonMark engine puts it out."""
    meta = f' data-meta="{escape(about)}"' if about else ""
    kind = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{kind}{meta}>{escape(src)}\n</code></pre>"


class _Entities(Postprocessor):
    """Escapes what looks like an entity and is none: a browser reads `&notit;` as `¬it;`."""

    def run(self, text: str) -> str:
        """The HTML with known entities only."""
        return ENTITY.sub(lambda match: match[0] if match[1] in html5 else f"&amp;{match[1]}", text)


class _Math(InlineProcessor):
    """Marks mathematics the way the CommonMark engine does."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], _data: str
    ) -> tuple[Element, int, int]:
        """The element of one formula, and the span of text it stands for."""
        display = m.lastgroup in ("dollars", "brackets")
        element = Element("span", {"data-math-style": "display" if display else "inline"})
        element.text = AtomicString(m[m.lastgroup or 0])
        return element, m.start(0), m.end(0)


def prose_markdown() -> markdown.Markdown:
    """A converter for authored text, with the extensions that authors of sites know."""
    return markdown.Markdown(
        extensions=[
            "abbr",
            "admonition",
            "attr_list",
            "def_list",
            "fenced_code",
            "footnotes",
            "sane_lists",
            "tables",
            "toc",
        ],
        output_format="html",
    )
