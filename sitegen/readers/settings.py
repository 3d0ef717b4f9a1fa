"""What the configuration says of one source, and how it changes what was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from sitegen.config import Config
from sitegen.errors import ConfigError
from sitegen.model import NOTICE, Message, Participant, Source, Text, Transcript
from sitegen.readers.assemble import settle_participants
from sitegen.readers.order import DateOrder
from sitegen.readers.texts import TEXT_FORMATS

__all__ = ["AUTO", "Settings", "adjust", "check_formats", "named_source", "settings_for"]

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is said of one source."""

    timezone: str = "UTC"
    """IANA zone of times that name none."""
    format: str = ""
    """The format to read it as; empty to recognise it."""
    tags: tuple[str, ...] = ()
    """Tags beside its own."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names as written, and as they are shown."""
    merge: bool = False
    """True if all its conversations are one transcript."""
    date_order: DateOrder | None = None
    """How its dates are written where their format does not say; None to find out."""


def named_source(config: Config, given: str) -> tuple[Source, Settings]:
    """The source that a path on the command line means, and what is said of it.

    `[[sources]]` count for a file of the content folder.
    """
    path = Path(given).absolute()
    inside = path.is_relative_to(config.content)
    rel = path.relative_to(config.content).as_posix() if inside else path.name
    return Source(str(path), rel, given), settings_for(config, rel)


def settings_for(config: Config, rel: str) -> Settings:
    """What `[[sources]]` says of a file, given its path in the content folder.

    All rules that match count; of two that say different things, the later.
    """
    settings = Settings(timezone=config.site.timezone)
    for rule in config.sources:
        if not _pattern(rule.files).fullmatch(rel):
            continue
        settings = Settings(
            timezone=rule.timezone or settings.timezone,
            format=settings.format if rule.format == AUTO else rule.format,
            tags=tuple(dict.fromkeys((*settings.tags, *rule.tags))),
            names={**settings.names, **rule.names},
            merge=rule.conversations == "merge",
            date_order=DateOrder(rule.date_order) if rule.date_order else settings.date_order,
        )
    return settings


def check_formats(config: Config) -> None:
    """Refuse a format that does not exist.

    Raises:
        ConfigError: a rule of `[[sources]]` names one.
    """
    for rule in config.sources:
        if rule.format not in (AUTO, *TEXT_FORMATS):
            raise ConfigError(
                f'`sources.format`: "{rule.format}" is not a format',
                path=PurePosixPath(config.file).name,
                hint="one of " + ", ".join(f'"{name}"' for name in (AUTO, *TEXT_FORMATS)),
            )


def _pattern(files: str) -> re.Pattern[str]:
    """A pattern of paths: `**` is any folders, `*` and `?` stay in one."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", files)
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meanings.get(part, re.escape(part)) for part in parts), re.DOTALL)


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
