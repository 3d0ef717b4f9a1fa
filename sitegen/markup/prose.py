"""Authored text (pages, the editor's note) to HTML by Python-Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import TYPE_CHECKING, Literal, TypeAlias

from markupsafe import Markup

from sitegen.errors import SourceError
from sitegen.markup.boxes import box_tables
from sitegen.markup.extract import Outline, attributes, image, show_controls
from sitegen.markup.highlight import code_block
from sitegen.markup.pymarkdown import is_too_costly, prose_markdown
from sitegen.markup.sanitize import prose_cleaner
from sitegen.markup.unseen import show_unseen
from sitegen.markup.withheld import show_labels
from sitegen.text import visible

if TYPE_CHECKING:
    from sitegen.redact.labels import Labels

__all__ = ["Locate", "ProseRenderer"]

Locate: TypeAlias = Callable[[str], str]
"""From the target of a link, as written, to where it leads on the site."""

CODE = re.compile(r"<pre><code([^>]*)>(.*?)</code></pre>", re.DOTALL)
STAND_IN = re.compile("<p>\ufdd1(\\d+)\ufdd2</p>")
IMAGE = re.compile(r"<(?P<link>a) |</(?P<unlink>a)>|<img(?P<image>[^>]*)>")
HEADING = re.compile(r"<(?P<close>/?)h(?P<level>[1-6])\b")
TARGET = re.compile(r'(<a\b[^>]*? href=")([^"]*)')
ANCHOR = re.compile(r'(<a\b[^>]*? href="#)')
# A browser reads `\` as `/` and passes over tabs, so that `\\host` is another host too.
LOCAL = re.compile(r"(?!\w[\w+.-]*:|//)[^\s\\][^\\\t\n\r\f]*\Z")


class ProseRenderer:
    """Renders authored Markdown; headings begin at h2, code is highlighted.

    `id_prefix` keeps the ids of a note apart from those of the page around it; `table` is what
    a screen reader calls a table, in the site's language.
    """

    def __init__(
        self,
        id_prefix: str = "",
        remote_images: Literal["link", "show"] = "link",
        labels: Labels | None = None,
        table: str = "Table",
    ) -> None:
        self.labels = labels
        self.table = table
        self.converter = prose_markdown()
        self.cleaner = prose_cleaner(id_prefix)
        self.id_prefix = id_prefix
        self.show_remote = remote_images == "show"

    def render(self, markdown: str, name: str = "", locate: Locate | None = None) -> Markup:
        """HTML of a text by the site's own author; scripts and handlers are taken out.

        `locate` says where the link to a source leads.

        Raises:
            SourceError: the text, which stands in the file `name`, would take minutes or
                more memory than there is.
        """
        problem = "has a block too long to be parsed" if is_too_costly(markdown) else ""
        try:
            html = "" if problem else str(self.converter.reset().convert(visible(markdown)))
        except RecursionError:
            problem = "is nested too deep to be parsed"
        if problem:
            raise SourceError(
                f"the text {problem}", path=name, hint="divide it into paragraphs, or simplify it"
            )
        return self._finish(html, locate)

    def _finish(self, html: str, locate: Locate | None) -> Markup:
        """What Python-Markdown put out, cleaned and with our own code and images."""
        blocks: list[str] = []

        def take_out(match: re.Match[str]) -> str:
            language = attributes(match[1]).get("class", "").removeprefix("language-")
            blocks.append(code_block(unescape(match[2]), language))
            return f"<p>\ufdd1{len(blocks) - 1}\ufdd2</p>"

        shown = CODE.sub(take_out, show_controls(html))
        cleaned = _headings(self._images(self.cleaner.clean(shown)))
        if self.id_prefix:  # The cleaner puts it before ids, but not into links to them.
            cleaned = ANCHOR.sub(rf"\g<1>{self.id_prefix}", cleaned)
        cleaned = box_tables(cleaned, self.table)
        if locate:
            cleaned = TARGET.sub(lambda a: a[1] + escape(locate(unescape(a[2]))), cleaned)
        whole = show_unseen(STAND_IN.sub(lambda match: blocks[int(match[1])], cleaned))
        return Markup(show_labels(whole, self.labels) if self.labels else whole)

    def _images(self, html: str) -> str:
        """Images of the site stay; those of other hosts become links, as in messages."""
        in_link = False

        def replace(match: re.Match[str]) -> str:
            nonlocal in_link
            if match.lastgroup != "image":
                in_link = match.lastgroup == "link"
                return match[0]
            about = attributes(match["image"])
            if LOCAL.match(about.get("src", "")):
                return match[0]
            return image(about, self.show_remote, in_link)

        return IMAGE.sub(replace, html)


def _headings(html: str) -> str:
    """Headings below the page's own (h1), with no level left out."""
    outline = Outline(1)

    def replace(match: re.Match[str]) -> str:
        level = outline.place(int(match["level"]), bool(match["close"]))
        return f"<{match['close']}h{level}"

    return HEADING.sub(replace, html)
