"""The canonical form: whatever a transcript holds, it reads back the same."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from helpers import problems, read, reading, source, spoken
from hypothesis import given
from hypothesis import strategies as st

from sitegen.canonical import to_markdown
from sitegen.model import (
    NOTICE,
    Attachment,
    Block,
    Commitment,
    Image,
    Message,
    Participant,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
)
from sitegen.text import visible

KEPT = frozenset(
    [
        *("slug", "title", "messages", "participants", "preamble", "summary", "note", "tags"),
        *("started", "ended", "labels", "draft", "noindex", "language", "extra", "commitments"),
    ]
)
"""The fields that come back; the others belong to the file that was read."""

OF_THE_FILE = frozenset(["source", "format", "declared_messages"])

HARD_LINES = st.sampled_from(
    [
        *("---", "----", "--- ", "-----", "### Ada", "### x", "# Top", "**Ada:** hi", "```"),
        *("```thinking", "````text", "`````", "~~~", '<!-- at="x" -->', "<!-- preamble -->"),
        *("**Boundary:** ---", "**Messages:** 7", "", " ", "\t", "\u3000", "> q", "```tool-call"),
    ]
)
ANY = st.text(max_size=20)
LINE = HARD_LINES | st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n"), max_size=12
)
BODY = st.lists(LINE, max_size=8).map("\n".join) | ANY
NAME = st.sampled_from(["Ada", "Brook", "灯 台", "---", "# x", " Ada", "Ada ", "a -->", ""]) | (
    ANY.map(visible)
)
WORD = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Z", "Cn"]), min_size=1, max_size=9)
LINE_OF_TEXT = st.lists(WORD, min_size=1, max_size=4).map(" ".join).map(visible)
ZONES = st.sampled_from([UTC, ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=-5, minutes=30))])
MOMENT = st.datetimes(
    datetime(3, 1, 1), datetime(9990, 1, 1), timezones=ZONES, allow_imaginary=False
)
BLOCK: st.SearchStrategy[Block] = st.one_of(
    st.builds(Text, BODY, st.booleans(), st.booleans()),
    st.builds(Thinking, BODY),
    st.builds(ToolCall, ANY, ANY, BODY, st.sampled_from(["json", "", "markdown"])),
    st.builds(ToolResult, ANY, BODY, st.booleans()),
    st.builds(Image, BODY, ANY),
    st.builds(Attachment, ANY, BODY, ANY),
)
MESSAGE = st.builds(
    Message,
    number=st.just(1),
    speaker=NAME,
    blocks=st.lists(BLOCK, max_size=4).map(tuple) | st.builds(Text, BODY).map(lambda one: (one,)),
    role=st.sampled_from(["", "user", NOTICE, 'a "b" -->']),
    at=st.none() | MOMENT,
    offset=st.none() | st.floats(0, 1e7, allow_nan=False),
    reply_to=st.integers(0, 9),
    marks=st.lists(ANY.map(visible), max_size=2).map(tuple),
    id=ANY.map(visible),
)
EXTRA = st.tuples(
    st.sampled_from(["Mood", "Messages", "started", "a*b", "a:", " a", "Boundary", "Title", ""])
    | ANY,
    ANY,
).map(lambda pair: (visible(pair[0]), visible(pair[1])))


@st.composite
def commitments(draw: st.DrawFn, messages: int) -> Commitment:
    salt = draw(st.binary(max_size=4))
    return Commitment(
        algorithm="sha256",
        digest=draw(st.binary(min_size=32, max_size=32)).hex(),
        message=draw(st.integers(1, messages)),
        reveal=draw(st.integers(0, messages)),
        value=draw(st.none() | st.binary(max_size=4)),
        salt=salt,
        rule=draw(st.sampled_from(["{salt}:{value}", "{value}{salt}"] if salt else ["{value}"])),
    )


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    said = draw(st.lists(MESSAGE, max_size=6))
    messages = tuple(
        dataclasses.replace(message, number=number) for number, message in enumerate(said, 1)
    )
    names = dict.fromkeys(message.speaker for message in messages if message.speaker)
    people = [
        Participant(name, role=draw(st.sampled_from(["", "host"])), model=draw(st.just("") | WORD))
        for name in names
        if name == name.strip()
    ]
    return Transcript(
        source=source("night/watch.txt"),
        format="dialogue",
        slug=draw(st.sampled_from(["watch", "night-watch-2"])),
        title=draw(LINE_OF_TEXT | st.sampled_from(["# A", "A ↔ B", "x # ", "---"]).map(str.strip)),
        messages=messages,
        participants=tuple(people),
        preamble=draw(BODY.map(lambda text: text.strip("\n"))),
        summary=draw(st.just("") | LINE_OF_TEXT),
        note=draw(st.just("") | st.lists(LINE_OF_TEXT, max_size=3).map("\n\n---\n".join)),
        started=draw(st.none() | MOMENT),
        ended=draw(st.none() | MOMENT),
        tags=tuple(draw(st.lists(LINE_OF_TEXT, max_size=3, unique=True))),
        labels=tuple(draw(st.lists(LINE_OF_TEXT, max_size=3, unique=True))),
        draft=draw(st.booleans()),
        noindex=draw(st.booleans()),
        commitments=tuple(
            draw(st.lists(commitments(len(messages)), max_size=2)) if messages else ()
        ),
        language=draw(st.sampled_from(["", "en", "pt-BR"])),
        extra=tuple(draw(st.lists(EXTRA, max_size=4))),
    )


def compared(transcript: Transcript) -> dict[str, object]:
    """What must come back, in values that compare by what they say."""
    values = {name: getattr(transcript, name) for name in KEPT}
    for name in ("started", "ended"):
        values[name] = values[name] and values[name].isoformat()
    values["commitments"] = [dataclasses.replace(item, line=0) for item in transcript.commitments]
    values["messages"] = [
        dataclasses.replace(message, line=0, at=None) for message in transcript.messages
    ]
    values["times"] = [message.at and message.at.isoformat() for message in transcript.messages]
    values["zones"] = [getattr(m.at.tzinfo, "key", "") for m in transcript.messages if m.at]
    values["participants"] = {
        person.name: (person.role, person.model)
        for person in transcript.participants
        if person.role or person.model
    }
    return values


def test_every_field_of_a_transcript_is_written_or_belongs_to_the_file() -> None:
    assert {field.name for field in dataclasses.fields(Transcript)} == KEPT | OF_THE_FILE


FIELDS = {
    Message: "number speaker blocks line role at offset reply_to marks id",
    Text: "markdown hard_breaks plain",
    Thinking: "markdown",
    ToolCall: "id name input language",
    ToolResult: "call_id text is_error",
    Image: "src alt",
    Attachment: "name href note",
    Participant: "name hue role model url",  # The configuration gives the rest.
}
"""What is written of messages and blocks, or follows from where they stand."""


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_every_field_of_a_message_is_written(kind: type) -> None:
    assert {field.name for field in dataclasses.fields(kind)} == set(FIELDS[kind].split())


@given(transcripts())
def test_a_transcript_reads_back_the_same(transcript: Transcript) -> None:
    text = to_markdown(transcript)
    found = reading(text.encode())
    assert [f for f in problems(found) if "control character" not in f[2]] == []
    (again,) = found.transcripts
    assert compared(again) == compared(transcript)
    assert again.format == "canonical"
    assert to_markdown(again) == text


README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_example_of_the_readme_is_read_as_it_says() -> None:
    (example,) = [
        block
        for block in re.findall(r"^```markdown\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
        if "**Boundary:**" in block
    ]
    found = reading(example)
    assert problems(found) == []
    (transcript,) = found.transcripts
    first, second = transcript.messages
    assert first.blocks == (
        Text("A rule of mine, which is shorter than the boundary:\n\n---", hard_breaks=True),
    )
    assert (first.role, str(first.at)) == ("user", "2025-03-04 09:12:04+01:00")
    assert second.blocks == (Thinking("What rule?"), Text("I see it."))


WRITTEN = (
    "# A\n\n**Messages:** 2\n**Boundary:** ---\n\n---\n\n"
    "### Ada\n\none\n\n---\n\n### Brook\n\ntwo\n\n---\n"
)


@pytest.mark.parametrize(
    ("before", "after", "said", "found"),
    [
        (
            "one", "one\n\n### Cy\n\n----\n\n### Cy",
            [("Ada", "one\n\n### Cy\n\n----\n\n### Cy"), ("Brook", "two")], [],
        ),
        ("### Ada\n\n", "### Ada\n", [("Ada", "one"), ("Brook", "two")], []),
        ("\n\n---\n\n### Brook", "\n---\n\n### Brook", [("Ada", "one"), ("Brook", "two")], []),
        (
            "### Ada\n", "### Ada\n<!-- mood -->\n",
            [("Ada", "<!-- mood -->\n\none"), ("Brook", "two")],
            [(9, "the comment below the heading is not understood; shown as text")],
        ),
        (
            "### Ada\n", '### Ada\n<!-- at="soon" -->\n', [("Ada", "one"), ("Brook", "two")],
            [(9, '"soon" is not a date')],
        ),
        (
            "one", "one\n\n---\n\n### Cy\n\nnew", [("Ada", "one"), ("Cy", "new"), ("Brook", "two")],
            [(3, "the header declares 2 messages, 3 were found")],
        ),
    ],
)  # fmt: skip
def test_a_file_that_was_edited_is_read_as_it_was_meant(
    before: str, after: str, said: list[tuple[str, str]], found: list[tuple[int, str]]
) -> None:
    edited = reading(WRITTEN.replace(before, after, 1))
    assert spoken(edited.transcripts[0]) == said
    assert [(line, message) for _, line, message in problems(edited)] == found


def test_words_that_someone_adds_to_the_head_are_kept() -> None:
    transcript = read(WRITTEN.replace("**Messages", "A remark.\n\n**Messages", 1))
    assert transcript.preamble == "A remark."


@given(st.binary(max_size=60) | BODY.map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_below_the_head_are_read_without_an_exception(data: bytes) -> None:
    found = reading(b"# A\n\n**Boundary:** ---\n\n---\n\n### Ada\n" + data)
    assert found.transcripts
