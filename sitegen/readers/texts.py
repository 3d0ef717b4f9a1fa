"""Recognises what a text is and reads it: the model format, a chat, or a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sitegen.model import Source, Transcript
from sitegen.readers import aider, canonical, dialogue, document
from sitegen.readers.assemble import Finder
from sitegen.readers.chat import Sheet, Style, read_chat
from sitegen.readers.chats import LOOSE, STRICT
from sitegen.readers.frontmatter import FrontMatter
from sitegen.readers.spoken import SPOKEN

__all__ = ["TEXT_FORMATS", "Found", "read_text"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a text was taken for, and what it holds."""

    transcripts: tuple[Transcript, ...]
    """Its conversations, at least one."""
    reason: str
    """By what it was recognised."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to read a text."""

    format: str
    recognise: Callable[[Sheet], str]
    read: Callable[[Sheet, Source, str, str, Finder], list[Transcript]]


def _chat(style: Style) -> _Way:
    def read(
        sheet: Sheet, source: Source, slug: str, timezone: str, finder: Finder
    ) -> list[Transcript]:
        transcript = read_chat(style, sheet, source, slug, timezone, finder)
        return [transcript] if transcript else []

    return _Way(style.format, style.recognise, read)


def _read_dialogue(
    sheet: Sheet, source: Source, slug: str, timezone: str, finder: Finder
) -> list[Transcript]:
    transcript = dialogue.read_dialogue(sheet.front, source, slug, timezone, finder)
    return [transcript] if transcript else []


WAYS = (
    _Way(canonical.FORMAT, canonical.recognise_canonical, canonical.read_canonical),
    _Way(dialogue.FORMAT, dialogue.recognise_exported, _read_dialogue),
    _Way(aider.FORMAT, aider.recognise_aider, aider.read_aider),
    *(_chat(style) for style in STRICT),
    _Way(dialogue.FORMAT, dialogue.recognise_marked, _read_dialogue),
    _chat(LOOSE[0]),
    _Way(dialogue.FORMAT, lambda _: "headings after rules", _read_dialogue),
    *(_chat(style) for style in (*LOOSE[1:], *SPOKEN)),
)
"""The ways in the order in which they are tried: the surer the sign, the sooner."""

TEXT_FORMATS = (*dict.fromkeys(way.format for way in WAYS), document.FORMAT)
"""The names of all formats that are text, as the configuration takes them."""


def read_text(
    front: FrontMatter, source: Source, slug: str, timezone: str, finder: Finder, format: str = ""
) -> Found:
    """Read a text as the first format that it shows itself to be and that finds messages.

    With a `format`, only as that; a text in which it finds no message is a document.
    """
    sheet = Sheet(front, front.body.split("\n"))
    for way in WAYS:
        if format and way.format != format:
            continue
        reason = way.recognise(sheet) or (format and "named in the configuration")
        said = len(finder.found)
        found = way.read(sheet, source, slug, timezone, finder) if reason else []
        if found:
            return Found(tuple(found), reason)
        del finder.found[said:]
    found = [document.read_document(front, source, slug, timezone, finder)]
    return Found(tuple(found), "no message was found")
