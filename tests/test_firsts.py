"""What a match can begin with is never taken too narrowly."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.markup.firsts import ANYTHING, OTHER, first_characters

PATTERNS = [
    r"abc",
    r"[a-c]x|\d+",
    r"(?:x|yz)*q",
    r"(a)?b",
    r"\bword\b",
    r"(?<!x)[^a-z]",
    r"(?=[ab])\w+",
    r"(?!a)[a-d]",
    r".x",
    r"[^\n]+",
    r"\s*$",
    r"é|ü",
    r"[à-ÿ]x",
    r"(?P<n>a)(?P=n)",
    r"(?i:k)elvin",
    r"x(?s:.)",
    r"a{0}b",
    r"a{2,3}?c",
    r"\W\S\D",
    r"^#.*\n",
]
FLAGS = [0, re.IGNORECASE, re.MULTILINE, re.DOTALL, re.IGNORECASE | re.VERBOSE, re.ASCII]
CHARS = "abcdefkqwxyzABKS01 \n#_.$éÀü\u212a\u017f"


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("source", PATTERNS)
@given(text=st.text(st.sampled_from(CHARS), min_size=0, max_size=6))
def test_whatever_matches_begins_as_foreseen(source: str, flags: int, text: str) -> None:
    pattern = re.compile(source, flags)
    firsts = first_characters(pattern)
    if pattern.match(text):
        first = text[:1]
        assert (first if first.isascii() else OTHER) in firsts


@pytest.mark.parametrize(
    ("source", "firsts"),
    [
        ("abc", {"a"}),
        ("a?b", {"a", "b"}),
        ("[xy]|z", {"x", "y", "z"}),
        (r"\bif\b", {"i"}),
        ("(?i)if", {"i", "I", OTHER}),
        ("é", {OTHER}),
        ("a*", ANYTHING),
        ("(?a:x)", {"x"}),
    ],
)
def test_the_answer_is_narrow_where_it_can_be(source: str, firsts: set[str]) -> None:
    assert first_characters(re.compile(source)) == firsts
