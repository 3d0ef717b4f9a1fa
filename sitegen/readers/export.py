"""What the readers of exports share: cleaning, times, turns, and the last step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from sitegen.model import (
    NOTICE,
    Block,
    Message,
    Source,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
)
from sitegen.readers.assemble import Finder, finish
from sitegen.readers.decode import TERMINAL
from sitegen.readers.frontmatter import FrontMatter
from sitegen.readers.values import first_line, moment
from sitegen.urls import slugify

__all__ = ["Export", "Turn", "Turns"]

NAMED_RECORD = 12
"""Characters of a conversation's id that its address holds."""

TITLE_IN_SLUG = 60


@dataclass(slots=True)
class Export:
    """One source while it is read, and one of its conversations."""

    source: Source
    timezone: str
    finder: Finder
    stem: str
    """The slug of the file's name."""
    index: int | None = None
    """0-based place of the conversation in the file; None where the file is one."""
    line: int = 1
    """Where the conversation begins."""
    passed: Counter[str] = field(default_factory=Counter)
    """What was not shown, and how often."""
    sequences: int = 0
    """Terminal sequences that were removed."""

    def text(self, value: object) -> str:
        r"""A string of the export with `\n` line ends and without terminal colours."""
        if not isinstance(value, str):
            return ""
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        if "\x1b" in value:
            value, count = TERMINAL.subn("", value)
            self.sequences += count
        return value

    def at(self, value: object) -> datetime | None:
        """The time that a value states, in the site's zone."""
        return moment(value, self.timezone)

    def note(self, message: str, line: int = 0) -> None:
        """Say something that is worth knowing."""
        self.finder.note(message, line or self.line)

    def pass_over(self, what: str) -> None:
        """Count something that is no part of the conversation; said once, at the end."""
        self.passed[what] += 1

    def slug(self, title: str, name: str) -> str:
        """The address of the conversation: the file's, or one of its own among many."""
        if self.index is None:
            return self.stem
        if name:
            return slugify(f"{self.stem}-{slugify(title)[:TITLE_IN_SLUG]}-{name[:NAMED_RECORD]}")
        return f"{self.stem}-{self.index + 1}"

    def transcript(
        self,
        kind: str,
        title: str,
        messages: Sequence[Message],
        *,
        id: str = "",
        slug: str = "",
        models: Mapping[str, str] | None = None,
        started: datetime | None = None,
        ended: datetime | None = None,
        extra: Iterable[tuple[str, str]] = (),
        labels: tuple[str, ...] = (),
        tags: tuple[str, ...] = (),
    ) -> Transcript:
        """The conversation, with voices and times settled.

        `models` gives the model behind a speaker; a conversation without a title is
        called by what was first said in it.
        """
        self._say_what_was_passed_over()
        title = " ".join(self.text(title).split()) or _first_said(messages)
        times = [message.at for message in messages if message.at]
        people = [{"name": name, "model": model} for name, model in (models or {}).items()]
        head = {"participants": people, "labels": list(labels), "tags": list(tags)}
        transcript = Transcript(
            source=self.source,
            format=kind,
            slug=slug or self.slug(title, id),
            title=title or PurePosixPath(self.source.rel).stem,
            messages=tuple(messages),
            started=started or min(times, default=None),
            ended=ended or (max(times) if len(times) > 1 else None),
            extra=tuple(pair for pair in extra if pair[1]),
        )
        return finish(transcript, FrontMatter(head, "", 0, {}), self.timezone, self.finder)

    def _say_what_was_passed_over(self) -> None:
        for what, count in sorted(self.passed.items()):
            self.note(f"not shown: {what}" + (f" ({count} times)" if count > 1 else ""))
        self.passed.clear()
        if self.sequences:
            self.note(f"{self.sequences} terminal sequences (colours, cursor moves) removed")
            self.sequences = 0


def _first_said(messages: Sequence[Message]) -> str:
    """What was first said, by a person if one spoke."""
    for wanted in ("user", ""):
        for message in messages:
            if message.is_notice or wanted not in message.role:
                continue
            for block in message.blocks:
                if isinstance(block, Text) and block.markdown.strip():
                    return first_line(block.markdown)
    return ""


@dataclass(slots=True)
class Turn:
    """A message that may still grow."""

    speaker: str
    role: str
    at: datetime | None
    line: int
    blocks: list[Block]
    key: str = ""
    """The id of the source's own message, of which it may hold but a part."""
    kinds: set[type[Block]] = field(default_factory=set)
    """The types of its blocks, kept so that a long turn need not be looked through."""

    def __post_init__(self) -> None:
        self.kinds = {type(block) for block in self.blocks}

    def grow(self, blocks: Sequence[Block]) -> None:
        """Add blocks."""
        self.blocks += blocks
        self.kinds |= {type(block) for block in blocks}


@dataclass(slots=True)
class Turns:
    """Messages as they come: a passage of text and the steps that follow it are one.

    A session of an agent holds a line for each step. A message here begins with what is
    said (or thought before it) and ends before the speaker says more, or another speaks;
    the result of a tool stands with its call, wherever it comes.
    """

    turns: list[Turn] = field(default_factory=list)
    calls: dict[str, Turn] = field(default_factory=dict)

    def add(self, turn: Turn) -> None:
        """Add what a speaker said or did."""
        if not turn.blocks:
            return
        last = self.turns[-1] if self.turns else None
        owner = turn
        if last and _is_same_voice(last, turn) and _goes_on(last, turn):
            last.grow(turn.blocks)
            owner = self._settle() if _is_step(turn) else last
        else:
            self.turns.append(turn)
        self._remember(turn.blocks, owner)

    def append(self, turn: Turn) -> None:
        """Add a message that is one in the source, whatever it holds."""
        self.turns.append(turn)
        self._remember(turn.blocks, turn)

    def _remember(self, blocks: Sequence[Block], owner: Turn) -> None:
        """Know calls again when their results come."""
        for block in blocks:
            if isinstance(block, ToolCall) and block.id:
                self.calls[block.id] = owner

    def _settle(self) -> Turn:
        """Thoughts that led to a step and to no word belong to the message before."""
        last = self.turns[-1]
        before = self.turns[-2] if len(self.turns) > 1 else None
        if before is None or not _is_same_voice(before, last) or not _is_step(last):
            return last
        before.grow(self.turns.pop().blocks)
        return before

    def answer(self, result: ToolResult, turn: Turn) -> None:
        """Add the result of a tool to its call; `turn` is where it stands if that is unknown."""
        owner = self.calls.get(result.call_id)
        if owner is None and not result.call_id and self.turns:
            last = self.turns[-1]
            owner = last if ToolCall in last.kinds else None
        if owner is None:
            self.turns.append(turn)
            turn.blocks.insert(0, result)
        else:
            owner.grow([result, *turn.blocks])

    def notice(self, text: str, line: int, at: datetime | None = None) -> None:
        """Add a line that nobody speaks."""
        if text.strip():
            self.turns.append(Turn("", NOTICE, at, line, [Text(text)]))

    def messages(self) -> tuple[Message, ...]:
        """All of it, numbered."""
        return tuple(
            Message(number, turn.speaker, tuple(turn.blocks), turn.line, turn.role, turn.at)
            for number, turn in enumerate(self.turns, 1)
        )


def _is_same_voice(last: Turn, turn: Turn) -> bool:
    """Whether two turns may be one: of one speaker, and not both of a person."""
    is_same = (last.speaker, last.role) == (turn.speaker, turn.role)
    return is_same and bool(turn.speaker) and turn.role != "user"


def _is_step(turn: Turn) -> bool:
    """Whether nothing is said in it, and something done."""
    return Text not in turn.kinds and turn.kinds != {Thinking}


def _goes_on(last: Turn, turn: Turn) -> bool:
    """Whether a turn of the same voice is the rest of the one before it."""
    if last.kinds == {Thinking} or _is_step(turn):
        return True
    return turn.kinds != {Thinking} and bool(last.key) and last.key == turn.key
