"""Changes what was read as the configuration says of its source: names, tags, one of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from sitegen.model import NOTICE, Message, Participant, Source, Text, Transcript
from sitegen.readers.assemble import settle_participants
from sitegen.readers.settings import Settings

__all__ = ["adjust"]


def adjust(
    transcripts: Iterable[Transcript], settings: Settings, source: Source, slug: str
) -> Iterable[Transcript]:
    """The transcripts of a source as its settings want them."""
    if settings.merge:
        transcripts = _merged(tuple(transcripts), source, slug)
    return (_adjusted(transcript, settings) for transcript in transcripts)


def _adjusted(transcript: Transcript, settings: Settings) -> Transcript:
    if settings.names:
        transcript = _renamed(transcript, settings.names)
    if settings.tags:
        tags = tuple(dict.fromkeys((*transcript.tags, *settings.tags)))
        transcript = replace(transcript, tags=tags)
    return transcript


def _renamed(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    messages = tuple(
        replace(message, speaker=names.get(message.speaker, message.speaker))
        for message in transcript.messages
    )
    people = [replace(p, name=names.get(p.name, p.name)) for p in transcript.participants]
    return replace(
        transcript, messages=messages, participants=settle_participants(messages, people)
    )


def _merged(transcripts: Sequence[Transcript], source: Source, slug: str) -> tuple[Transcript, ...]:
    """One transcript of several, each below a notice with its title."""
    if len(transcripts) < 2:
        return tuple(transcripts)
    messages: list[Message] = []
    for transcript in transcripts:
        line = transcript.messages[0].line if transcript.messages else 0
        heading = (Text(transcript.title, plain=True),)
        number = len(messages) + 1
        messages.append(Message(number, "", heading, line, role=NOTICE, at=transcript.started))
        messages.extend(
            replace(
                message,
                number=message.number + number,
                reply_to=message.reply_to and message.reply_to + number,
            )
            for message in transcript.messages
        )
    first = transcripts[0]
    people: list[Participant] = [p for one in transcripts for p in one.participants]
    notes = [one.preamble for one in transcripts if one.preamble]
    extra = dict.fromkeys(pair for one in transcripts for pair in one.extra)
    tags = dict.fromkeys(tag for one in transcripts for tag in one.tags)
    starts = [one.started for one in transcripts if one.started]
    ends = [moment for one in transcripts if (moment := one.ended or one.started)]
    merged = replace(
        first,
        slug=slug,
        title=PurePosixPath(source.rel).stem,
        messages=tuple(messages),
        participants=settle_participants(messages, people),
        preamble="\n\n".join(notes),
        started=min(starts, default=None),
        ended=max(ends, default=None),
        declared_messages=None,
        tags=tuple(tags),
        extra=tuple(extra),
    )
    return (merged,)
