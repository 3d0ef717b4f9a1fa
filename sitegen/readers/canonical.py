"""Reads the canonical form, into which `sitegen convert` turns every other.

It is the model format with one more header, `**Boundary:** ---`, which says how the rule
before every message is written. No message holds such a line, so that nothing in it can be
taken for the beginning of another. What a heading cannot say of a message stands in a
comment right below it; what is not text stands in labelled fences as long as it says.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence

from sitegen.model import (
    Attachment,
    Block,
    Image,
    Message,
    Source,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
)
from sitegen.readers.assemble import Finder, finish
from sitegen.readers.chat import Sheet
from sitegen.readers.dates import parse_date
from sitegen.readers.engine import Candidate, Grammar, cut_body, scan
from sitegen.readers.head import HEADER, TITLE, Head, extra_headers, header_time
from sitegen.readers.marks import parse_marks, unquote
from sitegen.text import visible

__all__ = [
    "FORMAT",
    "HARD",
    "JSON",
    "NONE",
    "PREAMBLE",
    "SPEAKER",
    "read_canonical",
    "recognise_canonical",
]

FORMAT = "canonical"

SPEAKER = re.compile(r"### +(?P<name>\S(?:.*\S)?)[ \t]*")
BOUNDARY = re.compile(r"\*\*Boundary:\*\* (-{3,})[ \t]*")
PREAMBLE = "preamble"
COMMENT = re.compile(r"<!-- (.*) -->[ \t]*")
JSON = "json"
"""The mark of a text that stands as a JSON string, since a text file would change it."""
FENCE = re.compile(r"(`{3,})([a-z-]+)(?: (.*))?")
HARD = "hard"
"""The mark of text whose line ends are meant."""
NONE = "none"
"""The mark of a message that holds no block at all, and of text that is no Markdown."""


def recognise_canonical(sheet: Sheet) -> str:
    """By what a text shows itself to be in the canonical form; empty if it is not."""
    line = sheet.shows(BOUNDARY, 500)
    return f"the header `{line.strip()}`" if line else ""


def read_canonical(
    sheet: Sheet, source: Source, slug: str, timezone: str, finder: Finder
) -> list[Transcript]:
    """Read a text in the canonical form."""
    lines, offset = sheet.lines, sheet.front.offset
    header = next(n for n, line in enumerate(lines) if BOUNDARY.fullmatch(line))
    boundary = BOUNDARY.fullmatch(lines[header])
    rule = re.compile((boundary[1] if boundary else "---") + r"[ \t]*")
    grammar = Grammar(SPEAKER, rule, marks="#-", alone=False)
    top = next((n for n in range(header, len(lines)) if rule.fullmatch(lines[n])), len(lines))
    found = scan(lines, grammar, top + 1)
    openings = [candidate for candidate in found.candidates if candidate.separated]
    head = _read_head(lines[:top], offset)
    end = openings[0].line if openings else len(lines)
    preamble = _preamble(lines[top + 1 : end], head, grammar)
    messages = tuple(_messages(lines, openings, grammar, offset, timezone, finder))
    declared = _declared(head, len(messages), finder)
    started = header_time("started", head, timezone, finder)
    ended = header_time("ended", head, timezone, finder)
    understood = ["boundary", "messages", *(["started"] if started else [])]
    transcript = Transcript(
        source=source,
        format=FORMAT,
        slug=slug,
        title=head.title,
        messages=messages,
        preamble=preamble,
        declared_messages=declared,
        started=started,
        ended=ended,
        extra=tuple(
            (key.removeprefix("\0"), value)
            for key, value in extra_headers(head, [*understood, *(["ended"] if ended else [])])
        ),
    )
    return [finish(transcript, sheet.front, timezone, finder)]


def _read_head(lines: Sequence[str], offset: int) -> Head:
    """Title and headers; a header that no bold line could hold stands in a comment."""
    head = Head()
    for number, line in enumerate(lines, 1 + offset):
        comment = COMMENT.fullmatch(line)
        marks = parse_marks(comment[1]) if comment else None
        if not head.title and (title := TITLE.fullmatch(line)):
            head.title = title[1].rstrip()
        elif header := HEADER.fullmatch(line):
            head.headers.append((header[1].strip(), header[2].strip(), number))
        elif marks and set(marks) == {"header", "value"}:
            head.headers.append((f"\0{marks['header']}", marks["value"], number))
        elif line.strip() or head.preamble:
            head.preamble.append(line)
    return head


def _preamble(lines: Sequence[str], head: Head, grammar: Grammar) -> str:
    """The text before the first message, and whatever else stands in the head."""
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    comment = COMMENT.fullmatch(lines[first]) if first < len(lines) else None
    added = "\n".join(head.preamble).strip("\n")
    if comment and comment[1] in (PREAMBLE, f"{PREAMBLE} {JSON}"):
        text = cut_body(lines[first + 1 :], grammar)
        value = unquote(text) if comment[1].endswith(JSON) else None
        text = text if value is None else value
    else:
        text = cut_body(["", *lines], grammar).strip("\n")
    return f"{added}\n\n{text}".strip("\n") if added else text


def _declared(head: Head, count: int, finder: Finder) -> int | None:
    value, line = head.get("messages")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        return None
    if int(value) != count:
        finder.warn(
            f"the header declares {value} messages, {count} were found",
            line,
            "correct the count, or see that the rule before every message is that of "
            "the header `Boundary`",
        )
    return int(value)


def _messages(
    lines: Sequence[str],
    openings: Sequence[Candidate],
    grammar: Grammar,
    offset: int,
    timezone: str,
    finder: Finder,
) -> Iterator[Message]:
    ends = [*(candidate.line for candidate in openings[1:]), len(lines)]
    for number, (opening, end) in enumerate(zip(openings, ends, strict=False), 1):
        line = opening.line + 1
        marks: dict[str, str] = {}
        if line < end and (comment := COMMENT.fullmatch(lines[line])):
            found = parse_marks(comment[1])
            if found is None:
                finder.warn(
                    "the comment below the heading is not understood; shown as text",
                    line + 1 + offset,
                    'write `name="value"` pairs, or a blank line above it',
                )
            else:
                marks, line = found, line + 1
        body = cut_body(lines[line:end], grammar)
        number_line = opening.line + 1 + offset
        yield _message(number, opening.name, marks, body, number_line, timezone, finder)


def _message(
    number: int,
    name: str,
    marks: dict[str, str],
    body: str,
    line: int,
    timezone: str,
    finder: Finder,
) -> Message:
    at = parse_date(marks["at"], timezone) if "at" in marks else None
    if "at" in marks and at is None:
        finder.warn(f'"{marks["at"]}" is not a date', line + 1, "write 2025-10-26 17:12:18")
    return Message(
        number=number,
        speaker=visible(marks.get("speaker", name)),
        blocks=tuple(_blocks(body, marks)),
        line=line,
        role=marks.get("role", ""),
        at=at,
        offset=_seconds(marks.get("offset", "")),
        reply_to=_number(marks.get("reply_to", "")),
        marks=tuple(map(visible, _words(marks.get("marks", "")))),
        id=visible(marks.get("id", "")),
    )


def _seconds(text: str) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and math.isfinite(value) else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _words(text: str) -> list[str]:
    """The texts of a JSON list; a text that is none stands for itself."""
    try:
        words = json.loads(text) if text else []
    except ValueError:
        return [text]
    return [str(word) for word in words] if isinstance(words, list) else [text]


def _blocks(body: str, marks: dict[str, str]) -> Iterator[Block]:
    """The blocks of a message: one text, or texts between fences of the length it says."""
    manner = _manner(marks)
    mark = marks.get("fence", "")
    if marks.get("blocks") == NONE and not body.strip():
        return
    if not mark:
        yield Text(body, *_manner(marks))
        return
    lines = body.split("\n")
    start = index = 0
    while index < len(lines):
        fence = FENCE.fullmatch(lines[index])
        end = _closing(lines, index, mark) if fence and fence[1] == mark else -1
        block = (
            _block(fence[2], fence[3] or "", lines[index + 1 : end]) if fence and end > 0 else None
        )
        if block is None:
            index += 1
            continue
        if (text := _between(lines[start:index], start > 0, True)) is not None:
            yield Text(text, *manner)
        yield block
        start = index = end + 1
    if (text := _between(lines[start:], start > 0, False)) is not None:
        yield Text(text, *manner)


def _manner(marks: dict[str, str]) -> tuple[bool, bool]:
    """Whether line ends are meant, and whether the text is no Markdown."""
    return marks.get("breaks") == HARD, marks.get("markup") == NONE


def _closing(lines: Sequence[str], opening: int, mark: str) -> int:
    return next((n for n in range(opening + 1, len(lines)) if lines[n] == mark), -1)


def _between(lines: Sequence[str], after: bool, before: bool) -> str | None:
    """The text between two fences: a blank line on each side is layout."""
    first = 1 if after and lines and not lines[0] else 0
    last = len(lines) - (1 if before and len(lines) > first and not lines[-1] else 0)
    return "\n".join(lines[first:last]) if last > first else None


def _block(label: str, given: str, lines: Sequence[str]) -> Block | None:
    """The block behind a fence; None if its label means nothing."""
    marks = parse_marks(given)
    if marks is None:
        return None
    text = "\n".join(lines)
    if marks.get("as") == JSON:
        value = unquote(text)
        text = text if value is None else value
    match label:
        case "text":
            return Text(text, *_manner(marks))
        case "thinking":
            return Thinking(text)
        case "tool-call":
            language = marks.get("language", "")
            return ToolCall(marks.get("id", ""), marks.get("name", ""), text, language)
        case "tool-result":
            return ToolResult(marks.get("id", ""), text, marks.get("error") == "yes")
        case "image":
            return Image(text, marks.get("alt", ""))
        case "attachment":
            return Attachment(marks.get("name", ""), text, marks.get("note", ""))
    return None
