"""The model format: `# A ↔ B`, bold headers, `---`, then `### Speaker` blocks.

    # Kimi K2 ↔ haiku-4.5

    **Started:** 2025-10-26 17:12:18
    **Ended:** 2025-10-26 17:14:57
    **Messages:** 49

    ---

    ### Kimi K2

    Text of the message, in Markdown.

    ---

The format is that of the exporter of github.com/nielsrolf/attractors. A file may have
another title, more bold headers, front matter before it, or no headers at all.
"""

from __future__ import annotations

import re

from sitegen.model import Message, Source, Text, Transcript
from sitegen.readers.assemble import Finder, finish, participant_names
from sitegen.readers.chat import Sheet
from sitegen.readers.engine import RULE, Cut, Grammar, Scan, pick, scan, slice_bodies
from sitegen.readers.frontmatter import FrontMatter
from sitegen.readers.head import Head, extra_headers, header_time, read_head
from sitegen.text import visible

__all__ = ["FORMAT", "read_dialogue", "recognise_exported", "recognise_marked", "title_names"]

FORMAT = "dialogue"

GRAMMAR = Grammar(
    speaker=re.compile(r"### +(?P<name>\S(?:.*\S)?)[ \t]*"),
    separator=RULE,
    marks="#-",
)

NAME_LISTS = frozenset(["agents", "participants", "speakers"])
OWN_HEADERS = ("started", "ended", "messages")
HEAD_LINES = 200
"""How far down a title and headers are looked for."""


def read_dialogue(
    front: FrontMatter, source: Source, slug: str, timezone: str, finder: Finder
) -> Transcript | None:
    """Read a text as the model format, or None if it is not in it."""
    lines = front.body.split("\n")
    body_start, has_head = _body_start(lines)
    found = scan(lines, GRAMMAR, body_start)
    head = read_head(lines[: _first_opening(found, body_start, lines)], front.offset)
    if not _is_dialogue(head, found, front, has_head):
        return None
    declared = _declared(head, finder)
    cut = pick(found, _known_names(head, front, found), declared)
    if not cut.candidates and declared != 0:
        return None
    head_end = cut.candidates[0].line if cut.candidates else len(lines)
    head = read_head(lines[:head_end], front.offset)
    _warn_of_count(cut, declared, head, finder)
    bodies = slice_bodies(lines, cut.candidates, GRAMMAR)
    started = header_time("started", head, timezone, finder)
    ended = header_time("ended", head, timezone, finder)
    tags = tuple(
        dict.fromkeys(tag for part in head.get("tags")[0].split(",") if (tag := part.strip()))
    )
    fields = {"started": started, "ended": ended, "messages": declared, "tags": tags or None}
    transcript = Transcript(
        source=source,
        format=FORMAT,
        slug=slug,
        title=head.title,
        messages=tuple(
            Message(
                number, visible(candidate.name), (Text(body),), candidate.line + 1 + front.offset
            )
            for number, (candidate, body) in enumerate(zip(cut.candidates, bodies, strict=True), 1)
        ),
        preamble="\n".join(head.preamble).strip("\n"),
        declared_messages=declared,
        started=started,
        ended=ended,
        tags=tags,
        extra=extra_headers(head, [name for name, value in fields.items() if value is not None]),
    )
    return finish(transcript, front, timezone, finder)


def recognise_exported(sheet: Sheet) -> str:
    """By what a text is surely of this format: its exporter names both voices and counts."""
    head = _first_head(sheet)
    names = title_names(head.title)
    return f"the title `{head.title}` and a count" if names and head.get("messages")[0] else ""


def recognise_marked(sheet: Sheet) -> str:
    """By what a text is probably of this format: a title with two names, or a header."""
    head = _first_head(sheet)
    if title_names(head.title):
        return f"the title `{head.title}`"
    stated = next((name for name in OWN_HEADERS if head.get(name)[0]), "")
    return f"the header `{stated}`" if stated else ""


def _first_head(sheet: Sheet) -> Head:
    """The head as far as the first line that may open a message."""
    lines = sheet.lines[:HEAD_LINES]
    end = next((n for n, line in enumerate(lines) if GRAMMAR.speaker.fullmatch(line)), len(lines))
    return read_head(lines[:end], sheet.front.offset)


def title_names(title: str) -> tuple[str, ...]:
    """The speakers that a title of the form `A ↔ B` names; empty for other titles."""
    names = [part.strip() for part in title.split("↔")]
    return tuple(name for name in names if name) if len(names) > 1 else ()


def _body_start(lines: list[str]) -> tuple[int, bool]:
    """The index after the rule that ends the head, and whether there is such a head."""
    for index, line in enumerate(lines[:HEAD_LINES]):
        if GRAMMAR.speaker.fullmatch(line):
            return index, False
        if GRAMMAR.separator.fullmatch(line) and index and not lines[index - 1].strip():
            return index + 1, True
    return 0, False


def _first_opening(found: Scan, body_start: int, lines: list[str]) -> int:
    return found.candidates[0].line if found.candidates else max(body_start, len(lines))


def _is_dialogue(head: Head, found: Scan, front: FrontMatter, has_head: bool) -> bool:
    """Whether the text bears enough of the format's marks to be read as it."""
    if any(head.get(name)[0] for name in OWN_HEADERS) or title_names(head.title):
        return True
    names = [candidate.name for candidate in found.candidates if candidate.separated]
    if set(names) & set(participant_names(front)):
        return True
    starts_at_once = not has_head and not head.preamble
    return len(names) > len(set(names)) and (has_head or starts_at_once)


def _declared(head: Head, finder: Finder) -> int | None:
    value, line = head.get("messages")
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    finder.warn(f'"{value}" is not a count of messages', line, "write a number")
    return None


def _known_names(head: Head, front: FrontMatter, found: Scan) -> tuple[str, ...]:
    """Whom the head names: the front matter, a header, or the title, in this order."""
    given = list(participant_names(front))
    for name, value, _ in head.headers:
        if not given and name.lower() in NAME_LISTS:
            given = [part.strip() for part in re.split(r",|↔|&", value) if part.strip()]
    if not given:
        given = list(title_names(head.title))
    seen = {candidate.name for candidate in found.candidates}
    return tuple(dict.fromkeys(_as_spoken(name, seen) for name in given))


def _as_spoken(name: str, seen: set[str]) -> str:
    """A name of the head as the headings spell it: `haiku: on bread` is `haiku`."""
    parts = name.split(": ", 3)
    spellings = [
        *(": ".join(parts[:end]) for end in range(len(parts), 0, -1)),
        *(": ".join(parts[start:]) for start in range(1, len(parts))),
        name.rpartition(" (")[0],
        name.partition(" (")[0],
    ]
    stripped = (spelling.strip() for spelling in spellings)
    return next((spelling for spelling in stripped if spelling in seen), name)


def _warn_of_count(cut: Cut, declared: int | None, head: Head, finder: Finder) -> None:
    if declared is None or cut.agrees:
        return
    finder.warn(
        f"the header declares {declared} messages, {len(cut.candidates)} were found",
        head.get("messages")[1],
        "check that every message begins with `### <speaker>` after a line `---`, "
        "or correct the count",
    )
