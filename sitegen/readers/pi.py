"""Pi's sessions: JSON lines with `type`, `id`, `parentId`; the first is the `session`.

The shape is described in the project's documentation (packages/coding-agent/docs/session.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sitegen.model import NOTICE, Image, ToolCall, ToolResult, Transcript
from sitegen.readers.content import Record
from sitegen.readers.export import Export, Turn, Turns
from sitegen.readers.parts import call_of, parts_of, result_text
from sitegen.readers.values import mapping, string

__all__ = ["FORMAT", "is_pi", "read_pi"]

FORMAT = "pi"
USER, PI = "User", "Pi"

Line = tuple[Record, Mapping[str, Any]]


def is_pi(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether lines are of a session of Pi."""
    return any(
        sample.get("type") == "session" and "cwd" in sample and "id" in sample
        for sample in samples[:3]
    )


def read_pi(lines: Iterable[Line], export: Export) -> Iterator[Transcript]:
    """The one transcript of a session; all of its tree, in the order of the file."""
    turns, facts = Turns(), {}
    models: dict[str, None] = {}
    reached: dict[str, int] = {}
    title, said = "", 0
    for record, line in lines:
        kind, at = string(line.get("type")), export.at(line.get("timestamp"))
        before = reached.get(string(line.get("parentId")), 0)
        match kind:
            case "message":
                message = mapping(line.get("message"))
                if message.get("role") == "user" and before and before < said:
                    text = f"The conversation goes back to message {before} and goes on from there."
                    turns.notice(text, record.line)
                _message(message, turns, export, record.line, at, models)
                said = len(turns.turns)
            case "session":
                facts = {"Folder": string(line.get("cwd"))}
            case "session_info":
                title = string(line.get("name")) or title
            case "model_change":
                models[string(line.get("modelId"))] = None
            case "compaction" | "branch_summary":
                name = "Summary of what went before" if kind == "compaction" else "Branch summary"
                call = ToolCall("", name, export.text(line.get("summary")), "")
                turns.add(Turn("", NOTICE, at, record.line, [call]))
            case "custom_message" if line.get("display", True):
                blocks = parts_of(line.get("content"), export)
                turns.add(Turn("", NOTICE, at, record.line, blocks))
            case _:
                export.pass_over(f"lines of type `{kind}`")
        if id := string(line.get("id")):
            reached[id] = len(turns.turns) if kind == "message" else before
    if turns.turns:
        model = ", ".join(filter(None, models))
        yield export.transcript(
            FORMAT, title, turns.messages(), models={PI: model}, extra=tuple(facts.items())
        )


def _message(
    message: Mapping[str, Any],
    turns: Turns,
    export: Export,
    line: int,
    at: Any,
    models: dict[str, None],
) -> None:
    """Take one message."""
    content = message.get("content")
    match string(message.get("role")):
        case "user":
            turns.add(Turn(USER, "user", at, line, parts_of(content, export, typed=True)))
        case "assistant":
            models[string(message.get("model"))] = None
            turns.add(Turn(PI, "assistant", at, line, parts_of(content, export)))
        case "toolResult":
            result = ToolResult(
                string(message.get("toolCallId")),
                result_text(content, export),
                message.get("isError") is True,
            )
            images = [b for b in parts_of(content, export) if isinstance(b, Image)]
            turns.answer(result, Turn("", NOTICE, at, line, [*images]))
        case "bashExecution":
            call = call_of("", "bash", {"command": message.get("command")}, export)
            code = message.get("exitCode")
            output = ToolResult("", export.text(message.get("output")), bool(code))
            turns.add(Turn(USER, "user", at, line, [call, output]))
        case role:
            turns.add(Turn("", NOTICE, at, line, parts_of(content, export)))
            export.pass_over(f"that a message has the role `{role}`")
