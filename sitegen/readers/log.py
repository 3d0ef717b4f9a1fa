"""What the readers of chat apps' logs share: entries with ids, replies, files, reactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sitegen.model import NOTICE, Attachment, Block, Image, Message, Text
from sitegen.readers.export import Export
from sitegen.text import visible

__all__ = ["Entry", "Log", "file_block", "mark_of_edit", "plain", "size_text"]

PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
REPLY_ELSEWHERE = "in reply to a message that is not in this export"


@dataclass(slots=True)
class Entry:
    """One message of a log."""

    id: str
    """By what others refer to it; empty if by nothing."""
    speaker: str
    """Who; empty for what nobody speaks."""
    at: datetime | None
    blocks: list[Block] = field(default_factory=list)
    answers: str = ""
    """The id of the message that it answers."""
    marks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Log:
    """The entries of a log, in order."""

    export: Export
    entries: list[Entry] = field(default_factory=list)

    def messages(self) -> tuple[Message, ...]:
        """All of it, numbered; replies know the number of what they answer."""
        numbers = {entry.id: number for number, entry in enumerate(self.entries, 1) if entry.id}
        return tuple(
            Message(
                number=number,
                speaker=visible(entry.speaker),
                blocks=tuple(entry.blocks),
                line=self.export.line,
                role="" if entry.speaker else NOTICE,
                at=entry.at,
                reply_to=numbers.get(entry.answers, 0) if entry.answers else 0,
                marks=tuple(entry.marks)
                + ((REPLY_ELSEWHERE,) if entry.answers and entry.answers not in numbers else ()),
            )
            for number, entry in enumerate(self.entries, 1)
        )

    def pass_over_unknown(self, said: Mapping[str, Any], known: Iterable[str]) -> None:
        """Count the fields of a message that have a value and no meaning here."""
        for key in said.keys() - set(known):
            if said[key] not in (None, "", False, [], {}):
                self.export.pass_over(f"the field `{visible(key)}` of messages")


def plain(text: str) -> Text:
    """Text typed in an app that knows no Markdown."""
    return Text(text, hard_breaks=True, plain=True)


def file_block(name: str, address: str, note: str = "") -> Block:
    """A picture, or another file, by the ending of its name."""
    if name.lower().endswith(PICTURES) and address:
        return Image(address, name)
    return Attachment(name or "file", address, note)


def size_text(size: object) -> str:
    """`2.1 MB`; empty if it is no size."""
    if isinstance(size, bool) or not isinstance(size, (int, float)) or not 0 < size < 1e15:
        return ""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{int(size)} bytes"


def mark_of_edit(at: datetime | None) -> Sequence[str]:
    """What a message that was edited says of it."""
    return (f"edited {at:%Y-%m-%d %H:%M} {at.tzname() or ''}".rstrip(),) if at else ()
