"""Where messages begin: each rule of the engine, on lines that are nothing but shapes."""

from __future__ import annotations

import re

import pytest

from sitegen.readers import engine
from sitegen.readers.dialogue import GRAMMAR


def lines(text: str) -> list[str]:
    """One line a word: `A` is `### A`, `-` a separator, `.` blank, anything else itself."""
    forms = {"-": "---", ".": ""}
    return [
        f"### {word}" if re.fullmatch("[A-Z]", word) else forms.get(word, word)
        for word in text.split()
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A . x . - . B . y", "A+ B+"),
        ("A . x . B . y", "A+ B"),
        ("A x . - . B . y", "B+"),
        ("A . x . - B . y", "A+ B"),
        ("A . x . ---- . . B", "A+ B+"),
        ("A . x . -- . B .", "A+ B"),
        ("A . x . *** . B .", "A+ B"),
        ("x . A", "A"),
        (". . A", "A+"),
        ("A . - . - . B", "A+ B+"),
        ("#A . x", ""),
    ],
)
def test_a_candidate_is_separated_after_a_rule_and_blank_lines(text: str, found: str) -> None:
    scan = engine.scan(lines(text), GRAMMAR)
    assert " ".join(c.name + "+" * c.separated for c in scan.candidates) == found


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("### Ada", "Ada"),
        ("###   Ada Lovelace \t", "Ada Lovelace"),
        ("### 🌊 Tide", "🌊 Tide"),
        ("### 3", "3"),
        ("### Ada\u3000", None),
        ("###Ada", None),
        ("#### Ada", None),
        ("## Ada", None),
        (" ### Ada", None),
        ("### ", None),
        ("###", None),
    ],
)
def test_a_speaker_line_is_a_heading_of_the_third_level(line: str, name: str | None) -> None:
    found = engine.scan([line, ""], GRAMMAR).candidates
    assert [candidate.name for candidate in found] == ([name] if name else [])


@pytest.mark.parametrize(
    ("rule", "text", "known", "declared", "chosen"),
    [
        ("names of the head", "A . x . - . X . y . - . B . z", "AB", 2, "A0 B12"),
        ("names of the head", "A . - . A . - . B", "AB", 3, "A0 A4 B8"),
        ("names of the head", "A . - . X . - . B", "AB", None, "A0 B8"),
        (
            "names of the head, outside fences",
            "A . ``` - . B . ``` . - . B . z",
            "AB", 2, "A0 B11",
        ),
        ("most frequent names", "A . - . B . - . X . - . A . - . B", "", 4, "A0 B4 A12 B16"),
        ("most frequent names", "A . - . C . - . X . - . C", "AB", 3, "A0 C4 C12"),
        (
            "most frequent names, outside fences",
            "A . ``` - . B . ``` . - . B . - . A", "", 3, "A0 B11 A15",
        ),
        ("most frequent names", "A . - . B . - . C . - . D", "AB", 4, "A0 B4 C8 D12"),
        ("known headings, outside fences", "A . x . B . ``` A . ``` . A", "AB", 3, "A0 B4 A11"),
        ("known headings", "A . ``` B . x . A", "AB", 3, "A0 B3 A7"),
        (
            "known headings, outside fences",
            "x . A . ``` y . - . B . z . A", "AB", 3, "A2 B9 A13",
        ),
        ("every heading", "x . A . X . B", "AB", 3, "A2 X4 B6"),
        ("known headings", "A . x . B . y . A", "AB", None, "A0 B4 A8"),
        ("names of the head", "A . x . B . - . B", "AB", None, "A0 B8"),
        ("recurring names", "A . - . B . - . X . - . A . - . B", "", None, "A0 B4 A12 B16"),
        ("recurring names", "A . - . B", "", None, "A0 B4"),
        ("recurring names", "A . - . B . - . C", "", None, "A0 B4 C8"),
        ("known headings", "x . A . y", "A", None, "A2"),
        ("none", "x . X . y", "", None, ""),
        ("none", "", "AB", 2, ""),
    ],
)  # fmt: skip
def test_the_first_rule_that_meets_the_count_wins(
    rule: str, text: str, known: str, declared: int | None, chosen: str
) -> None:
    cut = engine.pick(engine.scan(lines(text), GRAMMAR), tuple(known), declared)
    assert " ".join(f"{c.name}{c.line}" for c in cut.candidates) == chosen
    assert cut.rule == rule
    assert cut.agrees is (rule != "none" or declared is None)


@pytest.mark.parametrize(
    ("text", "known", "declared", "chosen"),
    [
        ("A . - . X . - . B", "AB", 7, "A0 B8"),
        ("A . - . B", "AB", 0, "A0 B4"),
        ("A . - . B . - . X . - . A . - . B", "", 9, "A0 B4 A12 B16"),
    ],
)
def test_a_count_that_nothing_meets_leaves_the_careful_reading(
    text: str, known: str, declared: int, chosen: str
) -> None:
    cut = engine.pick(engine.scan(lines(text), GRAMMAR), tuple(known), declared)
    assert " ".join(f"{c.name}{c.line}" for c in cut.candidates) == chosen
    assert not cut.agrees


@pytest.mark.parametrize(
    ("fence", "held"),
    [
        ("``` x ```", True),
        ("``` x", True),
        ("~~~ ``` x ~~~", True),
        ("````md ``` x ````", True),
        ("``` x `` ```", True),
        ("``` ```py x ```", True),
        ("``` x ``` ```", True),
        ("`` x", False),
        ("``` ```", False),
        ("```` ``` `````", False),
        ("~~~ ~~~", False),
        ("```in`line```", False),
    ],
)
def test_a_heading_in_an_open_fence_is_text(fence: str, held: bool) -> None:
    """A heading `B` stands at `x` in the fence, or after it, and another after a rule."""
    words = [*fence.replace("x", "B .").split(), *([] if "x" in fence else ["B", "."])]
    text = " ".join(["before", ".", "A", ".", *words, "-", ".", "B", ".", "y"])
    cut = engine.pick(engine.scan(lines(text), GRAMMAR), ("A", "B"), 2 if held else 3)
    assert cut.rule == "known headings, outside fences"
    assert [c.name for c in cut.candidates] == (["A", "B"] if held else ["A", "B", "B"])
    assert cut.candidates[-1].line == len(lines(text)) - 3


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        (". x . - .", ["x"]),
        (". x - .", ["x"]),
        (". x . - . .", ["x"]),
        (". x", ["x"]),
        (". x . .", ["x"]),
        ("x . -", ["x"]),
        (". . . x . . - .", ["\n\nx\n"]),
        (". - . - .", ["---"]),
        (". x . - . - .", ["x\n\n---"]),
        (". . . - .", [""]),
        (". . - .", [""]),
        (". - .", [""]),
        (". .", [""]),
        (".", [""]),
        ("", [""]),
    ],
)
def test_a_body_is_what_stands_between_layout_lines(text: str, bodies: list[str]) -> None:
    found = ["### A", *lines(text)]
    candidates = (engine.Candidate(0, "A", True),)
    assert engine.slice_bodies(found, candidates, GRAMMAR) == bodies


def test_no_candidates_are_no_bodies() -> None:
    assert engine.slice_bodies(["x"], (), GRAMMAR) == []
