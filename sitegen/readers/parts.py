"""The parts of a message as the interfaces of language models write them, as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sitegen.model import Attachment, Block, Image, Text, Thinking, ToolCall, ToolResult
from sitegen.readers.export import Export
from sitegen.readers.values import mapping, pretty, sequence, string

__all__ = ["call_of", "parts_of", "result_text", "unknown"]


def parts_of(content: object, export: Export, *, typed: bool = False) -> list[Block]:
    """The blocks of a message's content: a text, a part, or an array of parts.

    `typed` says that the text was typed in a chat box. Parts are those of Anthropic's
    messages, OpenAI's chat completions and responses, and their relatives; one of a kind
    that is not known is shown as the JSON that it is.
    """
    if isinstance(content, str):
        return [Text(export.text(content), typed)] if content else []
    if isinstance(content, dict):
        content = [content]
    blocks: list[Block] = []
    for part in sequence(content):
        if isinstance(part, str):
            blocks.append(Text(export.text(part), typed))
        elif isinstance(part, dict):
            blocks += _part(part, export, typed)
        elif part is not None:
            blocks.append(unknown("value", part))
    return blocks


def _part(part: Mapping[str, Any], export: Export, typed: bool) -> Iterator[Block]:
    """The blocks of one part."""
    kind = string(part.get("type"))
    match kind:
        case "text" | "input_text" | "output_text" | "summary_text" | "refusal":
            value = part.get("text", part.get("refusal", part.get("content")))
            text = string(mapping(value).get("value")) or string(value)
            if text:
                yield Text(export.text(text), typed)
        case "thinking" | "reasoning" | "reasoning_text":
            text = string(part.get("thinking") or part.get("text") or part.get("reasoning"))
            if text.strip():
                yield Thinking(export.text(text))
            else:
                export.pass_over("thinking that the export does not hold")
        case "redacted_thinking":
            export.pass_over("thinking that is encrypted")
        case "tool_use" | "toolCall" | "server_tool_use" | "mcp_tool_use" | "tool-call":
            given = next((part[k] for k in ("input", "arguments", "args") if k in part), "")
            name = part.get("name") or part.get("toolName")
            yield call_of(part.get("id") or part.get("toolCallId"), name, given, export)
        case "image_url" | "input_image" | "image" | "base64":
            yield _image(part)
        case "document" | "file" | "input_file" | "input_audio" | "audio":
            yield _file(part, kind)
        case _ if kind.endswith("tool_result") or kind in ("tool-result", "toolResult"):
            yield from _result(part, export)
        case "" if isinstance(part.get("text"), str):
            yield Text(export.text(part["text"]), typed)
        case _:
            yield unknown(kind or "part", part)


def call_of(id: object, name: object, given: object, export: Export) -> ToolCall:
    """A tool call; its input is indented if it is JSON, as in a string of JSON."""
    name = string(name) or "tool"
    if isinstance(given, str):
        stripped = given.lstrip()
        if not stripped.startswith(("{", "[")):
            return ToolCall(string(id), name, export.text(given), "")
        try:
            given = msgspec.json.decode(given)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            return ToolCall(string(id), name, export.text(str(given)), "")
    return ToolCall(string(id), name, pretty(given) if given is not None else "")


def _result(part: Mapping[str, Any], export: Export) -> Iterator[Block]:
    content = part.get("content", part.get("result", part.get("output", "")))
    id = string(part.get("tool_use_id") or part.get("toolCallId") or part.get("tool_call_id"))
    failed = bool(part.get("is_error") or part.get("isError"))
    yield ToolResult(id, result_text(content, export), failed)
    for item in sequence(content):
        if isinstance(item, dict) and item.get("type") in ("image", "image_url", "input_image"):
            yield _image(item)


def result_text(content: object, export: Export) -> str:
    """What a tool put out, as text; its images are left to the caller."""
    if isinstance(content, str):
        return export.text(content)
    if content is None:
        return ""
    if isinstance(content, dict):
        inner = content.get("text", content.get("output", content.get("content")))
        alone = len(content) == 1 or content.get("type") in ("text", "input_text", "output_text")
        return export.text(inner) if isinstance(inner, str) and alone else pretty(content)
    texts = [
        result_text(item, export)
        for item in sequence(content)
        if not (isinstance(item, dict) and item.get("type") in ("image", "input_image"))
    ]
    return "\n".join(texts) if isinstance(content, list) else pretty(content)


def _image(part: Mapping[str, Any]) -> Image:
    """An image: its bytes, or where they are."""
    url = part.get("image_url", part.get("url"))
    url = mapping(url).get("url") if isinstance(url, dict) else url
    source = mapping(part.get("source")) or part
    data = string(source.get("data"))
    if not string(url) and data:
        media = source.get("media_type") or source.get("mimeType") or source.get("mime_type")
        url = f"data:{string(media) or 'image/png'};base64,{data}"
    alt = string(part.get("alt") or part.get("title") or part.get("name"))
    return Image(string(url) or string(source.get("url")) or string(part.get("file_id")), alt)


def _file(part: Mapping[str, Any], kind: str) -> Attachment:
    inner = mapping(part.get("file")) or mapping(part.get("source")) or part
    name = part.get("title") or part.get("filename") or inner.get("filename") or inner.get("name")
    note = string(inner.get("media_type") or inner.get("format") or inner.get("mime_type"))
    return Attachment(string(name) or kind, string(inner.get("url")), note)


def unknown(kind: str, value: object) -> ToolCall:
    """Something that has no place in the model, kept as a folded piece of JSON."""
    return ToolCall("", kind, pretty(value))
