"""The fallback: a text in which no message was found is shown whole, as a document."""

from __future__ import annotations

import re

from sitegen.model import Message, Source, Text, Transcript
from sitegen.readers.assemble import Finder, finish
from sitegen.readers.frontmatter import FrontMatter

__all__ = ["FORMAT", "read_document"]

FORMAT = "document"

TITLE = re.compile(r"\s*#[ \t]+(\S.*)(?:\n|\Z)")


def read_document(
    front: FrontMatter, source: Source, slug: str, timezone: str, finder: Finder
) -> Transcript:
    """Read a text as one message without a speaker, with a warning that says so."""
    finder.warn(
        "no messages found; shown as a plain document",
        0,
        "a transcript has a title `# A ↔ B` and messages that begin with `### A` after `---`",
    )
    title = TITLE.match(front.body)
    body = front.body[title.end() :] if title else front.body
    line = 1 + front.offset + (front.body.count("\n", 0, title.end()) if title else 0)
    transcript = Transcript(
        source=source,
        format=FORMAT,
        slug=slug,
        title=title[1].rstrip() if title else "",
        messages=(Message(1, "", (Text(body.strip("\n")),), line),) if body.strip() else (),
    )
    return finish(transcript, front, timezone, finder)
