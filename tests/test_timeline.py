"""The archive in time: its columns, its axis, its sentence and its picture."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_facets import entry, site

from sitegen.entry import Entry
from sitegen.formats import Formats
from sitegen.render.timelines import draw_timeline
from sitegen.timeline import Timeline, make_timeline


def archive(*days: str) -> tuple[Entry, ...]:
    return site(*(entry(f"t{n}.md", day=day) for n, day in enumerate(days))).entries


def timeline(*days: str) -> Timeline:
    found = make_timeline(archive(*days), Formats())
    assert found
    return found


def columns(found: Timeline) -> list[tuple[int, str, int]]:
    return [(column.place, column.label, len(column.entries)) for column in found.columns]


@pytest.mark.parametrize(
    "days",
    [
        (),
        ("2025-01-01", "2025-01-02"),
        ("2025-01-01", "2025-01-02", ""),
        ("2025-01-01", "2025-01-01 10:00", "2025-01-01 11:00", ""),
    ],
)
def test_too_few_dates_make_no_timeline(days: tuple[str, ...]) -> None:
    assert make_timeline(archive(*days), Formats()) is None


def test_few_days_have_a_column_each() -> None:
    found = timeline("2025-02-27", "2025-03-01", "2025-03-01 10:00", "")
    assert found.width == 3
    assert columns(found) == [(0, "27 February 2025", 1), (2, "1 March 2025", 2)]
    assert [(label.percent, label.text) for label in found.labels] == [
        (0, "27 February 2025"),
        (100, "1 March 2025"),
    ]
    assert found.sentence == (
        "From 27 February 2025 to 1 March 2025; the most on 1 March 2025 (2); 1 undated."
    )


def test_up_to_two_years_have_a_column_a_week() -> None:
    found = timeline("2025-01-01", "2025-01-06", "2025-12-31")
    assert found.width == 53
    assert columns(found) == [
        (0, "the week of 30 December 2024", 1),
        (1, "the week of 6 January 2025", 1),
        (52, "the week of 29 December 2025", 1),
    ]
    assert found.sentence == "From 1 January 2025 to 31 December 2025."


def test_up_to_eight_years_have_a_column_a_month() -> None:
    found = timeline("2022-11-30", "2023-01-01", "2025-03-04")
    assert found.width == 29
    assert columns(found) == [
        (0, "November 2022", 1),
        (2, "January 2023", 1),
        (28, "March 2025", 1),
    ]
    # Of 2022 there are two months only.
    assert [label.text for label in found.labels] == ["2023", "2024", "2025"]


def test_a_label_that_would_run_out_of_the_picture_is_left_out() -> None:
    found = timeline("2021-06-30", "2023-01-01", "2025-03-04")
    assert [label.text for label in found.labels] == ["2021", "2022", "2023", "2024"]


def test_long_spans_have_columns_of_several_years() -> None:
    found = timeline("1700-01-01", "1801-01-01", "2025-01-01", "2025-05-05")
    assert found.width == 82
    assert columns(found) == [(0, "1700–1703", 1), (25, "1800–1803", 1), (81, "2024–2027", 2)]
    assert found.columns[-1].year == "2025"


@given(st.lists(st.dates(date(1, 1, 3), date(9999, 12, 1)), min_size=3, max_size=6))
def test_every_dated_transcript_is_in_one_column_and_labels_keep_apart(days: list[date]) -> None:
    entries = archive(*(day.isoformat() for day in days))
    found = make_timeline(entries, Formats())
    if len(set(days)) == 1:
        assert found is None
    if found:
        placed = [item for column in reversed(found.columns) for item in column.entries]
        assert placed == [item for item in entries if item.started]
        assert 2 <= found.width <= 100
        assert all(0 <= column.place < found.width for column in found.columns)
        places = [label.percent for label in found.labels]
        assert places
        assert all(b - a >= 12 for a, b in itertools.pairwise(places))


def draw(found: Timeline) -> str:
    return str(
        draw_timeline(found, lambda entry: f"{entry.key}.html", lambda year: f"y/{year}", Formats())
    )


def test_few_transcripts_are_blocks_that_link_to_them() -> None:
    drawn = draw(timeline("2025-01-01", "2025-01-03", "2025-01-03 10:00"))
    assert re.findall('href="([^"]*)"', drawn) == ["t0.html", "t1.html", "t2.html"]
    assert re.findall(' y="(\\d+)"', drawn)[:3] == ["13", "13", "1"]  # Two stand on each other.
    assert "<title>Ada ↔ Bo, 3 January 2025</title>" in drawn


def test_many_transcripts_are_bars_that_link_to_their_year() -> None:
    start = date(2024, 12, 1)
    days = [(start + timedelta(days=n // 5)).isoformat() for n in range(200)]
    drawn = draw(timeline(*days))
    assert drawn.count("<rect") == 40
    assert set(re.findall('href="([^"]*)"', drawn)) == {"y/2024", "y/2025"}
    assert "<title>1 December 2024: 5 transcripts</title>" in drawn


def test_picture_holds_no_style_and_escapes_what_it_quotes() -> None:
    entries = [entry(f"{n}.md", ("<b>", '"'), f"2025-01-0{n}") for n in (1, 2, 3)]
    found = make_timeline(site(*entries).entries, Formats())
    assert found
    drawn = str(draw_timeline(found, '"><script>{}'.format, str, Formats()))
    assert "style" not in drawn
    assert "<b>" not in drawn
    assert "<script>" not in drawn
    assert drawn.count("<title>&lt;b&gt; ↔ &#34;, ") == 3
