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
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sitegen.model import Message, Source, Text, Transcript
from sitegen.readers.assemble import Finder, finish, participant_names
from sitegen.readers.dates import parse_date
from sitegen.readers.engine import Cut, Grammar, Scan, pick, scan, slice_bodies
from sitegen.readers.frontmatter import FrontMatter
from sitegen.text import visible

__all__ = ["FORMAT", "read_dialogue", "title_names"]

FORMAT = "dialogue"

GRAMMAR = Grammar(
    speaker=re.compile(r"### +(\S(?:.*\S)?)[ \t]*"),
    separator=re.compile(r"-{3,}[ \t]*"),
    marks="#-",
)

# Neither tries a run of blanks twice: a line may be a megabyte of them.
TITLE = re.compile(r"#[ \t]+(\S.*)")
HEADER = re.compile(r"\*\*([^*\n]{1,80}?)(?::\*\*|\*\*:)(.*)")
NAME_LISTS = frozenset(["agents", "participants", "speakers"])
OWN_HEADERS = frozenset(["started", "ended", "messages"])
HEAD_LINES = 200
"""How far down a title and headers are looked for."""


@dataclass(slots=True)
class _Head:
    """What stands above the first message."""

    title: str = ""
    headers: list[tuple[str, str, int]] = field(default_factory=list)
    """Name, value and 1-based line of each bold header."""
    preamble: list[str] = field(default_factory=list)
    """Lines that are none of these, and must not be lost."""

    def get(self, name: str) -> tuple[str, int]:
        """The value and line of the first header of that name."""
        return next(
            ((value, line) for key, value, line in self.headers if key.lower() == name), ("", 0)
        )


def read_dialogue(
    front: FrontMatter, source: Source, slug: str, timezone: str, finder: Finder
) -> Transcript | None:
    """Read a text as the model format, or None if it is not in it."""
    lines = front.body.split("\n")
    body_start, has_head = _body_start(lines)
    found = scan(lines, GRAMMAR, body_start)
    head = _read_head(lines[: _first_opening(found, body_start, lines)], front.offset)
    if not _is_dialogue(head, found, front, has_head):
        return None
    declared = _declared(head, finder)
    cut = pick(found, _known_names(head, front, found), declared)
    if not cut.candidates and declared != 0:
        return None
    head_end = cut.candidates[0].line if cut.candidates else len(lines)
    head = _read_head(lines[:head_end], front.offset)
    _warn_of_count(cut, declared, head, finder)
    bodies = slice_bodies(lines, cut.candidates, GRAMMAR)
    started = _time("started", head, timezone, finder)
    ended = _time("ended", head, timezone, finder)
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
        extra=_extra(head, [name for name, value in fields.items() if value is not None]),
    )
    return finish(transcript, front, timezone, finder)


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


def _read_head(lines: list[str], offset: int) -> _Head:
    """Sort the lines above the first message into title, headers and the rest."""
    head = _Head()
    in_head = True
    for index, line in enumerate(lines):
        title = TITLE.fullmatch(line) if not head.title and in_head else None
        header = HEADER.fullmatch(line) if in_head else None
        if title:
            head.title = title[1].rstrip()
        elif header:
            head.headers.append((header[1].strip(), header[2].strip(), index + 1 + offset))
        elif GRAMMAR.separator.fullmatch(line) and in_head:
            # A rule above everything ends nothing.
            in_head = not (head.title or head.headers or head.preamble)
        elif line.strip() or head.preamble:
            head.preamble.append(line)
    while head.preamble and (
        not head.preamble[-1].strip() or GRAMMAR.separator.fullmatch(head.preamble[-1])
    ):
        head.preamble.pop()
    return head


def _is_dialogue(head: _Head, found: Scan, front: FrontMatter, has_head: bool) -> bool:
    """Whether the text bears enough of the format's marks to be read as it."""
    if any(head.get(name)[0] for name in OWN_HEADERS) or title_names(head.title):
        return True
    names = [candidate.name for candidate in found.candidates if candidate.separated]
    if set(names) & set(participant_names(front)):
        return True
    starts_at_once = not has_head and not head.preamble
    return len(names) > len(set(names)) and (has_head or starts_at_once)


def _declared(head: _Head, finder: Finder) -> int | None:
    value, line = head.get("messages")
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    finder.warn(f'"{value}" is not a count of messages', line, "write a number")
    return None


def _known_names(head: _Head, front: FrontMatter, found: Scan) -> tuple[str, ...]:
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


def _warn_of_count(cut: Cut, declared: int | None, head: _Head, finder: Finder) -> None:
    if declared is None or cut.agrees:
        return
    finder.warn(
        f"the header declares {declared} messages, {len(cut.candidates)} were found",
        head.get("messages")[1],
        "check that every message begins with `### <speaker>` after a line `---`, "
        "or correct the count",
    )


def _time(name: str, head: _Head, timezone: str, finder: Finder) -> datetime | None:
    value, line = head.get(name)
    if not value:
        return None
    moment = parse_date(value, timezone)
    if moment is None:
        finder.warn(f'"{value}" is not a date', line, "write 2025-10-26 17:12:18")
    return moment


def _extra(head: _Head, understood: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The headers that have no field of their own; repeats of those that have one too."""
    extra = []
    waiting = set(understood)
    for key, value, _ in head.headers:
        if key.lower() in waiting:
            waiting.discard(key.lower())
        else:
            extra.append((key, value))
    return tuple(extra)
