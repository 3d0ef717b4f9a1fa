"""What the rest of the site needs to know of a transcript: an entry, without its text.

Listings, neighbours and feeds are made of entries alone, so that a page that did not
change need not be read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

from sitegen.formats import Formats
from sitegen.model import LocalFile, Participant, Source, Transcript
from sitegen.shape import Bar, bin_bars, describe
from sitegen.text import Script
from sitegen.urls import slugify_path

__all__ = ["Entry", "Share", "count_words", "entry_key", "make_entry"]

WORDS_PER_MINUTE = 230
"""Reading speed for text with spaces between words."""

SIGNS_PER_WORD = 2
"""Characters of a script without spaces that count as one word."""

# Han, kana, Thai, Lao, Khmer and Burmese are written without spaces.
UNSPACED = Script(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]",
    b"\xe0\xe1\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xef\xf0",
)

EXCERPT_CHARS = 200
SAYS_SOMETHING = 20
"""A shorter first message is a greeting; the excerpt goes on to the next."""


@dataclass(frozen=True, slots=True)
class Share:
    """One participant's part in a transcript."""

    participant: Participant
    """Who."""
    messages: int
    """How many messages."""
    words: int
    """How many words in them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A transcript as the listings see it."""

    source: Source
    """The file it came from."""
    key: str
    """Its page, without an ending: `radio/keeper-of-the-light`."""
    title: str
    """One line of plain text."""
    summary: str
    """The author's summary; empty if none was given."""
    excerpt: str
    """The first words that say something, at most 200 characters of plain text."""
    started: datetime | None
    """When it began, aware."""
    ended: datetime | None
    """When it ended, aware."""
    shares: tuple[Share, ...]
    """The participants in order of first appearance."""
    messages: int
    """How many messages."""
    declared: int | None
    """How many the source says there are; None if it does not."""
    words: int
    """How many words in all messages."""
    tags: tuple[str, ...]
    """Subjects."""
    labels: tuple[str, ...]
    """What the record is or is not."""
    draft: bool
    """Published only on request."""
    noindex: bool
    """Search engines are asked not to list it."""
    language: str
    """BCP 47 tag, or empty for the site's."""
    zone: str
    """How the zone of its times is called: `CEST`, `UTC`; empty if it has none."""
    bars: tuple[Bar, ...]
    """Its shape: at most 400 bars."""
    shape: str
    """The same in a sentence."""
    origin: str
    """By what a build knows its source again; not its path where that is hidden."""
    files: tuple[str, ...] = ()
    """What is published of it beside its page: names in the folder of the page's name."""
    media: tuple[LocalFile, ...] = ()
    """The files that it shows or links to."""
    format: str = ""
    """The reader that recognised it: `dialogue`, `claude-code`."""

    @property
    def duration(self) -> timedelta | None:
        """From start to end; None where either is unknown or they are out of order.

        A start at midnight sharp is a day without a time, as people write them.
        """
        if self.started is None or self.ended is None or self.ended <= self.started:
            return None
        if self.started.time() == time():
            return None
        return self.ended - self.started

    @property
    def minutes(self) -> int:
        """Reading time in minutes, at least 1."""
        return max(1, round(self.words / WORDS_PER_MINUTE))


def count_words(text: str) -> int:
    """Words between spaces; in scripts without spaces two signs are a word."""
    if not UNSPACED.occurs_in(text):
        return len(text.split())
    signs = len(UNSPACED.pattern.findall(text))
    return len(UNSPACED.pattern.sub(" ", text).split()) + (signs + 1) // SIGNS_PER_WORD


def make_entry(
    transcript: Transcript,
    texts: Sequence[str],
    forms: Formats,
    origin: str = "",
    files: Sequence[str] = (),
    media: tuple[LocalFile, ...] = (),
) -> Entry:
    """The entry of a transcript; `texts` are the plain words of its messages, in order.

    `origin` is the path of its source if it is not given; `files` what is published beside
    its page. What is shown folded (thinking, tools) is no part of the texts: it is not read
    in passing.
    """
    counts = [count_words(text) for text in texts]
    said: dict[str, list[int]] = {person.name: [] for person in transcript.participants}
    for message, words in zip(transcript.messages, counts, strict=True):
        if message.speaker in said:
            said[message.speaker].append(words)
    shares = [
        Share(person, len(said[person.name]), sum(said[person.name]))
        for person in transcript.participants
    ]
    return Entry(
        source=transcript.source,
        key=entry_key(transcript),
        title=transcript.title,
        summary=transcript.summary,
        excerpt=_excerpt(texts),
        started=_fixed(transcript.started),
        ended=_fixed(transcript.ended),
        shares=tuple(shares),
        messages=len(transcript.messages) if transcript.participants else 0,
        declared=transcript.declared_messages,
        words=sum(counts),
        tags=transcript.tags,
        labels=transcript.labels,
        draft=transcript.draft,
        noindex=transcript.noindex,
        language=transcript.language,
        zone=next((t.tzname() or "" for t in (transcript.started, transcript.ended) if t), ""),
        bars=_bars(transcript, counts),
        shape=describe([(share.participant.name, share.words) for share in shares], counts, forms),
        origin=origin or transcript.source.rel,
        files=tuple(files),
        media=media,
        format=transcript.format,
    )


def entry_key(transcript: Transcript) -> str:
    """The page of a transcript, without an ending."""
    folder = slugify_path(transcript.folder)
    return f"{folder}/{transcript.slug}" if folder else transcript.slug


def _fixed(moment: datetime | None) -> datetime | None:
    """A time with its offset alone, which is what is left of it when it was stored."""
    return moment.astimezone(timezone(moment.utcoffset() or timedelta())) if moment else None


def _bars(transcript: Transcript, counts: Sequence[int]) -> tuple[Bar, ...]:
    places = {person.name: place for place, person in enumerate(transcript.participants, 1)}
    if not places:
        return ()
    messages = zip(transcript.messages, counts, strict=True)
    # What nobody speaks has no bar.
    return bin_bars(
        [Bar(m.number, places[m.speaker], words) for m, words in messages if m.speaker in places]
    )


def _excerpt(texts: Sequence[str]) -> str:
    """The first text that says something, cut between words."""
    text = next((text for text in texts if len(text) >= SAYS_SOMETHING), "")
    text = text or next((text for text in texts if text), "")
    if len(text) <= EXCERPT_CHARS:
        return text
    cut = text[:EXCERPT_CHARS]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > EXCERPT_CHARS // 2 else cut).rstrip(" ,;:.–—-") + "…"
