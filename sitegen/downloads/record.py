"""`transcript.json`: a transcript as data, and the JSON Schema that describes it.

The schema is generated from the types below, so that neither can differ from the other.
What a field would say by its default is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Struct

from sitegen.config import Config
from sitegen.downloads import SCHEMA_PATH
from sitegen.formats import timestamp
from sitegen.jsontext import encode
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

__all__ = ["json_pieces", "schema"]

VERSION = 1
"""Raised when a reader of the version before would misread the next; new fields do not."""

Time: TypeAlias = Annotated[
    str,
    Meta(
        description="RFC 3339, with the offset that it had.",
        extra_json_schema={"format": "date-time"},
    ),
]
Count: TypeAlias = Annotated[int, Meta(ge=0)]


def _told(description: str) -> Meta:
    return Meta(description=description)


class TextRecord(Struct, frozen=True, omit_defaults=True, tag="text"):
    """What the speaker wrote."""

    markdown: Annotated[str, _told("The text exactly as written.")]
    hard_breaks: Annotated[bool, _told("True where a line end is a line end.")] = False
    plain: Annotated[bool, _told("True for text that is no Markdown.")] = False


class ThinkingRecord(Struct, frozen=True, omit_defaults=True, tag="thinking"):
    """What a model thought before or while it answered."""

    markdown: Annotated[str, _told("The text exactly as written.")]


class ToolCallRecord(Struct, frozen=True, omit_defaults=True, tag="tool_call"):
    """A tool that the speaker used."""

    name: Annotated[str, _told("The tool's name.")]
    input: Annotated[str, _told("What it was given: JSON, or the text as written.")]
    id: Annotated[str, _told("By what its result names it.")] = ""
    language: Annotated[str, _told("The language of the input; empty for plain text.")] = "json"


class ToolResultRecord(Struct, frozen=True, omit_defaults=True, tag="tool_result"):
    """What a tool answered."""

    text: Annotated[str, _told("The output as written.")]
    call_id: Annotated[str, _told("The id of its call; empty: of the call before it.")] = ""
    is_error: Annotated[bool, _told("True if the tool failed.")] = False


class ImageRecord(Struct, frozen=True, omit_defaults=True, tag="image"):
    """A picture."""

    src: Annotated[str, _told("A data: URI, an address, or a path beside the source.")]
    alt: Annotated[str, _told("What it shows, in words.")] = ""


class AttachmentRecord(Struct, frozen=True, omit_defaults=True, tag="attachment"):
    """A file that was sent with the message."""

    name: Annotated[str, _told("Its name as written.")]
    href: Annotated[str, _told("An address, or a path beside the source.")] = ""
    note: Annotated[str, _told("What else is known of it.")] = ""


BlockRecord: TypeAlias = (
    TextRecord | ThinkingRecord | ToolCallRecord | ToolResultRecord | ImageRecord | AttachmentRecord
)


class MessageRecord(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One turn of one speaker."""

    number: Annotated[int, Meta(ge=1, description="Its place; on the page it is #m<number>.")]
    speaker: Annotated[str, _told("The name as written; empty where nobody speaks.")]
    role: Annotated[str, _told("The role that the source gives: user, assistant, notice, …")] = ""
    id: Annotated[str, _told("The name that its export gives the message.")] = ""
    at: Annotated[Time | None, _told("When it was said.")] = None
    offset: Annotated[float | None, _told("Seconds from the start of the recording.")] = None
    reply_to: Annotated[Count, _told("The number of the message that it answers; 0: none.")] = 0
    marks: Annotated[tuple[str, ...], _told("What the record says of it: edited, …")] = ()
    content: Annotated[tuple[BlockRecord, ...], _told("What it is made of, in order.")]


class ParticipantRecord(Struct, frozen=True, omit_defaults=True):
    """One voice."""

    name: Annotated[str, _told("The name as written.")]
    role: Annotated[str, _told("The part played.")] = ""
    model: Annotated[str, _told("The model behind the voice.")] = ""


class HeaderRecord(Struct, frozen=True):
    """A header of the source that has no field of its own."""

    name: str
    value: str


class TranscriptRecord(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One conversation, complete and as written."""

    schema_link: Annotated[str, _told("Where this schema is, seen from the file.")] = msgspec.field(
        default="", name="$schema"
    )
    version: Annotated[int, Meta(ge=1, le=VERSION, description="The version of this schema.")]
    key: Annotated[str, _told("Its page in the site, without an ending.")]
    url: Annotated[str, _told("The address of its page, where the site's address is known.")] = ""
    title: Annotated[str, _told("One line of plain text.")]
    summary: Annotated[str, _told("The editor's summary.")] = ""
    started: Annotated[Time | None, _told("When it began; midnight sharp: the day alone.")] = None
    ended: Annotated[Time | None, _told("When it ended.")] = None
    language: Annotated[str, _told("BCP 47 tag of the text.")] = ""
    participants: Annotated[tuple[ParticipantRecord, ...], _told("By first appearance.")] = ()
    declared_messages: Annotated[Count | None, _told("The count that the source states.")] = None
    tags: Annotated[tuple[str, ...], _told("Subjects.")] = ()
    labels: Annotated[tuple[str, ...], _told("What the record is or is not: excerpt, …")] = ()
    headers: Annotated[tuple[HeaderRecord, ...], _told("Further headers, as written.")] = ()
    source: Annotated[str, _told("The file it was read from, in the archive's content folder.")]
    format: Annotated[str, _told("The format that the source was recognised as.")] = ""
    note: Annotated[str, _told("The editor's note, in Markdown.")] = ""
    preamble: Annotated[str, _told("Markdown that stands before the first message.")] = ""
    messages: Annotated[tuple[MessageRecord, ...], _told("Every message, in order.")]


END = b"]}"
"""How the record ends: the messages are its last member."""


def json_pieces(transcript: Transcript, key: str, config: Config) -> Iterator[bytes]:
    """A transcript as `transcript.json`; `key` is its page without an ending."""
    yield encode(_head(transcript, key, config)).removesuffix(END)
    comma = b""
    for message in transcript.messages:
        yield comma + encode(_message(message))
        comma = b","
    yield END + b"\n"


def _head(transcript: Transcript, key: str, config: Config) -> TranscriptRecord:
    """All of a transcript but its messages."""
    urls = Urls(config.pages.urls, config.site.base_url, config.base_path)
    return TranscriptRecord(
        version=VERSION,
        schema_link=urls.link(SCHEMA_PATH, f"{key}/"),
        key=key,
        url=urls.absolute(urls.path(key)),
        title=transcript.title,
        source=visible(transcript.source.rel),
        format=transcript.format,
        summary=transcript.summary,
        note=transcript.note,
        started=timestamp(transcript.started) if transcript.started else None,
        ended=timestamp(transcript.ended) if transcript.ended else None,
        declared_messages=transcript.declared_messages,
        language=transcript.language or config.site.language,
        participants=tuple(
            ParticipantRecord(person.name, person.role, person.model)
            for person in transcript.participants
        ),
        tags=transcript.tags,
        labels=transcript.labels,
        headers=tuple(HeaderRecord(name, value) for name, value in transcript.extra),
        preamble=transcript.preamble,
        messages=(),
    )


def _message(message: Message) -> MessageRecord:
    return MessageRecord(
        number=message.number,
        speaker=message.speaker,
        role=message.role,
        id=message.id,
        at=timestamp(message.at) if message.at else None,
        offset=message.offset,
        reply_to=message.reply_to,
        marks=message.marks,
        content=tuple(_block(block) for block in message.blocks),
    )


def _block(block: Block) -> BlockRecord:
    match block:
        case Text():
            return TextRecord(block.markdown, block.hard_breaks, block.plain)
        case Thinking():
            return ThinkingRecord(block.markdown)
        case ToolCall():
            return ToolCallRecord(block.name, block.input, block.id, block.language)
        case ToolResult():
            return ToolResultRecord(block.text, block.call_id, block.is_error)
        case Image():
            return ImageRecord(block.src, block.alt)
        case Attachment():
            return AttachmentRecord(block.name, block.href, block.note)


def schema() -> bytes:
    """The JSON Schema (2020-12) of `transcript.json`, as the site publishes it."""
    described: dict[str, Any] = msgspec.json.schema(TranscriptRecord, ref_template="#/$defs/{name}")
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:sitegen:transcript:{VERSION}",
        "title": f"A transcript, version {VERSION}",
        **described,
    }
    return encode(document, indent=1) + b"\n"
