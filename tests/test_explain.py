"""The explanation of a source: as what it was read, why, and what is in it."""

from __future__ import annotations

from helpers import exported, source
from test_sources import CHATS, TALK

from sitegen.readers.explain import explain
from sitegen.readers.settings import Settings


def test_it_says_format_reason_counts_names_times_and_warnings() -> None:
    text = exported([("Ada", " "), ("Brook", "two"), ("Ada", "three")], count=4)
    found = explain(text.encode(), source("night.md"))
    assert found.text() == (
        "content/night.md: dialogue\n"
        "  recognised by the title `Ada ↔ Brook` and a count\n"
        "  Ada ↔ Brook (night)\n"
        "    messages: 3 of 4 declared, 1 blank, 0 with a time\n"
        "         2  Ada\n"
        "         1  Brook\n"
        "    time: 2025-03-04T09:12:00+00:00\n"
        "  warning: line 4: the header declares 4 messages, 3 were found\n"
        "    hint: check that every message begins with `### <speaker>` after a line `---`, "
        "or correct the count"
    )


def test_several_conversations_are_counted_and_blocks_too() -> None:
    found = explain(CHATS.encode(), source())
    assert (found.format, len(found.conversations)) == ("aider", 2)
    assert "2 conversations" in found.text()
    thought = "<think><details><summary>Thought Process</summary>\nhm\n</details></think>"
    thinking = f"_**User**_\n\nhi\n\n_**Agent**_\n\n{thought}\n"
    (summary,) = explain(thinking.encode(), source()).conversations
    assert summary.blocks == (("Thinking", 1),)
    assert "× Thinking" in explain(thinking.encode(), source()).text()


def test_nothing_to_read_is_said() -> None:
    found = explain(b"", source())
    assert found.text().splitlines()[:2] == [
        "content/a.md: nothing was read",
        "  warning: the file is empty; no page was made",
    ]


def test_settings_count_and_signs_are_shown_as_symbols() -> None:
    settings = Settings(names={"Ada": "A\x1b[1m"}, tags=("sea",))
    text = explain(TALK.encode(), source(), "UTC", settings).text()
    assert "A␛[1m" in text
    assert "tags: sea" in text
