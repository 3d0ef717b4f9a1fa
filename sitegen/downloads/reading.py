"""`transcript.txt`: a transcript to be read, or read aloud, without any marks of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sitegen.config import Config
from sitegen.formats import Formats
from sitegen.model import (
    Attachment,
    Block,
    Image,
    Message,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
)
from sitegen.text import visible
from sitegen.urls import Urls

__all__ = ["text_pieces"]

FORMS = Formats()
"""In English, whatever the site's language: the file has no words but a few."""


def text_pieces(transcript: Transcript, key: str, config: Config) -> Iterator[str]:
    """A transcript as plain text; every message begins with its number and its speaker."""
    yield transcript.title
    facts = "\n".join(_facts(transcript, key, config))
    for text in (facts, transcript.note, transcript.preamble):
        if text.strip():
            yield _paragraph(text)
    before: datetime | None = None
    for message in transcript.messages:
        yield _paragraph(f"{_heading(message, before)}\n\n{_body(message)}")
        before = message.at or before
    yield "\n"


def _paragraph(text: str) -> str:
    return "\n\n" + text.strip("\n")


def _facts(transcript: Transcript, key: str, config: Config) -> Iterator[str]:
    if transcript.summary:
        yield f"Summary: {transcript.summary}"
    names = [_named(person.name, person.role, person.model) for person in transcript.participants]
    if names:
        yield f"Participants: {'; '.join(names)}"
    for label, when in (("Started", transcript.started), ("Ended", transcript.ended)):
        if when:
            yield f"{label}: {FORMS.moment(when, when.tzname() or '')}"
    yield f"Messages: {len(transcript.messages)}"
    for name, value in transcript.extra:
        yield f"{name}: {value}"
    if transcript.labels:
        yield f"Labels: {'; '.join(transcript.labels)}"
    if transcript.tags:
        yield f"Tags: {'; '.join(transcript.tags)}"
    urls = Urls(config.pages.urls, config.site.base_url, config.base_path)
    if address := urls.absolute(urls.path(key)):
        yield f"Address: {address}"
    yield f"Source: {visible(transcript.source.rel)}"


def _named(name: str, *about: str) -> str:
    told = ", ".join(word for word in about if word)
    return f"{name} ({told})" if told else name


def _heading(message: Message, before: datetime | None) -> str:
    """`[12] Ada, 17:12`; the day where it is another than the message's before."""
    parts = [f"[{message.number}] {message.speaker or message.role}".rstrip()]
    if message.at is not None:
        parts.append(_time(message.at, before))
    if message.offset is not None:
        parts.append(FORMS.time_into(message.offset))
    if message.reply_to:
        parts.append(f"in reply to {message.reply_to}")
    return ", ".join([*parts, *map(visible, message.marks)])


def _time(at: datetime, before: datetime | None) -> str:
    same_day = before and before.date() == at.date()
    return FORMS.clock(at) if same_day else f"{FORMS.day(at)}, {FORMS.clock(at)}"


def _body(message: Message) -> str:
    if message.is_blank:
        return "(blank message)"
    return "\n\n".join(_block(block).strip("\n") for block in message.blocks)


def _block(block: Block) -> str:
    """The words of a block; what is no text is named in brackets."""
    match block:
        case Text():
            return block.markdown
        case Thinking():
            return f"(thinking)\n{block.markdown}"
        case ToolCall():
            return f"(uses {block.name})\n{block.input}"
        case ToolResult():
            return f"({'failed' if block.is_error else 'result'})\n{block.text}"
        case Image():
            # The bytes of a picture are nothing to read; transcript.json has them.
            place = "" if block.src.startswith("data:") else block.src
            return f"(image: {'; '.join(filter(None, (block.alt, place)))})"
        case Attachment():
            told = filter(None, (block.name, block.note, block.href))
            return f"(attachment: {'; '.join(told)})"
