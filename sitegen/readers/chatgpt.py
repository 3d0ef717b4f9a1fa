"""ChatGPT's exports: conversations.json, or one conversation saved by itself.

A conversation is a tree of nodes (`mapping`); the one that was on the screen ends at
`current_node`. Every other branch is a transcript of its own, from its fork on. The shape
is described by the project convoviz (docs/dev/chatgpt-spec.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sitegen.model import (
    SYSTEM,
    Attachment,
    Block,
    Image,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
)
from sitegen.readers.export import Export, Turn, Turns
from sitegen.readers.parts import call_of, unknown
from sitegen.readers.tree import Branch, branches
from sitegen.readers.values import mapping, pretty, sequence, string

__all__ = ["FORMAT", "is_chatgpt", "read_chatgpt"]

FORMAT = "chatgpt"
SPEAKERS = {"user": "User", "assistant": "ChatGPT"}

# Citations stand between signs of the private use area, which no font shows.
MARKS = str.maketrans({"\ue200": "【", "\ue201": "】", "\ue202": " "})
MARK = re.compile("[\ue200-\ue202]")


def is_chatgpt(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are conversations with a tree of nodes."""
    return any(_is_tree(record.get("mapping")) for record in samples)


def _is_tree(value: object) -> bool:
    nodes = list(mapping(value).values())[:3]
    return bool(nodes) and all("message" in mapping(n) or "children" in mapping(n) for n in nodes)


def read_chatgpt(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The transcripts of one conversation: the branch that was on the screen, and others."""
    nodes = {str(key): mapping(node) for key, node in mapping(record.get("mapping")).items()}
    parents = {key: string(node.get("parent")) for key, node in nodes.items()}
    title = string(record.get("title"))
    numbers: dict[str, int] = {}
    main: Transcript | None = None
    others: list[Transcript] = []
    for branch in branches(parents, string(record.get("current_node"))):
        read = _Branch(nodes, branch, export)
        if not read.turns.turns:
            continue
        if main is None:
            main = read.transcript(record, title, "")
            numbers = read.numbers
        else:
            part = read.transcript(record, title or main.title, f"-branch-{len(others) + 2}")
            begins = numbers.get(_said_at(branch.fork, parents, numbers), 0)
            extra = (("Branch of", main.title), ("Forks after message", str(begins or "")))
            others.append(
                replace(
                    part,
                    title=f"{main.title} (branch {len(others) + 2})",
                    labels=("branch",),
                    extra=(*part.extra, *(pair for pair in extra if pair[1])),
                )
            )
    if main:
        more = (("Other branches", str(len(others))),) if others else ()
        yield replace(main, extra=(*main.extra, *more))
        yield from others


def _said_at(node: str, parents: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    """The nearest node above that is part of a message of the first branch."""
    for _ in range(len(parents)):
        if node in numbers or node not in parents:
            break
        node = parents[node]
    return node


class _Branch:
    """One line of nodes as messages."""

    def __init__(
        self, nodes: Mapping[str, Mapping[str, Any]], branch: Branch, export: Export
    ) -> None:
        self.export = export
        self.turns = Turns()
        self.numbers: dict[str, int] = {}
        self.models: dict[str, None] = {}
        for key in branch.nodes:
            message = nodes[key].get("message")
            if isinstance(message, dict):
                self._message(message)
            self.numbers[key] = len(self.turns.turns)

    def _message(self, message: Mapping[str, Any]) -> None:
        author = mapping(message.get("author"))
        about = mapping(message.get("metadata"))
        role = string(author.get("role")) or "assistant"
        blocks = _blocks(message, about, self.export, role)
        at = self.export.at(message.get("create_time"))
        speaker = SPEAKERS.get(role, string(author.get("name")) or role)
        turn = Turn(speaker, role, at, self.export.line, blocks)
        if not blocks:
            return
        recipient = string(message.get("recipient")) or "all"
        if role == "system" or about.get("is_visually_hidden_from_conversation") is True:
            turn.speaker, turn.role = "", SYSTEM
            self.turns.add(turn)
        elif role == "tool":
            texts = [b.markdown for b in blocks if isinstance(b, (Text, Thinking))]
            turn.blocks = [b for b in blocks if not isinstance(b, (Text, Thinking))]
            failed = mapping(message.get("content")).get("content_type") == "system_error"
            self.turns.answer(ToolResult("", "\n\n".join(texts), failed), turn)
        elif role == "assistant" and recipient != "all":
            turn.blocks = [_call(recipient, block, self.export) for block in blocks]
            self.turns.add(turn)
        else:
            self.turns.add(turn)
        if role == "assistant" and (model := string(about.get("model_slug"))):
            self.models[model] = None

    def transcript(self, record: Mapping[str, Any], title: str, suffix: str) -> Transcript:
        export = self.export
        id = string(record.get("conversation_id")) or string(record.get("id"))
        model = ", ".join(self.models) or string(record.get("default_model_slug"))
        return export.transcript(
            FORMAT,
            title,
            self.turns.messages(),
            slug=export.slug(title, id) + suffix,
            models={"ChatGPT": model},
            started=None if suffix else export.at(record.get("create_time")),
        )


def _call(recipient: str, block: Block, export: Export) -> Block:
    """What a model wrote to a tool."""
    if isinstance(block, ToolCall):
        return ToolCall("", recipient, block.input, block.language)
    if isinstance(block, Text):
        call = call_of("", recipient, block.markdown, export)
        is_code = recipient == "python" and not call.language
        return replace(call, language="python") if is_code else call
    return block


def _blocks(
    message: Mapping[str, Any], about: Mapping[str, Any], export: Export, role: str
) -> list[Block]:
    content = mapping(message.get("content"))
    typed = role == "user"
    blocks: list[Block] = []
    for part in _parts(content, export):
        if isinstance(part, Text):
            text = _cited(part.markdown, about)
            if text.strip():
                blocks.append(Text(text, typed))
        else:
            blocks.append(part)
    for file in sequence(about.get("attachments")):
        named = mapping(file)
        name = string(named.get("name"))
        if not name:
            continue
        note = string(named.get("mimeType") or named.get("mime_type"))
        blocks.append(Attachment(name, "", note))
    return blocks


def _parts(content: Mapping[str, Any], export: Export) -> Iterator[Block]:
    """What a message holds, by its `content_type`."""
    kind = string(content.get("content_type")) or "text"
    match kind:
        case "text" | "multimodal_text":
            for part in sequence(content.get("parts")):
                yield from _part(part, export)
            if isinstance(content.get("text"), str):
                yield Text(export.text(content["text"]))
        case "code":
            language = string(content.get("language")).replace("unknown", "")
            yield ToolCall("", "code", export.text(content.get("text")), language)
        case "execution_output" | "system_error" | "sonic_webpage" | "tether_quote":
            heads = [string(content.get(key)) for key in ("name", "title", "url", "domain")]
            body = export.text(content.get("text"))
            yield Text("\n\n".join(filter(None, [*heads, body])))
        case "tether_browsing_display":
            yield Text(export.text(content.get("result") or content.get("summary")))
        case "thoughts":
            for thought in sequence(content.get("thoughts")):
                said = mapping(thought)
                texts = (string(said.get("summary")), string(said.get("content")))
                if text := "\n\n".join(filter(None, texts)):
                    yield Thinking(export.text(text))
        case "reasoning_recap":
            yield Thinking(export.text(content.get("content")))
        case "user_editable_context" | "model_editable_context":
            given = [export.text(v) for k, v in content.items() if k != "content_type"]
            yield Text("\n\n".join(filter(None, given)))
        case _:
            yield unknown(kind, dict(content))


def _part(part: object, export: Export) -> Iterator[Block]:
    if isinstance(part, str):
        yield Text(export.text(part))
        return
    about = mapping(part)
    kind = string(about.get("content_type"))
    pointer = string(about.get("asset_pointer"))
    if kind == "image_asset_pointer":
        prompt = mapping(mapping(about.get("metadata")).get("dalle")).get("prompt")
        yield Image(pointer, export.text(prompt) or "image")
    elif kind == "audio_transcription":
        yield Text(export.text(about.get("text")))
    elif pointer or "audio_asset_pointer" in about:
        pointer = pointer or string(mapping(about["audio_asset_pointer"]).get("asset_pointer"))
        yield Attachment(kind or "file", pointer)
    elif part:
        yield unknown(kind or "part", part if isinstance(part, dict) else pretty(part))


def _cited(text: str, about: Mapping[str, Any]) -> str:
    """Citations as the export spells them out; those that it does not in brackets."""
    if not MARK.search(text):
        return text
    for reference in sequence(about.get("content_references")):
        matched = string(mapping(reference).get("matched_text"))
        spelt = string(mapping(reference).get("alt"))
        if spelt and MARK.search(matched):
            text = text.replace(matched, spelt)
    return text.translate(MARKS)
