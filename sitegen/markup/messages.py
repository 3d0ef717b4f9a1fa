"""Message bodies, which other people wrote, to HTML that is complete and harmless."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup

from sitegen.markup.boxes import box_tables
from sitegen.markup.commonmark import render_commonmark
from sitegen.markup.complete import complete
from sitegen.markup.extract import Extractor, Find, show_controls, wrap_raw_blocks
from sitegen.markup.math import mask_dollars
from sitegen.markup.plain import as_typed
from sitegen.markup.sanitize import message_cleaner, sanitize_all
from sitegen.markup.unseen import show_unseen
from sitegen.markup.withheld import show_labels
from sitegen.model import Text
from sitegen.strings import ENGLISH, Strings
from sitegen.text import has_controls, visible

if TYPE_CHECKING:
    from sitegen.redact.labels import Labels

__all__ = ["MessageRenderer", "Rendered"]

MAX_BYTES = 1_000_000
"""A longer body is shown as plain text: parsing it could hold up the build."""

MAX_QUOTES = 100
"""Levels of quotation; more take time that grows with their square."""

MAX_LINKS = 50_000
"""Links of one body; the engines hold a kilobyte for what may become one."""

MAX_REPAIRS = 3
"""How often a body is looked through for what the engine swallowed."""

DEEP_QUOTE = re.compile(rf"^(?:[ \t]*>){{{MAX_QUOTES}}}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One body as HTML."""

    html: Markup
    """Safe to put into a page."""
    problem: str = ""
    """Why it is shown as plain text, if it is."""
    words: str = ""
    """Its text without marks, on one line."""


class MessageRenderer:
    """Renders the bodies of one page after another; keeps the costly parts."""

    def __init__(
        self,
        engine: Literal["commonmark", "markdown"] = "commonmark",
        remote_images: Literal["link", "show"] = "link",
        strings: Strings = ENGLISH,
        labels: Labels | None = None,
    ) -> None:
        self.strings = strings
        self.labels = labels
        self.engine = engine
        self.convert = render_commonmark if engine == "commonmark" else _python_markdown()
        self.show_remote = remote_images == "show"
        self.cleaner = message_cleaner()

    def render(self, texts: Sequence[Text], find: Find | None = None) -> list[Rendered]:
        """HTML of each text, each parsed as a document of its own.

        `find` finds the files of the site that they show.
        """
        extractor = Extractor(self.show_remote, self.strings, self.labels, find)
        # Looked for once on the whole page: hardly any text has them.
        controls = has_controls("".join([text.markdown for text in texts]))
        raw = [self._convert(text, controls, extractor) for text in texts]
        cleaned = sanitize_all([html for html, _ in raw], self.cleaner)
        table = self.strings.text("Table")
        bodies = [
            Rendered(
                Markup(show_unseen(box_tables(extractor.put_back(html), table)).strip()),
                problem,
                words,
            )
            for html, (_, problem), words in zip(
                cleaned, raw, extractor.words(cleaned), strict=True
            )
        ]
        labels = self.labels
        return [_labelled(body, labels) for body in bodies] if labels else bodies

    def _convert(self, text: Text, controls: bool, extractor: Extractor) -> tuple[str, str]:
        """One body as unsanitised HTML, and why it is plain if it is."""
        source = visible(text.markdown) if controls else text.markdown
        if text.plain:
            return extractor.stand_in(as_typed(source, self.strings.text("Drawing")), source), ""
        problem = _too_much(source, self.engine)
        if not problem:
            try:
                html = self._parse(source, text.hard_breaks)
                return extractor.take_out(wrap_raw_blocks(html)), ""
            except (KeyboardInterrupt, SystemExit, MemoryError):
                raise
            except BaseException as error:  # A panic of an engine in Rust is no Exception.
                problem = f"cannot be parsed ({type(error).__name__})"
        plain = f'<pre class="plain">{escape(source, quote=False)}</pre>'
        return extractor.stand_in(plain, source), problem

    def _parse(self, source: str, hard_breaks: bool) -> str:
        """The engine's HTML of a body, in which nothing that was written is missing."""
        mask = mask_dollars(source)
        text = mask.text
        html = self.convert(text, hard_breaks)
        for _ in range(MAX_REPAIRS):  # What one repair shows may have been held together by it.
            whole = complete(text, html, code_binds=self.engine == "markdown")
            if whole == text:
                break
            text, html = whole, self.convert(whole, hard_breaks)
        html = mask.restore(html)
        # CommonMark makes a control only of a reference to one.
        may_hold = "&#" in source or self.engine == "markdown"
        return show_controls(html) if may_hold else html


def _labelled(body: Rendered, labels: Labels) -> Rendered:
    """A body with labels in place of tokens."""
    words = labels.token.sub(lambda match: labels.of_token[match[0]], body.words)
    return replace(body, html=Markup(show_labels(body.html, labels)), words=words)


def _too_much(source: str, engine: str) -> str:
    """Why a body is not given to its engine; empty if it is."""
    if len(source) > MAX_BYTES or len(source.encode()) > MAX_BYTES:
        return f"is over {MAX_BYTES // 1_000_000} MB"
    if ">" in source and DEEP_QUOTE.search(source):
        return f"has quotations nested over {MAX_QUOTES} deep"
    if source.count("](") > MAX_LINKS:
        return f"has over {MAX_LINKS:,} links"
    if engine == "markdown" and _is_too_costly(source):
        return "has a block too long for this engine"
    return ""


def _is_too_costly(source: str) -> bool:
    from sitegen.markup.pymarkdown import is_too_costly

    return is_too_costly(source)


def _python_markdown() -> Callable[[str, bool], str]:
    from sitegen.markup.pymarkdown import message_markdown

    converters = {breaks: message_markdown(breaks) for breaks in (False, True)}

    def convert(source: str, hard_breaks: bool) -> str:
        return str(converters[hard_breaks].reset().convert(source))

    return convert
