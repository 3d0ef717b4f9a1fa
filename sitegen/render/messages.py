"""The messages of a transcript as HTML; needs nothing of the rest of the site."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from sitegen.bulk import Blob, gather
from sitegen.cite import Excerpt
from sitegen.config import Config
from sitegen.entry import Entry, entry_key
from sitegen.keys import digest
from sitegen.model import Message, Transcript
from sitegen.palette import SLOTS
from sitegen.provenance.record import Record
from sitegen.render.layouts import Layouts
from sitegen.render.templates import load_template, render_template, stream_template
from sitegen.text import Script, visible

if TYPE_CHECKING:
    from sitegen.markup import Rendered

__all__ = ["MessageLayout", "MessageView", "Prepared", "Side"]

LONG_PAGE = 100
"""Messages from which on a browser may leave out what is not in view."""

PAUSE = timedelta(hours=1)
"""A longer silence is said."""

LEAST_OUTLINE, MOST_OUTLINE = 6, 40
"""Messages of a page with an outline, and lines of it: of more every second, third, …"""

OUTLINE_CHARS = 56
MAX_CUTS = 4

RIGHT_TO_LEFT = Script(
    "[\u0590-\u08ff\ufb1d-\ufdfb\ufe70-\ufefc\U00010800-\U00010fff]",
    bytes([*range(0xD6, 0xE1), 0xEF, 0xF0]),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """All of a transcript that does not depend on the rest of the site."""

    entry: Entry
    """What the listings need."""
    body: Blob
    """The messages, laid out, in UTF-8."""
    preamble: Markup
    """The text before the first message; may be empty."""
    note: Markup
    """The editor's note; may be empty."""
    outline: Markup
    """How the messages begin; may be empty."""
    extra: tuple[tuple[str, str], ...]
    """Further headers of the source, for the head of the page."""
    record: Record
    """What lets a reader check it."""
    excerpts: tuple[Excerpt, ...] = ()
    """The beginnings of the first messages."""
    files: tuple[tuple[str, Blob], ...] = ()
    """What is published beside the page: name in the folder of the page's name, and bytes."""
    lines: Markup | None = None
    """The source, or the canonical form in its place, as a list of lines; empty if it is too
    long to be shown, None if it is not to be."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as `partials/messages.html` gets it."""

    number: int
    """1-based."""
    slot: int
    """The speaker's place among the participants, from 1; beyond 8, or nobody's, 0."""
    speaker: str
    """The name; empty in a plain document."""
    role: str
    """The export's role; empty where the format has none."""
    at: datetime | None
    """When it was said."""
    day: datetime | None
    """The same where a new day begins with it."""
    gap: timedelta | None
    """How long nobody spoke before, where it was more than an hour."""
    offset: float | None
    """When it was said in a recording, in seconds from its start."""
    reply_to: Message | None
    """The message that it answers."""
    marks: tuple[str, ...]
    """What the record says of it."""
    html: Markup
    """The body."""
    is_blank: bool
    """True if there is nothing to read in it."""
    is_notice: bool
    """True if nobody speaks."""
    same_speaker: bool
    """True if the message before is by the same speaker, on the same day."""
    has_rtl: bool
    """True if it holds text written from right to left."""
    height: int
    """On a long page an estimate of its height, 1 to 16: 1.75rem times 1.5 to its power."""
    line: int = 0
    """The line on which it begins on the page of its source; 0 if there is none."""


@dataclass(frozen=True, slots=True)
class Side:
    """A transcript on a page that shows several."""

    key: str
    """Its own page, without an ending."""
    messages: tuple[MessageView, ...]
    """Its messages, laid out for that page."""
    signs: tuple[str, ...]
    """For each message a digest of who says what: the same sign, the same message."""
    record: Record
    """What lets a reader check it."""


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """One message in the outline of its page."""

    number: int
    """The message's."""
    slot: int
    """The speaker's."""
    speaker: str
    """The name."""
    text: str
    """How it begins, at most 56 characters."""


class MessageLayout:
    """Lays out the messages of a transcript; needs nothing of the site."""

    def __init__(self, config: Config) -> None:
        layouts = Layouts(config)
        environment, self.strings = layouts.environment, layouts.strings
        self.template = load_template(environment, "partials/messages.html")
        self.outline = load_template(environment, "partials/outline.html")

    def lay_out(
        self,
        transcript: Transcript,
        bodies: Iterable[Rendered],
        source: str = "",
        lines: Sequence[int] = (),
    ) -> Blob:
        """The messages of a transcript as HTML in UTF-8, given their bodies in order.

        A body is taken when it is its turn, so that of a long transcript none is held twice.
        `source` is the address of the page of its source, and `lines` those on which the
        messages begin there; empty where there is no such page.
        """
        views = _views(transcript, bodies, lines)
        pieces = stream_template(self.template, messages=views, source=source)
        return gather(piece.encode(errors="replace") for piece in pieces)

    def side(self, transcript: Transcript, bodies: Iterable[Rendered], record: Record) -> Side:
        """A transcript for a page that shows several."""
        signs = tuple(digest(m.speaker, m.role, m.blocks) for m in transcript.messages)
        return Side(entry_key(transcript), tuple(_views(transcript, bodies)), signs, record)

    def lay_out_outline(
        self,
        transcript: Transcript,
        words: Sequence[str],
        clean: Callable[[str], str] | None = None,
    ) -> Markup:
        """How the messages begin, or as many of them as an outline can hold; empty for few.

        `words` are those of each message. `clean` hides what the site's rules hide; a cut
        can make a whole word of a part.
        """
        if len(words) < LEAST_OUTLINE:
            return Markup()
        places = _slots(transcript)
        step = -(-len(words) // MOST_OUTLINE)
        items = [
            OutlineItem(
                message.number,
                places.get(message.speaker, 0),
                message.speaker,
                _cut_clean(said, clean) if clean else _cut(said),
            )
            for message, said in zip(transcript.messages[::step], words[::step], strict=True)
            if not message.is_notice
        ]
        return Markup(render_template(self.outline, items=items))


def _views(
    transcript: Transcript, bodies: Iterable[Rendered], lines: Sequence[int] = ()
) -> Iterator[MessageView]:
    places = _slots(transcript)
    is_long = len(transcript.messages) >= LONG_PAGE
    numbers = {message.reply_to for message in transcript.messages if message.reply_to}
    answered = {m.number: m for m in transcript.messages if m.number in numbers}
    before: Message | None = None
    last: datetime | None = None
    starts = lines or [0] * len(transcript.messages)
    for message, body, line in zip(transcript.messages, bodies, starts, strict=True):
        at = message.at
        is_new_day = at is not None and (last is None or at.date() != last.date())
        pause = at - last if at and last else None
        yield MessageView(
            number=message.number,
            slot=places.get(message.speaker, 0),
            speaker=message.speaker,
            role=message.role,
            at=at,
            day=at if is_new_day else None,
            gap=pause if pause and pause > PAUSE and not is_new_day else None,
            offset=message.offset,
            reply_to=answered.get(message.reply_to),
            marks=tuple(map(visible, message.marks)),
            html=body.html,
            is_blank=message.is_blank,
            is_notice=message.is_notice,
            same_speaker=before is not None
            and message.speaker == before.speaker
            and not is_new_day,
            has_rtl=RIGHT_TO_LEFT.occurs_in(body.html),
            height=_height(body) if is_long else 0,
            line=line,
        )
        before, last = message, at or last


def _slots(transcript: Transcript) -> dict[str, int]:
    return {person.name: place for place, person in enumerate(transcript.participants[:SLOTS], 1)}


def _cut_clean(words: str, clean: Callable[[str], str]) -> str:
    text = _cut(words)
    for _ in range(MAX_CUTS):
        cleaned = clean(text)
        if cleaned == text:
            return text
        text = _cut(cleaned)
    return clean(text)


def _cut(words: str) -> str:
    return words if len(words) <= OUTLINE_CHARS else f"{words[: OUTLINE_CHARS - 1].rstrip()}…"


def _height(body: Rendered) -> int:
    """By its text and its line ends, for a column of about 62 characters.

    What the browser holds free for a message that it has not laid out yet: the nearer,
    the less a page moves under the reader.
    """
    lines = len(body.words) / 62 + 0.8 * body.html.count("\n") + 0.5
    pixels = 56 + 27 * lines
    return min(16, max(1, round(math.log(pixels / 28, 1.5))))
