"""Says how a source was read: as what, why, and what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sitegen.config import Config
from sitegen.errors import Diagnostic
from sitegen.model import Source, Text, Transcript
from sitegen.readers import load
from sitegen.readers.reading import read_transcripts
from sitegen.readers.settings import Settings, check_formats, named_source
from sitegen.text import visible

__all__ = ["Explanation", "Summary", "explain", "explain_file"]

LISTED = 20
"""How many conversations of one file are described."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was read of one conversation."""

    title: str
    """Its title."""
    slug: str
    """Its name in addresses."""
    messages: int
    """How many messages."""
    declared: int | None
    """How many the source says there are."""
    speakers: tuple[tuple[str, int], ...]
    """Each voice and how often it speaks; the empty name for what nobody says."""
    blocks: tuple[tuple[str, int], ...]
    """Kinds of blocks beside text, and how many."""
    blank: int
    """How many messages are blank."""
    timed: int
    """How many messages have a time or a place in a recording."""
    started: datetime | None
    """When it began."""
    ended: datetime | None
    """When it ended."""
    tags: tuple[str, ...]
    """Its tags."""
    headers: tuple[str, ...]
    """Names of the further headers."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a source was read."""

    source: Source
    """Which."""
    format: str
    """As what: `specstory`; empty if nothing was read."""
    reason: str
    """By what it was recognised."""
    conversations: tuple[Summary, ...]
    """What it holds."""
    diagnostics: tuple[Diagnostic, ...]
    """What was noticed."""

    def text(self) -> str:
        """The explanation in lines for people."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{visible(self.source.name)}: {self.format or 'nothing was read'}"
        if self.reason:
            yield f"  recognised by {visible(self.reason)}"
        if len(self.conversations) > 1:
            yield f"  {len(self.conversations):,} conversations"
        for summary in self.conversations[:LISTED]:
            yield from _described(summary)
        if len(self.conversations) > LISTED:
            yield f"  … and {len(self.conversations) - LISTED:,} more"
        for finding in self.diagnostics:
            place = f"line {finding.line}: " if finding.line else ""
            yield f"  {finding.severity}: {place}{visible(finding.message)}"
            if finding.hint:
                yield f"    hint: {visible(finding.hint)}"


def explain(
    data: bytes, source: Source, timezone: str = "UTC", settings: Settings | None = None
) -> Explanation:
    """Read a source as a build would, and say how.

    What is wrong with it is among the diagnostics; nothing is raised.
    """
    reading = read_transcripts(data, source, timezone, settings)
    return Explanation(
        source,
        reading.transcripts[0].format if reading.transcripts else "",
        reading.reason,
        tuple(_summary(transcript) for transcript in reading.transcripts),
        reading.diagnostics,
    )


def explain_file(config: Config, given: str) -> Explanation:
    """Read the file that a path names as a build would, and say how.

    Raises:
        SourceError: it cannot be read.
        ConfigError: `[[sources]]` names a format that does not exist.
    """
    check_formats(config)
    source, settings = named_source(config, given)
    return explain(load(source), source, settings.timezone, settings)


def _summary(transcript: Transcript) -> Summary:
    messages = transcript.messages
    kinds = Counter(
        type(block).__name__
        for message in messages
        for block in message.blocks
        if not isinstance(block, Text)
    )
    return Summary(
        title=transcript.title,
        slug=transcript.slug,
        messages=len(messages),
        declared=transcript.declared_messages,
        speakers=tuple(Counter(message.speaker for message in messages).most_common()),
        blocks=tuple(kinds.most_common()),
        blank=sum(message.is_blank for message in messages),
        timed=sum(message.at is not None or message.offset is not None for message in messages),
        started=transcript.started,
        ended=transcript.ended,
        tags=transcript.tags,
        headers=tuple(name for name, _ in transcript.extra),
    )


def _described(summary: Summary) -> Iterator[str]:
    yield f"  {visible(summary.title)} ({summary.slug})"
    declared = "" if summary.declared is None else f" of {summary.declared:,} declared"
    blank = f", {summary.blank:,} blank" if summary.blank else ""
    yield f"    messages: {summary.messages:,}{declared}{blank}, {summary.timed:,} with a time"
    for name, number in summary.speakers:
        yield f"    {number:>6,}  {visible(name) or '(nobody)'}"
    for kind, number in summary.blocks:
        yield f"    {number:>6,}  × {kind}"
    if summary.started:
        until = f" to {summary.ended.isoformat()}" if summary.ended else ""
        yield f"    time: {summary.started.isoformat()}{until}"
    if summary.tags:
        yield f"    tags: {visible(', '.join(summary.tags))}"
    if summary.headers:
        yield f"    headers: {visible(', '.join(summary.headers))}"
