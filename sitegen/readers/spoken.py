r"""Podcasts and other recordings: a name in bold or brackets before what is said.

    **Ada Quill:** \[04:01\] So the tide was the problem?

    [00:12] **Ada**: Yes.

    [Speaker 1] [01:02:03] Yes.

Paragraphs without a name go on with the speaker before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from sitegen.model import NOTICE
from sitegen.readers.chat import Sheet, Style, Turn
from sitegen.readers.engine import Candidate, Grammar, Scan
from sitegen.readers.interviews import INTERVIEWS, TIME
from sitegen.readers.picking import LABELS, ROLES, every, paragraph_starts

__all__ = ["SPOKEN"]

LAYOUT = ("#", "- ", "* ", "|", "```", "~~~", "1.", "<", "> ")
"""How paragraphs of a document begin that nobody speaks."""

Recogniser = Callable[[Sheet], str]

BOLD = re.compile(r"\*\*(?P<name>[^*\s:][^*\n]{0,78})\*\*(?P<about>:?)[ \t]*+(?P<text>.*)")
LEADING_TIME = re.compile(rf"\\?[\[(]({TIME})\\?[\])](?:\s+|\Z)")
PSEUDO = frozenset(["break", "jingle", "outro", "intro", "sample", "song", "clip", "promo", "ad"])
"""Names that stand for a part of a recording, not for a voice."""


def _read_turn(turn: Turn) -> Turn:
    """Take the time off the first words; make a notice of a break."""
    pause = turn.name.lower() in PSEUDO
    leading = LEADING_TIME.match(turn.body)
    if leading and not turn.time and (not pause or leading.end() == len(turn.body)):
        turn.time, turn.body = leading[1], turn.body[leading.end() :].lstrip("\n")
    if pause:
        turn.body = f"{turn.name}: {turn.body}" if turn.body.strip() else turn.name
        turn.role, turn.name = NOTICE, ""
    return turn


def _bold(found: Scan, sheet: Sheet) -> list[Candidate]:
    """Bold names in the form that this file uses: the colon within the stars, or behind."""
    candidates = []
    for candidate in found.candidates:
        inside = candidate.name.endswith(":")
        if inside != bool(candidate.about) and _may_open(sheet, candidate.line):
            name = candidate.name.removesuffix(":").rstrip()
            place = "inside" if inside else "behind"
            candidates.append(replace(candidate, name=name, about=place))
    forms = Counter(candidate.about for candidate in candidates)
    form = max(forms, key=lambda place: (forms[place], place), default="")
    chosen = [
        replace(candidate, about="")
        for candidate in candidates
        if candidate.about == form or candidate.name.lower() in PSEUDO
    ]
    return chosen if _is_conversation(chosen, sheet) else []


def _may_open(sheet: Sheet, line: int) -> bool:
    """Whether a paragraph begins on a line."""
    return line == 0 or not sheet.lines[line - 1].strip() or sheet.lines[line - 1].startswith("**")


def _is_conversation(chosen: Sequence[Candidate], sheet: Sheet) -> bool:
    """Whether bold names are people who talk, and not the labels of a document.

    They speak from the beginning, a few of them speak most of the time, and what stands
    between is prose: few headings, lists, tables and code.
    """
    names = [c.name for c in chosen if c.name.lower() not in PSEUDO]
    if len(names) < 2 or any(name.lower() in LABELS for name in names):
        return False
    above = [line for line in sheet.lines[: chosen[0].line] if line.strip()]
    if len([line for line in above if not line.startswith(("#", "\\[", "*"))]) > 3:
        return False
    counts = Counter(names)
    main = sum(count for _, count in counts.most_common(6))
    starts = paragraph_starts(sheet.lines)
    laid_out = sum(line.startswith(LAYOUT) for line in starts)
    if 2 * main < len(names) or 4 * laid_out > len(starts):
        return False
    if len(names) >= 2 * len(counts):
        return True
    # Few turns: then there must be little else.
    return 2 * len(chosen) >= len(starts) and not above


def _recognise_bold(sheet: Sheet) -> str:
    bold = next((line for line in sheet.lines if line.startswith("**")), "")
    return f"bold names such as `{bold[:40]}`" if bold else ""


def _mostly(what: str, pattern: re.Pattern[str]) -> Recogniser:
    """Recognise a format by half of its lines."""

    def recognise(sheet: Sheet) -> str:
        filled = [line for line in sheet.lines if line.strip()]
        first = next((line for line in filled if pattern.fullmatch(line)), "")
        if not first:
            return ""
        count = sum(1 for line in filled if pattern.fullmatch(line))
        return f"{what} such as `{first[:40]}`" if 2 * count >= len(filled) else ""

    return recognise


PODCAST = Style(
    "podcast",
    Grammar(BOLD, marks="*", alone=False),
    _recognise_bold,
    _bold,
    shape=_read_turn,
    roles=ROLES,
    sections=True,
    recorded=True,
)
BRACKETED = re.compile(
    rf"\[(?P<name>[^\[\]\d][^\[\]]{{0,60}})\] \[(?P<time>{TIME})\] ?(?P<text>.*)"
)
TIMED_BOLD = re.compile(rf"\[(?P<time>{TIME})\] \*\*(?P<name>[^*]{{1,80}})\*\*:[ \t]*+(?P<text>.*)")
SPEAKERS = Style(
    "speakers",
    Grammar(BRACKETED, marks="[", alone=False),
    _mostly("lines", BRACKETED),
    every,
    recorded=True,
)
TIMED_NAMES = Style(
    "timed-names",
    Grammar(TIMED_BOLD, marks="[", alone=False),
    _mostly("lines", TIMED_BOLD),
    every,
    recorded=True,
)
SPOKEN = (SPEAKERS, TIMED_NAMES, *INTERVIEWS, PODCAST)
"""Styles of recordings; the first that is recognised and finds messages is taken."""
