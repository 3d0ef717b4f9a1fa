"""What stands above the first message: a title, headers, and text that must not be lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sitegen.readers.assemble import Finder
from sitegen.readers.dates import parse_date
from sitegen.readers.engine import RULE

__all__ = ["Head", "extra_headers", "header_time", "read_head"]

# Neither tries a run of blanks twice: a line may be a megabyte of them.
TITLE = re.compile(r"#[ \t]+(\S.*)")
HEADER = re.compile(r"\*\*([^*\n]{1,80}?)(?::\*\*|\*\*:)(.*)")
PLAIN = re.compile(r"([A-Z][A-Za-z ]{1,30}):(?:[ \t]+(.*))?")


@dataclass(slots=True)
class Head:
    """What stands above the first message."""

    title: str = ""
    """The first heading of the first level."""
    headers: list[tuple[str, str, int]] = field(default_factory=list)
    """Name, value and 1-based line of each header."""
    preamble: list[str] = field(default_factory=list)
    """Lines that are none of these, and must not be lost."""

    def get(self, name: str) -> tuple[str, int]:
        """The value and line of the first header of that name."""
        return next(
            ((value, line) for key, value, line in self.headers if key.lower() == name), ("", 0)
        )


def read_head(
    lines: Sequence[str],
    offset: int,
    rule: re.Pattern[str] = RULE,
    *,
    plain: bool = False,
) -> Head:
    """Sort the lines above the first message into title, headers and the rest.

    A header is `**Key:** value`, and with `plain` also `Key: value`.
    """
    head = Head()
    in_head = True
    for index, line in enumerate(lines):
        title = TITLE.fullmatch(line) if not head.title and in_head else None
        header = HEADER.fullmatch(line) if in_head else None
        if plain and in_head and not header:
            header = PLAIN.fullmatch(line)
        if title:
            head.title = title[1].rstrip()
        elif header:
            value = (header[2] or "").strip()
            head.headers.append((header[1].strip(), value, index + 1 + offset))
        elif rule.fullmatch(line) and in_head:
            # A rule above everything ends nothing.
            in_head = not (head.title or head.headers or head.preamble)
        elif line.strip() or head.preamble:
            head.preamble.append(line)
    while head.preamble and (not head.preamble[-1].strip() or rule.fullmatch(head.preamble[-1])):
        head.preamble.pop()
    return head


def header_time(name: str, head: Head, timezone: str, finder: Finder) -> datetime | None:
    """The time that a header states; a warning if it is not one."""
    value, line = head.get(name)
    if not value:
        return None
    moment = parse_date(value, timezone)
    if moment is None:
        finder.warn(f'"{value}" is not a date', line, "write 2025-10-26 17:12:18")
    return moment


def extra_headers(head: Head, understood: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The headers that have no field of their own; repeats of those that have one too."""
    extra = []
    waiting = set(understood)
    for key, value, _ in head.headers:
        if key.lower() in waiting:
            waiting.discard(key.lower())
        else:
            extra.append((key, value))
    return tuple(extra)
