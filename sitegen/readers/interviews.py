"""Interviews: a plain name before what is said, or above it with a time.

    Ada Quill (00:01:02):
    So the tide was the problem?

    Ada Quill: 00:01:02

    So the tide was the problem?

    Ada: So the tide was the problem?

Nothing but the names tells a speaker from a remark such as `Slides: …`. They are known from
the front matter's `speakers`, whole, by their first names or initials, or because they recur.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sitegen.readers.chat import Sheet, Style
from sitegen.readers.engine import Candidate, Grammar, Scan
from sitegen.readers.picking import LABELS, ROLES, frequent, paragraph_starts
from sitegen.readers.quoting import unquoted

__all__ = ["INTERVIEWS", "TIME"]

TIME = r"(?:\d{1,3}:)?\d{1,3}:\d\d(?:\.\d{1,6})?"
"""A time into a recording: `04:01`, `00:04:01.06`."""

ABOVE = re.compile(rf"(?P<name>(?:[^\s(:#>*][^(:]{{0,78}})?) ?(?:\((?P<time>{TIME})\):?|:)[ \t]*")
BEFORE = re.compile(
    rf"(?P<name>[^\W\d_][^:*<>/\\`|\[\]]{{0,58}}):"
    rf"[ \t]+(?:(?P<time>{TIME})[ \t]*+|(?P<text>\S.*))"
)
REMARKS = LABELS | frozenset(
    [
        *("slides", "video", "podcast", "media", "audio", "link", "links", "location", "topic"),
        *("http", "https", "transcript by", "website", "twitter", "paper", "code", "article"),
        *("start time", "end time", "time", "duration", "length", "panelists"),
        *("speaker", "speakers", "episode", "tags", "host", "guest", "guests", "disclaimer"),
    ]
)
"""Words before a colon that are no names."""


def _recognise_above(sheet: Sheet) -> str:
    timed = [line for line in sheet.lines if line.rstrip().endswith((":", ")"))]
    matches = [match for line in timed if (match := ABOVE.fullmatch(line)) and match["name"]]
    names = [match for match in matches if match["time"]]
    if len(names) < 2 and {"speakers", "guest", "transcript_by"} & set(sheet.front.fields):
        names = [match for match in matches if match["name"].lower() not in REMARKS]
    return f"lines such as `{names[0][0].strip()[:60]}`" if len(names) > 1 else ""


def _above(found: Scan, sheet: Sheet) -> list[Candidate]:
    """Names with a time, times alone (the speaker goes on), and the same names without one."""
    candidates = [c for c in found.candidates if _begins(sheet, c.line)]
    names = {candidate.name for candidate in candidates if candidate.time and candidate.name}
    names |= frequent(candidate for candidate in candidates if candidate.name)
    return [c for c in candidates if c.name in names or (c.time and not c.name)]


def _recognise_before(sheet: Sheet) -> str:
    fields = [key for key in ("speakers", "transcript_by", "guest") if key in sheet.front.fields]
    return f"front matter `{fields[0]}` and names" if fields else "names before a colon"


def _before(found: Scan, sheet: Sheet) -> list[Candidate]:
    """Names that the front matter gives, that come with a time, or that recur."""
    candidates = [
        candidate
        for candidate in unquoted(found)
        if candidate.name.lower() not in REMARKS and _begins(sheet, candidate.line)
    ]
    given = _given(sheet.front.fields.get("speakers"), sheet.front.fields.get("guest"))
    spellings = {spelling for name in given for spelling in _spellings(name)}
    names = {c.name for c in candidates if c.time} | frequent(candidates)
    names |= {candidate.name for candidate in candidates if candidate.name in spellings}
    chosen = [candidate for candidate in candidates if candidate.name in names]
    declared = bool(given) or "transcript_by" in sheet.front.fields
    return chosen if declared or _is_talk(chosen, sheet) else []


def _begins(sheet: Sheet, line: int) -> bool:
    """Whether a paragraph begins on a line, or a line of a talk that has one line a turn."""
    above = sheet.lines[line - 1] if line else ""
    return not above.strip() or bool(BEFORE.fullmatch(above)) or above.startswith("#")


def _is_talk(chosen: Sequence[Candidate], sheet: Sheet) -> bool:
    """Whether names before colons are people who talk: in a text that gives no speakers,
    most paragraphs begin with one, and the first stands at the top."""
    if len(chosen) < 4 or len({candidate.name for candidate in chosen}) > 12:
        return False
    paragraphs = len(paragraph_starts(sheet.lines))
    above = sum(1 for line in sheet.lines[: chosen[0].line] if line.strip())
    proper = all(candidate.name[:1].isupper() for candidate in chosen)
    few_words = all(len(candidate.name.split()) <= 4 for candidate in chosen)
    return above <= 3 and proper and few_words and 10 * len(chosen) >= 6 * paragraphs


def _given(*values: object) -> list[str]:
    """The names in front matter: a list, or names between commas."""
    names: list[str] = []
    for value in values:
        items = value.split(",") if isinstance(value, str) else value
        if isinstance(items, list):
            names.extend(name for item in items if (name := str(item).strip()))
    return names


def _spellings(name: str) -> list[str]:
    """How a transcript may call a person: whole, by the first name or by initials."""
    words = name.split()
    initials = "".join(word[0] for word in words)
    return [name, *words[:1], initials, initials.upper()] if words else []


ABOVE_STYLE = Style(
    "interview",
    Grammar(ABOVE, alone=False),
    _recognise_above,
    _above,
    roles=ROLES,
    sections=True,
    recorded=True,
)
BEFORE_STYLE = Style(
    "interview",
    Grammar(BEFORE, alone=False),
    _recognise_before,
    _before,
    roles=ROLES,
    sections=True,
    recorded=True,
)
INTERVIEWS = (ABOVE_STYLE, BEFORE_STYLE)
"""Both ways to write an interview."""
