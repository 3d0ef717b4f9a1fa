"""Facebook's and Instagram's download of messages: newest first, often with broken letters.

The exporter writes the bytes of UTF-8 as if each were a letter of Latin-1 (`cafÃ©`). That
is put right only where the whole file proves it: every text with such letters reads as
UTF-8 that way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from sitegen.model import Block, Transcript
from sitegen.readers.export import Export
from sitegen.readers.log import Entry, Log, file_block, plain
from sitegen.readers.values import mapping, sequence, string

__all__ = ["FORMAT", "is_messenger", "read_messenger"]

FORMAT = "messenger"

FILES = ("photos", "videos", "audio_files", "gifs", "files", "media")
KNOWN = (
    *("sender_name", "senderName", "timestamp_ms", "timestamp", "content", "text", "type"),
    *("reactions", "share", "sticker", "call_duration", "missed", "is_unsent", "isUnsent", *FILES),
    *("is_geoblocked_for_viewer", "is_unsent_image_by_messenger_kid_parent", "users"),
)


def is_messenger(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are threads of Messenger or Instagram."""
    return any(_is_thread(sample) for sample in samples)


def _is_thread(record: Mapping[str, Any]) -> bool:
    said = [mapping(item) for item in sequence(record.get("messages"))[:5]]
    old = all("sender_name" in one and "timestamp_ms" in one for one in said)
    new = all("senderName" in one and "timestamp" in one for one in said)
    return bool(said) and (old or new)


def read_messenger(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The one transcript of a thread, oldest message first."""
    if not _is_thread(record):
        export.finder.warn("no conversation in this record", export.line)
        return
    repaired = _repaired(record)
    if repaired is not None:
        record = repaired
        export.note(
            "letters beyond ASCII were written as bytes (cafÃ© for café), as this exporter does; "
            "put right throughout, for all of them read so"
        )
    said = [mapping(item) for item in sequence(record.get("messages"))]
    times = [_time(one) for one in said]
    if len(times) > 1 and times[0] > times[-1]:
        said.reverse()
    said.sort(key=_time)
    log = Log(export)
    for one in said:
        _read(one, log)
    title = string(record.get("title")) or string(record.get("threadName"))
    people = [_name(person) for person in sequence(record.get("participants"))]
    yield export.transcript(
        FORMAT,
        title or " ↔ ".join(filter(None, people)) or PurePosixPath(export.source.rel).stem,
        log.messages(),
        extra=(("Participants", ", ".join(filter(None, people))),),
    )


def _name(person: object) -> str:
    return string(person) or string(mapping(person).get("name"))


def _time(said: Mapping[str, Any]) -> float:
    value = said.get("timestamp_ms", said.get("timestamp"))
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and value == value and abs(value) < 1e300 else 0.0


def _read(said: Mapping[str, Any], log: Log) -> None:
    export = log.export
    speaker = export.text(said.get("sender_name") or said.get("senderName")) or "Unknown"
    entry = Entry("", speaker, export.at(_time(said) / 1000))
    text = export.text(said.get("content") or said.get("text"))
    if text:
        entry.blocks.append(plain(text))
    entry.blocks += _files(said)
    share = mapping(said.get("share"))
    for key in ("share_text", "link"):
        value = export.text(share.get(key))
        if value and value not in text:
            entry.blocks.append(plain(value))
    if said.get("is_unsent") is True or said.get("isUnsent") is True:
        entry.marks.append("unsent")
    if duration := string(said.get("call_duration")):
        entry.marks.append(f"call of {duration} s")
    if said.get("missed") is True:
        entry.marks.append("missed")
    for item in sequence(said.get("reactions")):
        reaction = mapping(item)
        who = export.text(reaction.get("actor"))
        entry.marks.append(f"{export.text(reaction.get('reaction'))} {who}".strip())
    log.pass_over_unknown(said, KNOWN)
    log.entries.append(entry)


def _files(said: Mapping[str, Any]) -> Iterator[Block]:
    items = [item for key in FILES for item in sequence(said.get(key))]
    if said.get("sticker"):
        items.append(said["sticker"])
    for item in items:
        path = string(mapping(item).get("uri"))
        yield file_block(path.rpartition("/")[2] or "file", path)


def _repaired(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The record with its letters put right; None if nothing proves that they are wrong."""
    proof = _Repair()
    fixed = proof.fix(record)
    return mapping(fixed) if proof.found and not proof.refuted else None


class _Repair:
    def __init__(self) -> None:
        self.found = self.refuted = False

    def fix(self, value: object) -> object:
        """The value with every text in it read as the bytes that it spells."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.fix(item) for item in value]
        if isinstance(value, dict):
            return {key: self.fix(item) for key, item in value.items()}
        return value

    def _text(self, text: str) -> str:
        if text.isascii() or self.refuted:
            return text
        try:
            fixed = text.encode("latin-1").decode("utf-8")
        except UnicodeError:
            self.refuted = True
            return text
        self.found = True
        return fixed
