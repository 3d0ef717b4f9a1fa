"""The fallback: a text without messages is one whole document, and says so."""

from __future__ import annotations

import pytest
from helpers import problems, read, reading, spoken

WARNING = ("warning", 0, "no messages found; shown as a plain document")


@pytest.mark.parametrize(
    ("text", "title", "body", "line"),
    [
        ("Just words.\n", "a", "Just words.", 1),
        ("# A walk \t\n\nWords.\n\n### Step\n\nGo.\n", "A walk", "Words.\n\n### Step\n\nGo.", 2),
        ("\n\n# A walk\nWords.", "A walk", "Words.", 4),
        ("---\nshelf: 3\n---\n# A walk\n\nWords.\n", "A walk", "Words.", 5),
        ("---\ntitle: Mine\n---\n# A walk\n\nWords.\n", "Mine", "Words.", 5),
        ("## Not a title\n\nWords.\n", "a", "## Not a title\n\nWords.", 1),
        ("# \nWords.\n", "a", "# \nWords.", 1),
        ("#hashtag\n", "a", "#hashtag", 1),
        ("Words.\n\n---\n\nMore.\n", "a", "Words.\n\n---\n\nMore.", 1),
        ("### Ada\n\nonce only\n", "a", "### Ada\n\nonce only", 1),
        ("# A ↔ B\n\nNobody speaks.\n", "A ↔ B", "Nobody speaks.", 2),
        ("    indented\n", "a", "    indented", 1),
    ],
)  # fmt: skip
def test_a_text_without_messages_is_shown_whole(
    text: str, title: str, body: str, line: int
) -> None:
    found = reading(text)
    (transcript,) = found.transcripts
    assert problems(found) == [WARNING]
    assert (transcript.format, transcript.title) == ("document", title)
    assert spoken(transcript) == [("", body)]
    assert transcript.messages[0].line == line
    assert transcript.participants == ()


@pytest.mark.parametrize("text", ["# Only a title", "---\ntitle: Only a title\n---\n"])
def test_a_title_alone_has_no_message(text: str) -> None:
    transcript = read(text)
    assert (transcript.title, transcript.messages) == ("Only a title", ())


@pytest.mark.parametrize("data", [b"", b"\n \t\n", b"\xef\xbb\xbf", b"\xff\xfe", "\u3000".encode()])
def test_an_empty_file_makes_no_page_and_is_warned_of(data: bytes) -> None:
    found = reading(data)
    assert found.transcripts == ()
    assert problems(found) == [("warning", 0, "the file is empty; no page was made")]


def test_the_file_names_a_document_without_a_title() -> None:
    transcript = read("Words.", "radio/Night Watch (2).v3.txt")
    assert (transcript.title, transcript.slug) == ("Night Watch (2).v3", "night-watch-2-v3")
    assert transcript.folder == "radio/"
