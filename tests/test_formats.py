"""Numbers, dates and spans as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sitegen.formats import Formats

BERLIN = ZoneInfo("Europe/Berlin")
formats = Formats()


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (1364, "1,364"), (1234567, "1,234,567")]
)
def test_numbers_have_their_thousands_apart(value: int, text: str) -> None:
    assert formats.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0 words"), (1, "1 word"), (2, "2 words"), (5000, "5,000 words")]
)
def test_one_is_singular(value: int, text: str) -> None:
    assert formats.count(value, "word") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2025, 10, 26, 17, 12, 18, tzinfo=UTC), "26 October 2025, 17:12 UTC"),
        (datetime(2025, 1, 5, 7, 3, tzinfo=BERLIN), "5 January 2025, 07:03 CET"),
        (datetime(2025, 7, 5, 7, 3, tzinfo=BERLIN), "5 July 2025, 07:03 CEST"),
        (datetime(2025, 12, 31, tzinfo=UTC), "31 December 2025"),
        (datetime(2025, 12, 31, 0, 0, 9, tzinfo=UTC), "31 December 2025, 00:00 UTC"),
    ],
)
def test_a_moment_names_its_zone_and_a_day_alone_has_no_time(value: datetime, text: str) -> None:
    assert formats.moment(value, value.tzname() or "") == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=0.5), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=2, seconds=39), "2 min 39 s"),
        (timedelta(hours=1, minutes=5, seconds=9), "1 h 5 min"),
        (timedelta(hours=2, seconds=9), "2 h"),
        (timedelta(days=2, hours=1), "49 h"),
        (timedelta(days=3, hours=23), "3 days"),
        (timedelta(days=1200), "1,200 days"),
    ],
)
def test_a_duration_has_its_two_largest_units(span: timedelta, text: str) -> None:
    assert formats.duration(span) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (241.06, "4:01"), (3841, "1:04:01")])
def test_a_place_in_a_recording(seconds: float, text: str) -> None:
    assert formats.time_into(seconds) == text


def test_layouts_reach_every_format_by_its_name() -> None:
    names = ("clock", "count", "day", "duration", "long_day", "moment", "number", "time_into")
    assert sorted(formats.filters()) == sorted(names)
    assert formats.filters()["day"](datetime(2025, 3, 4)) == "4 March 2025"


def test_a_day_as_a_heading_names_the_day_of_the_week() -> None:
    assert formats.long_day(datetime(2026, 3, 3)) == "Tuesday 3 March 2026"
