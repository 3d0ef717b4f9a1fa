"""Lists of messages with a role or a name and a content: OpenAI's shape and its relatives.

`{"messages": [{"role", "content", …}]}` is one conversation; a file holds one, an array of
them, one a line, or just the messages. Where a message has a `speaker` or a `name`, that is
who speaks: so are conversations between models written, whose roles alternate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sitegen.model import NOTICE, SYSTEM, Text, Thinking, ToolCall, ToolResult, Transcript
from sitegen.readers.content import Record
from sitegen.readers.export import Export, Turn, Turns
from sitegen.readers.parts import call_of, parts_of, result_text
from sitegen.readers.values import mapping, pretty, sequence, string

__all__ = ["FORMAT", "is_conversation", "is_message", "read_conversation", "read_messages"]

FORMAT = "messages"

LISTS = ("messages", "conversation", "conversations", "history", "turns", "transcript", "chat")
CONTENTS = ("content", "text", "message", "value", "body", "parts")
ROLES = {
    "user": ("User", "user"),
    "human": ("User", "user"),
    "prompter": ("User", "user"),
    "assistant": ("Assistant", "assistant"),
    "model": ("Assistant", "assistant"),
    "bot": ("Assistant", "assistant"),
    "ai": ("Assistant", "assistant"),
    "gpt": ("Assistant", "assistant"),
    "chatgpt": ("Assistant", "assistant"),
    "bing": ("Assistant", "assistant"),
    "system": ("", SYSTEM),
    "developer": ("", SYSTEM),
}
TOOLS = ("tool", "function", "ipython", "observation")

Line = tuple[Record, Mapping[str, Any]]


def is_message(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are messages themselves, with a role that is known or a speaker."""
    return bool(samples) and all(
        _is_said(sample) and ("speaker" in sample or _role(sample) in (*ROLES, *TOOLS))
        for sample in samples
    )


def is_conversation(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records hold a list of messages."""
    return any(_listed(sample) for sample in samples)


def _role(said: Mapping[str, Any]) -> str:
    return string(said.get("role")).lower()


def _is_said(value: object) -> bool:
    said = mapping(value)
    who = any(isinstance(said.get(key), str) for key in ("role", "speaker", "agent"))
    named = any(isinstance(said.get(key), str) for key in ("name", "author")) and "content" in said
    has_content = any(key in said for key in (*CONTENTS, "tool_calls", "function_call"))
    has_content = has_content or ("agent" in said and isinstance(said.get("output"), str))
    return (who and has_content) or named


def _listed(record: Mapping[str, Any]) -> str:
    """The key under which a record has its messages; empty if it has none."""
    for key in LISTS:
        items = list(_flat(sequence(record.get(key))[:3]))
        if items and all(_is_said(item) for item in items):
            return key
    return ""


def _flat(items: Iterable[object]) -> Iterator[object]:
    """Messages, of which those of a round may be a list."""
    for item in items:
        if isinstance(item, list):
            yield from item
        else:
            yield item


def read_conversation(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The one transcript of a record with a list of messages."""
    key = _listed(record)
    if not key:
        export.finder.warn(
            "no conversation: a record without a list of messages", export.line, "see README.md"
        )
        return
    reader = _Reader(export, _names(record))
    for name in ("system", "system_prompt", "system_prompts", "instructions"):
        if record.get(name):
            reader.stand_above(record[name])
    if tools := (record.get("tools") or record.get("functions")):
        offered = ToolCall("", "Tools on offer", pretty(tools))
        reader.turns.add(Turn("", NOTICE, None, export.line, [offered]))
    for item in _flat(sequence(record[key])):
        reader.read(export.line, item)
    yield from reader.finish(record, key)


def read_messages(lines: Iterable[Line], export: Export) -> Iterator[Transcript]:
    """The one transcript of records that are messages."""
    reader = _Reader(export, {})
    for record, line in lines:
        reader.read(record.line, line)
    yield from reader.finish({}, "")


def _names(record: Mapping[str, Any]) -> dict[str, str]:
    """The names behind roles, where a record gives them."""
    return {
        role: name
        for role, name in mapping(record.get("participants")).items()
        if isinstance(name, str)
    }


class _Reader:
    def __init__(self, export: Export, names: Mapping[str, str]) -> None:
        self.export = export
        self.names = names
        self.turns = Turns()
        self.models: dict[str, str] = {}

    def stand_above(self, prompt: object) -> None:
        """A system prompt that is no message."""
        blocks = parts_of(
            prompt if isinstance(prompt, (str, list)) else pretty(prompt), self.export
        )
        self.turns.add(Turn("", SYSTEM, None, self.export.line, blocks))

    def read(self, number: int, item: object) -> None:
        """Take one message."""
        export, said = self.export, mapping(item)
        if not said:
            text = item if isinstance(item, str) else pretty(item)
            self.turns.notice(text, number)
            return
        role = string(said.get("role"))
        names = ("speaker", "name", "author", "agent")
        name = next((v for k in names if (v := string(said.get(k)))), "")
        times = ("timestamp", "created_at", "started_at", "create_time", "time", "date", "ts")
        at = next((t for key in times if (t := export.at(said.get(key)))), None)
        content = next((said[key] for key in CONTENTS if said.get(key) is not None), "")
        if not content and "agent" in said:
            content = said.get("output") or content
        if isinstance(content, dict) and "content" in content:
            content = content["content"]
        if role.lower() in TOOLS:
            result = ToolResult(
                string(said.get("tool_call_id")),
                result_text(content, export),
                bool(said.get("is_error")),
            )
            self.turns.answer(result, Turn("", NOTICE, at, number, []))
            return
        speaker, kind = ROLES.get(role.lower(), (role, role))
        speaker = (name or self.names.get(role) or speaker) if kind != SYSTEM else ""
        if not speaker and kind != SYSTEM:
            speaker = name or "Unknown"
        typed = kind == "user" and not name
        blocks = parts_of(content, export, typed=typed)
        thought = said.get("reasoning_content") or said.get("reasoning") or said.get("thinking")
        if isinstance(thought, str) and thought.strip():
            blocks.insert(0, Thinking(export.text(thought)))
        blocks += self._calls(said)
        if (model := string(said.get("model"))) and model != speaker:
            self.models.setdefault(speaker, model)
        results = [block for block in blocks if isinstance(block, ToolResult)]
        if results and kind == "user":
            rest = [block for block in blocks if not isinstance(block, ToolResult)]
            for result in results:
                self.turns.answer(result, Turn("", NOTICE, at, number, []))
            blocks = [*rest]
            if not blocks:
                return
        # A message without a word is one all the same.
        self.turns.append(Turn(speaker, kind, at, number, blocks or [Text("", typed)]))

    def _calls(self, said: Mapping[str, Any]) -> Iterator[ToolCall]:
        for call in sequence(said.get("tool_calls")):
            about = mapping(call)
            function = mapping(about.get("function")) or about
            given = function.get("arguments", function.get("args", function.get("input", "")))
            yield call_of(about.get("id"), function.get("name"), given, self.export)
        if isinstance(legacy := said.get("function_call"), dict):
            yield call_of("", legacy.get("name"), legacy.get("arguments"), self.export)

    def finish(self, record: Mapping[str, Any], key: str) -> Iterator[Transcript]:
        """The transcript, if anything was said."""
        if not self.turns.turns:
            return
        pair = [string(record.get(name)) for name in ("model_a", "model_b")]
        title = next(
            (t for name in ("title", "name", "topic") if (t := string(record.get(name)))),
            " ↔ ".join(pair) if all(pair) else "",
        )
        known = {key, "title", "messages", "system", "system_prompt", "system_prompts"}
        known |= {"instructions", "tools", "functions", "participants", "model_a", "model_b"}
        known |= {"started_at", "ended_at", "name", "topic"}
        extra = []
        for field, value in record.items():
            if field in known or value in (None, "", [], {}):
                continue
            if isinstance(value, (str, int, float)) and len(str(value)) <= 300:
                extra.append((field, str(value)))
            else:
                self.export.pass_over(f"the field `{field}`")
        yield self.export.transcript(
            FORMAT,
            title,
            self.turns.messages(),
            models=self.models,
            started=self._time(record, "started_at", "start_time", "created_at", "timestamp"),
            ended=self._time(record, "ended_at", "end_time"),
            extra=extra,
        )

    def _time(self, record: Mapping[str, Any], *keys: str) -> Any:
        return next((t for key in keys if (t := self.export.at(record.get(key)))), None)
