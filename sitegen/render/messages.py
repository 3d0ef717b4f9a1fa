"""The messages of a transcript as HTML; needs nothing of the rest of the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup

from sitegen.cite import Excerpt
from sitegen.config import Config
from sitegen.entry import Entry
from sitegen.model import Message, Transcript
from sitegen.render.templates import load_template, make_environment, render_template
from sitegen.text import Script, visible

if TYPE_CHECKING:
    from sitegen.markup import Rendered

__all__ = ["MessageLayout", "Prepared"]

RIGHT_TO_LEFT = Script(
    "[\u0590-\u08ff\ufb1d-\ufdfb\ufe70-\ufefc\U00010800-\U00010fff]",
    bytes([*range(0xD6, 0xE1), 0xEF, 0xF0]),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """All of a transcript that does not depend on the rest of the site."""

    entry: Entry
    """What the listings need."""
    body: Markup
    """The messages, laid out."""
    preamble: Markup
    """The text before the first message; may be empty."""
    note: Markup
    """The editor's note; may be empty."""
    extra: tuple[tuple[str, str], ...]
    """Further headers of the source, for the head of the page."""
    excerpts: tuple[Excerpt, ...] = ()
    """The beginnings of the first messages."""
    files: tuple[tuple[str, bytes], ...] = ()
    """What is published beside the page: name in the folder of the page's name, and bytes."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as `partials/messages.html` gets it."""

    number: int
    speaker: str
    hue: int
    role: str
    at: datetime | None
    offset: float | None
    reply_to: Message | None
    marks: tuple[str, ...]
    html: Markup
    is_blank: bool
    is_notice: bool
    same_speaker: bool
    has_rtl: bool


class MessageLayout:
    """Lays out the messages of a transcript; needs nothing of the site."""

    def __init__(self, config: Config) -> None:
        self.template = load_template(make_environment(config), "partials/messages.html")

    def lay_out(self, transcript: Transcript, bodies: Sequence[Rendered]) -> Markup:
        """The messages of a transcript as HTML, given their bodies in order."""
        hues = {person.name: person.hue for person in transcript.participants}
        numbers = {message.reply_to for message in transcript.messages if message.reply_to}
        answered = {m.number: m for m in transcript.messages if m.number in numbers}
        views = []
        before = None
        for message, body in zip(transcript.messages, bodies, strict=True):
            views.append(
                MessageView(
                    number=message.number,
                    speaker=message.speaker,
                    hue=hues.get(message.speaker, 0),
                    role=message.role,
                    at=message.at,
                    offset=message.offset,
                    reply_to=answered.get(message.reply_to),
                    marks=tuple(map(visible, message.marks)),
                    html=body.html,
                    is_blank=message.is_blank,
                    is_notice=message.is_notice,
                    same_speaker=message.speaker == before,
                    has_rtl=RIGHT_TO_LEFT.occurs_in(body.html),
                )
            )
            before = message.speaker
        return Markup(render_template(self.template, messages=views))
