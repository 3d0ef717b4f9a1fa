"""Recognises an export by its content, and hands its records to the reader of its format."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sitegen.errors import SourceError
from sitegen.model import Source, Transcript
from sitegen.readers import agents, claude_ai, claude_code, codex, messages, pi, sharegpt
from sitegen.readers.assemble import Finder
from sitegen.readers.backrooms import is_backrooms, read_backrooms
from sitegen.readers.chatgpt import is_chatgpt, read_chatgpt
from sitegen.readers.content import (
    CHUNK,
    Content,
    Record,
    decode_record,
    line_records,
    looks_like_json,
    split_array,
)
from sitegen.readers.decode import decode
from sitegen.readers.discord import is_discord, read_discord
from sitegen.readers.export import Export
from sitegen.readers.inspect import is_inspect, read_inspect
from sitegen.readers.messenger import is_messenger, read_messenger
from sitegen.readers.podcast import is_podcast, read_podcast
from sitegen.readers.slack import (
    is_slack_day,
    is_slack_dump,
    read_slack_day,
    read_slack_dump,
)
from sitegen.readers.telegram import is_telegram, read_telegram
from sitegen.readers.values import mapping

__all__ = [
    "CONVERSATIONS",
    "EVENTS",
    "Package",
    "ReadRecord",
    "open_export",
    "read_export",
    "read_one",
]

Sample = Sequence[Mapping[str, Any]]
ReadRecord = Callable[[Mapping[str, Any], Export], Iterator[Transcript]]
ReadLines = Callable[[Iterable[tuple[Record, Mapping[str, Any]]], Export], Iterator[Transcript]]

CONVERSATIONS: Sequence[tuple[Callable[[Sample], bool], ReadRecord]] = (
    (is_chatgpt, read_chatgpt),
    (claude_ai.is_claude_ai, claude_ai.read_claude_ai),
    (agents.is_copilot, agents.read_copilot),
    (agents.is_gemini, agents.read_gemini),
    (is_inspect, read_inspect),
    (is_backrooms, read_backrooms),
    (is_discord, read_discord),
    (is_telegram, read_telegram),
    (is_messenger, read_messenger),
    (is_podcast, read_podcast),
    (is_slack_dump, read_slack_dump),
    (sharegpt.is_sharegpt, sharegpt.read_sharegpt),
    (messages.is_conversation, messages.read_conversation),
)
"""Formats of which each record is a conversation, the most particular first."""

EVENTS: Sequence[tuple[Callable[[Sample], bool], ReadLines]] = (
    (codex.is_codex, codex.read_codex),
    (pi.is_pi, pi.read_pi),
    (claude_code.is_claude_code, claude_code.read_claude_code),
    (agents.is_cursor, agents.read_cursor),
    (is_slack_day, read_slack_day),
    (messages.is_message, messages.read_messages),
)
"""Formats of which all records together are a conversation."""

ARRAY = re.compile(rb"\s*\[")
SCALAR = rb'(?:"(?:[^"\\]|\\.)*+"|[-+.\w]++)'
WRAPPER = re.compile(
    rb"\s*\{\s*(?:\"(?:[^\"\\]|\\.)*+\"\s*:\s*" + SCALAR + rb"\s*,\s*){0,20}"
    rb"\"(?:conversations|chats|data|items|loglines|results)\"\s*:\s*\[",
    re.DOTALL,
)
"""An object that holds a list of conversations, perhaps after a few plain values."""

TELLING = re.compile(
    rb'"(?:mapping|chat_messages|messages|conversations?|requests|sessionId|parentUuid|payload)"'
)
"""A key that says what a broken file was meant to be."""

SAMPLES = 20
SIGNS = 10
"""Keys that are named as what a format was recognised by."""
SIGN_CHARS = 40
LONG_LINE = 16 * CHUNK
SAMPLE_BYTES = 4 * CHUNK


@dataclass(frozen=True, slots=True)
class Package:
    """An export that was recognised: its records, and who reads them."""

    content: Content
    opening: re.Pattern[bytes] | None
    """What stands before the array of records; None where each line is one, or all is one."""
    is_lines: bool
    read_record: ReadRecord | None
    """Reads a record that is a conversation."""
    read_lines: ReadLines | None
    """Reads records that are one conversation together."""
    sign: str = ""
    """By what it was recognised."""

    @property
    def is_many(self) -> bool:
        """Whether it holds conversations rather than one."""
        return self.read_record is not None and (self.is_lines or self.opening is not None)

    def records(self, name: str) -> Iterator[Record]:
        """The records, one at a time."""
        if self.is_lines:
            yield from line_records(self.content, name)
        elif self.opening:
            yield from split_array(self.content, self.opening, name)
        else:
            with self.content.open() as file:
                yield Record(0, 1, file.read().removeprefix(codecs.BOM_UTF8).strip())


def read_export(
    content: Content, source: Source, slug: str, timezone: str, finder: Finder
) -> Iterator[Transcript] | None:
    """The transcripts of an export, one conversation at a time; None if it is none that is known.

    Raises:
        SourceError: it is broken, and was meant to be one.
    """
    package = open_export(content, source.name)
    if package is None:
        return None
    finder.reason = package.sign
    return read_package(package, source, slug, timezone, finder)


def open_export(content: Content, name: str) -> Package | None:
    """Recognise an export by its first records; None if it is none that is known.

    Raises:
        SourceError: it is broken, and was meant to be one.
    """
    head = content.head()
    if not looks_like_json(head):
        return None
    for shape, sample in _samples(content, head, name):
        package = replace(shape, sign=_sign(shape, sample))
        for is_it, read_record in CONVERSATIONS:
            if is_it(sample):
                return replace(package, read_record=read_record)
        if package.opening or package.is_lines:
            for is_it, read_lines in EVENTS:
                if is_it(sample):
                    return replace(package, read_lines=read_lines)
    return None


def _sign(package: Package, sample: Sample) -> str:
    """What was seen of records, in words."""
    keys = dict.fromkeys(key for one in sample for key in one)
    named = ", ".join(f"`{key[:SIGN_CHARS]}`" for key in islice(keys, SIGNS))
    more = ", …" if len(keys) > SIGNS else ""
    objects = "lines of JSON" if package.is_lines else "objects of JSON in a list"
    return f"{objects if package.is_lines or package.opening else 'JSON'} with {named}{more}"


def _samples(content: Content, head: bytes, name: str) -> Iterator[tuple[Package, Sample]]:
    """The ways in which a file may hold records, each with its first records."""
    empty = Package(content, None, False, None, None)
    if ARRAY.match(head):
        package = replace(empty, opening=ARRAY)
        yield package, _first(package, name, head)
        return
    if _begins_with_line(content, head):
        package = replace(empty, is_lines=True)
        if sample := _first(package, name, b""):
            yield package, sample
    if WRAPPER.match(head):
        package = replace(empty, opening=WRAPPER)
        sample = _first(package, name, head)
        if not all("value" in one or "content" in one or "role" in one for one in sample):
            yield package, sample
    yield from _whole(empty, head, name)


def _begins_with_line(content: Content, head: bytes) -> bool:
    """Whether the first line may be a record by itself, and another follows."""
    if b"\n" not in head.lstrip() and len(head) >= CHUNK - 3:
        head = content.head(LONG_LINE)
    first, _, rest = head.strip().partition(b"\n")
    return first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _whole(empty: Package, head: bytes, name: str) -> Iterator[tuple[Package, Sample]]:
    """The file as one value of JSON; on one line it may be the only one of many."""
    try:
        record = next(empty.records(name))
        value = mapping(decode_record(record.raw, name))
    except SourceError:
        if TELLING.search(head):
            raise
        return
    yield empty, [value]
    if b"\n" not in record.raw:
        yield replace(empty, is_lines=True), [value]


def _first(package: Package, name: str, head: bytes) -> Sample:
    """The first records that are objects.

    Raises:
        SourceError: there is none, and the head of the file says that there should be.
    """
    sample: list[Mapping[str, Any]] = []
    problem: SourceError | None = None
    size = 0
    try:
        for record in package.records(name):
            size += len(record.raw)
            if len(sample) == SAMPLES or size > SAMPLE_BYTES:
                break
            try:
                sample.append(mapping(decode_record(record.raw, name, record.line)))
            except SourceError as error:
                problem = problem or error
    except SourceError as error:
        problem = problem or error
    found = [one for one in sample if one]
    if problem and not found and TELLING.search(head):
        raise problem
    return found


def read_package(
    package: Package, source: Source, slug: str, timezone: str, finder: Finder
) -> Iterator[Transcript]:
    """The transcripts of an export, one conversation at a time.

    Raises:
        SourceError: a record is broken; those before it have been read.
    """
    export = Export(source, timezone, finder, slug)
    records = package.records(source.name)
    if package.read_lines:
        yield from package.read_lines(_lines(records, package.is_lines, export), export)
    elif package.read_record:
        for record in records:
            yield from read_one(package.read_record, record, package.is_many, export)


def read_one(
    read_record: ReadRecord, record: Record, is_many: bool, export: Export
) -> Iterator[Transcript]:
    """The transcripts of one record."""
    export.line = record.line
    export.index = record.index if is_many else None
    value = _decode(record, export)
    if isinstance(value, dict):
        yield from read_record(value, export)
    else:
        export.finder.warn("no conversation: not an object of JSON", record.line)


def _lines(
    records: Iterable[Record], is_lines: bool, export: Export
) -> Iterator[tuple[Record, Mapping[str, Any]]]:
    """The values of lines; one that is broken is passed over with a warning."""
    for record in records:
        try:
            value = _decode(record, export)
        except SourceError as error:
            if not is_lines:
                raise
            # A session that was interrupted ends in the middle of a line.
            export.finder.warn(f"a line is passed over: {error.message}", record.line)
            continue
        if isinstance(value, dict):
            yield record, value
        else:
            export.finder.warn("a line is passed over: not an object of JSON", record.line)


def _decode(record: Record, export: Export) -> object:
    """The value of a record, with a warning if it is not UTF-8."""
    try:
        record.raw.decode()
    except UnicodeDecodeError:
        _, findings = decode(record.raw, export.source.name)
        export.finder.found += [replace(found, line=record.line) for found in findings]
    return decode_record(record.raw, export.source.name, record.line)
