"""ShareGPT's shape: `{"conversations": [{"from": "human", "value": "…"}]}`.

A file holds one such record, an array of them, or one a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sitegen.model import NOTICE, SYSTEM, Text, ToolCall, ToolResult, Transcript
from sitegen.readers.export import Export, Turn, Turns
from sitegen.readers.parts import call_of
from sitegen.readers.values import mapping, pretty, sequence, string

__all__ = ["FORMAT", "is_sharegpt", "read_sharegpt"]

FORMAT = "sharegpt"

LISTS = ("conversations", "conversation", "items")
SPEAKERS = {
    "human": "User",
    "user": "User",
    "gpt": "Assistant",
    "assistant": "Assistant",
    "chatgpt": "ChatGPT",
    "bing": "Bing",
    "bard": "Bard",
    "model": "Assistant",
}
CALLS = ("function_call", "tool_call", "function-call")
RESULTS = ("observation", "tool", "tool_response", "function_response", "function")


def is_sharegpt(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records hold turns with `from` and `value`."""
    return any(_turns(sample) for sample in samples)


def _turns(record: Mapping[str, Any]) -> Sequence[Any]:
    for key in LISTS:
        turns = sequence(record.get(key))
        if turns and all(
            "from" in mapping(turn) and "value" in mapping(turn) for turn in turns[:3]
        ):
            return turns
    return ()


def read_sharegpt(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The one transcript of a record."""
    turns = Turns()
    if system := export.text(record.get("system")):
        turns.add(Turn("", SYSTEM, None, export.line, [Text(system)]))
    if tools := record.get("tools"):
        turns.add(
            Turn("", NOTICE, None, export.line, [ToolCall("", "Tools on offer", pretty(tools))])
        )
    for item in _turns(record):
        _add(mapping(item), turns, export)
    if not turns.turns:
        export.finder.warn("no conversation in this record", export.line)
        return
    shown = {"system", "tools", "title", *LISTS}
    extra = []
    for key, value in record.items():
        if key in shown or value in (None, "", [], {}):
            continue
        if isinstance(value, (str, int, float)) and len(str(value)) <= 300:
            extra.append((key, str(value)))
        else:
            export.pass_over(f"the field `{key}`")
    yield export.transcript(
        FORMAT, string(record.get("title")), turns.messages(), models={}, extra=extra
    )


def _add(said: Mapping[str, Any], turns: Turns, export: Export) -> None:
    who, value = string(said.get("from")), said.get("value")
    text = export.text(value) if isinstance(value, str) else pretty(value)
    kind = who.lower()
    if kind == "system":
        turns.add(Turn("", SYSTEM, None, export.line, [Text(text)]))
    elif kind in CALLS:
        call = call_of("", who, text, export)
        turns.add(Turn("Assistant", "assistant", None, export.line, [call]))
    elif kind in RESULTS:
        turns.answer(ToolResult("", text), Turn("", NOTICE, None, export.line, []))
    else:
        speaker = SPEAKERS.get(kind, who or "Unknown")
        typed = speaker == "User"
        role = "user" if typed else "assistant"
        turns.append(Turn(speaker, role, None, export.line, [Text(text, typed)]))
