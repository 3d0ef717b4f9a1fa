"""What is special in a message of one format: quotes, times in the text, thoughts."""

from __future__ import annotations

import re

from sitegen.model import Block, Text, Thinking
from sitegen.readers.chat import Turn
from sitegen.readers.times import parse_clock, parse_moment

__all__ = ["read_banner", "read_callout", "read_quote", "take_time"]

UID = re.compile(r"<!-- UID: (\S+) -->\s*")
CLOCK = re.compile(r"\(([\d:]{4,8})\)\Z")
PART = re.compile(r"^\[(Thoughts|Message)\][ \t]*$", re.MULTILINE)
TIME_LINE = re.compile(r"(?:> ?)?[*_]{0,2}([^*_].{2,50}?)[*_]{0,2}[ \t]*")
RULE = re.compile(r"-{3,}\s*")


def read_quote(turn: Turn) -> Turn:
    """Take the quote marks off a body of which every line has one."""
    lines = turn.body.split("\n")
    if all(line.startswith(">") or not line.strip() for line in lines):
        turn.body = "\n".join(_unquote(line) for line in lines).strip("\n")
    return turn


def read_callout(turn: Turn) -> Turn:
    """Take the quote marks off a callout, and read what stands below it.

    A comment with the message's id and a rule are structure; anything else is kept.
    """
    lines = turn.body.split("\n")
    end = next((n for n, line in enumerate(lines) if line[:1] != ">"), len(lines))
    body = [_unquote(line) for line in lines[:end]]
    rest: list[str] = []
    for line in lines[end:]:
        if (uid := UID.fullmatch(line)) and not turn.id:
            turn.id = uid[1]
        elif not RULE.fullmatch(line):
            rest.append(line)
    text = "\n".join(rest).strip("\n")
    turn.body = "\n".join(body) + (f"\n\n{text}" if text.strip() else "")
    return turn


def _unquote(line: str) -> str:
    return line[2:] if line.startswith("> ") else line.removeprefix(">")


def take_time(turn: Turn) -> Turn:
    """Read the line of time that stands below the speaker's: `*10:30:00*`."""
    first, _, rest = turn.body.partition("\n")
    match = TIME_LINE.fullmatch(first) if len(first) < 80 else None
    if match and not turn.time:
        when, _, about = match[1].partition(" · ")
        if parse_clock(when) or parse_moment(when, "UTC", "mdy") or parse_moment(when, "UTC"):
            turn.time, turn.body = when.strip(), rest.strip("\n")
            turn.marks = (*turn.marks, about.strip())
    return turn


def read_banner(turn: Turn) -> Turn:
    """Part a name from the time behind it, `Alice  (05:07:15)`, and thoughts from words."""
    if match := CLOCK.search(turn.name):
        turn.name, turn.time = turn.name[: match.start()].rstrip(), match[1]
    pieces = PART.split(turn.body)
    if len(pieces) > 1:
        blocks: list[Block] = [Text(pieces[0].strip("\n"))] if pieces[0].strip() else []
        for kind, text in zip(pieces[1::2], pieces[2::2], strict=True):
            make = Thinking if kind == "Thoughts" else Text
            blocks.append(make(text.strip("\n")))
        turn.blocks = tuple(blocks)
    return turn
