"""What was said in a recording: short stretches put together to turns, times kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

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
                    line=part[0].line,
                    offset=part[0].start,
                )
            )
    return tuple(messages)


def _gap(number: int) -> tuple[Run, ...]:
    return (Run("\n\n"),) if number else ()


def _turns(said: Iterable[Utterance]) -> Iterator[tuple[str, list[Utterance]]]:
    """Each turn as its paragraphs."""
    voice: str | None = None
    paragraphs: list[Utterance] = []
    for own in said:
        if own.voice != voice:
            if paragraphs and voice is not None:
                yield voice, paragraphs
            voice, paragraphs = own.voice, [own]
        elif _ends(paragraphs[-1], own):
            paragraphs.append(own)
        else:
            paragraphs[-1] = _joined(paragraphs[-1], own)
    if paragraphs and voice is not None:
        yield voice, paragraphs


def _length(own: Utterance) -> int:
    return sum(len(run.text) for run in own.runs)


def _ends(paragraph: Utterance, after: Utterance) -> bool:
    if after.start - paragraph.end >= PAUSE:
        return True
    length = _length(paragraph)
    last = paragraph.runs[-1].text if paragraph.runs else ""
    return length > MAX_PARAGRAPH or (length > PARAGRAPH and bool(SENTENCE_END.search(last[-9:])))


def _joined(first: Utterance, second: Utterance) -> Utterance:
    space = Run("\n" if _begins_line(second) else " ")
    runs = (*first.runs, space, *second.runs) if first.runs else second.runs
    return replace(first, end=max(first.end, second.end), runs=runs)


def _begins_line(own: Utterance) -> bool:
    return bool(own.runs) and own.runs[0].text.startswith(("-", "–", "—", "♪", "♫", ">>"))


def _parts(voice: str, paragraphs: list[Utterance]) -> Iterator[list[Utterance]]:
    """The messages of a turn: one, unless it is very long or nobody's."""
    part: list[Utterance] = []
    length = 0
    for paragraph in paragraphs:
        if part and (not voice or length > MAX_TURN):
            yield part
            part, length = [], 0
        part.append(paragraph)
        length += _length(paragraph)
    if part:
        yield part
