"""Exports of language models: what each holds, that nothing of it is lost, and no surprises."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Golden
from helpers import built, exported, problems, read, reading, source, spoken, write_site
from hypothesis import given, settings
from hypothesis import strategies as st
from parsed import Parsed
from samples import CHATGPT_CONVERSATION, MESSAGES, SAMPLES, TWIN, line, lines, node, turn, whole

from sitegen.bulk import to_bytes
from sitegen.config import Config
from sitegen.errors import Severity
from sitegen.model import (
    NOTICE,
    SYSTEM,
    Image,
    Message,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
)
from sitegen.prepare import Preparer
from sitegen.readers.reading import Reading
from sitegen.readers.tree import branches

WORD = re.compile(r"\bw\d\d\b")
each_sample = pytest.mark.parametrize("name", SAMPLES)


def described(found: Reading) -> str:
    """A reading as text that a person can compare."""
    parts = [f"! {finding}" for finding in found.diagnostics]
    for talk in found.transcripts:
        parts += ["", f"= {talk.title} ({talk.format}, {talk.slug})"]
        parts += [f"{talk.started} to {talk.ended}", f"labels {talk.labels}, extra {talk.extra}"]
        parts += [f"{person}" for person in talk.participants]
        for message in talk.messages:
            parts.append(
                f"\n#{message.number} {message.speaker!r} {message.role} "
                f"{message.at}, line {message.line}"
            )
            parts += [f"  {block}" for block in message.blocks]
    return "\n".join(parts) + "\n"


# --- Golden files -------------------------------------------------------------------


@each_sample
def test_sample_is_read_as_its_model_says(name: str, golden: Golden) -> None:
    found = reading(SAMPLES[name][1], SAMPLES[name][0])
    golden.check(f"exports/{name}.model.txt", described(found))


@each_sample
def test_page_of_a_sample(name: str, golden: Golden, tmp_path: Path) -> None:
    rel, data = SAMPLES[name]
    prepared = Preparer(Config(tmp_path)).prepare(source(rel), data).prepared
    html = "\n".join(to_bytes(one.body).decode() for one in prepared)
    assert Parsed(html).unbalanced == []
    golden.check(f"exports/{name}.html", html)


@each_sample
def test_every_word_of_a_sample_is_on_its_pages(name: str, tmp_path: Path) -> None:
    rel, data = SAMPLES[name]
    write_site(tmp_path, {f"content/{rel}": data})
    pages = [html.decode() for path, html in built(tmp_path).items() if path.endswith(".html")]
    words = set(WORD.findall(data.decode()))
    assert words
    assert words - set(WORD.findall("\n".join(pages))) == set()


# --- Recognised by content, or not at all ---------------------------------------------


@pytest.mark.parametrize("rel", ["a.json", "a.txt", "a.md", "a.jsonl"])
def test_format_is_known_by_its_content(rel: str) -> None:
    assert read(whole(TWIN), rel).title == "Wren w01 ↔ Orrery"


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", '{"a": 1}', "[1, 2]", '[{"name": "a", "value": "b"}]', '{"name": "x",', "x: y"],
)
def test_other_json_is_passed_over_with_a_note(text: str) -> None:
    found = reading(text, "package.json")
    assert found.transcripts == ()
    (problem,) = problems(found)
    assert problem[0] == "note"
    assert "not of a conversation" in problem[2]


def test_empty_file_is_warned_of() -> None:
    found = reading("", "a.json")
    assert [(p[0], p[1]) for p in problems(found)] == [("warning", 0)]


@pytest.mark.parametrize("text", ["[link](x) first", '["a"] is a list', "{curly} start"])
def test_text_that_begins_as_json_does_stays_text(text: str) -> None:
    assert read(text, "a.md").format == "document"


@pytest.mark.parametrize(
    ("rel", "data"),
    [(rel, data) for rel, data in SAMPLES.values() if not rel.endswith("l")],
    ids=[name for name, (rel, _) in SAMPLES.items() if not rel.endswith("l")],
)
def test_file_that_is_cut_off_is_an_error_with_its_line(rel: str, data: bytes) -> None:
    cut = data[: len(data) * 2 // 3]
    (error,) = [f for f in reading(cut, rel).diagnostics if f.severity is Severity.ERROR]
    assert "not valid JSON" in error.message
    assert error.hint
    assert error.line > 1


@pytest.mark.parametrize("name", ["claude-code", "codex", "pi", "cursor", "messages-bare"])
def test_session_that_was_interrupted_is_read_up_to_there(name: str) -> None:
    rel, data = SAMPLES[name]
    begun = reading(data[:-20], rel)
    (talk,) = begun.transcripts
    assert talk.messages[0] == read(data, rel).messages[0]
    (warning,) = [m for kind, _, m in problems(begun) if "passed over: not valid" in m]
    assert "truncated" in warning


def test_utf16_and_windows_text_are_read() -> None:
    text = json.dumps(TWIN, ensure_ascii=False)
    assert read(text.encode("utf-16"), "a.json").messages == read(text, "a.json").messages
    french = json.dumps({"messages": [{"role": "user", "content": "été"}]}, ensure_ascii=False)
    found = reading(french.encode("cp1252"), "a.json")
    assert found.transcripts[0].messages[0].blocks == (Text("été", True),)
    assert any("Windows-1252" in message for _, _, message in problems(found))


def test_nan_and_halves_of_pairs_are_read_as_python_writes_them() -> None:
    text = '{"score": NaN, "messages": [{"role": "user", "content": "a\\ud83d"}]}'
    assert len(read(text, "a.json").messages) == 1


def test_nesting_without_end_is_an_error() -> None:
    deep = '{"messages": ' + "[" * 100_000
    (problem,) = problems(reading(deep, "a.json"))
    assert problem[0] == "error"


# --- Claude Code --------------------------------------------------------------------


def session(*values: object) -> Transcript:
    return read(lines(*values), "s.jsonl")


def test_result_of_a_tool_is_never_the_humans() -> None:
    talk = read(SAMPLES["claude-code"][1], "s.jsonl")
    for message in talk.messages:
        if message.speaker == "User":
            assert {type(block) for block in message.blocks} == {Text}
    step = talk.messages[1]
    assert [type(block).__name__ for block in step.blocks] == [
        *("Thinking", "Text", "ToolCall", "ToolResult", "ToolCall", "ToolResult"),
    ]


def test_prompt_that_goes_back_in_the_tree_is_announced() -> None:
    talk = read(SAMPLES["claude-code"][1], "s.jsonl")
    notices = [m for m in talk.messages if m.is_notice]
    assert "goes back to message 2" in str(notices[0].blocks)


def test_a_session_from_the_web_is_read_without_its_tree() -> None:
    at = "2025-12-24T10:00:00.000Z"
    lines = [
        {"type": kind, "timestamp": at, "message": {"role": kind, "content": text}}
        for kind, text in (("user", "One?"), ("assistant", "Two."))
    ]
    talk = read(whole({"loglines": lines}), "a.json")
    assert talk.format == "claude-code"
    assert spoken(talk) == [("User", "One?"), ("Claude", "Two.")]


def test_agents_that_meet_are_read_by_their_outputs() -> None:
    said = [
        {"turn": 1, "agent": "Alice", "timestamp": "2026-01-25T04:57:03", "output": "Hello Bob!"},
        {"turn": 2, "agent": "Bob", "timestamp": "2026-01-25T04:58:03", "output": ""},
    ]
    talk = read(whole({"metadata": {"stats": {}}, "messages": said}), "a.json")
    assert spoken(talk) == [("Alice", "Hello Bob!"), ("Bob", "")]
    assert talk.messages[0].at is not None


def test_titles_in_order_of_their_strength() -> None:
    first = line("user", "a", None, {"role": "user", "content": "# Hello\nthere"})
    assert session(first).title == "Hello"
    summary = {"type": "summary", "summary": "S", "leafUuid": "x"}
    assert session(first, summary).title == "S"
    named = {"type": "ai-title", "aiTitle": "T", "sessionId": "s1"}
    assert session(named, first, summary).title == "T"


def test_result_without_a_call_is_a_notice() -> None:
    part = {"type": "tool_result", "tool_use_id": "gone", "content": "words"}
    talk = session(line("user", "a", None, {"role": "user", "content": [part]}))
    (message,) = talk.messages
    assert (message.speaker, message.role) == ("", NOTICE)
    assert message.blocks == (ToolResult("gone", "words"),)


def test_lines_that_are_not_shown_are_counted() -> None:
    first = line("user", "a", None, {"role": "user", "content": "hi"})
    found = reading(lines(first, *[{"type": "progress"}] * 3, {"type": "user"}), "s.jsonl")
    notes = [message for kind, _, message in problems(found) if kind == "note"]
    assert notes == ["not shown: lines of type `progress` (3 times)", *notes[1:]]
    assert "not shown: lines of type `user`" in notes


# --- ChatGPT -------------------------------------------------------------------------


def test_every_branch_is_reachable_and_every_node_shown_once() -> None:
    found = reading(whole([CHATGPT_CONVERSATION]), "conversations.json")
    main, other = found.transcripts
    assert ("Other branches", "1") in main.extra
    assert other.title == "Knots w01 (branch 2)"
    assert other.slug == f"{main.slug}-branch-2"
    assert other.labels == ("branch",)
    assert ("Forks after message", "2") in other.extra


def test_citations_are_spelt_out_or_kept_in_brackets() -> None:
    talk = reading(whole(CHATGPT_CONVERSATION), "a.json").transcripts[0]
    texts = [b.markdown for m in talk.messages for b in m.blocks if isinstance(b, Text)]
    assert "A bowline ([w11](https://a.example)) and 【cite w10】" in texts


def test_conversations_of_one_title_have_addresses_of_their_own() -> None:
    twice = [CHATGPT_CONVERSATION, {**CHATGPT_CONVERSATION, "conversation_id": "another-one"}]
    found = reading(whole(twice), "conversations.json")
    slugs = [talk.slug for talk in found.transcripts]
    assert len(set(slugs)) == 4


def test_wrapped_list_of_conversations_is_read_as_the_list() -> None:
    wrapped = whole({"version": 2, "conversations": [CHATGPT_CONVERSATION]})
    bare = whole([CHATGPT_CONVERSATION])
    said = [talk.messages for talk in reading(bare, "a.json").transcripts]
    again = [talk.messages for talk in reading(wrapped, "a.json").transcripts]
    assert [[m.blocks for m in talk] for talk in said] == [
        [m.blocks for m in talk] for talk in again
    ]


def test_long_branches_and_circles_take_linear_time() -> None:
    count = 20_000
    mapping = {str(n): node(str(n), str(n - 1), turn("user", "x")) for n in range(count)}
    mapping["0"]["parent"] = str(count - 1)
    found = reading(whole({"mapping": mapping, "current_node": "5"}), "a.json")
    assert sum(len(talk.messages) for talk in found.transcripts) == count


PARENTS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["", *"abcdefghx"]))


@given(PARENTS, st.sampled_from([*"abcdefgh", ""]))
def test_branches_hold_every_node_once(parents: dict[str, str], current: str) -> None:
    found = branches(parents, current)
    nodes = [node for branch in found for node in branch.nodes]
    assert sorted(nodes) == sorted(parents)
    for branch in found:
        for before, after in zip(branch.nodes, branch.nodes[1:], strict=False):
            assert parents[after] == before
    if current in parents:
        assert found[0].nodes[-1] == current


# --- Lists of messages -----------------------------------------------------------------


def test_system_prompt_is_shown_and_is_nobodys_voice() -> None:
    talk = read(whole(MESSAGES), "a.json")
    assert [m.blocks for m in talk.messages if m.role == SYSTEM] == [(Text("Be w01"),)]
    assert [person.name for person in talk.participants] == ["User", "Assistant", "Plumb"]


def test_speakers_of_a_twin_are_its_models_and_blanks_are_kept() -> None:
    talk = read(whole(TWIN), "a.json")
    assert [m.speaker for m in talk.messages] == ["Wren w01", "Orrery", "Wren w01"]
    assert talk.messages[0].is_blank
    assert not any(
        block.hard_breaks for m in talk.messages for block in m.blocks if isinstance(block, Text)
    )


def test_what_people_typed_keeps_its_line_ends() -> None:
    for name in ("claude-code", "chatgpt", "claude-ai", "messages", "codex", "pi", "sharegpt"):
        talk = reading(SAMPLES[name][1], SAMPLES[name][0]).transcripts[0]
        typed = next(m for m in talk.messages if m.role == "user" and not m.is_notice)
        assert isinstance(typed.blocks[0], Text)
        assert typed.blocks[0].hard_breaks, name


def test_parts_that_nobody_knows_are_shown_as_json() -> None:
    part = {"type": "hologram", "depth": "seen"}
    talk = read(whole({"messages": [{"role": "user", "content": [part, 7, None]}]}), "a.json")
    blocks = talk.messages[0].blocks
    assert [type(block) for block in blocks] == [ToolCall, ToolCall]
    assert "seen" in str(blocks[0])


# --- A text and its data beside each other ------------------------------------------------


def test_data_beside_a_text_of_its_name_has_an_address_of_its_own(tmp_path: Path) -> None:
    other = {"messages": [{"role": "user", "content": "something else"}]}
    md = "# Wren ↔ Orrery\n\n---\n\n### Wren\n\nHello\n\n---\n\n### Orrery\n\nYes\n\n---\n"
    write_site(tmp_path, {"content/a.md": md, "content/a.json": whole(other)})
    assert {"a.html", "a-json.html"} <= set(built(tmp_path))


def test_same_conversation_twice_is_published_once(tmp_path: Path) -> None:
    said = [(m["speaker"], m["content"]) for m in TWIN["messages"]]
    text = exported(said, "Wren w01 ↔ Orrery")
    write_site(tmp_path, {"content/a.md": text, "content/a.json": whole(TWIN)})
    pages = set(built(tmp_path))
    assert "a.html" in pages
    assert "a-json.html" not in pages
    # What is not to be published is not published by its data either.
    write_site(tmp_path, {"content/a.md": f"---\ndraft: true\n---\n{text}"})
    assert not {"a.html", "a-json.html"} & set(built(tmp_path))


# --- Whatever comes --------------------------------------------------------------------------

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "content", "role", "message", "id", "parent", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def survives(data: bytes, rel: str) -> None:
    """Nothing but diagnostics comes of a file, whatever it holds; its pages can be made."""
    prepared = PREPARER.prepare(source(rel), data)
    for one in prepared.prepared:
        assert Parsed(to_bytes(one.body).decode()).unbalanced == []


PREPARER = Preparer(Config(Path("/nowhere")))


@settings(max_examples=40)
@each_sample
@given(data=st.data())
def test_damaged_samples_break_nothing(name: str, data: st.DataObject) -> None:
    rel, text = SAMPLES[name]
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(begin, min(len(text), begin + 200)))
        put = data.draw(st.binary(max_size=6) | st.sampled_from([b'"', b"{", b"]", b"null", b"\n"]))
        text = text[:begin] + put + text[end:]
    survives(text, rel)


def replaced(value: Any, path: list[int], new: object) -> Any:
    """A value of JSON in which one thing is another."""
    if not path or not isinstance(value, (dict, list)) or not value:
        return new
    if isinstance(value, dict):
        key = list(value)[path[0] % len(value)]
        return {**value, key: replaced(value[key], path[1:], new)}
    index = path[0] % len(value)
    return [*value[:index], replaced(value[index], path[1:], new), *value[index + 1 :]]


@settings(max_examples=60)
@each_sample
@given(path=st.lists(st.integers(0, 30), min_size=1, max_size=9), new=JSON_VALUES)
def test_samples_with_other_types_break_nothing(name: str, path: list[int], new: object) -> None:
    rel, text = SAMPLES[name]
    if rel.endswith("l"):
        values = [json.loads(one) for one in text.splitlines()]
        survives(lines(*replaced(values, path, new)) if path else text, rel)
    else:
        survives(whole(replaced(json.loads(text), path, new)), rel)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b'{"', b"[{", b'{"messages":[', b"\xef\xbb\xbf["]),
)
def test_any_bytes_break_nothing(data: bytes, head: bytes) -> None:
    survives(head + data, "a.json")


LONG: dict[str, Callable[[int], bytes]] = {
    "open brackets": lambda n: b'[{"mapping":' + b"[" * n,
    "open string": lambda n: b'[{"messages":"' + b"\\" * n,
    "quotes": lambda n: b'[{"messages":' + b'"' * n,
    "backslashes": lambda n: b'{"conversations": [{"a":"' + b"\\\\" * n,
    "keys": lambda n: b'{"a":1,' * n,
    "steps": lambda n: lines(
        *(
            line("assistant", f"{i}", None, {"content": [{"type": "tool_use", "id": f"{i}"}]})
            for i in range(n // 20)
        )
    ),
    "thoughts": lambda n: lines(
        *(
            line("assistant", f"{i}", None, {"content": [{"type": "thinking", "thinking": "x"}]})
            for i in range(n // 20)
        )
    ),
    "results": lambda n: whole(
        {"messages": [{"role": "tool", "content": "x"} for _ in range(n // 20)]}
    ),
}


@pytest.mark.parametrize("shape", LONG)
def test_hostile_shapes_are_read_in_linear_time(shape: str) -> None:
    begun = time.perf_counter()
    reading(LONG[shape](400_000), "a.json" if b"uuid" not in LONG[shape](40) else "a.jsonl")
    assert time.perf_counter() - begun < 60, "it grows with the square"


def test_hostile_strings_are_escaped_everywhere() -> None:
    attack = '"><script>alert(1)</script>\u202e\x00'
    parts = [
        {"type": "thinking", "thinking": attack},
        {"type": "tool_use", "id": attack, "name": attack, "input": {attack: attack + "\n"}},
        {"type": "tool_result", "tool_use_id": attack, "content": attack},
        {"type": "image_url", "image_url": {"url": f"javascript:{attack}"}},
        {"type": "image_url", "image_url": {"url": "data:image/svg+xml;base64,PHN2Zz4="}},
        {"type": "file", "file": {"filename": attack, "url": f"javascript:{attack}"}},
        {"type": attack},
    ]
    record = {"title": attack, "messages": [{"role": attack, "content": parts}], attack: attack}
    (one,) = PREPARER.prepare(source("a.json"), whole(record)).prepared
    html = to_bytes(one.body).decode()
    assert "<script" not in html
    assert "javascript:" not in re.sub(r"<code[^>]*>.*?</code>", "", html)
    assert 'src="data:image/svg' not in html


# --- Blocks --------------------------------------------------------------------------------


def page_of(*blocks: object, role: str = "assistant", speaker: str = "Ada") -> str:
    messages = (Message(1, speaker, blocks, role=role),)  # type: ignore[arg-type]
    talk = Transcript(source(), "x", "a", "A", messages)
    return _rendered(talk)


def _rendered(talk: Transcript) -> str:
    from sitegen.markup import MessageRenderer, render_bodies

    return "\n".join(str(body.html) for body in render_bodies(talk.messages, MessageRenderer()))


def test_three_steps_in_a_row_are_one() -> None:
    steps = [ToolCall(str(n), "Bash", "{}") for n in range(3)]
    assert "3 steps" in page_of(*steps)
    assert "steps" not in page_of(*steps[:2])
    assert "Bash ×2, thinking" in page_of(Thinking("x"), *steps[:2]).replace(
        "Thinking, Bash ×2", "Bash ×2, thinking"
    )


def test_call_and_result_are_one_line_that_says_if_it_failed() -> None:
    html = page_of(ToolCall("a", "Bash", '{"command": "ls  -la\\n"}'), ToolResult("a", "no", True))
    assert html.count("<details") == 1
    assert "<code>ls -la</code>" in html
    assert '<span class="failed">failed</span>' in html


def test_argument_is_cut_and_the_rest_is_inside() -> None:
    html = page_of(ToolCall("a", "Bash", json.dumps({"command": "x" * 200})))
    (summary,) = re.findall("<summary>(.*?)</summary>", html)
    assert len(re.sub("<[^>]*>", "", summary)) <= len("Bash ") + 70
    assert "x" * 200 in re.sub("<[^>]*>", "", html)


def test_output_beyond_forty_lines_is_folded_again() -> None:
    html = page_of(ToolResult("", "\n".join(map(str, range(100)))))
    assert "All 100 lines" in html
    assert html.count("<details") == 2
    assert "99" in html


def test_words_of_steps_are_nobodys() -> None:
    talk = read(whole(MESSAGES), "a.json")
    (one,) = PREPARER.prepare(source("a.json"), whole(MESSAGES)).prepared
    assert one.entry.words == len(["How", "deep", "is", "w02?", "It", "is", "w06."])
    assert one.entry.messages == len(talk.messages)


def test_picture_in_the_text_of_an_export_is_shown() -> None:
    talk = read(whole(MESSAGES), "a.json")
    (image,) = [b for m in talk.messages for b in m.blocks if isinstance(b, Image)]
    assert f'<img src="{image.src}"' in page_of(image)
