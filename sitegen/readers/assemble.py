"""The last step of every reader: front matter over what was read, voices settled."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import PurePosixPath
from typing import Any

from sitegen.errors import Diagnostic, Severity
from sitegen.model import Message, Participant, Source, Transcript
from sitegen.readers.commitments import read_commitments
from sitegen.readers.dates import parse_date
from sitegen.readers.frontmatter import FrontMatter
from sitegen.text import visible
from sitegen.urls import slugify

__all__ = ["FIELDS", "Finder", "finish", "participant_names", "settle_participants", "texts_of"]

FIELDS = (
    "title",
    "slug",
    "date",
    "summary",
    "note",
    "tags",
    "labels",
    "participants",
    "commitments",
    "draft",
    "noindex",
    "language",
)
"""The front matter keys with a meaning; all others are shown as metadata."""


@dataclass(slots=True)
class Finder:
    """Collects the diagnostics of one source while it is read."""

    source: Source
    found: list[Diagnostic]
    reason: str = ""
    """By what the source's format was recognised; empty where its shape says it all."""

    def warn(self, message: str, line: int = 0, hint: str = "") -> None:
        """Add a warning about a line of the source."""
        self._add(Severity.WARNING, message, line, hint)

    def note(self, message: str, line: int = 0, hint: str = "") -> None:
        """Add something that is worth knowing."""
        self._add(Severity.NOTE, message, line, hint)

    def fail(self, message: str, line: int = 0, hint: str = "") -> None:
        """Add an error: the source cannot be read."""
        self._add(Severity.ERROR, message, line, hint)

    def _add(self, severity: Severity, message: str, line: int, hint: str) -> None:
        self.found.append(Diagnostic(severity, message, self.source.name, line, hint=hint))


def finish(transcript: Transcript, front: FrontMatter, timezone: str, finder: Finder) -> Transcript:
    """Apply the front matter to what a reader found, and settle the participants.

    Raises:
        SourceError: a commitment is not one.
    """
    fields = front.fields
    _warn_of_typos(front, finder)
    text = _Texts(front, finder)
    given = _given_participants(fields.get("participants"))
    slug = text.one("slug")
    title = " ".join(text.one("title").split()) or transcript.title
    # A heading that the front matter's title takes the place of is still shown.
    other = transcript.title.strip()
    heading = (("Heading", other),) if other and title != other else ()
    participants = settle_participants(transcript.messages, given)
    return replace(
        transcript,
        title=visible(title or _name_of(transcript.source, participants)),
        slug=slugify(slug) if slug else transcript.slug,
        summary=text.one("summary") or transcript.summary,
        note=text.one("note"),
        tags=text.many("tags") or transcript.tags,
        labels=text.many("labels"),
        language=text.language(),
        draft=text.switch("draft"),
        noindex=text.switch("noindex"),
        started=_started(transcript, text, timezone),
        participants=participants,
        commitments=read_commitments(front, transcript.messages, finder.source.name),
        extra=tuple((visible(key), visible(value)) for key, value in (*heading, *transcript.extra))
        + tuple(
            (visible(key), _plain(value)) for key, value in fields.items() if key not in FIELDS
        ),
    )


def _started(transcript: Transcript, text: _Texts, timezone: str) -> datetime | None:
    """When it began: the front matter's date, unless the source says it more exactly."""
    date = text.one("date")
    if not date:
        return transcript.started
    given = parse_date(date, timezone)
    if given is None:
        text.warn("date", f'"{date}" is not a date', "write 2025-10-26 17:12")
        return transcript.started
    stated = transcript.started
    is_day = given.time() == time()
    return stated if is_day and stated and stated.date() == given.date() else given


def participant_names(front: FrontMatter) -> tuple[str, ...]:
    """The names that the front matter's `participants` give, in order."""
    return tuple(person.name for person in _given_participants(front.fields.get("participants")))


def texts_of(front: FrontMatter, key: str, finder: Finder) -> tuple[str, ...]:
    """The texts of a list in front matter, without repeats; none if it is not there."""
    return _Texts(front, finder).many(key)


def _name_of(source: Source, participants: Sequence[Participant]) -> str:
    """A title for a source that states none: its voices, or its file's name."""
    if 1 < len(participants) <= 4:
        return " ↔ ".join(person.name for person in participants)
    return PurePosixPath(source.rel).stem


def _given_participants(value: Any) -> tuple[Participant, ...]:
    """`participants` as a list of names or of mappings, or a mapping of name to role."""
    if isinstance(value, str):
        value = [name for name in value.split(",") if name.strip()]
    if isinstance(value, dict):
        value = [
            {"name": name, **(about if isinstance(about, dict) else {"role": _plain(about)})}
            for name, about in value.items()
        ]
    people = []
    for item in value if isinstance(value, list) else []:
        about = item if isinstance(item, dict) else {"name": item}
        name = _plain(about.get("name", "")).strip()
        if name:
            role, model = _plain(about.get("role", "")), _plain(about.get("model", ""))
            people.append(Participant(name, role=role, model=model))
    return tuple(people)


def settle_participants(
    messages: Sequence[Message], given: Sequence[Participant]
) -> tuple[Participant, ...]:
    """The voices in order of appearance, with what the front matter says of them."""
    about = {person.name: person for person in given}
    names = dict.fromkeys(message.speaker for message in messages if message.speaker)
    return tuple(about.get(name, Participant(name)) for name in names)


def _plain(value: Any) -> str:
    """A front matter value as one line of text for people."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    return visible(str(value))


def _warn_of_typos(front: FrontMatter, finder: Finder) -> None:
    for key in front.fields:
        close = difflib.get_close_matches(key.lower(), FIELDS, n=1, cutoff=0.75)
        if key not in FIELDS and close:
            finder.warn(
                f"front matter key `{key}` has no meaning here",
                front.lines.get(key, 0),
                f"did you mean `{close[0]}`?",
            )


@dataclass(frozen=True, slots=True)
class _Texts:
    """Typed access to front matter, with a warning for every value that does not fit."""

    front: FrontMatter
    finder: Finder

    def one(self, key: str) -> str:
        """One text; empty if absent."""
        value = self.front.fields.get(key, "")
        if isinstance(value, str):
            return visible(value.strip())
        self.warn(key, "is not a text", "write it on one line, or in quotes")
        return _plain(value)

    def many(self, key: str) -> tuple[str, ...]:
        """A list of texts (`[a, b]`, a block list, or `a, b`), without repeats."""
        value = self.front.fields.get(key, [])
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list):
            self.warn(key, "is not a list", f"write `{key}: [one, two]`")
            items = [_plain(items)]
        return tuple(dict.fromkeys(word for item in items if (word := _plain(item).strip())))

    def switch(self, key: str) -> bool:
        """True or false; false if absent."""
        word = self.one(key).lower()
        if word in ("true", "yes", "on"):
            return True
        if word not in ("", "false", "no", "off"):
            self.warn(key, f'"{word}" is neither true nor false', "")
            return True  # When in doubt, do not publish, or not widely.
        return False

    def language(self) -> str:
        """A BCP 47 tag, or empty."""
        tag = self.one("language")
        if tag and not all(
            part.isascii() and part.isalnum() and len(part) <= 8 for part in tag.split("-")
        ):
            self.warn("language", f'"{tag}" is not a language tag', 'such as "en" or "ja"')
            return ""
        return tag

    def warn(self, key: str, problem: str, hint: str) -> None:
        """Add a warning about the line of a key."""
        self.finder.warn(f"front matter: `{key}` {problem}", self.front.lines.get(key, 0), hint)
