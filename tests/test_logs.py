"""Logs of chat apps and recordings in JSON: Discord, Telegram, Messenger, podcasts, meetings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from described import describe, page_of
from helpers import problems, read, reading, spoken, warnings
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import NOTICE, Attachment, Image, Text
from sitegen.readers.log import size_text

FIXTURES = sorted((Path(__file__).parent / "golden" / "logs").glob("*.json"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_each_format_is_known_by_its_content(path: Path) -> None:
    found = reading(path.read_bytes(), "a.json")
    kind = {"whisper": "podcast"}.get(path.stem, path.stem.partition("-")[0])
    if "truncated" in path.stem:
        assert [severity for severity, _, _ in problems(found)] == ["error"]
    else:
        assert {transcript.format for transcript in found.transcripts} == {kind}


def discord(*messages: dict[str, Any], **more: Any) -> str:
    base = {"guild": {"name": "G"}, "channel": {"name": "c"}, "messages": list(messages)}
    return json.dumps(base | more)


def said(content: str, name: str = "ana", **more: Any) -> dict[str, Any]:
    author = {"id": name, "name": name, "nickname": name.title()}
    return {"id": content, "type": "Default", "content": content, "author": author, **more}


def test_a_nickname_that_two_share_is_told_apart_by_the_account() -> None:
    one, two = said("a"), said("b", "bo")
    two["author"]["nickname"] = "Ana"
    names = [name for name, _ in spoken(read(discord(one, two), "a.json"))]
    assert names == ["Ana (ana)", "Ana (bo)"]


def test_a_reply_names_the_number_of_what_it_answers() -> None:
    text = discord(said("a"), said("b", "bo", reference={"messageId": "a"}))
    first, second = read(text, "a.json").messages
    assert (first.reply_to, second.reply_to) == (0, 1)
    html = page_of(text.encode(), "a.json")
    assert '<p class="reply">In reply to <a href="#m1">Ana, 1</a></p>' in html


def test_what_the_app_says_is_nobodys() -> None:
    text = discord(said("Joined the server.", type="GuildMemberJoin"))
    transcript = read(text, "a.json")
    (message,) = transcript.messages
    assert (message.speaker, message.role) == ("", NOTICE)
    assert transcript.participants == ()


def test_a_count_that_differs_is_said() -> None:
    assert warnings(reading(discord(said("a"), messageCount=2), "a.json")) == [
        "the export declares 2 messages, 1 were found"
    ]
    assert warnings(reading(discord(said("a"), messageCount=1), "a.json")) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@ana>", "<@ana>"),
        ("<@&7> <#7> <a:dance:7> <:x:7>", "<@&7> <#7> :dance: :x:"),
        ("<t:0:R> <t:-5> <t:1746093600>", "<t:0:R> <t:-5> 2025-05-01 10:00 UTC"),
        ("**b** ||hidden||", "**b** ||hidden||"),
    ],
)
def test_references_are_named_where_the_export_knows_them(text: str, shown: str) -> None:
    (message,) = read(discord(said(text)), "a.json").messages
    assert message.blocks[0] == Text(shown, hard_breaks=True)


def telegram(*messages: dict[str, Any]) -> str:
    base = {"name": "Chat", "type": "personal_chat", "id": 1}
    return json.dumps(base | {"messages": list(messages)})


def typed(text: Any, **more: Any) -> dict[str, Any]:
    return {"id": 1, "type": "message", "from": "Ana", "text": text, **more}


def test_text_of_telegram_is_shown_as_typed() -> None:
    (message,) = read(telegram(typed("*a* _b_\n# c")), "a.json").messages
    assert message.blocks == (Text("*a* _b_\n# c", hard_breaks=True, plain=True),)


def test_a_chat_without_its_head_is_known_by_its_messages() -> None:
    said = {"type": "message", "date_unixtime": "1746093600", "from": "Ana", "text": "hi"}
    transcript = read(json.dumps({"messages": [said]}), "a.json")
    assert transcript.format == "telegram"
    assert spoken(transcript) == [("Ana", "hi")]


def test_what_happened_is_said_in_words_with_all_that_is_known() -> None:
    call = {"id": 1, "type": "service", "actor": "Ana", "action": "phone_call", "text": ""}
    (message,) = read(telegram(call | {"duration_seconds": 61}), "a.json").messages
    assert spoken(read(telegram(call), "a.json")) == [("", "Ana called")]
    assert message.blocks == (
        Text("Ana called (duration seconds: 61)", hard_breaks=True, plain=True),
    )


@pytest.mark.parametrize(
    ("fields", "block"),
    [
        ({"photo": "photos/a.jpg"}, Image("photos/a.jpg", "a.jpg")),
        ({"file": "files/a.pdf", "file_size": 5}, Attachment("a.pdf", "files/a.pdf", "5 bytes")),
        ({"photo": "(File not included.)"}, Attachment("photo", "", "File not included.")),
        (
            {"file": "s.webp", "media_type": "sticker", "sticker_emoji": "🌊"},
            Image("s.webp", "s.webp"),
        ),
        ({"file": "v.ogg", "media_type": "voice_message", "duration_seconds": 3}, None),
    ],
)
def test_files_of_telegram(fields: dict[str, Any], block: Any) -> None:
    (message,) = read(telegram(typed("", **fields)), "a.json").messages
    expected = block or Attachment("v.ogg", "v.ogg", "voice message, 3 s")
    assert message.blocks == (expected,)


def test_letters_are_put_right_only_where_the_whole_file_proves_it() -> None:
    def thread(*texts: str) -> str:
        messages = [
            {"sender_name": "Ana", "timestamp_ms": number, "content": text}
            for number, text in enumerate(texts, 1)
        ]
        return json.dumps({"participants": [{"name": "Ana"}], "messages": messages})

    broken = "café".encode().decode("latin-1")
    assert spoken(read(thread(broken, "x"), "a.json")) == [("Ana", "café"), ("Ana", "x")]
    assert spoken(read(thread(broken, "é"), "a.json")) == [("Ana", broken), ("Ana", "é")]
    assert spoken(read(thread(broken, "海"), "a.json")) == [("Ana", broken), ("Ana", "海")]
    assert problems(reading(thread("plain"), "a.json")) == []


@pytest.mark.parametrize(
    ("size", "text"),
    [
        *((0, ""), (5, "5 bytes"), (20480, "20.5 kB"), (2.1e6, "2.1 MB"), (3e9, "3.0 GB")),
        *((True, ""), ("5", ""), (None, ""), (-1, ""), (1e300, ""), (float("nan"), ""), ([], "")),
    ],
)
def test_sizes(size: object, text: str) -> None:
    assert size_text(size) == text


# --- Fuzz --------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
WHOLE = [path for path in FIXTURES if "truncated" not in path.stem]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a value of JSON."""
    items: list[tuple[Any, Any]] = list(value.items()) if isinstance(value, dict) else []
    items += enumerate(value) if isinstance(value, list) else ()
    return [path, *(p for key, item in items for p in places(item, (*path, key)))]


@given(st.sampled_from(WHOLE), st.data())
def test_any_value_may_be_anything(path: Path, data: st.DataObject) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    for place in data.draw(st.lists(st.sampled_from(places(value)[1:]), max_size=4)):
        owner = value
        try:
            for key in place[:-1]:
                owner = owner[key]
            owner[place[-1]] = data.draw(VALUES)
        except (KeyError, IndexError, TypeError):
            continue  # What was replaced before is not there any more.
    found = reading(json.dumps(value), path.name)
    assert found.transcripts or found.diagnostics
    for transcript in found.transcripts:
        assert describe(found)
        assert [m.number for m in transcript.messages] == [
            number for number, _ in enumerate(transcript.messages, 1)
        ]


def test_a_channel_as_slackdump_writes_it_is_read_with_its_threads() -> None:
    answer = {"type": "message", "user": "U2", "text": "two", "ts": "20.5", "thread_ts": "10.1"}
    first = {"type": "message", "user": "U1", "text": "one", "ts": "10.1", "thread_ts": "10.1"}
    first_with_answers = {**first, "slackdump_thread_replies": [answer]}
    last = {"type": "message", "user": "U1", "text": "three", "ts": "30.0"}
    dump = {"channel_id": "C1", "name": "lamps", "messages": [first_with_answers, last]}
    transcript = read(json.dumps(dump), "a.json")
    assert (transcript.format, transcript.title) == ("slack", "#lamps")
    assert spoken(transcript) == [("U1", "one"), ("U2", "two"), ("U1", "three")]
    assert transcript.messages[1].reply_to == 1
