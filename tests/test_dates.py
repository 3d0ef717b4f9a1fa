"""Dates as people and exporters write them, always aware."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.readers.dates import parse_date


@pytest.mark.parametrize(
    ("written", "zone", "iso"),
    [
        ("2025-10-26", "UTC", "2025-10-26T00:00:00+00:00"),
        ("2025-10-26 17:12", "UTC", "2025-10-26T17:12:00+00:00"),
        (" 2025-10-26 17:12:18\t", "UTC", "2025-10-26T17:12:18+00:00"),
        ("2025-10-26T17:12:18.25", "UTC", "2025-10-26T17:12:18.250000+00:00"),
        ("2025-10-26T17:12:18Z", "Asia/Tokyo", "2025-10-26T17:12:18+00:00"),
        ("2025-10-26 17:12:18 Z", "Asia/Tokyo", "2025-10-26T17:12:18+00:00"),
        ("2025-10-26 17:12:18 UTC", "Asia/Tokyo", "2025-10-26T17:12:18+00:00"),
        ("2025-10-26 UTC", "Asia/Tokyo", "2025-10-26T00:00:00+00:00"),
        ("2025-10-26 17:12:18-05:30", "Asia/Tokyo", "2025-10-26T17:12:18-05:30"),
        ("2025-10-26 17:12", "Asia/Tokyo", "2025-10-26T17:12:00+09:00"),
        ("20251026T171218", "UTC", "2025-10-26T17:12:18+00:00"),
        # The last Sunday of October: the clock strikes two twice, and the first counts.
        ("2025-10-26 01:59", "Europe/Berlin", "2025-10-26T01:59:00+02:00"),
        ("2025-10-26 02:30", "Europe/Berlin", "2025-10-26T02:30:00+02:00"),
        ("2025-10-26 03:00", "Europe/Berlin", "2025-10-26T03:00:00+01:00"),
        # The last Sunday of March: half past two does not exist.
        ("2025-03-30 02:30", "Europe/Berlin", "2025-03-30T02:30:00+01:00"),
        ("0002-01-01", "UTC", "0002-01-01T00:00:00+00:00"),
        ("9998-12-31 23:59:59", "Pacific/Auckland", "9998-12-31T23:59:59+13:00"),
    ],
)
def test_dates_are_read_in_the_zone_they_name_or_the_one_given(
    written: str, zone: str, iso: str
) -> None:
    moment = parse_date(written, zone)
    assert moment is not None
    assert moment.isoformat() == iso


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2025",
        "2025-10",
        "26.10.2025",
        "10/26/2025",
        "2025-02-29",
        "2025-13-01",
        "2025-10-26 25:00",
        "2025-10-26+02:00",
        "2025-10-26-05:00",
        "2025-10-26 17:12 CET",
        "17:12",
        "0001-01-01",
        "9999-12-31",
        "12025-10-26",
        "٢٠٢٥-١٠-٢٦ 17:12 at noon",
    ],
)
def test_what_is_not_a_date_is_none(written: str) -> None:
    assert parse_date(written, "Europe/Berlin") is None


@given(st.text() | st.from_regex(r"[0-9TtWZ:.,+ -]{4,30}"))
def test_any_text_gives_an_aware_time_or_none(text: str) -> None:
    moment = parse_date(text, "Pacific/Apia")
    assert moment is None or moment.utcoffset() is not None


@given(
    st.datetimes(
        min_value=datetime(2, 1, 1),
        max_value=datetime(9998, 12, 31),
        timezones=st.timezones(),
        allow_imaginary=False,
    ),
    st.sampled_from(["T", " "]),
)
def test_times_written_as_iso_come_back(moment: datetime, between: str) -> None:
    found = parse_date(moment.isoformat(between), "UTC")
    assert found is not None
    assert found.isoformat() == moment.isoformat()
