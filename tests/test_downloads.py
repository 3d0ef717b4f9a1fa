"""A transcript as Markdown, JSON and plain text, beside its page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from helpers import built, exported, read, source, write_site
from hostile import project
from html_check import Page
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sitegen.bulk import to_bytes
from sitegen.canonical import to_markdown
from sitegen.config import Config
from sitegen.downloads import FORMATS, make_downloads, make_schema
from sitegen.jsontext import embed, encode
from sitegen.model import (
    Attachment,
    Image,
    Message,
    Participant,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
)

CONFIG = Config(root=Path("/nowhere"))
HELLO = exported([("Ada", "Hello"), ("Brook", "Hello to you")])
SCHEMA: dict[str, Any] = json.loads(make_schema())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)

EVERYTHING = Transcript(
    source=source("radio/all.md"),
    format="dialogue",
    slug="all",
    title="All there is",
    messages=(
        Message(
            1,
            "Ada",
            (
                Text("Some *words*\n", hard_breaks=True),
                Thinking("hm"),
                ToolCall("c1", "Bash", '{"command": "ls"}'),
                ToolResult("c1", "</script><b>", is_error=True),
                Image("data:image/png;base64,AAAA", "a boat"),
                Image("boat.png"),
                Attachment("map.pdf", "files/map.pdf", "PDF, 2 MB"),
            ),
            role="assistant",
        ),
        Message(2, "", (Text("Brook joins"),), role="notice"),
        Message(
            3,
            "Brook",
            (),
            offset=61.5,
            reply_to=1,
            marks=("edited",),
            id="x1",
            at=datetime(2025, 3, 4, 9, 12, tzinfo=UTC),
        ),
    ),
    participants=(Participant("Ada", 1, "first voice", "ada/1"), Participant("Brook", 2)),
    preamble="Before it all",
    note="A *note*",
    declared_messages=3,
    tags=("sea",),
    labels=("excerpt",),
    extra=(("Mood", "calm"),),
)


def made(transcript: Transcript, config: Config = CONFIG) -> dict[str, bytes]:
    canonical = to_markdown(transcript).encode(errors="surrogatepass")
    files = make_downloads(transcript, "radio/all", canonical, config)
    return {name: to_bytes(blob) for name, blob in files}


def record(transcript: Transcript) -> dict[str, Any]:
    """What `transcript.json` holds, once it is known to be valid."""
    document: dict[str, Any] = json.loads(made(transcript)["transcript.json"])
    VALIDATOR.validate(document)
    return document


# JSON


def test_schema_is_one_and_says_which_version_it_is() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:sitegen:transcript:1"
    known = set(SCHEMA["$defs"])
    assert {"TranscriptRecord", "MessageRecord", "TextRecord", "ToolCallRecord"} <= known
    for name, kind in SCHEMA["$defs"].items():
        assert kind["description"], name
        for field, about in kind["properties"].items():
            described = "description" in about or "const" in about or name == "HeaderRecord"
            assert field == "type" or described, (name, field)


@pytest.mark.parametrize(
    "broken",
    [
        {"version": 2},
        {"title": None},
        {"messages": [{"number": 0, "speaker": "", "content": []}]},
        {"messages": [{"number": 1, "speaker": "", "content": [{"type": "other"}]}]},
        {"started": "yesterday"},
    ],
)
def test_schema_refuses_what_is_no_transcript(broken: dict[str, Any]) -> None:
    document = record(EVERYTHING) | broken
    assert not VALIDATOR.is_valid(document)


def test_json_holds_all_of_a_transcript() -> None:
    document = record(EVERYTHING)
    assert document["$schema"] == "../../schema/transcript-1.json"
    assert document["key"] == "radio/all"
    assert document["participants"] == [
        {"name": "Ada", "role": "first voice", "model": "ada/1"},
        {"name": "Brook"},
    ]
    assert document["headers"] == [{"name": "Mood", "value": "calm"}]
    assert (document["note"], document["preamble"]) == ("A *note*", "Before it all")
    first, second, third = document["messages"]
    assert [block["type"] for block in first["content"]] == [
        *("text", "thinking", "tool_call", "tool_result", "image", "image", "attachment"),
    ]
    assert first["content"][0] == {
        "type": "text",
        "markdown": "Some *words*\n",
        "hard_breaks": True,
    }
    assert first["content"][3]["text"] == "</script><b>"
    assert second == {
        "number": 2,
        "speaker": "",
        "role": "notice",
        "content": [{"type": "text", "markdown": "Brook joins"}],
    }
    assert third == {
        "number": 3,
        "speaker": "Brook",
        "id": "x1",
        "at": "2025-03-04T09:12:00+00:00",
        "offset": 61.5,
        "reply_to": 1,
        "marks": ["edited"],
        "content": [],
    }


@given(st.text(), st.text())
def test_json_gives_every_text_back_as_it_was(name: str, text: str) -> None:
    transcript = Transcript(
        source(), "dialogue", "a", name, (Message(1, name, (Text(text),)),), (Participant(name),)
    )
    document = record(transcript)
    assert document["messages"][0]["speaker"] == document["title"] == name
    assert document["messages"][0]["content"][0]["markdown"] == text


@given(st.text(st.characters(exclude_categories=())))
def test_json_is_safe_in_a_page_whatever_it_holds(text: str) -> None:
    told = embed({"text": text})
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(told)
    assert json.loads(told) == {"text": text}
    assert json.loads(encode([text], indent=1)) == [text]


# Plain text and Markdown


def test_plain_text_holds_all_there_is_to_read() -> None:
    text = made(EVERYTHING)["transcript.txt"].decode()
    assert text.startswith("All there is\n\n")
    for words in (
        *("Participants: Ada (first voice, ada/1); Brook", "Mood: calm", "Tags: sea"),
        *("Labels: excerpt", "Source: radio/all.md", "A *note*", "Before it all"),
        *("[1] Ada\n\nSome *words*", "(thinking)\nhm", '(uses Bash)\n{"command": "ls"}'),
        *("(failed)\n</script><b>", "(image: a boat)", "(image: boat.png)"),
        *("(attachment: map.pdf; PDF, 2 MB; files/map.pdf)", "[2] notice\n\nBrook joins"),
        "[3] Brook, 4 March 2025, 09:12, 1:01, in reply to 1, edited\n\n(blank message)",
    ):
        assert words in text


def test_plain_text_names_the_day_where_it_changes() -> None:
    text = exported([("Ada", "Hi")], started="2025-03-04 09:12:00")
    transcript = read(text)
    assert "Started: 4 March 2025, 09:12 UTC" in made(transcript)["transcript.txt"].decode()


def test_markdown_is_read_again_as_the_same_transcript() -> None:
    transcript = read(exported([("Ada", "# Not a title\n\n---\n\nHello"), ("Brook", "Ho")]))
    again = read(made(transcript)["transcript.md"])
    assert [(m.speaker, m.blocks) for m in again.messages] == [
        (m.speaker, m.blocks) for m in transcript.messages
    ]
    assert again.title == transcript.title


# In the site


@pytest.mark.parametrize("urls", ["file", "directory"])
def test_page_links_to_its_downloads(tmp_path: Path, urls: str) -> None:
    files = built(
        write_site(
            tmp_path,
            {
                "content/radio/café.md": HELLO,
                "sitegen.toml": f'[pages]\nurls = "{urls}"',
            },
        )
    )
    page = Page(files["radio/café.html" if urls == "file" else "radio/café/index.html"])
    start = "../radio/caf%C3%A9/" if urls == "file" else "../../radio/caf%C3%A9/"
    shown = [a.attributes["href"] for a in page.find("a") if "transcript." in a.attributes["href"]]
    # Last the one whose digest the page shows.
    assert shown == [*(start + form.name for form in FORMATS), f"{start}transcript.md"]
    linked = [e.attributes for e in page.find("link", rel="alternate")]
    assert [(e["href"], e["type"]) for e in linked] == [
        (start + form.name, form.media_type) for form in FORMATS
    ]
    for form in FORMATS:
        assert f"radio/café/{form.name}" in files


def test_downloads_of_a_hostile_archive_are_valid(tmp_path: Path) -> None:
    files = built(write_site(tmp_path, project()), base_url="https://b.org/")
    records = [path for path in files if path.endswith("/transcript.json")]
    assert len(records) > 30
    for path in records:
        VALIDATOR.validate(json.loads(files[path]))
        assert not {b"<", b">"} & {bytes([sign]) for sign in files[path]}
    assert json.loads(files["schema/transcript-1.json"]) == SCHEMA
