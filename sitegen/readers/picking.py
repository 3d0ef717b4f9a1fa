"""Ways to tell the lines that open messages from those that only look so."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sitegen.readers.chat import Sheet
from sitegen.readers.engine import Candidate, Scan
from sitegen.readers.quoting import unquoted

__all__ = [
    "ROLES",
    "alternating",
    "by_role",
    "every",
    "frequent",
    "in_order",
    "numbered",
    "paragraph_starts",
    "recurring",
    "separated",
    "spoken",
]

MODELS = (
    *("chatgpt", "claude", "gemini", "copilot", "gpt", "gpt-4", "gpt-4o", "gpt-5", "grok"),
    *("llama", "deepseek", "mistral", "perplexity", "bing", "codecompanion", "cursor"),
)
USERS = ("user", "human", "me", "you", "prompt", "question", "user input")
ASSISTANTS = (
    *("assistant", "ai", "agent", "claude code", "bot", "model", "response", "answer"),
    *("planner response", *MODELS),
)
ROLES = {
    **dict.fromkeys(USERS, "user"),
    **dict.fromkeys(ASSISTANTS, "assistant"),
    "system": "system",
    "system prompt": "system",
    "tool": "tool",
}
"""What names say of the part that is played, in small letters."""

LABELS = frozenset(
    [
        *("added", "changed", "fixed", "removed", "deprecated", "security", "example", "examples"),
        *("input", "output", "note", "notes", "summary", "usage", "description", "parameters"),
        *("returns", "overview", "installation", "features", "conclusion", "introduction"),
        *("details", "steps", "problem", "solution", "context", "background", "result", "results"),
        *("warning", "tip", "important", "todo", "date", "title", "source", "goal", "goals"),
        *("requirements", "references", "status", "next steps", "pros", "cons", "why", "how"),
    ]
)
"""Words that head a section or a remark, and never a message."""

NUMBER = re.compile(r"(\S.*?) +(\d{1,2})")


def separated(found: Scan, _: Sheet) -> list[Candidate]:
    """Those right after a separator. A fence tells nothing here: models leave them open."""
    return [candidate for candidate in found.candidates if candidate.separated]


def spoken(found: Scan, _: Sheet) -> list[Candidate]:
    """Those that no code block quotes."""
    return unquoted(found)


def every(found: Scan, _: Sheet) -> list[Candidate]:
    """All: the line has a shape that nothing else has."""
    return list(found.candidates)


def frequent(candidates: Iterable[Candidate]) -> set[str]:
    """Names that speak at least twice, and a quarter as often as the most frequent."""
    counts = Counter(c.name for c in candidates if c.name.lower() not in LABELS)
    most = max(counts.values(), default=0)
    return {name for name, count in counts.items() if count >= max(2, most / 4)}


def paragraph_starts(lines: Sequence[str]) -> list[str]:
    """The first line of each paragraph."""
    return [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if line.strip() and not before.strip()
    ]


def recurring(found: Scan, _: Sheet) -> list[Candidate]:
    """Those with names that recur: only that tells a speaker from a heading."""
    candidates = unquoted(found)
    names = frequent(candidates)
    return [candidate for candidate in candidates if candidate.name in names]


def alternating(found: Scan, sheet: Sheet) -> list[Candidate]:
    """Those with names that recur, if they take turns as people do who talk; else none."""
    chosen = recurring(found, sheet) or _pair(found)
    names = [candidate.name for candidate in chosen]
    voices = set(names)
    if not 2 <= len(voices) <= 6 or any(len(name) > 60 for name in voices):
        return []
    turns = sum(one != other for one, other in itertools.pairwise(names))
    if turns < 0.7 * (len(names) - 1):
        return []
    known = any(_is_model(name) for name in voices)
    return chosen if known or len(names) >= 4 else []


def _pair(found: Scan) -> list[Candidate]:
    """One question below a rule and one answer of a known model, or nothing."""
    candidates = unquoted(found)
    for question, answer in itertools.pairwise(candidates):
        if question.separated and question.line and _is_model(answer.name):
            return [question, answer]
    return []


def _is_model(name: str) -> bool:
    """Whether a name is that of a known model or product: `chatgpt`, `Claude (Opus)`."""
    return name.lower().partition(" (")[0] in MODELS


def numbered(found: Scan, _: Sheet) -> list[Candidate]:
    """Those whose names are numbered from 1 on: `Claude 1`, `Claude 2`.

    A number belongs to one name, the most frequent, so that `Step 1` is a heading. Names
    without a number must recur.
    """
    counts = Counter(candidate.name for candidate in found.candidates)
    owners: dict[int, str] = {}
    for name in sorted(counts, key=lambda name: -counts[name]):
        if match := NUMBER.fullmatch(name):
            owners.setdefault(int(match[2]), name)
    names = set()
    for number in range(1, len(owners) + 1):
        if number not in owners:
            break
        names.add(owners[number])
    if not names:
        return []
    # Another voice (`Media Agent`, `CLI`) may speak in every round.
    names |= {n for n in frequent(found.candidates) if not NUMBER.fullmatch(n)}
    return [candidate for candidate in found.candidates if candidate.name in names]


def in_order(found: Scan, _: Sheet) -> list[Candidate]:
    """Those whose numbers follow one another: `Message 1 - …`, `Message 2 - …`."""
    chosen: list[Candidate] = []
    for candidate in found.candidates:
        if candidate.time == str(len(chosen) + 1):
            chosen.append(replace(candidate, time=""))
    return chosen


def by_role(found: Scan, _: Sheet) -> list[Candidate]:
    """Those that name a role, on the level of headings where most of them stand."""
    candidates: Sequence[Candidate] = unquoted(found)
    levels = Counter(candidate.about for candidate in candidates)
    if not levels:
        return []
    level = max(levels, key=lambda marks: (levels[marks], -len(marks)))
    chosen = [replace(c, about="") for c in candidates if c.about == level]
    roles = {ROLES.get(candidate.name.lower(), "assistant") for candidate in chosen}
    timed = any(candidate.time for candidate in chosen)
    return chosen if timed or {"user", "assistant"} <= roles else []
