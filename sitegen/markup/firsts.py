"""With which characters can a match of a pattern begin?

The answer may be too wide, never too narrow: what is not understood can begin with
anything. Characters beyond ASCII are taken together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

__all__ = ["ANYTHING", "OTHER", "Firsts", "first_characters"]

OTHER = "other"
"""Stands for every character beyond ASCII."""

NOTHING = ""
"""Stands for a match of no characters, which can be found at any place."""

Firsts: TypeAlias = frozenset[str]

ASCII = frozenset(map(chr, range(128)))
ANYTHING: Firsts = ASCII | {OTHER, NOTHING}

CATEGORIES = {
    ops.CATEGORY_DIGIT: r"\d",
    ops.CATEGORY_NOT_DIGIT: r"\D",
    ops.CATEGORY_SPACE: r"\s",
    ops.CATEGORY_NOT_SPACE: r"\S",
    ops.CATEGORY_WORD: r"\w",
    ops.CATEGORY_NOT_WORD: r"\W",
}
ASSERTIONS = frozenset([ops.AT, ops.ASSERT, ops.ASSERT_NOT])
REPEATS = frozenset([ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT])


def first_characters(pattern: re.Pattern[str]) -> Firsts:
    """The characters with which a match can begin, `OTHER` among them where it can be one
    beyond ASCII; everything if the match can be empty."""
    if pattern.flags & re.ASCII:
        return ANYTHING
    found = _of_sequence(parser.parse(pattern.pattern, pattern.flags), pattern.flags)
    return ANYTHING if NOTHING in found else found


def _of_sequence(items: Iterable[tuple[Any, Any]], flags: int) -> Firsts:
    """Of one thing after another: the first that cannot be empty ends the search."""
    found: Firsts = frozenset()
    for op, value in items:
        if op in ASSERTIONS:
            continue
        firsts = _of_item(op, value, flags)
        found |= firsts - {NOTHING}
        if NOTHING not in firsts:
            return found
    return found | {NOTHING}


def _of_item(op: Any, value: Any, flags: int) -> Firsts:
    if op is ops.LITERAL:
        return _with_cases({_named(value)}, flags)
    if op is ops.IN:
        return _of_set(value, flags)
    if op is ops.SUBPATTERN:
        _, added, removed, items = value
        return _of_sequence(items, (flags | added) & ~removed)
    if op is ops.BRANCH:
        return frozenset().union(*(_of_sequence(items, flags) for items in value[1]))
    if op in REPEATS:
        least, _, items = value
        firsts = _of_sequence(items, flags)
        return firsts | {NOTHING} if least == 0 else firsts
    if op is ops.ATOMIC_GROUP:
        return _of_sequence(value, flags)
    if op in (ops.ANY, ops.NOT_LITERAL):
        return ANYTHING - {NOTHING}
    return ANYTHING


def _of_set(items: Iterable[tuple[Any, Any]], flags: int) -> Firsts:
    chars: set[str] = set()
    negated = False
    for op, value in items:
        if op is ops.NEGATE:
            negated = True
        elif op is ops.LITERAL:
            chars.add(_named(value))
        elif op is ops.RANGE:
            low, high = value
            chars.update(map(chr, range(low, min(high, 127) + 1)))
            if high > 127:
                chars.add(OTHER)
        elif op is ops.CATEGORY and value in CATEGORIES:
            chars |= _of_category(CATEGORIES[value])
        else:
            return ANYTHING - {NOTHING}
    if negated:
        # What is left out may be left out in one case only; the other then matches.
        return (ASCII - chars) | {OTHER} if not flags & re.IGNORECASE else ASCII | {OTHER}
    return _with_cases(chars, flags)


@cache
def _of_category(category: str) -> Firsts:
    return frozenset(char for char in ASCII if re.match(category, char)) | {OTHER}


def _named(code: int) -> str:
    return chr(code) if code < 128 else OTHER


def _with_cases(chars: Iterable[str], flags: int) -> Firsts:
    """With their other cases, which for some letters of ASCII lie beyond it, and back."""
    found = frozenset(chars)
    if not flags & re.IGNORECASE:
        return found
    if OTHER in found:
        return ASCII | {OTHER}
    cased = {case for char in found for case in (char.lower(), char.upper())}
    return found | cased | {OTHER}
