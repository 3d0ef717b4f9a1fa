"""Logs of Inspect, the UK AI Security Institute's framework: a transcript for each sample.

Source: inspect.aisi.org.uk/eval-logs.html and the models of the package: an EvalLog has a
version, a status, `eval` and `samples`; a sample's texts may stand in its `attachments`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sitegen.model import Transcript
from sitegen.readers.export import Export
from sitegen.readers.messages import read_conversation
from sitegen.readers.values import mapping, pretty, sequence, string
from sitegen.urls import slugify

__all__ = ["FORMAT", "LogHead", "is_inspect", "read_inspect", "read_log", "read_sample"]

FORMAT = "inspect"

PREFIXES = ("attachment://", "tc://")
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class LogHead:
    """What a log says of all its samples."""

    task: str
    """The task: `security_guide`."""
    model: str
    """The model under test: `openai/gpt-4o`."""
    created: str
    """When the run began, ISO 8601."""
    extra: tuple[tuple[str, str], ...]
    """Further facts for the head of each page."""


def is_inspect(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are logs of an evaluation."""
    return any(
        "task" in mapping(sample.get("eval"))
        and "status" in sample
        and ("samples" in sample or "plan" in sample)
        for sample in samples
    )


def read_inspect(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """A transcript of each sample of a log in JSON."""
    about = read_log(record)
    samples = sequence(record.get("samples"))
    for index, sample in enumerate(samples):
        if len(samples) > 1:
            export.index = index
        yield from read_sample(mapping(sample), about, export)
    if not samples:
        export.finder.warn("the log holds no samples", export.line)


def read_log(log: Mapping[str, Any]) -> LogHead:
    """The head of a log."""
    about = mapping(log.get("eval"))
    dataset = mapping(about.get("dataset"))
    extra = (
        ("Task", string(about.get("task"))),
        ("Model", string(about.get("model"))),
        ("Dataset", string(dataset.get("name"))),
        ("Status", string(log.get("status"))),
        ("Error of the run", string(mapping(log.get("error")).get("message"))),
    )
    return LogHead(
        string(about.get("task")),
        string(about.get("model")),
        string(about.get("created")),
        tuple(pair for pair in extra if pair[1]),
    )


def read_sample(sample: Mapping[str, Any], about: LogHead, export: Export) -> Iterator[Transcript]:
    """The transcript of one sample; none if it holds no messages."""
    kept = mapping(sample.get("attachments"))
    messages = [
        _message(mapping(_resolved(m, kept)), about) for m in sequence(sample.get("messages"))
    ]
    id, epoch = string(sample.get("id")) or "sample", string(sample.get("epoch"))
    title = f"{about.task}: {id}" + (f" (epoch {epoch})" if epoch not in ("", "1") else "")
    for key in ("events", "store", "output", "input", "metadata", "choices", "files", "setup"):
        if sample.get(key) and (key != "input" or not messages):
            export.pass_over(f"a sample's `{key}`")
    if not messages:
        export.finder.warn(f"sample {id} holds no messages", export.line)
        return
    record = {"messages": messages, "title": title}
    extra = (
        *about.extra,
        ("Sample", id),
        ("Epoch", epoch),
        ("Target", _one_line(sample.get("target"))),
        *_scores(sample),
        ("Error", string(mapping(sample.get("error")).get("message"))),
        ("Limit", string(mapping(sample.get("limit")).get("type"))),
    )
    started = export.at(sample.get("started_at")) or export.at(about.created)
    slug = slugify(f"{export.stem}-{id}-{epoch}") if export.index is not None else export.stem
    for transcript in read_conversation(record, export):
        yield replace(
            transcript,
            format=FORMAT,
            slug=slug,
            started=started,
            ended=export.at(sample.get("completed_at")) or transcript.ended,
            extra=tuple(pair for pair in extra if pair[1]),
        )


def _scores(sample: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, score in mapping(sample.get("scores")).items():
        about = mapping(score)
        text = _one_line(about.get("value"))
        if explanation := _one_line(about.get("explanation")):
            text += f": {explanation}"
        yield f"Score ({name})", text


def _one_line(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_one_line(item) for item in value)
    return " ".join(pretty(value).split()) if value not in (None, "") else ""


def _resolved(value: object, kept: Mapping[str, Any], depth: int = 0) -> object:
    """The value with the texts that stand among the sample's attachments put in place."""
    if isinstance(value, str):
        for prefix in PREFIXES:
            if value.startswith(prefix):
                found = kept.get(value.removeprefix(prefix))
                return found if isinstance(found, str) else value
        return value
    if depth > MAX_DEPTH:
        return value
    if isinstance(value, list):
        return [_resolved(item, kept, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key: _resolved(item, kept, depth + 1) for key, item in value.items()}
    return value


def _message(said: Mapping[str, Any], about: LogHead) -> Mapping[str, Any]:
    """A message as OpenAI's shape has it, of which Inspect's is a relative."""
    calls = []
    for item in sequence(said.get("tool_calls")):
        call = mapping(item)
        given = call.get("arguments")
        calls.append(
            {
                "id": call.get("id"),
                "function": {"name": call.get("function"), "arguments": given},
            }
        )
    content = said.get("content")
    if isinstance(content, list):
        content = [_part(part) for part in content]
    error = mapping(said.get("error"))
    if error:
        content = "\n".join(filter(None, (pretty(content), string(error.get("message")))))
    kept = {key: said[key] for key in ("role", "tool_call_id", "timestamp") if key in said}
    model = string(said.get("model")) or about.model
    voice = {"model": model} if said.get("role") == "assistant" and model else {}
    return {**kept, **voice, "content": content, "tool_calls": calls, "is_error": bool(error)}


def _part(part: object) -> object:
    """A part of a message, those that Inspect writes in a way of its own made common."""
    about = mapping(part)
    if about.get("type") == "image" and isinstance(about.get("image"), str):
        return {"type": "image_url", "image_url": {"url": about["image"]}}
    return part
