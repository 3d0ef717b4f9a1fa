"""The oracle of all text formats: no line of a source is lost.

Every line that is not blank is found in a message, in what is known of the transcript, or
in a diagnostic. What a format writes around words (marks of headings, quotes and times that
became times) may be read, and need not be shown as written.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from sitegen.model import Transcript, text_of
from sitegen.readers.decode import decode
from sitegen.readers.reading import Reading

__all__ = ["lost_lines"]

MARKS = re.compile(r"[\s#>*_`~|\-=═\\\[\](){}<>\"':,.!?/·•&;👤🤖⚙\ufe0f💬]+")
READ = frozenset(
    [
        *("started", "ended", "messages", "date", "time", "created", "last", "updated", "tags"),
        *("boundary", "title", "generated", "by", "nexus", "user", "agent", "uid", "details"),
        *("summary", "think", "thought", "process", "tool", "use", "data", "type", "name", "at"),
        *("thoughts", "message", "system", "turn", "session", "exported", "on", "from", "utc"),
        *("aider", "chat", "read", "am", "pm", "to", "page", "header", "value", "preamble"),
    ]
)
"""Words of the formats themselves."""
NUMBER = re.compile(r"\d[\dtz]*", re.IGNORECASE)


def lost_lines(data: bytes, found: Reading) -> list[tuple[int, str]]:
    """Number and text of each line of which a word is nowhere."""
    text, _ = decode(data, "a.md")
    whole = MARKS.sub(" ", "\n".join(_kept(found)).casefold())
    words = set(whole.split())
    lost = []
    for number, line in enumerate(text.split("\n"), 1):
        plain = MARKS.sub(" ", line.casefold()).strip()
        if not plain or plain in whole:
            continue
        missing = [
            word
            for word in plain.split()
            if word not in words and word not in READ and not NUMBER.fullmatch(word)
        ]
        if missing:
            lost.append((number, line))
    return lost


def _kept(found: Reading) -> Iterator[str]:
    for finding in found.diagnostics:
        yield finding.message
    for transcript in found.transcripts:
        yield from _of_transcript(transcript)


def _of_transcript(transcript: Transcript) -> Iterator[str]:
    for field in dataclasses.fields(transcript):
        if field.name not in ("messages", "extra", "source"):
            yield str(getattr(transcript, field.name))
    for key, value in transcript.extra:
        yield f"{key}: {value}"
    for message in transcript.messages:
        yield message.speaker
        yield from (message.id, message.role, *message.marks)
        for block in message.blocks:
            yield text_of(block)
            yield getattr(block, "name", "")
