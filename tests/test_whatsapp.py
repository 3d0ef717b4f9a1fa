"""WhatsApp's exports: who spoke, what the app said, and in which order dates are written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers import problems, read, reading, source, spoken, warnings, write_site
from hypothesis import given
from hypothesis import strategies as st
from oracle_lines import lost_lines

from sitegen.config import load_config
from sitegen.model import NOTICE
from sitegen.readers import Settings, settings_for
from sitegen.readers.order import DateOrder
from sitegen.readers.reading import read_transcripts

FIXTURES = sorted(
    path
    for path in (Path(__file__).parent / "golden" / "whatsapp").glob("*.txt")
    if not path.name.endswith(".model.txt")
)
STAMP = re.compile(
    r"[\u200e\ufeff]*\[?[\d./-]+,? [\d:.]+(?:[ \u202f]?[apAP]\.?[ \u202f]?[mM]\.?)?(?:\] ?| - )"
)


def strip(line: str) -> str:
    """A line without its time and without the words with which the app names a file."""
    line = STAMP.sub("", line, count=1)
    line = re.sub(r"<attached: ([^<>]+)>|<This message was edited>", r"\1", line)
    return re.sub(r"(\.\w+) \([^()]+\)\s*\Z", r"\1", line)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_no_line_of_the_fixtures_is_lost(path: Path) -> None:
    text = path.read_bytes().decode().replace("\r\n", "\n")
    assert lost_lines(text, reading(text, path.name), strip) == []


PHOTO = "IMG-2024{}-WA0001.jpg (file attached)"


def log(*dates: str) -> str:
    return "".join(f"{date}, 10:00 - Ana: hi\n" for date in dates)


@pytest.mark.parametrize(
    ("dates", "first", "warned"),
    [
        (["3/4/24", "13/4/24"], (2024, 4, 3), False),
        (["3/4/24", "4/13/24"], (2024, 3, 4), False),
        (["3/4/24", "2/5/24", "1/6/24"], (2024, 4, 3), False),
        (["4/3/24", "5/2/24", "6/1/24"], (2024, 4, 3), False),
        (["3/4/24"], (2024, 4, 3), True),
        (["3/3/24"], (2024, 3, 3), False),
        (["2024/3/4", "2024/4/1"], (2024, 3, 4), False),
        (["2024-03-04"], (2024, 3, 4), False),
        (["03.04.2024"], (2024, 4, 3), True),
        (["3/4/24, 9:00 PM - Bo: x\n3/4/24"], (2024, 3, 4), True),
        (["03/04/24, 9:00 pm - Bo: x\n03/04/24"], (2024, 4, 3), True),
        (
            ["3/4/24, 9:00 PM - Bo: IMG-20240403-WA0001.jpg (file attached)\n3/4/24"],
            (2024, 4, 3),
            False,
        ),
        (
            ["3/4/24, 9:00 - Bo: <attached: 8-PIC-2024-03-04-21-49-51.jpg>\n3/4/24"],
            (2024, 3, 4),
            False,
        ),
        (
            ["3/4/24, 9:00 - Bo: IMG-20249999-WA0001.jpg (file attached)\n3/4/24"],
            (2024, 4, 3),
            True,
        ),
    ],
)
def test_the_order_of_dates_is_found_in_the_whole_file(
    dates: list[str], first: tuple[int, int, int], warned: bool
) -> None:
    found = reading(log(*dates))
    at = found.transcripts[0].messages[0].at
    assert at is not None
    assert (at.year, at.month, at.day) == first
    assert any("taken as" in message for message in warnings(found)) == warned


def packed(text: str) -> bytes:
    """An archive with a chat, as a telephone makes it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("_chat.txt", text)
    return data.getvalue()


@pytest.mark.parametrize(("order", "month"), [("month/day/year", 3), ("day/month/year", 4)])
@pytest.mark.parametrize("pack", [str.encode, packed])
def test_the_order_can_be_said(order: str, month: int, pack: Callable[[str], bytes]) -> None:
    settings = Settings(date_order=DateOrder(order))
    found = read_transcripts(pack(log("3/4/24")), source("a.txt"), "UTC", settings)
    assert found.transcripts[0].messages[0].at == datetime(2024, month, 7 - month, 10, tzinfo=UTC)
    assert found.diagnostics == ()


def test_the_order_is_said_in_the_configuration(tmp_path: Path) -> None:
    rules = (
        '[[sources]]\nfiles = "**"\ndate_order = "month/day/year"\n'
        '[[sources]]\nfiles = "b/*"\n[[sources]]\nfiles = "c/*"\ndate_order = "year/month/day"\n'
    )
    write_site(tmp_path, {"sitegen.toml": rules, "content/a.txt": "x"})
    config = load_config(tmp_path)
    orders = [settings_for(config, path).date_order for path in ("a.txt", "b/a.txt", "c/a.txt")]
    assert orders == [DateOrder.MDY, DateOrder.MDY, DateOrder.YMD]


@pytest.mark.parametrize(
    ("time", "hour"),
    [
        *(("12:00 AM", 0), ("12:00 pm", 12), ("1:00\u202fPM", 13), ("1:00 a. m.", 1)),
        *(("11:00 p.m.", 23), ("13:00", 13), ("13.00", 13), ("13:00:59", 13)),
    ],
)
def test_the_hour_in_every_writing(time: str, hour: int) -> None:
    (message,) = read(f"31/1/24, {time} - Ana: hi").messages
    assert message.at is not None
    assert message.at.hour == hour


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("31/1/24, 10:00 - Ana left", ("", "Ana left")),
        ("31/1/24, 10:00 - Ana: left", ("Ana", "left")),
        ("31/1/24, 10:00 - Ana:", ("Ana", "")),
        ("31/1/24, 10:00 - Ana:.", ("Ana", ".")),
        ("31/1/24, 10:00 - +44 7700 900123: a: b", ("+44 7700 900123", "a: b")),
        ('31/1/24, 10:00 - Ana changed it to "a: b"', ("", 'Ana changed it to "a: b"')),
        ("[31/1/24, 10:00:00] Ana: hi", ("Ana", "hi")),
        ("31/1/24 10:00 - Ana: hi", ("Ana", "hi")),
        ("31/1/24 à 10:00 - Ana: hi", ("Ana", "hi")),
    ],
)
def test_who_speaks(line: str, said: tuple[str, str]) -> None:
    transcript = read(line)
    assert transcript.format == "whatsapp"
    assert spoken(transcript) == [said]
    assert transcript.messages[0].role == ("" if said[0] else NOTICE)


@pytest.mark.parametrize(
    "text",
    [
        "On 3/4/24, 10:00 - we met",
        "# A\n\n3/4/24\n",
        "[3/4/24, 10:00 - Ana: hi",
        "3/4/24 - Ana: hi",
        "[10:00] Ana: hi",
    ],
)
def test_what_only_looks_like_it_is_something_else(text: str) -> None:
    assert read(text).format != "whatsapp"


def test_a_date_that_is_none_is_said_with_its_line() -> None:
    found = reading("31/1/24, 10:00 - Ana: hi\n31/2/24, 10:00 - Bo: x\n31/1/24, 25:00 - Bo: y\n")
    assert problems(found) == [
        ("warning", 2, '"31/2/24" is not a date'),
        ("warning", 3, '"31/1/24" is not a date'),
    ]


# --- Fuzz --------------------------------------------------------------------------

LINES = st.sampled_from(
    [
        *("31/12/23, 22:01 - Ana: hi", "[1/2/24, 1:00:00 PM] Bo: *x*", "1/13/24, 9:00 - Cy left"),
        *("", " ", "> and on", "# so", "2024-01-02, 10:00 - Ana: iso", "99/99/99, 99:99 - Ana: x"),
        *("\u200e[1/2/24, 1:00:00\u202fPM] Di: \u200e<attached: a.jpg>", "a.pdf (file attached)"),
        *("0/0/0, 0:00 - : x", "1/1/0001, 10:00 - Ana: y", "1.1.24, 10.00 - a: b: c", "Ana: hi"),
    ]
) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.lists(LINES, max_size=20), st.booleans())
def test_nothing_is_lost_and_nothing_breaks(lines: list[str], first: bool) -> None:
    text = ("31/12/23, 22:01 - Ana: hi\n" if first else "") + "\n".join(lines)
    found = reading(text)
    assert not any(str(d.severity) == "error" for d in found.diagnostics)
    if found.transcripts and found.transcripts[0].format == "whatsapp":
        assert lost_lines(text, found, strip) == []


@pytest.mark.parametrize(
    "text",
    [
        "31/12/23, 22:01 - Ana: hi\n" * 50_000,
        "31/12/23, 22:01 - " + "a" * 300_000,
        "31/12/23, 22:01 - Ana: " + "\u200e<" * 100_000,
        "31/12/23, 22:01 - Ana: " + "a." * 100_000 + " (",
        "31/12/23, 22:01 - Ana: " + " " * 300_000 + "x",
        "31/12/23, 22:01 - Ana: x\n" + "\u200e" * 300_000,
    ],
    ids=range(6),
)
def test_reading_takes_time_in_proportion(text: str) -> None:
    """A reader whose time grew with the square would not end while we live."""
    assert read(text).format == "whatsapp"
