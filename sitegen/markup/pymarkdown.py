"""Python-Markdown with the extensions that bring it near to what chats are written in."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

__all__ = ["message_markdown", "prose_markdown"]

MATH = (
    r"(?<!\\)(?:\$\$(?P<dollars>[^$\n]+)\$\$|\$(?P<dollar>[^$\n]+)\$"
    r"|\\\((?P<round>.+?)\\\)|\\\[(?P<brackets>.+?)\\\])"
)


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
    return converter


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
        extension_configs={"toc": {"title": "", "baselevel": 2}},
        output_format="html",
    )
