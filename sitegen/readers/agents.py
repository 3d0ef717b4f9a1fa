"""Sessions of other agents, each a small shape: Gemini CLI, Cursor, Copilot in VS Code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sitegen.model import (
    NOTICE,
    Attachment,
    Block,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
)
from sitegen.readers.content import Record
from sitegen.readers.export import Export, Turn, Turns
from sitegen.readers.parts import call_of, parts_of, unknown
from sitegen.readers.values import mapping, pretty, sequence, string

__all__ = [
    "is_copilot",
    "is_cursor",
    "is_gemini",
    "read_copilot",
    "read_cursor",
    "read_gemini",
]

USER = "User"
Line = tuple[Record, Mapping[str, Any]]


def is_gemini(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a record is a session of Gemini CLI: `{sessionId, startTime, messages}`."""
    return any(
        "sessionId" in sample
        and isinstance(sample.get("messages"), list)
        and all("type" in mapping(message) for message in sequence(sample["messages"])[:3])
        for sample in samples
    )


def read_gemini(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The one transcript of a session."""
    turns = Turns()
    models: dict[str, None] = {}
    for item in sequence(record.get("messages")):
        message = mapping(item)
        kind, at = string(message.get("type")), export.at(message.get("timestamp"))
        content = parts_of(message.get("content"), export, typed=kind == "user")
        if kind == "user":
            turns.add(Turn(USER, "user", at, export.line, content))
        elif kind in ("gemini", "assistant", "model"):
            models[string(message.get("model"))] = None
            blocks = [*_thoughts(message, export), *content, *_gemini_calls(message, export)]
            turns.add(Turn("Gemini", "assistant", at, export.line, blocks))
        else:
            turns.add(Turn("", NOTICE, at, export.line, content))
    if turns.turns:
        yield export.transcript(
            "gemini-cli",
            string(record.get("summary")),
            turns.messages(),
            id=string(record.get("sessionId")),
            models={"Gemini": ", ".join(filter(None, models))},
            started=export.at(record.get("startTime")),
        )


def _thoughts(message: Mapping[str, Any], export: Export) -> Iterator[Block]:
    for thought in sequence(message.get("thoughts")):
        about = mapping(thought)
        subject = string(about.get("subject"))
        texts = [f"**{subject}**" if subject else "", export.text(about.get("description"))]
        if text := "\n\n".join(filter(None, texts)):
            yield Thinking(text)


def _gemini_calls(message: Mapping[str, Any], export: Export) -> Iterator[Block]:
    for call in sequence(message.get("toolCalls")):
        about = mapping(call)
        yield call_of(about.get("id"), about.get("name"), about.get("args"), export)
        answers = []
        for part in sequence(about.get("result")):
            response = mapping(mapping(part).get("functionResponse")).get("response")
            output = mapping(response).get("output", response)
            answers.append(export.text(output) if isinstance(output, str) else pretty(output))
        failed = about.get("status") in ("error", "cancelled")
        if answers or failed:
            yield ToolResult(string(about.get("id")), "\n".join(answers), failed)


def is_cursor(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether lines are of a transcript of Cursor: `{role, message: {content}}`."""
    return bool(samples) and all(
        isinstance(sample.get("role"), str)
        and "content" in mapping(sample.get("message"))
        and "type" not in sample
        for sample in samples
    )


def read_cursor(lines: Iterable[Line], export: Export) -> Iterator[Transcript]:
    """The one transcript of a file of lines."""
    turns = Turns()
    for record, line in lines:
        role, message = string(line.get("role")), mapping(line.get("message"))
        blocks = parts_of(message.get("content"), export, typed=role == "user")
        at = export.at(line.get("timestamp"))
        results = [block for block in blocks if isinstance(block, ToolResult)]
        rest: list[Block] = [block for block in blocks if not isinstance(block, ToolResult)]
        for result in results:
            turns.answer(result, Turn("", NOTICE, at, record.line, []))
        speaker = {"user": USER, "assistant": "Cursor"}.get(role, role or "Unknown")
        turns.add(Turn(speaker, role, at, record.line, rest))
    if turns.turns:
        yield export.transcript("cursor", "", turns.messages())


def is_copilot(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a record is a chat exported from VS Code: `{responderUsername, requests}`."""
    return any(
        isinstance(sample.get("requests"), list)
        and ("responderUsername" in sample or "requesterUsername" in sample)
        for sample in samples
    )


def read_copilot(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The one transcript of a chat."""
    person = string(record.get("requesterUsername")) or USER
    machine = string(record.get("responderUsername")) or "Copilot"
    turns = Turns()
    models: dict[str, None] = {}
    for item in sequence(record.get("requests")):
        request = mapping(item)
        at = export.at(request.get("timestamp"))
        asked = mapping(request.get("message"))
        text = export.text(asked.get("text") or request.get("message"))
        blocks: list[Block] = [Text(text, True)]
        variables = sequence(mapping(request.get("variableData")).get("variables"))
        names = (string(mapping(variable).get("name")) for variable in variables)
        blocks += [Attachment(name) for name in names if name]
        turns.add(Turn(person, "user", at, export.line, blocks))
        models[string(request.get("modelId"))] = None
        turns.add(Turn(machine, "assistant", None, export.line, _answer(request, export)))
        problem = mapping(mapping(request.get("result")).get("errorDetails")).get("message")
        turns.notice(export.text(problem), export.line)
    if turns.turns:
        yield export.transcript(
            "vscode-copilot",
            string(record.get("customTitle")),
            turns.messages(),
            id=string(record.get("sessionId")),
            models={machine: ", ".join(filter(None, models))},
            started=export.at(record.get("creationDate")),
        )


def _answer(request: Mapping[str, Any], export: Export) -> list[Block]:
    """The pieces of an answer; texts and names between them are one text."""
    blocks: list[Block] = []
    pieces: list[str] = []

    def flush() -> None:
        if text := "".join(pieces).strip("\n"):
            blocks.append(Text(text))
        pieces.clear()

    for item in sequence(request.get("response")):
        piece = mapping(item)
        kind = string(piece.get("kind"))
        value = piece.get("value", piece.get("content"))
        text = export.text(mapping(value).get("value") or value)
        match kind:
            case "" | "markdownContent" | "markdownVuln":
                pieces.append(text)
            case "inlineReference":
                pieces.append(f"`{_reference(piece)}`")
            case "thinking":
                flush()
                if text.strip():
                    blocks.append(Thinking(text))
            case "toolInvocationSerialized" | "toolInvocation":
                flush()
                blocks += _invocation(piece, export)
            case "undoStop" | "codeblockUri" | "prepareToolInvocation" | "mcpServersStarting":
                export.pass_over(f"pieces of kind `{kind}`")
            case _:
                flush()
                blocks.append(unknown(kind, dict(piece)))
    flush()
    return blocks


def _reference(piece: Mapping[str, Any]) -> str:
    about = mapping(piece.get("inlineReference"))
    place = mapping(about.get("location")).get("uri") or about.get("uri") or about
    path = string(mapping(place).get("path") or mapping(place).get("fsPath"))
    name = string(piece.get("name")) or string(about.get("name")) or path.rpartition("/")[2]
    return name.replace("`", "'") or "reference"


def _invocation(piece: Mapping[str, Any], export: Export) -> Iterator[Block]:
    """A tool that was used: its messages in words, and its details where they are kept."""
    said = piece.get("pastTenseMessage") or piece.get("invocationMessage")
    text = export.text(mapping(said).get("value") or said)
    details = piece.get("resultDetails") or piece.get("toolSpecificData")
    name = string(piece.get("toolId")) or "tool"
    yield ToolCall("", name, text, "")
    if details:
        yield ToolResult("", pretty(details))
