"""The engine that reads chats: one procedure, configured by a style for each format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sitegen.model import NOTICE, Block, Message, Source, Text, Transcript
from sitegen.readers.assemble import Finder, finish
from sitegen.readers.engine import Candidate, Grammar, Scan, scan, slice_bodies
from sitegen.readers.frontmatter import FrontMatter
from sitegen.readers.head import Head, extra_headers, read_head
from sitegen.readers.moments import Moments, find_moments
from sitegen.readers.tails import Tail, split_footer, split_tail, tidy_head
from sitegen.readers.times import parse_offset
from sitegen.text import visible

__all__ = ["USER", "Sheet", "Style", "Turn", "as_is", "messages_of", "read_chat"]

USER = "user"
"""The role of a person at a chat box, whose line ends are meant."""

HEAD_LINES = 60
"""How far down a format gives itself away."""

SPEECH_CHARS = 1_000
"""A longer text before the first name may be a speech."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text as the styles look at it."""

    front: FrontMatter
    """Its front matter, and the body below it."""
    lines: Sequence[str]
    """The lines of the body."""

    def shows(self, pattern: re.Pattern[str], within: int = HEAD_LINES) -> str:
        """The first line of the head that is wholly as the pattern says; empty for none."""
        return next((line for line in self.lines[:within] if pattern.fullmatch(line)), "")


@dataclass(slots=True)
class Turn:
    """One message on its way into the model."""

    name: str
    """Who speaks; empty where the speaker before goes on."""
    body: str
    """The words."""
    line: int
    """1-based line of the source."""
    time: str = ""
    """When, as written."""
    marks: tuple[str, ...] = ()
    """What else the source says of it."""
    id: str = ""
    """The export's name for it."""
    role: str = ""
    """`user`, `assistant`, …; empty where it is not known."""
    blocks: tuple[Block, ...] | None = None
    """What the body was found to hold; None for one text."""


def as_is(turn: Turn) -> Turn:
    """The turn, where a format has nothing special in it."""
    return turn


@dataclass(frozen=True, slots=True)
class Style:
    """How one format writes a chat."""

    format: str
    """Its name in the model, in the configuration and in the documentation."""
    grammar: Grammar
    """How messages begin."""
    recognise: Callable[[Sheet], str]
    """Says by what a text shows itself to be of this format; empty if it does not."""
    choose: Callable[[Scan, Sheet], Sequence[Candidate]]
    """Picks the lines that open messages from those that look so."""
    shape: Callable[[Turn], Turn] = as_is
    """Reads what is special in a message of this format."""
    tidy: Callable[[Head, int], None] = tidy_head
    """Reads what is special above the messages; gets the lines of the front matter too."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """The roles of names, by the name in small letters."""
    title: re.Pattern[str] | None = None
    """What a title holds: the groups `title` and `time`."""
    plain_headers: bool = False
    """True if headers may be `Key: value`, without stars."""
    between: re.Pattern[str] | None = None
    """Lines between messages that say something of the next one: `### Round 3/10`."""
    sections: bool = False
    """True if headings right before a message are sections of the record."""
    footer: bool = False
    """True if headers may stand at the end, below a rule."""
    recorded: bool = False
    """True if times count from the start of a recording."""


def read_chat(
    style: Style, sheet: Sheet, source: Source, slug: str, timezone: str, finder: Finder
) -> Transcript | None:
    """Read a text in a style, or None if no message is found in it."""
    front = sheet.front
    found = scan(sheet.lines, style.grammar)
    chosen = tuple(style.choose(found, sheet))
    if not chosen:
        return None
    head = read_head(sheet.lines[: chosen[0].line], front.offset, plain=style.plain_headers)
    style.tidy(head, front.offset)
    bodies = slice_bodies(sheet.lines, chosen, style.grammar)
    if style.footer:
        bodies, footer = split_footer(bodies)
        head.headers.extend((key, value, 0) for key, value in footer)
    above = split_tail("\n".join(head.preamble), style.between, style.sections)
    tails = [above, *(split_tail(body, style.between, style.sections) for body in bodies)]
    turns = _turns(style, chosen, tails, front.offset)
    if style.sections and _is_speech(above.body):
        # A talk without a name, then questions: who spoke is not said, that it was is.
        turns.insert(0, Turn("", above.body, front.offset + 1))
        above, tails = replace(above, body=""), [above, Tail(""), *tails[1:]]
    moments = find_moments(head, front, timezone, [turn.time for turn in turns], style.title)
    messages = messages_of(_with_sections(turns, tails), moments, recorded=style.recorded)
    times = [message.at for message in messages if message.at]
    transcript = Transcript(
        source=source,
        format=style.format,
        slug=slug,
        title=moments.title,
        messages=messages,
        preamble=above.body.strip("\n"),
        started=moments.started or min(times, default=None),
        ended=moments.ended or (max(times) if len(times) > 1 else None),
        extra=extra_headers(head, moments.understood),
    )
    return finish(transcript, front, timezone, finder)


def _is_speech(text: str) -> bool:
    """Whether the text before the first name is long enough to be spoken, not a remark."""
    paragraphs = text.split("\n\n") if len(text) > SPEECH_CHARS else []
    return sum(len(paragraph) > 80 and paragraph[0] not in "#<[" for paragraph in paragraphs) > 3


def _turns(
    style: Style, chosen: Sequence[Candidate], tails: Sequence[Tail], offset: int
) -> list[Turn]:
    turns: list[Turn] = []
    for candidate, before, tail in zip(chosen, tails, tails[1:], strict=False):
        marks = (*before.between, candidate.about)
        time = candidate.time or before.time
        turn = Turn(candidate.name, tail.body, candidate.line + 1 + offset, time, marks)
        turn = style.shape(turn)
        turn.role = turn.role or style.roles.get(turn.name.lower(), "")
        if not turn.name and turn.role != NOTICE and turns:
            turn.name, turn.role = turns[-1].name, turns[-1].role
        turns.append(turn)
    return turns


def _with_sections(turns: Sequence[Turn], tails: Sequence[Tail]) -> list[Turn]:
    """The turns, and among them the headings that nobody speaks."""
    whole: list[Turn] = []
    for turn, before in zip(turns, tails, strict=False):
        whole.extend(Turn("", text, turn.line, role=NOTICE) for text in before.sections)
        whole.append(turn)
    # What was said of a next message belongs to the record though none follows.
    last = (*tails[-1].between, tails[-1].time, *tails[-1].sections)
    whole.extend(Turn("", text, turns[-1].line, role=NOTICE) for text in last if text)
    return whole


def messages_of(
    turns: Sequence[Turn], moments: Moments, *, recorded: bool = False
) -> tuple[Message, ...]:
    """The turns as messages, numbered, with their times."""
    return tuple(_message(number, turn, moments, recorded) for number, turn in enumerate(turns, 1))


def _message(number: int, turn: Turn, moments: Moments, recorded: bool) -> Message:
    offset = parse_offset(turn.time) if recorded and turn.time else None
    at = moments.read(turn.time) if turn.time and not recorded else None
    unread = turn.time if offset is None and at is None else ""
    blocks = (Text(turn.body, turn.role == USER),) if turn.blocks is None else turn.blocks
    return Message(
        number=number,
        speaker="" if turn.role == NOTICE else visible(turn.name),
        blocks=blocks,
        line=turn.line,
        role=turn.role,
        at=at,
        offset=offset,
        marks=tuple(visible(mark) for mark in (unread, *turn.marks) if mark),
        id=visible(turn.id),
    )
