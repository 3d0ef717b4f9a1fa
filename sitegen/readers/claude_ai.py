"""Claude.ai's exports: conversations.json, a list of conversations with `chat_messages`.

Messages hold their `content` in parts as Anthropic's interface does, and a plain `text`
that repeats them; the parts are preferred. Where messages name their parents, answers that
were asked for again are branches, and shown as transcripts of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sitegen.model import Attachment, Block, Text, ToolCall, Transcript
from sitegen.readers.export import Export, Turn, Turns
from sitegen.readers.parts import parts_of
from sitegen.readers.tree import branches
from sitegen.readers.values import mapping, sequence, string

__all__ = ["FORMAT", "is_claude_ai", "read_claude_ai"]

FORMAT = "claude-ai"
SPEAKERS = {"human": ("User", "user"), "assistant": ("Claude", "assistant")}


def is_claude_ai(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are conversations of Claude.ai."""
    return any(isinstance(record.get("chat_messages"), list) for record in samples)


def read_claude_ai(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The transcripts of one conversation: the branch that was on the screen, and others."""
    messages: dict[str, Mapping[str, Any]] = {}
    parents: dict[str, str] = {}
    before = ""
    for number, item in enumerate(sequence(record.get("chat_messages"))):
        message = mapping(item)
        key = string(message.get("uuid"))
        key = key if key and key not in messages else f"{key}#{number}"
        messages[key] = message
        # The official export names no parents: then each follows the one before.
        named = message.get("parent_message_uuid")
        parents[key] = named if isinstance(named, str) else before
        before = key
    found = branches(parents, string(record.get("current_leaf_message_uuid")) or before)
    title = string(record.get("name"))
    main: Transcript | None = None
    others: list[Transcript] = []
    for branch in found:
        turns = Turns()
        for key in branch.nodes:
            _add(messages[key], turns, export)
        if not turns.turns:
            continue
        if main is None:
            main = _transcript(record, title, turns, export, "")
            continue
        number = len(others) + 2
        other = _transcript(record, title or main.title, turns, export, f"-branch-{number}")
        others.append(
            replace(
                other,
                title=f"{main.title} (branch {number})",
                labels=("branch",),
                extra=(*other.extra, ("Branch of", main.title)),
            )
        )
    if main:
        more = (("Other branches", str(len(others))),) if others else ()
        yield replace(main, extra=(*main.extra, *more))
        yield from others


def _transcript(
    record: Mapping[str, Any], title: str, turns: Turns, export: Export, suffix: str
) -> Transcript:
    project = mapping(record.get("project")).get("name")
    return export.transcript(
        FORMAT,
        title,
        turns.messages(),
        slug=export.slug(title, string(record.get("uuid"))) + suffix,
        models={"Claude": string(record.get("model"))},
        started=None if suffix else export.at(record.get("created_at")),
        extra=(
            ("Project", string(project)),
            ("Summary", export.text(record.get("summary"))),
        ),
    )


def _add(message: Mapping[str, Any], turns: Turns, export: Export) -> None:
    sender = string(message.get("sender"))
    speaker, role = SPEAKERS.get(sender, (sender or "User", sender or "user"))
    typed = role == "user"
    blocks: list[Block] = parts_of(message.get("content"), export, typed=typed)
    if not any(isinstance(block, Text) for block in blocks) and message.get("text"):
        blocks.append(Text(export.text(message["text"]), typed))
    for file in sequence(message.get("attachments")):
        blocks += _attachment(mapping(file), export)
    listed = [*sequence(message.get("files")), *sequence(message.get("files_v2"))]
    names = [string(mapping(file).get("file_name")) for file in listed]
    blocks += [Attachment(name) for name in dict.fromkeys(filter(None, names))]
    # A message without a word is one all the same.
    blocks = blocks or [Text("", typed)]
    turns.add(Turn(speaker, role, export.at(message.get("created_at")), export.line, blocks))


def _attachment(file: Mapping[str, Any], export: Export) -> Iterator[Block]:
    """A file that was sent, and its text where the export holds it."""
    name = string(file.get("file_name")) or "attachment"
    size = string(file.get("file_size"))
    facts = [string(file.get("file_type")), f"{int(size):,} bytes" if size.isdecimal() else ""]
    yield Attachment(name, "", ", ".join(filter(None, facts)))
    if text := export.text(file.get("extracted_content")):
        yield ToolCall("", f"Text of {name}", text, "")
