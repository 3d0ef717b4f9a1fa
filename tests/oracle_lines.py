"""The oracle of text formats: no line of a source is lost, wherever it went."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from sitegen.model import text_of
from sitegen.readers.reading import Reading

WORD = re.compile(r"\w+")


def words(text: str) -> str:
    """The words of a text, each between blanks."""
    text = unescape(text.replace("\\", ""))  # A preamble is escaped Markdown.
    return " " + " ".join(WORD.findall(text)) + " "


def lost_lines(
    text: str, found: Reading, strip: Callable[[str], str] = lambda line: line
) -> list[str]:
    """The lines whose words stand together nowhere in what was read.

    `strip` takes off a line what the format itself puts there (times, tags).
    """
    parts = [finding.message for finding in found.diagnostics]
    for transcript in found.transcripts:
        parts += [transcript.title, transcript.preamble, transcript.summary, transcript.note]
        parts += [f"{key} {value}" for key, value in transcript.extra]
        for message in transcript.messages:
            body = " ".join(text_of(block) for block in message.blocks)
            parts += [f"{message.speaker} {body}", *message.marks]
    kept = "\n".join(map(words, parts))
    lost = []
    for line in text.split("\n"):
        wanted = words(strip(line))
        if wanted.strip() and wanted not in kept:
            # Of a name before a colon a turn shows one, however often it was written.
            name, colon, rest = strip(line).partition(":")
            if not colon or words(name) not in kept or words(rest).strip() not in kept:
                lost.append(line)
    return lost
