"""Chats, interviews and recordings in text: each format read, hostile, cut off and at random."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from conftest import Golden
from helpers import problems, read, reading, spoken, warnings
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import lost_lines
from test_dialogue import SHOWN

from sitegen.model import Text, text_of
from sitegen.readers.reading import Reading
from sitegen.readers.texts import TEXT_FORMATS

FIXTURES = sorted((Path(__file__).parent / "golden" / "chats").glob("*.[mt][dx]*"))
SOURCES = [path for path in FIXTURES if not path.name.endswith(".model.txt")]
each_fixture = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)


def described(found: Reading) -> str:
    """A reading as text that a person can compare."""
    lines = [f"recognised by {found.reason}", *(f"{finding}" for finding in found.diagnostics)]
    for transcript in found.transcripts:
        lines += [f"{name}: {getattr(transcript, name)!r}" for name in SHOWN]
        lines += [f"participant: {person.name!r}" for person in transcript.participants]
        lines += [f"extra: {key!r} = {value!r}" for key, value in transcript.extra]
        for message in transcript.messages:
            about = [message.role, message.at and message.at.isoformat(), message.offset]
            about += [*message.marks, message.id]
            said = ", ".join(str(value) for value in about if value not in ("", None))
            lines.append(f"\n#{message.number} {message.speaker!r}, line {message.line} ({said})")
            for block in message.blocks:
                if not isinstance(block, Text):
                    lines.append(f"  {type(block).__name__} {getattr(block, 'name', '')}")
                lines += [f"    {line!r}" for line in text_of(block).split("\n")]
    return "\n".join(lines) + "\n"


@each_fixture
def test_fixtures_are_read_as_their_models_say(path: Path, golden: Golden) -> None:
    found = reading(path.read_bytes(), path.name)
    golden.check(f"chats/{path.stem}.model.txt", described(found))


def test_every_format_of_text_has_a_fixture() -> None:
    seen = {read_format(path) for path in SOURCES}
    assert seen >= set(TEXT_FORMATS) - {"dialogue", "document", "canonical"}


def read_format(path: Path) -> str:
    return reading(path.read_bytes(), path.name).transcripts[0].format


@each_fixture
def test_no_line_is_lost(path: Path) -> None:
    data = path.read_bytes()
    body = data.partition(b"\n---\n")[2] if data.startswith(b"---\n") else data
    assert lost_lines(body, reading(data, path.name)) == []


@each_fixture
def test_a_file_that_is_cut_off_anywhere_loses_no_line(path: Path) -> None:
    data = path.read_bytes()
    if data.startswith(b"---\n"):
        pytest.skip("front matter has rules of its own")
    for end in range(0, len(data), 7):
        found = reading(data[:end], path.name)
        assert found.transcripts or problems(found)
        assert lost_lines(data[:end], found) == []


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'>&"


@each_fixture
def test_hostile_text_is_kept_as_text(path: Path) -> None:
    data = path.read_text(encoding="utf-8").rstrip("\n") + f"\n{HOSTILE}\n"
    found = reading(data, path.name)
    texts = [text_of(block) for t in found.transcripts for m in t.messages for block in m.blocks]
    assert any(HOSTILE in text for text in texts)


@pytest.mark.parametrize("text", ["", "\n", "---\ntitle: x\n---\n", "# aider chat started at"])
def test_an_empty_file_is_no_trouble(text: str) -> None:
    found = reading(text)
    assert found.transcripts or warnings(found)


# --- At random ---------------------------------------------------------------------

TEXTS = [path.read_text(encoding="utf-8") for path in SOURCES]
LINES = sorted({line for text in TEXTS for line in text.split("\n")})


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A valid file with lines taken out, put in, doubled or swapped with those of others."""
    lines = draw(st.sampled_from(TEXTS)).split("\n")
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(lines)))
        match draw(st.integers(0, 3)):
            case 0:
                del lines[place : place + draw(st.integers(1, 4))]
            case 1:
                lines.insert(place, draw(st.sampled_from(LINES)))
            case 2:
                lines.insert(place, draw(st.text(max_size=20).map(lambda t: t.replace("\n", " "))))
            case _:
                lines[place:place] = lines[place : place + 5]
    return "\n".join(lines)


@given(mutated())
def test_a_file_that_was_changed_anyhow_loses_no_line(text: str) -> None:
    data = text.encode("utf-8", "replace")
    found = reading(data)
    assert found.transcripts or problems(found)
    if not data.startswith(b"---"):
        assert lost_lines(data, found) == []
    for transcript in found.transcripts:
        numbers = [message.number for message in transcript.messages]
        assert numbers == list(range(1, len(numbers) + 1))


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=8), max_size=25).map("\n".join))
def test_lines_of_all_formats_mixed_lose_none(text: str) -> None:
    data = text.encode("utf-8", "replace")
    found = reading(data)
    assert found.transcripts or problems(found)
    if not data.startswith(b"---"):
        assert lost_lines(data, found) == []


@given(st.sampled_from(TEXT_FORMATS), mutated())
@settings(max_examples=50)
def test_a_format_that_is_named_reads_or_falls_back(format: str, text: str) -> None:
    from helpers import source

    from sitegen.readers import Settings
    from sitegen.readers.reading import read_transcripts

    found = read_transcripts(
        text.encode("utf-8", "replace"), source(), "UTC", Settings(format=format)
    )
    assert found.transcripts or found.diagnostics
    assert all(t.format in (format, "document") for t in found.transcripts)


# --- Size --------------------------------------------------------------------------


@each_fixture
def test_time_is_linear(path: Path) -> None:
    """A megabyte of each format; a quadratic step would take an hour."""
    text = path.read_text(encoding="utf-8")
    head, rule, rest = text.partition("\n\n")
    if not rest.strip():  # One block without blank lines.
        head, rule, rest = "", "", text
    big = head + rule + rest * (1_000_000 // len(rest.encode()))
    begun = time.perf_counter()
    found = reading(big, path.name)
    assert time.perf_counter() - begun < 120
    assert found.transcripts


ENDLESS = [
    *(
        "## x" + " " * 300_000 + "y",
        "### Message 1 - a" + " " * 300_000 + "(",
        "**" + "a " * 200_000,
    ),
    *("_**User" + " " * 300_000, "Turn 1: a" + " " * 300_000 + "b", "[a" + " " * 300_000),
    *("<!-- a" + " " * 300_000 + "-->b", "a" * 300_000 + ":", "# T (" + "1" * 300_000),
    *("<details>\n<summary>" * 20_000, "```x\n" * 50_000, "> " * 200_000, "x: " * 100_000),
    *("<tool-use><details>\n<summary>Tool use: **x**</summary>\n" * 5_000, "### a ###" * 50_000),
]


@pytest.mark.parametrize("line", ENDLESS, ids=lambda line: line[:12])
@pytest.mark.parametrize("path", SOURCES[::8], ids=lambda path: path.stem)
def test_an_endless_line_is_no_trouble(path: Path, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    begun = time.perf_counter()
    assert reading(f"{text}\n\n{line}\n\n{text}", path.name).transcripts
    assert time.perf_counter() - begun < 120


# --- What is not a chat ------------------------------------------------------------


@pytest.mark.parametrize("key", ["transcript_by", "speakers"])
def test_names_alone_on_a_line_are_read_where_the_front_matter_tells_of_a_transcript(
    key: str,
) -> None:
    said = "Ada Quill:\n\nOne.\n\nStart time: 10:00\n\nBo:\n\nTwo.\n\n"
    found = read(f"---\n{key}: Somebody\n---\nTopic: x\n\n{said * 3}")
    assert found.format == "interview"
    assert [name for name, _ in spoken(found)] == ["Ada Quill", "Bo"] * 3
    assert read(said * 3).format == "document"


@pytest.mark.parametrize(
    "text",
    [
        "# Notes\n\n**Purpose:** to note.\n\n**Status:** done.\n\n- a\n- b\n\n## Added\n\nx\n",
        "# Changes\n\n## Added\n\nx\n\n## Fixed\n\ny\n\n## Added\n\nz\n\n## Fixed\n\nw\n",
        "Dear all,\n\nNote: this is a letter.\n\nWarning: it is long.\n\nNote: it ends.\n",
        "## Question\n\nonly one\n",
        "**Ada:** said one thing.\n",
        "ChatGPT said:\n\nhello\n\nYou said:\n\nbye\n",
        "USER:\nhello\n\nAGENT:\nbye\n",
    ],
)
def test_what_is_not_sure_is_a_document(text: str) -> None:
    found = reading(text)
    assert found.transcripts[0].format == "document"
    assert warnings(found) == ["no messages found; shown as a plain document"]
    assert lost_lines(text.encode(), found) == []


def test_the_model_format_is_not_taken_for_what_it_quotes() -> None:
    quoted = "\n\n".join(
        [
            *("_**User**_", "## 👤 User", "**User**", "#### You:", "## Prompt:", "> [!nexus_user]"),
            *(
                "### Message 1 - Ada",
                "### Claude 1 ###",
                "# aider chat started at 2025-01-01 00:00:00",
            ),
        ]
    )
    text = (
        f"# Ada ↔ Brook\n\n**Messages:** 2\n\n---\n\n### Ada\n\n{quoted}\n\n---\n\n### Brook\n\nx\n"
    )
    assert spoken(read(text)) == [("Ada", quoted), ("Brook", "x")]
