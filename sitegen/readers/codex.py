"""Codex's sessions (rollout files): JSON lines `{"timestamp", "type", "payload"}`.

What was said is in the `response_item`s, which are OpenAI's responses; `event_msg`s repeat
it for the screen and count only where there are no items. Older files hold the items bare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sitegen.model import NOTICE, SYSTEM, Text, Thinking, ToolCall, ToolResult, Transcript
from sitegen.readers.content import Record
from sitegen.readers.export import Export, Turn, Turns
from sitegen.readers.parts import call_of, parts_of, result_text, unknown
from sitegen.readers.values import mapping, pretty, sequence, string

__all__ = ["FORMAT", "is_codex", "read_codex"]

FORMAT = "codex"
USER, CODEX = "User", "Codex"

ENVELOPES = ("session_meta", "response_item", "event_msg", "turn_context", "compacted")
ITEMS = ("message", "reasoning", "function_call", "function_call_output", "local_shell_call")
CONTEXT = ("<environment_context>", "<user_instructions>", "<permissions", "# AGENTS.md")
"""How texts begin that come under the role of the user and that nobody typed."""

Line = tuple[Record, Mapping[str, Any]]


def is_codex(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether lines are of a session of Codex."""
    wrapped = any(
        s.get("type") in ENVELOPES and isinstance(s.get("payload"), dict) for s in samples
    )
    bare = any(s.get("record_type") == "state" for s in samples) or (
        bool(samples) and "instructions" in samples[0] and "timestamp" in samples[0]
    )
    return wrapped or (bare and any(s.get("type") in ITEMS for s in samples))


def read_codex(lines: Iterable[Line], export: Export) -> Iterator[Transcript]:
    """The one transcript of a session."""
    session = _Session(export)
    for record, line in lines:
        session.read(record.line, line)
    yield from session.finish()


@dataclass(slots=True)
class _Session:
    export: Export
    items: Turns = field(default_factory=Turns)
    events: Turns = field(default_factory=Turns)
    """What the screen showed, for files without items."""
    models: dict[str, None] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    said: int = 0

    def read(self, number: int, line: Mapping[str, Any]) -> None:
        at = self.export.at(line.get("timestamp"))
        payload = mapping(line.get("payload"))
        match string(line.get("type")):
            case "session_meta":
                self._meta(payload, number)
            case "turn_context":
                self._model(payload)
            case "response_item":
                self._item(payload, number, at)
            case "event_msg":
                self._event(payload, number, at)
            case "compacted":
                self.items.notice("Conversation compacted", number, at)
                if text := self.export.text(payload.get("message")):
                    folded = ToolCall("", "Summary of what went before", text, "")
                    self.items.add(Turn("", NOTICE, at, number, [folded]))
            case kind if kind in ITEMS or kind.endswith(("_call", "_call_output")):
                self._item(line, number, at)
            case kind if not kind and "instructions" in line:
                self._meta(line, number)
            case kind:
                self.export.pass_over(f"lines of type `{kind or line.get('record_type', '')}`")

    def _meta(self, about: Mapping[str, Any], number: int) -> None:
        for key, name in (("cwd", "Folder"), ("cli_version", "Version")):
            if value := string(about.get(key)):
                self.facts.setdefault(name, value)
        if branch := string(mapping(about.get("git")).get("branch")):
            self.facts.setdefault("Branch", branch)
        instructions = about.get("instructions") or about.get("base_instructions")
        text = self.export.text(mapping(instructions).get("text") or instructions)
        if text.strip():
            self.items.add(Turn("", SYSTEM, None, number, [Text(text)]))

    def _model(self, context: Mapping[str, Any]) -> None:
        if model := string(context.get("model")):
            self.models[model] = None

    def _item(self, item: Mapping[str, Any], number: int, at: Any) -> None:
        export, turns = self.export, self.items
        kind = string(item.get("type"))
        step = Turn(CODEX, "assistant", at, number, [])
        match kind:
            case "message":
                self._message(item, number, at)
                return
            case "reasoning":
                parts = [*sequence(item.get("summary")), *sequence(item.get("content"))]
                texts = [export.text(mapping(part).get("text")) for part in parts]
                if text := "\n\n".join(filter(None, texts)):
                    step.blocks = [Thinking(text)]
                else:
                    export.pass_over("thinking that is encrypted")
            case "function_call" | "custom_tool_call":
                given = item.get("arguments", item.get("input"))
                step.blocks = [call_of(item.get("call_id"), item.get("name"), given, export)]
            case "local_shell_call":
                command = mapping(item.get("action")).get("command")
                id = item.get("call_id") or item.get("id")
                step.blocks = [call_of(id, "shell", {"command": command}, export)]
            case "web_search_call":
                step.blocks = [call_of(item.get("id"), "web_search", item.get("action"), export)]
            case _ if kind.endswith("_call_output"):
                text, failed = _output(item.get("output"), export)
                result = ToolResult(string(item.get("call_id")), text, failed)
                turns.answer(result, Turn("", NOTICE, at, number, []))
                return
            case "ghost_snapshot" | "compaction":
                export.pass_over(f"items of type `{kind}`")
            case _:
                step.blocks = [unknown(kind or "item", dict(item))]
        turns.add(step)

    def _message(self, item: Mapping[str, Any], number: int, at: Any) -> None:
        role = string(item.get("role"))
        blocks = parts_of(item.get("content"), self.export, typed=role == "user")
        if role in ("system", "developer"):
            self.items.add(Turn("", SYSTEM, at, number, blocks))
            return
        if role == "assistant":
            self.items.add(Turn(CODEX, role, at, number, blocks, string(item.get("id"))))
            self.said += 1
            return
        first = next((b.markdown for b in blocks if isinstance(b, Text)), "")
        if first.lstrip().startswith(CONTEXT):
            blocks = [
                ToolCall("", "Context", block.markdown, "") if isinstance(block, Text) else block
                for block in blocks
            ]
            self.items.add(Turn("", NOTICE, at, number, blocks))
        else:
            self.items.add(Turn(USER, "user", at, number, blocks))
            self.said += 1

    def _event(self, event: Mapping[str, Any], number: int, at: Any) -> None:
        text = self.export.text(event.get("message") or event.get("text"))
        match string(event.get("type")):
            case "user_message":
                self.events.add(Turn(USER, "user", at, number, [Text(text, True)] if text else []))
            case "agent_message":
                self.events.add(Turn(CODEX, "assistant", at, number, [Text(text)] if text else []))
            case "agent_reasoning":
                self.events.add(
                    Turn(CODEX, "assistant", at, number, [Thinking(text)] if text else [])
                )
            case "turn_aborted":
                self.items.notice("Turn interrupted", number, at)
            case "error" | "stream_error" | "warning" if text:
                self.items.notice(text, number, at)
            case kind:
                self.export.pass_over(f"events of type `{kind}`")

    def finish(self) -> Iterator[Transcript]:
        turns = self.items if self.said or not self.events.turns else self.events
        if turns.turns:
            yield self.export.transcript(
                FORMAT,
                "",
                turns.messages(),
                models={CODEX: ", ".join(self.models)},
                extra=tuple(self.facts.items()),
            )


def _output(output: object, export: Export) -> tuple[str, bool]:
    """What a tool put out, and whether it failed; both may be in a string of JSON."""
    failed = False
    if isinstance(output, str) and output.startswith('{"output"'):
        import json

        try:
            inner = json.loads(output)
        except (ValueError, RecursionError):
            return export.text(output), False
        code = mapping(mapping(inner).get("metadata")).get("exit_code")
        failed = isinstance(code, int) and code != 0
        return export.text(mapping(inner).get("output")) or pretty(inner), failed
    if isinstance(output, dict):
        failed = output.get("success") is False
        output = output.get("content", output)
    return result_text(output, export), failed
