"""A reading as text that a person can compare, and its page as HTML."""

from __future__ import annotations

from pathlib import Path

from helpers import source

from sitegen.bulk import to_bytes
from sitegen.config import Config
from sitegen.model import Source
from sitegen.prepare import Preparer
from sitegen.readers.reading import Reading

SHOWN = (
    *("format", "slug", "title", "started", "ended", "declared_messages", "tags", "labels"),
    *("draft", "language", "summary", "note", "preamble"),
)


def describe(found: Reading) -> str:
    """All of a reading; fields that are empty are left out."""
    lines = [f"{finding.severity}: {finding}" for finding in found.diagnostics]
    for transcript in found.transcripts:
        lines += ["", f"source: {transcript.source.rel}"]
        lines += [
            f"{name}: {value!r}"
            for name in SHOWN
            if (value := getattr(transcript, name)) not in ("", (), None, False)
        ]
        lines += [f"participant: {person}" for person in transcript.participants]
        lines += [f"extra: {key!r} = {value!r}" for key, value in transcript.extra]
        for message in transcript.messages:
            about = [
                f"{name}={value!r}"
                for name in ("role", "at", "offset", "reply_to", "marks")
                if (value := getattr(message, name)) not in ("", (), None)
                and (name != "reply_to" or value)
            ]
            where = f"#{message.number} {message.speaker!r}, line {message.line}"
            lines += ["", ", ".join([where, *about])]
            lines += [f"  {block!r}" for block in message.blocks]
    return "\n".join(lines) + "\n"


def page_of(data: bytes, rel: str | Source) -> str:
    """The messages of every transcript in a file as they stand on their pages."""
    preparer = Preparer(Config(root=Path("/nowhere")))
    done = preparer.prepare(rel if isinstance(rel, Source) else source(rel), data)
    return (
        "\n<hr>\n".join(f"{one.preamble}\n{to_bytes(one.body).decode()}" for one in done.prepared)
        + "\n"
    )
