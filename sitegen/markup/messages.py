"""Message bodies, which other people wrote, to HTML that is complete and harmless."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Literal
from urllib.parse import unquote

from markupsafe import Markup

from sitegen.markup.commonmark import render_commonmark
from sitegen.markup.extract import Extractor, wrap_raw_blocks
from sitegen.markup.math import mask_dollars
from sitegen.markup.sanitize import message_cleaner, sanitize_all
from sitegen.model import Text
from sitegen.text import visible

__all__ = ["MessageRenderer", "Rendered", "plain_text"]

MAX_BYTES = 1_000_000
"""A longer body is shown as plain text: parsing it could hold up the build."""

MAX_QUOTES = 100
"""Levels of quotation; more take time that grows with their square."""

DEEP_QUOTE = re.compile(rf"^(?:[ \t]*>){{{MAX_QUOTES}}}", re.MULTILINE)
DEFINITION = re.compile(r"^ {0,3}(?=\[([^\]\n]+)\]:[ \t]*(<[^>\n]*>|\S+))", re.MULTILINE)
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
ROW = re.compile(r"</tr>")
HTML_TAG = re.compile(r"<[^>]*>")
WIDE_ROW = 60
"""A row of more characters may need its own scroll box, which must take the focus."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One body as HTML."""

    html: Markup
    """Safe to put into a page."""
    problem: str = ""
    """Why it is shown as plain text, if it is."""


class MessageRenderer:
    """Renders the bodies of one page after another; keeps the costly parts."""

    def __init__(
        self,
        engine: Literal["commonmark", "markdown"] = "commonmark",
        remote_images: Literal["link", "show"] = "link",
    ) -> None:
        self.convert = render_commonmark if engine == "commonmark" else _python_markdown()
        self.show_remote = remote_images == "show"
        self.cleaner = message_cleaner()

    def render(self, texts: Sequence[Text]) -> list[Rendered]:
        """HTML of each text, each parsed as a document of its own."""
        extractor = Extractor(self.show_remote)
        raw = [self._convert(text, extractor) for text in texts]
        cleaned = sanitize_all([html for html, _ in raw], self.cleaner)
        return [
            Rendered(Markup(TABLE.sub(_table_box, extractor.put_back(html)).strip()), problem)
            for html, (_, problem) in zip(cleaned, raw, strict=True)
        ]

    def _convert(self, text: Text, extractor: Extractor) -> tuple[str, str]:
        """One body as unsanitised HTML, and why it is plain if it is."""
        source = visible(text.markdown)
        problem = _too_much(source)
        if not problem:
            try:
                html = self._parse(source, text.hard_breaks)
                return extractor.take_out(wrap_raw_blocks(html)), ""
            except (KeyboardInterrupt, SystemExit, MemoryError):
                raise
            except BaseException as error:  # A panic of an engine in Rust is no Exception.
                problem = f"cannot be parsed ({type(error).__name__})"
        plain = f'<pre class="plain">{escape(source, quote=False)}</pre>'
        return extractor.stand_in(plain), problem

    def _parse(self, source: str, hard_breaks: bool) -> str:
        """The engine's HTML of a body, in which nothing that was written is missing.

        A definition of a link (`[name]: address`) that no link uses, which Markdown
        swallows, is shown as text.
        """
        mask = mask_dollars(source)
        html = self.convert(mask.text, hard_breaks)
        if "]:" in source:
            shown = unquote(html)
            text = mask.text
            for match in reversed(list(DEFINITION.finditer(text))):
                if unquote(escape(match[2].strip("<>"))) not in shown:
                    text = f"{text[: match.end()]}\\{text[match.end() :]}"
            if text != mask.text:
                html = self.convert(text, hard_breaks)
        return mask.restore(html)


def _too_much(source: str) -> str:
    if len(source) > MAX_BYTES or len(source.encode()) > MAX_BYTES:
        return f"is over {MAX_BYTES // 1_000_000} MB"
    if ">" in source and DEEP_QUOTE.search(source):
        return f"has quotations nested over {MAX_QUOTES} deep"
    return ""


def _python_markdown() -> Callable[[str, bool], str]:
    from sitegen.markup.pymarkdown import message_markdown

    converters = {breaks: message_markdown(breaks) for breaks in (False, True)}

    def convert(source: str, hard_breaks: bool) -> str:
        return str(converters[hard_breaks].reset().convert(source))

    return convert


def _table_box(table: re.Match[str]) -> str:
    """A table in a box of its own that scrolls, by keyboard too where it may have to."""
    widest = max(len(HTML_TAG.sub("", row)) for row in ROW.split(table[0]))
    focus = ' tabindex="0" role="group" aria-label="Table"' if widest > WIDE_ROW else ""
    return f'<div class="table"{focus}>{table[0]}</div>'


def plain_text(html: str) -> str:
    """The words of HTML that this room made, on one line."""
    return " ".join(unescape(HTML_TAG.sub(" ", html)).split())
