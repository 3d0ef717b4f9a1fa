"""The shape of a conversation says what was said: how much, by whom, and when it dwindled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers import built, write_site
from html_check import Page
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats import Formats
from sitegen.shape import Bar, bin_bars, describe, heights

COUNTS = st.lists(st.integers(0, 5_000), max_size=900)


def bars(counts: list[int]) -> list[Bar]:
    return [Bar(number, number % 3, words) for number, words in enumerate(counts, 1)]


@given(counts=COUNTS, most=st.integers(1, 400))
def test_bars_cover_every_message_once_and_in_order(counts: list[int], most: int) -> None:
    binned = bin_bars(bars(counts), most)
    assert len(binned) <= most
    covered = [n for bar in binned for n in range(bar.number, (bar.last or bar.number) + 1)]
    assert covered == list(range(1, len(counts) + 1))


@given(counts=COUNTS)
def test_few_messages_have_a_bar_each(counts: list[int]) -> None:
    if len(counts) <= 400:
        assert bin_bars(bars(counts)) == tuple(bars(counts))


def test_a_bar_of_several_has_the_hue_of_who_said_most_and_their_mean() -> None:
    several = [Bar(1, 0, 10), Bar(2, 5, 100), Bar(3, 0, 40), Bar(4, 5, 1)]
    assert bin_bars(several, 2) == (Bar(1, 5, 55, 2), Bar(3, 0, 20, 4))


@given(counts=COUNTS.filter(any), tallest=st.integers(8, 64))
def test_longer_messages_are_never_lower_and_one_word_is_seen(
    counts: list[int], tallest: int
) -> None:
    found = heights(bars(counts), tallest)
    assert max(found) == tallest
    assert [height == 0 for height in found] == [words == 0 for words in counts]
    assert all(height >= 2 for height in found if height)
    by_words = sorted(zip(counts, found, strict=True))
    assert [height for _, height in by_words] == sorted(found)


@pytest.mark.parametrize(
    ("shares", "words", "text"),
    [
        ([("A", 1)], [1], "1 message"),
        ([("A", 0), ("B", 0)], [0, 0], "2 messages"),
        ([("A", 25), ("B", 75)], [25, 75], "2 messages; B 75 %, A 25 % of the words"),
        (
            [("A", 110), ("B", 100)],
            [100, 100, 5, 5, 0],
            "5 messages; A 52 %, B 48 % of the words; the last 3 are shorter than 40 words",
        ),
        ([("A", 9)], [3, 3, 3], "3 messages"),
        ([("A", 1), ("ב", 3)], [1, 3], "2 messages; \u2068ב\u2069 75 %, A 25 % of the words"),
    ],
)
def test_description(shares: list[tuple[str, int]], words: list[int], text: str) -> None:
    assert describe(shares, words, Formats()) == text


def talk(*bodies: str) -> str:
    names = ["Ada", "Bo"]
    said = "".join(
        f"### {names[index % 2]}\n\n{body}\n\n---\n\n" for index, body in enumerate(bodies)
    )
    return f"# Ada ↔ Bo\n\n**Messages:** {len(bodies)}\n\n---\n\n{said}"


def test_every_bar_of_a_page_leads_to_its_message(tmp_path: Path) -> None:
    files = {"content/a.md": talk(" ", "one two three", "x " * 90, "bye")}
    page = built(write_site(tmp_path, files))["a.html"].decode()
    figure = re.search(r'<figure class="shape-of">.*?</figure>', page, re.DOTALL)
    assert figure is not None
    assert re.findall(r'href="#(m\d+)" tabindex="-1"', figure[0]) == ["m1", "m2", "m3", "m4"]
    titles = re.findall(r"<title>(.*?)</title>", figure[0])
    assert titles == ["1 Ada, blank", "2 Bo, 3 words", "3 Ada, 90 words", "4 Bo, 1 word"]
    assert "4 messages; Ada 96 %, Bo 4 % of the words" in figure[0]


def test_a_card_shows_the_shape_but_not_that_of_two_messages(tmp_path: Path) -> None:
    files = {"content/a.md": talk("one", "two", "three"), "content/b.md": talk("one", "two")}
    index = built(write_site(tmp_path, files))["index.html"].decode()
    assert index.count('<svg class="shape small ') == 1
    assert index.count('aria-hidden="true"><path class="v') == 1
    assert len(Page(index.encode()).find("li", class_="card")) == 2


def test_the_line_of_shares_is_cut_by_the_words_of_each(tmp_path: Path) -> None:
    files = {"content/a.md": talk("one two three", "four", "five"), "content/b.md": talk("alone")}
    output = built(write_site(tmp_path, files))
    (line,) = re.findall(r'<svg class="shape share".*?</svg>', output["a.html"].decode())
    assert re.findall(r'class="(v\d)" d="M([\d.]+) 0h([\d.]+)v', line) == [
        ("v1", "0.0", "800.0"),
        ("v2", "800.0", "200.0"),
    ]
    assert "shape share" not in output["b.html"].decode()
