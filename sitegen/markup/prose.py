"""Authored text (pages, the editor's note) to HTML by Python-Markdown."""

from __future__ import annotations

import re

from markupsafe import Markup

from sitegen.markup.extract import attributes
from sitegen.markup.highlight import code_block
from sitegen.markup.pymarkdown import prose_markdown
from sitegen.markup.sanitize import prose_cleaner
from sitegen.text import visible

__all__ = ["ProseRenderer"]

CODE = re.compile(r"<pre><code([^>]*)>(.*?)</code></pre>", re.DOTALL)
STAND_IN = re.compile("<p>\ufdd1(\\d+)\ufdd2</p>")


class ProseRenderer:
    """Renders authored Markdown; headings begin at h2, code is highlighted.

    `id_prefix` keeps the ids of a note apart from those of the page around it.
    """

    def __init__(self, id_prefix: str = "") -> None:
        self.converter = prose_markdown()
        self.cleaner = prose_cleaner(id_prefix)

    def render(self, markdown: str) -> Markup:
        """HTML of a text by the site's own author; scripts and handlers are taken out."""
        from html import unescape

        blocks: list[str] = []

        def take_out(match: re.Match[str]) -> str:
            language = attributes(match[1]).get("class", "").removeprefix("language-")
            blocks.append(code_block(unescape(match[2]), language))
            return f"<p>\ufdd1{len(blocks) - 1}\ufdd2</p>"

        html = str(self.converter.reset().convert(visible(markdown)))
        cleaned = self.cleaner.clean(CODE.sub(take_out, html))
        return Markup(STAND_IN.sub(lambda match: blocks[int(match[1])], cleaned))
