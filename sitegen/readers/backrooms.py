"""Meetings of models: `{"scenario", "participants": {"role1": …}, "messages": [[…], …]}`.

Each round is a list of messages; a scenario has a system prompt for each role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sitegen.model import Block, Text, Transcript
from sitegen.readers.export import Export
from sitegen.readers.messages import read_conversation
from sitegen.readers.values import mapping, sequence, string
from sitegen.text import is_drawn

__all__ = ["FORMAT", "is_backrooms", "read_backrooms"]

FORMAT = "backrooms"


def is_backrooms(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are meetings: rounds of messages, and who plays which role."""
    return any(
        isinstance(sample.get("scenario"), dict)
        and isinstance(sample.get("participants"), dict)
        and any(isinstance(item, list) for item in sequence(sample.get("messages"))[:3])
        for sample in samples
    )


def read_backrooms(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The one transcript of a meeting."""
    scenario, people = mapping(record.get("scenario")), mapping(record.get("participants"))
    prompts = [
        {"role": "system", "content": f"{string(people.get(role)) or role}:\n\n{prompt}"}
        for role, prompt in mapping(scenario.get("system_prompts")).items()
        if string(prompt)
    ]
    shown = {key: value for key, value in record.items() if key != "scenario"}
    shown["messages"] = [prompts, *sequence(record.get("messages"))]
    shown["title"] = string(record.get("title")) or string(scenario.get("name"))
    for key, value in scenario.items():
        if key not in ("name", "system_prompts") and value not in (None, "", [], {}):
            if isinstance(value, (str, int, float)):
                shown[f"scenario: {key}"] = value
            else:
                export.pass_over(f"the field `{key}` of the scenario")
    for transcript in read_conversation(shown, export):
        messages = tuple(
            replace(m, blocks=tuple(map(_kept, m.blocks))) for m in transcript.messages
        )
        yield replace(transcript, format=FORMAT, messages=messages)


def _kept(block: Block) -> Block:
    """A text that is a drawing, as it is: Markdown would take its blanks away."""
    if isinstance(block, Text) and is_drawn(block.markdown):
        return Text(block.markdown, hard_breaks=True, plain=True)
    return block
