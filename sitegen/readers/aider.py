"""Aider's histories: one file that only grows, with a heading where each chat starts.

    # aider chat started at 2025-03-04 09:12:00

    > Added tide.py to the chat

    #### Make the tide come in

    I will change `tide.py`.

What a person typed has `#### ` before each line and two spaces behind; what aider itself
says has `> `; the rest is the model. The two spaces tell a line that was typed from a
heading of the model's, unless a file has lost them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sitegen.model import NOTICE, Source, Text, Transcript
from sitegen.readers.assemble import Finder, finish
from sitegen.readers.chat import USER, Sheet, Turn, messages_of
from sitegen.readers.head import Head
from sitegen.readers.moments import find_moments
from sitegen.urls import slugify

__all__ = ["FORMAT", "read_aider", "recognise_aider"]

FORMAT = "aider"

START = re.compile(r"# aider chat started at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*")
TYPED = "####"


@dataclass(slots=True)
class _Chat:
    """One chat of a history."""

    line: int
    started: str
    lines: list[str] = field(default_factory=list)


def recognise_aider(sheet: Sheet) -> str:
    """By what a text shows itself to be a history of aider; empty if it does not."""
    first = sheet.shows(START)
    return f"the heading `{first.strip()}`" if first else ""


def read_aider(
    sheet: Sheet, source: Source, slug: str, timezone: str, finder: Finder
) -> list[Transcript]:
    """Read every chat of a history; one after another in the file, one transcript each."""
    chats = _chats(sheet)
    marked = _marks_lines(sheet.lines)
    slugs = [slugify(f"{slug} {chat.started}") if len(chats) > 1 else slug for chat in chats]
    found = []
    for number, (chat, name) in enumerate(zip(chats, slugs, strict=True)):
        turns = list(_turns(chat, sheet.front.offset, marked))
        # Two may start in one second.
        repeats = slugs[:number].count(name)
        head = Head(title=f"aider chat started at {chat.started}" if chat.started else "")
        head.headers.append(("started", chat.started, 0))
        moments = find_moments(head, sheet.front, timezone, [], None)
        transcript = Transcript(
            source=source,
            format=FORMAT,
            slug=f"{name}-{repeats + 1}" if repeats else name,
            title=head.title,
            messages=messages_of(turns, moments),
            started=moments.started,
        )
        front = sheet.front if not number else replace(sheet.front, fields={})
        found.append(finish(transcript, front, timezone, finder))
    return found


def _chats(sheet: Sheet) -> list[_Chat]:
    chats: list[_Chat] = []
    for number, line in enumerate(sheet.lines, 1):
        if start := START.fullmatch(line):
            chats.append(_Chat(number, start[1]))
        elif chats:
            chats[-1].lines.append(line)
        elif line.strip():
            chats.append(_Chat(number - 1, "", [line]))
    return chats


def _marks_lines(lines: Sequence[str]) -> bool:
    """Whether this file still has the two spaces behind what was typed."""
    typed = [line for line in lines if line.startswith(TYPED + " ")]
    return 2 * sum(line.endswith("  ") for line in typed) >= len(typed)


def _turns(chat: _Chat, offset: int, marked: bool) -> Iterator[Turn]:
    """The messages of a chat: runs of lines of one kind."""
    kind, first = "", 0
    run: list[str] = []
    for number, line in enumerate(chat.lines, chat.line + 1):
        this = _kind(line, marked, kind)
        if this != kind:
            yield from _turn(kind, run, first + offset)
            kind, run, first = this, [], number
        run.append(line)
    yield from _turn(kind, run, first + offset)


def _kind(line: str, marked: bool, before: str) -> str:
    """`user`, `tool` or `assistant`; a blank line ends all but the model's words."""
    if line.startswith(TYPED) and line[4:5] in (" ", "") and (not marked or line.endswith("  ")):
        return "user"
    if line.startswith("> ") and line.endswith("  "):
        return "tool"
    if not line.strip():
        return "assistant" if before == "assistant" else ""
    # A command that aider echoes may have several lines, of which the first is marked.
    return "assistant"


def _turn(kind: str, run: Sequence[str], line: int) -> Iterator[Turn]:
    if kind == "user":
        body = "\n".join(one[5:].removesuffix("  ") for one in run)
        yield Turn("User", body, line, role=USER)
    elif kind == "tool":
        body = "\n".join(one[2:].removesuffix("  ") for one in run)
        yield Turn("", body, line, role=NOTICE, blocks=(Text(body, True),))
    elif text := "\n".join(run).strip("\n"):
        yield Turn("aider", text, line, role="assistant")
