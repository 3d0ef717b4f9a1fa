"""What listings know of a transcript: counts, shares, excerpt, times."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from helpers import exported, read, spoken
from hypothesis import given
from hypothesis import strategies as st

from sitegen.entry import EXCERPT_CHARS, UNSPACED, Entry, count_words, make_entry
from sitegen.formats import Formats
from sitegen.text import visible


def entry(text: str, rel: str = "a.md") -> Entry:
    transcript = read(text, rel)
    return make_entry(transcript, [body.strip() for _, body in spoken(transcript)], Formats())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\t\u3000 ", 0),
        ("one", 1),
        ("Two  words.", 2),
        ("it's state-of-the-art v1.2", 3),
        ("l’été arrive", 2),
        ("灯台湯", 2),
        ("灯台湯 and tea", 4),
        ("日本語のテキスト", 4),
        ("สวัสดี", 3),
        ("안녕하세요 세계", 2),
        ("Привет, мир", 2),
        ("नमस्ते दुनिया", 2),
    ],
)
def test_words_are_counted_in_any_script(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text() | st.text("aé灯พກမក湯\U00020000 \u0dff\u10a0\u2fff\ua000", max_size=3))
def test_the_quick_look_for_scripts_without_spaces_misses_none(text: str) -> None:
    assert UNSPACED.occurs_in(text) is bool(UNSPACED.pattern.search(text))


@given(st.text(), st.text())
def test_words_of_two_paragraphs_add_up(one: str, two: str) -> None:
    both = count_words(f"{one}\n\n{two}")
    assert abs(both - count_words(one) - count_words(two)) <= 1
    assert both >= 0


def test_an_entry_sums_up_its_transcript() -> None:
    said = [("Ada", "one two three"), ("Brook", ""), ("Ada", "four"), ("Brook", "five six")]
    text = exported(said, ended="2025-03-04 09:31:40")
    found = entry(f"---\ntags: [sea]\nlabels: [excerpt]\n---\n{text}", "Late Radio/Night.md")
    assert found.key == "late-radio/night"
    assert (found.title, found.tags, found.labels) == ("Ada ↔ Brook", ("sea",), ("excerpt",))
    assert (found.messages, found.declared, found.words) == (4, 4, 6)
    assert [(s.participant.name, s.messages, s.words) for s in found.shares] == [
        ("Ada", 2, 4),
        ("Brook", 2, 2),
    ]
    assert found.duration == timedelta(minutes=19, seconds=40)
    assert found.minutes == 1


def test_a_document_has_words_but_no_messages() -> None:
    found = entry("# A walk\n\nThree words here.\n")
    assert (found.key, found.messages, found.words, found.shares) == ("a", 0, 3, ())


START = datetime(2025, 3, 4, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("started", "ended", "duration"),
    [
        (START, START + timedelta(seconds=5), timedelta(seconds=5)),
        (START, START, None),
        (START, START - timedelta(seconds=5), None),
        (None, START, None),
        (START, None, None),
        (START.replace(hour=0, minute=0), START, None),
    ],
)
def test_a_duration_needs_two_times_in_order(
    started: datetime | None, ended: datetime | None, duration: timedelta | None
) -> None:
    found = replace(entry(exported([])), started=started, ended=ended)
    assert found.duration == duration


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (230, 1), (460, 2), (23_000, 100)])
def test_reading_takes_at_least_a_minute(words: int, minutes: int) -> None:
    assert replace(entry(exported([])), words=words).minutes == minutes


LONG = "The tide came in, and nobody minded. " * 20


@pytest.mark.parametrize(
    ("bodies", "excerpt"),
    [
        ([], ""),
        (["", ""], ""),
        (["Hello.", "A sentence that says something."], "A sentence that says something."),
        (["", "Hello.", "Hi."], "Hello."),
        (["x" * 300], "x" * 200 + "…"),
        (["灯" * 300], "灯" * 200 + "…"),
        (["a " + "x" * 300], "a " + "x" * 198 + "…"),
        (["word, " * 60], ("word, " * 33).rstrip(", ") + "…"),
    ],
)
def test_an_excerpt_is_the_first_text_that_says_something(bodies: list[str], excerpt: str) -> None:
    assert entry(exported([("Ada", body) for body in bodies])).excerpt == excerpt


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"])), max_size=4))
def test_an_excerpt_is_short_and_of_the_text(bodies: list[str]) -> None:
    transcript = read(exported([("Ada", "x") for _ in bodies]))
    excerpt = make_entry(transcript, bodies, Formats()).excerpt
    assert len(excerpt) <= EXCERPT_CHARS + 1
    assert any(body.startswith(excerpt.removesuffix("…")) for body in ["", *bodies])
    assert visible(excerpt) == visible(excerpt.strip("\n")) or excerpt in bodies
