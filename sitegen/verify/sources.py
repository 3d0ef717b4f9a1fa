"""A site against the sources it was made from: the same files, the same messages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sitegen.config import Config
from sitegen.errors import Diagnostic, Severity
from sitegen.model import Message, Source, Transcript
from sitegen.participants import with_aliases
from sitegen.readers import settings_for
from sitegen.readers.reading import read_transcripts
from sitegen.redact import make_redactor
from sitegen.verify.record import ReadRecord, name_of

if TYPE_CHECKING:
    from sitegen.redact.transcripts import TranscriptRedactor

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
    redactor = make_redactor(config.redact)
    groups: dict[str, list[_Known]] = {}
    for source, data in sources.items():
        known = _read(source, data, config, redactor)
        groups.setdefault(known.path, []).append(known)
    for path, group in groups.items():
        yield from _compare(by_source.pop(path, []), group)
    for rel, left in sorted(by_source.items()):
        for path, _ in left:
            yield _error(f"is of a source that is not there: {rel}", path)


@dataclass(frozen=True, slots=True)
class _Known:
    """One source, read by the rules of the project."""

    source: Source
    digest: str
    path: str
    """How the site names it, which may hide part of it; then others may be named so too."""
    transcripts: tuple[Transcript, ...]


def _read(
    source: Source, data: bytes, config: Config, redactor: TranscriptRedactor | None
) -> _Known:
    settings = settings_for(config, source.rel)
    reading = read_transcripts(data, source, settings.timezone, settings)
    found = tuple(with_aliases(one, config.participants) for one in reading.transcripts)
    path = source.rel
    if redactor:
        found = tuple(map(redactor.labelled, redactor.transcripts(found)))
        path = redactor.source(source).rel
    return _Known(source, hashlib.sha256(data).hexdigest(), path, found)


def _compare(
    own: Sequence[tuple[str, ReadRecord]], group: Sequence[_Known]
) -> Iterator[Diagnostic]:
    """The records of what the site names alike, with the sources that it may come from."""
    known = [transcript for one in group for transcript in one.transcripts]
    digests = {one.digest for one in group}
    for path, record in own:
        if record.source_digest and record.source_digest not in digests:
            name = group[0].source.name
            yield _error("has another digest than the source that was published", name)
        differences = [_first_difference(record, transcript) for transcript in known]
        if not differences:
            yield _error("is of a source that is empty or broken now", path)
        elif "" not in differences:
            several = "no transcript of the source is as published"
            yield _error(differences[0] if len(differences) == 1 else several, path)
    published = [
        (one.source.name, transcript)
        for one in group
        for transcript in one.transcripts
        if not transcript.draft and not one.source.twin  # Data may be left out for its text.
    ]
    for name, transcript in published[len(own) :]:
        yield _error(f"is missing in the site: {transcript.title}", name)


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
    people = [{"name": p.name, "role": p.role, "model": p.model} for p in transcript.participants]
    if [{**p, **q} for p, q in zip(people, head.get("participants", ()), strict=False)] != people:
        return "has other participants than the source"
    if head.get("preamble", "") != _plain(transcript.preamble):
        return "has another text before the first message than the source"
    if record.labels != transcript.labels:
        return "has other labels than the source"
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
