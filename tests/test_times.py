"""Times beside messages, and which lines a code block quotes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.readers.engine import Candidate, Fence, Scan
from sitegen.readers.quoting import unquoted
from sitegen.readers.times import Clock, date_order, parse_clock, parse_moment, parse_offset


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("04:01", 241.0),
        ("00:04:01.06", 241.06),
        (" 100:00:00 ", 360_000.0),
        ("4:60", None),
        ("241", None),
        ("٠٤:٠١", None),
        ("-1:00", None),
        ("", None),
    ],
)
def test_a_place_in_a_recording(text: str, seconds: float | None) -> None:
    assert parse_offset(text) == seconds


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("05:07:15", "05:07:15"),
        ("11:08:27 PM", "23:08:27"),
        ("12:00:10 AM", "00:00:10"),
        ("12:30 pm", "12:30:00"),
        ("02:11 UTC", "02:11:00"),
        ("13:00 PM", None),
        ("24:00", None),
        ("noon", None),
    ],
)
def test_a_time_of_day(text: str, clock: str | None) -> None:
    found = parse_clock(text)
    assert (found and found[0].isoformat()) == clock


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("6.10.2025, 19:48:17", "", "2025-10-06T19:48:17+00:00"),
        ("2026/6/1 上午10:59:07", "", "2026-06-01T10:59:07+00:00"),
        ("2026/6/1 下午10:59:07", "", "2026-06-01T22:59:07+00:00"),
        ("9/30/2026, 12:38:32 PM", "", "2026-09-30T12:38:32+00:00"),
        ("30/9/2026 at 12:38", "", "2026-09-30T12:38:00+00:00"),
        ("08/09/2025 at 10:20 AM", "mdy", "2025-08-09T10:20:00+00:00"),
        ("08/09/2025 at 10:20", "dmy", "2025-09-08T10:20:00+00:00"),
        ("08/09/2025 at 10:20", "", None),
        ("2025-03-04T09:12:00Z", "", "2025-03-04T09:12:00+00:00"),
        ("99.99.2025, 10:00", "", None),
        ("8시", "", None),
    ],
)
def test_times_as_countries_write_them(text: str, order: str, iso: str | None) -> None:
    moment = parse_moment(text, "UTC", order)
    assert (moment and moment.isoformat()) == iso


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["1/2/2025, 10:00", "13/2/2025, 10:00"], "dmy"),
        (["1/2/2025, 10:00", "2/13/2025, 10:00"], "mdy"),
        (["1/2/2025, 10:00 AM"], "mdy"),
        (["1/2/2025, 10:00"], ""),
        (["13/2/2025", "2/13/2025"], ""),
        (["words", ""], ""),
    ],
)
def test_the_dates_of_a_file_tell_their_order(texts: list[str], order: str) -> None:
    assert date_order(texts) == order


def test_a_clock_that_falls_has_passed_midnight() -> None:
    clock = Clock(datetime(2025, 4, 2, 23, 0, tzinfo=UTC), "UTC")
    days = [moment and moment.day for moment in map(clock.read, ["23:59", "00:01", "00:00", "x"])]
    assert days == [2, 3, 3, None]
    assert Clock(None, "UTC").read("10:00") is None


@given(st.text(max_size=70), st.sampled_from(["", "dmy", "mdy"]))
def test_any_text_is_a_time_or_none(text: str, order: str) -> None:
    moment = parse_moment(text, "Pacific/Apia", order)
    assert moment is None or moment.utcoffset() is not None
    parse_clock(text)
    parse_offset(text)


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ("A ``` A ``` A", [0, 4]),
        ("A ```md A ``` A", [0, 4]),
        ("A ```md ```py ``` ``` A", [0, 5]),
        ("A ``` A", [0, 2]),
        ("A ```md A ```py ``` A", [0, 2, 5]),
        ("A ``` A ``` ``` A ``` A", [0, 7]),
        ("A ~~~ A ~~~", [0]),
    ],
)
def test_a_line_is_quoted_if_both_readings_of_fences_say_so(lines: str, kept: list[int]) -> None:
    words = lines.split()
    candidates = tuple(Candidate(n, "A", False) for n, word in enumerate(words) if word == "A")
    fences = tuple(
        Fence(n, word[:3], len(word) == 3) for n, word in enumerate(words) if word[0] in "`~"
    )
    assert [candidate.line for candidate in unquoted(Scan(candidates, fences))] == kept
