"""A site against the sources it was made from: the same files, the same messages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields

from sitegen.config import Config
from sitegen.errors import Diagnostic, Severity
from sitegen.model import Message, Source, Transcript
from sitegen.participants import with_aliases
from sitegen.readers import read_transcripts
from sitegen.verify.record import ReadRecord, name_of

__all__ = ["verify_sources"]

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def verify_sources(
    records: Mapping[str, ReadRecord], sources: Mapping[Source, bytes], config: Config
) -> Iterator[Diagnostic]:
    """Compare the records of a site with the bytes of its sources, read anew.

    Named are sources that changed and the first message that did, sources that are not
    published, and records whose source is gone.
    """
    by_source: dict[str, list[tuple[str, ReadRecord]]] = {}
    for path, record in records.items():
        by_source.setdefault(record.source_path, []).append((path, record))
    for source, data in sources.items():
        own = by_source.pop(source.rel, [])
        read = read_transcripts(data, source, config.site.timezone).transcripts
        known = [with_aliases(transcript, config.participants) for transcript in read]
        for path, record in own:
            digest = hashlib.sha256(data).hexdigest()
            if record.source_digest and digest != record.source_digest:
                yield _error("has another digest than the source that was published", source.name)
            differences = [_first_difference(record, transcript) for transcript in known]
            if not differences:
                yield _error("is of a source that is empty or broken now", path)
            elif "" not in differences:
                several = "no transcript of the source is as published"
                yield _error(differences[0] if len(differences) == 1 else several, path)
        published = [t for t in known if not t.draft]
        for transcript in published[len(own) :]:
            yield _error(f"is missing in the site: {transcript.title}", source.name)
    for rel, left in sorted(by_source.items()):
        for path, _ in left:
            yield _error(f"is of a source that is not there: {rel}", path)


def _error(message: str, path: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, message, path)


def _first_difference(record: ReadRecord, transcript: Transcript) -> str:
    """What differs first between a record and a transcript; empty if nothing does."""
    head = record.head
    times = {"started": transcript.started, "ended": transcript.ended}
    for name, value in times.items():
        if head.get(name) != (value.isoformat() if value else None):
            return f"says another time than the source: {name}"
    if head.get("title") != transcript.title:
        return "has another title than the source"
    for place, message in enumerate(record.messages, 1):
        if place > len(transcript.messages):
            return f"{name_of(message, place)} is not in the source"
        theirs = transcript.messages[place - 1]
        if what := _difference(message, theirs):
            line = f" (line {theirs.line})" if theirs.line else ""
            return f"{name_of(message, place)} differs from the source{line}: {what}"
    if len(transcript.messages) > len(record.messages):
        missing = transcript.messages[len(record.messages)]
        return f"message {missing.number} ({missing.speaker}) is missing, which the source has"
    return ""


def _difference(published: dict[str, object], message: Message) -> str:
    """In what a published message differs from one that was read; empty if in nothing."""
    at = message.at.isoformat() if message.at else None
    if published.get("number") != message.number:
        return "its number"
    if published.get("speaker", "") != message.speaker:
        return "its speaker"
    if published.get("role", "") != message.role:
        return "its role"
    if published.get("at") != at:
        return "its time"
    blocks = published.get("blocks", [])
    blocks = blocks if isinstance(blocks, list) else []
    if len(blocks) != len(message.blocks):
        return "what it is made of"
    for theirs, block in zip(blocks, message.blocks, strict=True):
        own = {field.name: getattr(block, field.name) for field in fields(block)}
        if {n: _plain(v) for n, v in own.items() if v} != {
            name: value for name, value in theirs.items() if name != "type"
        }:
            return "its text"
    return ""


def _plain(value: object) -> object:
    """A text as UTF-8 can hold it; anything else as it is."""
    return LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value
