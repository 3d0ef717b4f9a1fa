"""Finds where messages begin in a text whose messages may hold look-alikes.

The rules were settled against a corpus of real logs with known truth: a line that
looks like a speaker's heading is one only if it names a known speaker in the right
place, fences are not to be trusted alone, and the count that the file declares judges
between readings that differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "RULE",
    "Candidate",
    "Cut",
    "Fence",
    "Grammar",
    "Scan",
    "cut_body",
    "pick",
    "scan",
    "slice_bodies",
]

RULE = re.compile(r"-{3,}[ \t]*")
"""The line that most formats write between messages."""

# What follows backticks holds none: "```x```" is code in a line.
FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)")


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one family of text formats marks its messages."""

    speaker: re.Pattern[str]
    """Matches a whole line that opens a message; the group `name` is who speaks, and where
    the line holds more, `time`, `about` and `text` are the rest of it."""
    separator: re.Pattern[str] = RULE
    """Matches a whole line that may stand between messages."""
    marks: str = ""
    """The characters with which speaker lines and separators begin: others are passed by.
    Empty if they may begin with any."""
    alone: bool = True
    """True if a blank line, or the end, follows a speaker line."""
    framed: bool = False
    """True if a separator stands right above a speaker line and right below it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may open a message."""

    line: int
    """0-based index of the line."""
    name: str
    """Whom it names."""
    separated: bool
    """True at the start of the body or right after a separator and blank lines."""
    time: str = ""
    """When, as the line writes it."""
    about: str = ""
    """What else the line says of the turn."""
    text: str = ""
    """The first words of the message, where they stand on the same line."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A line of backticks or tildes, which may open or close a code block."""

    line: int
    """0-based index of the line."""
    mark: str
    """The run of marks."""
    bare: bool
    """True if nothing follows the marks, as a closing fence needs."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over the lines found."""

    candidates: tuple[Candidate, ...]
    """Possible openings, in order."""
    fences: tuple[Fence, ...]
    """Possible fences, in order."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The reading that was chosen."""

    candidates: tuple[Candidate, ...]
    """Where messages begin."""
    rule: str
    """Which rule chose them."""
    agrees: bool
    """True if the declared count was met, or there was none."""


def scan(lines: Sequence[str], grammar: Grammar, start: int = 0) -> Scan:
    """Find all lines from `start` on that have a speaker line's shape.

    What must follow a speaker line is said by the grammar.
    """
    candidates: list[Candidate] = []
    fences: list[Fence] = []
    separated = True
    for index in range(start, len(lines)):
        line = lines[index]
        if not line or line.isspace():
            continue
        was_separated, separated = separated, False
        opening = None
        if not grammar.marks or line[0] in grammar.marks:
            alone = index + 1 == len(lines) or not lines[index + 1].strip()
            if alone or not grammar.alone:
                opening = _opening(lines, index, grammar)
            if opening:
                candidates.append(_candidate(index, opening, was_separated))
            elif alone or grammar.framed:
                separated = bool(grammar.separator.fullmatch(line))
        if not opening and line[0] in "`~ " and (fence := FENCE.fullmatch(line)):
            fences.append(Fence(index, fence[1], not fence[2].strip()))
    return Scan(tuple(candidates), tuple(fences))


def _opening(lines: Sequence[str], index: int, grammar: Grammar) -> re.Match[str] | None:
    opening = grammar.speaker.fullmatch(lines[index])
    if opening and grammar.framed:
        around = [lines[place] for place in (index - 1, index + 1) if 0 <= place < len(lines)]
        framed = len(around) == 2 and all(grammar.separator.fullmatch(line) for line in around)
        return opening if framed else None
    return opening


def _candidate(index: int, opening: re.Match[str], separated: bool) -> Candidate:
    parts = {key: (value or "").strip() for key, value in opening.groupdict().items()}
    text = opening.groupdict().get("text") or ""
    return Candidate(
        index, parts["name"], separated, parts.get("time", ""), parts.get("about", ""), text
    )


def pick(found: Scan, known: Collection[str], declared: int | None) -> Cut:
    """Choose which candidates open messages.

    `known` are the names that the head of the file gives; `declared` is the count it
    states. The first rule whose count is the declared one wins. If none does, or none
    is declared, the most conservative rule that finds anything is taken, and in the
    first case `agrees` is False.
    """
    separated = [candidate for candidate in found.candidates if candidate.separated]
    named = _named(separated, known)
    voices = set(known) | _recurring(separated, known)
    everyone_spoke = bool(known) and {c.name for c in named} == set(known)
    if declared is not None:
        for rule, choose in _counted_rules(found, separated, named, voices, known, declared):
            chosen = tuple(choose())
            if len(chosen) == declared:
                return Cut(chosen, rule, True)
    headings = _outside_fences(_named(found.candidates, known), found, True)
    everyone_in_headings = bool(known) and {c.name for c in headings} == set(known)
    fallback = [
        ("names of the head", named if everyone_spoke else []),
        ("known headings", headings if everyone_in_headings else []),
        ("recurring names", _named(separated, voices)),
        ("known headings", headings),
    ]
    rule, taken = next(((rule, taken) for rule, taken in fallback if taken), ("none", []))
    return Cut(tuple(taken), rule, declared is None)


def _counted_rules(
    found: Scan,
    separated: Sequence[Candidate],
    named: Sequence[Candidate],
    voices: Collection[str],
    known: Collection[str],
    declared: int,
) -> list[tuple[str, Callable[[], Iterable[Candidate]]]]:
    """The readings that the declared count may confirm, the most trustworthy first."""
    frequent = _named(separated, _most_frequent(separated, known, declared))
    headings = _named(found.candidates, voices)
    return [
        ("names of the head", lambda: named),
        ("names of the head, outside fences", lambda: _outside_fences(named, found)),
        ("most frequent names", lambda: frequent),
        ("most frequent names, outside fences", lambda: _outside_fences(frequent, found)),
        ("known headings, outside fences", lambda: _outside_fences(headings, found, True)),
        ("known headings", lambda: headings),
        ("every heading", lambda: found.candidates),
    ]


def _named(candidates: Iterable[Candidate], names: Collection[str]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.name in names]


def _recurring(candidates: Sequence[Candidate], known: Collection[str]) -> set[str]:
    """Names that speak often enough to be voices: twice, and a quarter of the most frequent."""
    counts = Counter(candidate.name for candidate in candidates)
    if not counts:
        return set()
    most = counts.most_common(1)[0][1]
    if not known and (most == 1 or len(counts) <= 2):
        return set(counts)
    least = max(2, most / 4)
    return {name for name, count in counts.items() if count >= least} | {candidates[0].name}


def _most_frequent(
    candidates: Sequence[Candidate], known: Collection[str], declared: int
) -> set[str]:
    """The first voice and the most frequent others, until the declared count is reached."""
    if not candidates:
        return set()
    counts = Counter(candidate.name for candidate in candidates)
    names = {candidates[0].name} | (set(known) & set(counts))
    total = sum(counts[name] for name in names)
    for name, count in counts.most_common():
        if total >= declared:
            break
        if name not in names:
            names.add(name)
            total += count
    return names


def _outside_fences(
    candidates: Sequence[Candidate], found: Scan, trust_separators: bool = False
) -> list[Candidate]:
    """Those that stand in no open code fence.

    Models nest fences wrongly; with `trust_separators` a heading after a separator is
    accepted all the same and closes what was open, so that a fence that runs away does
    not swallow the rest.
    """
    kept: list[Candidate] = []
    fences = iter(found.fences)
    fence = next(fences, None)
    open_mark = ""
    for candidate in candidates:
        while fence and fence.line < candidate.line:
            if not open_mark:
                open_mark = fence.mark
            elif fence.bare and fence.mark.startswith(open_mark):
                open_mark = ""
            fence = next(fences, None)
        if not open_mark or (trust_separators and candidate.separated):
            kept.append(candidate)
            open_mark = ""
    return kept


def slice_bodies(
    lines: Sequence[str], candidates: Sequence[Candidate], grammar: Grammar
) -> list[str]:
    """The text of each message, byte for byte, without its heading and its separator."""
    starts = [candidate.line for candidate in candidates]
    ends = [*starts[1:], len(lines)]
    return [
        cut_body(lines[start + 1 + grammar.framed : end], grammar)
        if grammar.alone or grammar.framed
        else _inline_body(candidate.text, lines[start + 1 : end], grammar)
        for candidate, start, end in zip(candidates, starts, ends, strict=False)
    ]


def _inline_body(text: str, lines: Sequence[str], grammar: Grammar) -> str:
    """A body that begins on its speaker's line, or right below it; blank ends are layout."""
    whole = [text, *lines]
    end = len(whole)
    while end > 1 and (not whole[end - 1].strip() or grammar.separator.fullmatch(whole[end - 1])):
        end -= 1
    first = 0
    while first < end and not whole[first].strip():
        first += 1
    return "\n".join(whole[first:end])


def cut_body(lines: Sequence[str], grammar: Grammar) -> str:
    """One body from the lines between two headings.

    The written form is blank line, text, blank line, separator, blank line; the text
    itself may begin or end with blank lines, which are kept.
    """
    first = 1 if lines and not lines[0].strip() else 0
    last = len(lines) - 1
    while last >= first and not lines[last].strip():
        last -= 1
    if last >= first and grammar.separator.fullmatch(lines[last]):
        end = last - 1 if last > first and not lines[last - 1] else last
    else:
        # No separator after the message: the empty lines before the next are layout.
        end = len(lines)
        while end > first and not lines[end - 1]:
            end -= 1
    return "\n".join(lines[first:end])
