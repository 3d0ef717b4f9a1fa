"""What was said in a recording: short stretches put together to turns, times kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sitegen.model import Message
from sitegen.readers.rich import Run, join_runs
from sitegen.text import visible

__all__ = ["Utterance", "put_together"]

PAUSE = 3.0
"""Seconds of silence after which a paragraph ends."""

PARAGRAPH = 600
"""Characters after which a paragraph ends with the next sentence."""

MAX_PARAGRAPH = 3_000
"""Characters after which it ends wherever it is."""

MAX_TURN = 5_000
"""Characters after which a turn goes on in another message, with a time of its own."""

SENTENCE_END = re.compile(r"[.?!…。？！][\"'”’)\]»]*\s*\Z")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech by one voice."""

    voice: str
    """Who speaks; empty if nobody says."""
    start: float
    """Seconds from the start of the recording."""
    end: float
    """When it ends, likewise."""
    runs: tuple[Run, ...]
    """What is said."""
    line: int = 0
    """1-based line of the source; 0 where it has none."""


@dataclass(slots=True)
class _Paragraph:
    """Stretches that are shown as one."""

    first: Utterance
    runs: list[Run]
    end: float
    length: int

    def add(self, own: Utterance) -> None:
        """Put what is said next behind it."""
        if self.runs:
            self.runs.append(Run("\n" if _begins_line(own) else " "))
        self.runs += own.runs
        self.end = max(self.end, own.end)
        self.length += 1 + _length(own)

    def ends(self, after: Utterance) -> bool:
        """Whether what is said next begins another."""
        if after.start - self.end >= PAUSE or self.length > MAX_PARAGRAPH:
            return True
        last = self.runs[-1].text[-9:] if self.runs else ""
        return self.length > PARAGRAPH and bool(SENTENCE_END.search(last))


def put_together(said: Iterable[Utterance]) -> tuple[Message, ...]:
    """One message a turn; where no voice is known, one a paragraph."""
    messages: list[Message] = []
    for voice, paragraphs in _turns(said):
        for part in _parts(voice, paragraphs):
            runs = [run for number, own in enumerate(part) for run in (*_gap(number), *own.runs)]
            messages.append(
                Message(
                    number=len(messages) + 1,
                    speaker=visible(voice),
                    blocks=(join_runs(runs),),
                    line=part[0].first.line,
                    offset=part[0].first.start,
                )
            )
    return tuple(messages)


def _gap(number: int) -> tuple[Run, ...]:
    return (Run("\n\n"),) if number else ()


def _turns(said: Iterable[Utterance]) -> Iterator[tuple[str, list[_Paragraph]]]:
    """Each turn as its paragraphs."""
    for voice, turn in groupby(said, key=lambda own: own.voice):
        paragraphs: list[_Paragraph] = []
        for own in turn:
            if not paragraphs or paragraphs[-1].ends(own):
                paragraphs.append(_Paragraph(own, list(own.runs), own.end, _length(own)))
            else:
                paragraphs[-1].add(own)
        yield voice, paragraphs


def _length(own: Utterance) -> int:
    return sum(len(run.text) for run in own.runs)


def _begins_line(own: Utterance) -> bool:
    return bool(own.runs) and own.runs[0].text.startswith(("-", "–", "—", "♪", "♫", ">>"))


def _parts(voice: str, paragraphs: Iterable[_Paragraph]) -> Iterator[list[_Paragraph]]:
    """The messages of a turn: one, unless it is very long or nobody's."""
    part: list[_Paragraph] = []
    length = 0
    for paragraph in paragraphs:
        if part and (not voice or length > MAX_TURN):
            yield part
            part, length = [], 0
        part.append(paragraph)
        length += paragraph.length
    if part:
        yield part
