"""WebVTT and SubRip: voices, times, and nothing lost between two cues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers import problems, read, reading, spoken, warnings
from hypothesis import given
from hypothesis import strategies as st
from oracle_lines import lost_lines

from sitegen.readers.captions import OVERRIDE, TAG

FIXTURES = sorted((Path(__file__).parent / "golden" / "captions").glob("*.[sv][rt]t"))
TIMING = re.compile(r"[ \t]*[\d:.,]+[ \t]*-->[ \t]*[\d:.,]+(?:[ \t]+[A-Za-z]\w*:\S+)*[ \t]*")


def strip(line: str) -> str:
    """A line of captions without its tags; times and numbers of cues are none of the text."""
    if TIMING.fullmatch(line) or line.strip().isdigit():
        return ""
    line = TAG.sub("", re.sub(r"<v(?:\.\S*)?\s([^<>]*)>", r"\1 ", line).removeprefix("WEBVTT"))
    return OVERRIDE.sub("", line).removeprefix("NOTE ")


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_no_line_of_the_fixtures_is_lost(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name not in ("hostile.vtt", "voices.vtt"):
        assert lost_lines(text, reading(text, path.name), strip) == []


def srt(*cues: tuple[float, float, str]) -> str:
    return "\n".join(
        f"{number}\n{clock(start)} --> {clock(end)}\n{text}\n"
        for number, (start, end, text) in enumerate(cues, 1)
    )


def clock(seconds: float) -> str:
    whole = int(seconds)
    return (
        f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},"
        f"{round((seconds - whole) * 1000) % 1000:03}"
    )


def test_the_ending_of_the_name_does_not_matter() -> None:
    assert read(srt((1, 2, "hi")), "a.txt").format == "captions"
    assert read("\ufeffWEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nhi", "a.md").format == "captions"
    assert read("WEBVTTX\n\n00:01.000 --> 00:02.000\nhi", "a.vtt").format == "document"
    assert read("Look:\n\n1\n00:00:01,000 --> 00:00:02,000\nhi\n", "a.md").format == "document"


@pytest.mark.parametrize(
    ("timing", "offset"),
    [
        ("00:01.500 --> 00:02.000", 1.5),
        ("0:00:01,5 --> 0:00:02", 1.5),
        ("100:00:01.000-->100:00:02.000 X1:1 Y1:2", 360_001.0),
        ("00:01:00.250 --> 00:00:01.000 line:0 position:20%", 60.25),
    ],
)
def test_times_are_kept(timing: str, offset: float) -> None:
    (message,) = read(f"WEBVTT\n\n{timing}\nhi\n").messages
    assert message.offset == offset
    assert message.line == 3


def test_what_follows_the_times_and_is_no_setting_is_text() -> None:
    assert spoken(read("WEBVTT\n\n00:01.000 --> 00:02.000 hello you\nthere")) == [
        ("", "hello you there")
    ]


def test_cues_without_blank_lines_between_them_are_told_apart() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:02,000 --> 00:00:03,000\ntwo\n42\n"
    assert spoken(read(text)) == [("", "one two 42")]


def test_a_voice_goes_on_until_another_is_named() -> None:
    text = "WEBVTT\n\n" + "\n\n".join(
        f"00:{second:02}.000 --> 00:{second:02}.900\n{line}"
        for second, line in enumerate(["<v Ada>one", "two", "<v Bo>three", "<v Bo>four"])
    )
    said = read(text)
    assert spoken(said) == [("Ada", "one two"), ("Bo", "three four")]
    assert [message.offset for message in said.messages] == [0.0, 2.0]


def test_a_pause_ends_a_paragraph_and_a_turn_of_nobody() -> None:
    cues = [(1, 2, "one"), (2, 3, "two"), (9, 10, "three")]
    assert spoken(read(srt(*cues))) == [("", "one two"), ("", "three")]
    named = [(start, end, f"Ada: {text}") for start, end, text in cues]
    assert spoken(read(srt(*named))) == [("Ada", "one two\n\nthree")]


def test_a_very_long_turn_goes_on_in_another_message() -> None:
    cues = [(n * 2, n * 2 + 2, "Ada: " + "word " * 20 + "end.") for n in range(200)]
    said = read(srt(*cues))
    assert {message.speaker for message in said.messages} == {"Ada"}
    assert 3 <= len(said.messages) <= 6
    assert all(message.offset is not None for message in said.messages)


@pytest.mark.parametrize(
    "line", ["Note: x", "https: //x", "so: it is", "We say this, always: x", "10:30", "Dr.: x"]
)
def test_what_only_looks_like_a_name_is_text(line: str) -> None:
    cues = [(n, n + 1, "and on") for n in range(60)]
    said = read(srt(*cues, (60, 61, line)))
    assert {message.speaker for message in said.messages} == {""}


def test_rolling_captions_are_shown_once_and_true_repeats_twice() -> None:
    repeated = srt((1, 2, "No."), (2, 3, "No."), (3, 4, "Why?"), (4, 5, "Look."), (5, 6, "So."))
    assert spoken(read(repeated)) == [("", "No. No. Why? Look. So.")]
    rows = ["a", "a\nb", "b\nc", "c\nc", "c\nd"]
    found = reading(srt(*((n, n + 1, text) for n, text in enumerate(rows))))
    assert spoken(found.transcripts[0]) == [("", "a b c c d")]
    assert problems(found)[0][0] == "note"


def test_measures_of_a_machine_are_counted_and_other_comments_kept() -> None:
    text = "WEBVTT\n\nNOTE Confidence: 0.91\n\n00:01.000 --> 00:02.000\nhi\n\nNOTE by Ada\n"
    found = reading(text)
    assert found.transcripts[0].extra == (("Note", "by Ada"),)
    assert problems(found) == [("note", 0, "1 comments with a machine's measures are not shown")]


def test_lines_outside_of_a_cue_are_kept_and_said() -> None:
    found = reading("WEBVTT\n\nhello\n\n00:01.000 --> 00:02.000\nhi\n\nstray\n")
    assert spoken(found.transcripts[0]) == [("", "hi stray")]
    assert found.transcripts[0].preamble == "hello"
    assert warnings(found) == ["1 line outside of a cue, kept with the cue before"]


# --- Fuzz --------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *("WEBVTT", "NOTE x", "STYLE", "REGION", "1", "22", "", "", " ", "-->", "Ada: hello"),
        *("00:00:01,000 --> 00:00:02,000", "00:01.000 --> 00:02.000 align:start", "x --> y"),
        *("<v Ada>hi", "</v>", "<i>soft", "</i>", "<c.red>a</c>", "<00:01.000>b", "{\\an8}up"),
        *("Bo Li: yes", "[SPEAKER_01]: so", ">> Cy: well", "- dash", "♪", "&amp; & &lt;b&gt;"),
        *("<v>", "<v ", "<v \n", "Title: Kind", "Kind: captions", "a <b c> d", "** * _"),
    ]
)
LINES = PIECES | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(LINES, max_size=30), st.sampled_from(["WEBVTT\n\n", "WEBVTT\n", "", "1\n"]))
def test_nothing_is_lost_and_nothing_breaks(lines: list[str], head: str) -> None:
    text = head + "\n".join(lines)
    found = reading(text)
    assert not any(str(d.severity) == "error" for d in found.diagnostics)
    if found.transcripts and found.transcripts[0].format == "captions":
        repeats = any("roll up" in d.message for d in found.diagnostics)
        assert repeats or lost_lines(text, found, strip) == []


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n" + "<v " * 100_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v" + " " * 200_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<lang" + " a" * 100_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<font" + " " * 200_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "{\\" * 100_000,
        "1\n" + "00:00:01,000 --> 00:00:02,000\n" * 20_000,
        "1\n00:00:01,000 --> 00:00:02,000\n\n" + "stray\n\n" * 20_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "A: b\n" * 20_000,
        "WEBVTT " + " " * 200_000 + "\n" + "\t" * 100_000 + "-->",
        "WEBVTT\n\nNOTE" + " " * 200_000,
    ],
    ids=range(10),
)
def test_reading_takes_time_in_proportion(text: str) -> None:
    """A reader whose time grew with the square would not end while we live."""
    assert reading(text).transcripts
