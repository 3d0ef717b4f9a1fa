"""Writes a transcript in one form that a person can edit, and that reads back the same.

The form is the model format with front matter; `readers/canonical.py` says what it adds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from sitegen.model import (
    Attachment,
    Block,
    Commitment,
    Image,
    Message,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
    text_of,
)
from sitegen.readers.canonical import HARD, JSON, NONE, PREAMBLE, SPEAKER
from sitegen.readers.head import HEADER, TITLE
from sitegen.readers.marks import format_marks, is_plain, quote
from sitegen.text import visible

__all__ = ["markdown_pieces", "message_lines", "to_markdown"]

OWN_HEADERS = frozenset(["started", "ended", "messages", "boundary"])
RULE = re.compile(r"^(-{3,})[ \t]*$", re.MULTILINE)
TICKS = re.compile(r"^`{3,}", re.MULTILINE)
SIMPLE = re.compile(r"[A-Za-z](?:[\w ,.;'()/-]*[A-Za-z0-9_.)])", re.ASCII)
"""Text that YAML takes as it stands, on one line and without a sign of its own."""

WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "null"])
"""What YAML takes for something else than text."""

HELD = 4_000_000
"""Characters of messages that are written once; those after them are written anew when it is
known how long the rule between messages must be."""

NOBODY = "(nobody)"
"""What the heading says where the speaker's name cannot stand in one."""


def to_markdown(transcript: Transcript) -> str:
    """The transcript in the canonical form, ending in a line end.

    Reading it gives the same title, texts, blocks, speakers, times, tags and headers; what
    belongs to the file it came from (its path, its format, the lines) is not in it.
    """
    return "".join(markdown_pieces(transcript))


def markdown_pieces(transcript: Transcript) -> Iterator[str]:
    """The same in pieces, so that of a very long transcript it is never held whole."""
    preamble = _preamble(transcript.preamble) if transcript.preamble else ""
    longest = _longest_rule(preamble)
    held: list[str] = []
    size = 0
    for message in transcript.messages:
        text = _message(message)
        longest = max(longest, _longest_rule(text))
        if size < HELD:
            held.append(text)
            size += len(text)
    boundary = "-" * (longest + 1)
    yield _front_matter(transcript)
    yield "\n".join(_head(transcript, boundary))
    end = f"\n\n{boundary}\n"
    if preamble:
        yield f"{end}\n{preamble}"
    for text in chain(held, map(_message, transcript.messages[len(held) :])):
        yield f"{end}\n{text}"
    yield end


def _longest_rule(text: str) -> int:
    """The length of the longest line of dashes, at least 2."""
    return max(map(len, RULE.findall(text)), default=2)


def message_lines(markdown: str, count: int) -> tuple[int, ...]:
    """The 1-based line on which each of the `count` messages of a canonical text begins."""
    lines = markdown.removesuffix("\n").split("\n")
    boundary = lines[-1]
    # The last stands below the last message; front matter, far above, may have the same line.
    ends = [number for number, line in enumerate(lines, 1) if line == boundary]
    return tuple(end + 2 for end in ends[-count - 1 : -1])


def _front_matter(transcript: Transcript) -> str:
    """What the headers of the model format have no place for."""
    fields: dict[str, Any] = {}
    if not _is_line(f"# {transcript.title}", TITLE, transcript.title):
        fields["title"] = transcript.title
    fields["slug"] = transcript.slug
    for name in ("summary", "note", "language"):
        if value := getattr(transcript, name):
            fields[name] = value
    for name in ("tags", "labels"):
        if values := getattr(transcript, name):
            fields[name] = list(values)
    people = [
        {key: value for key in ("name", "role", "model") if (value := getattr(person, key))}
        for person in transcript.participants
        if person.role or person.model
    ]
    if people:
        fields["participants"] = people
    if transcript.commitments:
        fields["commitments"] = [_commitment(item) for item in transcript.commitments]
    if transcript.draft:
        fields["draft"] = "true"
    if transcript.noindex:
        fields["noindex"] = "true"
    return f"---\n{_yaml(fields)}---\n\n"


def _commitment(item: Commitment) -> dict[str, str]:
    """A commitment as the front matter states it; bytes in hexadecimal, which holds any."""
    fields = {
        "algorithm": item.algorithm,
        "digest": item.digest,
        "message": str(item.message),
        "reveal": str(item.reveal or ""),
        "value_hex": (item.value or b"").hex(),
        "salt_hex": item.salt.hex(),
        "rule": item.rule,
    }
    kept = {key: value for key, value in fields.items() if value}
    return {**kept, "value": ""} if item.value == b"" else kept


def _yaml(fields: Mapping[str, Any]) -> str:
    """Fields as YAML. Most are simple, and then ten times as quick to write as by its library."""
    values = [v for value in fields.values() for v in (value if type(value) is list else [value])]
    if all(type(v) is str and SIMPLE.fullmatch(v) and v.lower() not in WORDS for v in values):
        return "".join(
            f"{key}: {value}\n"
            if type(value) is str
            else f"{key}:\n" + "".join(f"- {item}\n" for item in value)
            for key, value in fields.items()
        )
    import yaml

    text: str = yaml.dump(
        fields, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=1_000_000
    )
    return text


@lru_cache(maxsize=1)  # Making a class takes as long as writing a message.
def _dumper() -> Any:
    """Writes YAML whose long texts stand in lines as people write them."""
    import yaml

    class Dumper(yaml.SafeDumper):
        pass

    def represent(dumper: Any, text: str) -> Any:
        style = "|" if "\n" in text else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, represent)
    return Dumper


def _head(transcript: Transcript, boundary: str) -> Iterator[str]:
    if _is_line(f"# {transcript.title}", TITLE, transcript.title):
        yield f"# {transcript.title}"
        yield ""
    for name in ("started", "ended"):
        if moment := getattr(transcript, name):
            yield f"**{name.title()}:** {_moment(moment)}"
    for key, value in transcript.extra:
        line = f"**{key}:** {value}".rstrip(" ")
        match = HEADER.fullmatch(line)
        same = match and (match[1].strip(), match[2].strip()) == (key, value)
        if same and key.lower() not in OWN_HEADERS and visible(line) == line:
            yield line
        else:
            yield f"<!-- header={quote(key)} value={quote(value)} -->"
    yield f"**Messages:** {len(transcript.messages)}"
    yield f"**Boundary:** {boundary}"


def _preamble(text: str) -> str:
    if is_plain(text):
        return f"<!-- {PREAMBLE} -->\n\n{text}"
    return f"<!-- {PREAMBLE} {JSON} -->\n\n{quote(text)}"


def _message(message: Message) -> str:
    marks = {"role": message.role}
    heading, speaker = message.speaker, ""
    if not _is_line(f"### {heading}", SPEAKER, heading):
        # An empty name says something too, and is written.
        heading, speaker = NOBODY, f"speaker={quote(heading)} "
    marks["at"] = _moment(message.at) if message.at else ""
    marks["offset"] = repr(message.offset) if message.offset is not None else ""
    marks["marks"] = _lines(message.marks)
    marks["reply_to"] = str(message.reply_to) if message.reply_to else ""
    marks["id"] = message.id
    body = _body(message.blocks, marks)
    written = (speaker + format_marks(marks)).rstrip()
    comment = f"\n<!-- {written} -->" if written else ""
    return f"### {heading}{comment}\n\n{body}"


def _lines(words: Sequence[str]) -> str:
    """Texts, one a line; as a JSON list where lines would not tell them apart."""
    plain = all(word and "\n" not in word and word[0] != "[" for word in words)
    return "\n".join(words) if plain else json.dumps(words, ensure_ascii=False)


def _is_line(line: str, pattern: re.Pattern[str], value: str) -> bool:
    """Whether a line says a value and nothing else when it is read back."""
    match = pattern.fullmatch(line)
    return match is not None and match[1].rstrip() == value and visible(value) == value


def _body(blocks: Sequence[Block], marks: dict[str, str]) -> str:
    """The text of a message; notes in its marks how it is to be read."""
    if not blocks:
        marks["blocks"] = NONE
        return ""
    if len(blocks) == 1 and isinstance(blocks[0], Text) and is_plain(blocks[0].markdown):
        marks.update(_manner(blocks[0]))
        return blocks[0].markdown
    texts = [block for block in blocks if isinstance(block, Text)]
    manner = _manner(texts[0]) if texts else {}
    marks.update(manner)
    ticks = [run for block in blocks for run in TICKS.findall(_content(block))]
    mark = marks["fence"] = "`" * (max((len(run) for run in ticks), default=2) + 1)
    pieces: list[str] = []
    bare = False
    for block in blocks:
        # Two texts in a row would run together, and blank ends would be lost.
        bare = not bare and _may_stand_bare(block, manner)
        pieces.append(_content(block) if bare else _fenced(block, mark))
    return "\n\n".join(pieces)


def _manner(text: Text) -> dict[str, str]:
    return {"breaks": HARD if text.hard_breaks else "", "markup": NONE if text.plain else ""}


def _may_stand_bare(block: Block, manner: dict[str, str]) -> bool:
    if not isinstance(block, Text) or _manner(block) != manner:
        return False
    text = block.markdown
    return bool(text.strip()) and is_plain(text) and text.strip("\n") == text


def _content(block: Block) -> str:
    """What stands between the fences."""
    match block:
        case Image():
            return block.src
        case Attachment():
            return block.href
        case _:
            return text_of(block)


def _fenced(block: Block, mark: str) -> str:
    text, marks = _content(block), _marks(block)
    if not is_plain(text):
        text, marks["as"] = quote(text), JSON
    opening = f"{mark}{LABELS[type(block)]} {format_marks(marks)}".rstrip(" ")
    return f"{opening}\n{text}\n{mark}"


def _marks(block: Block) -> dict[str, str]:
    match block:
        case Text():
            return _manner(block)
        case ToolCall():
            return {"name": block.name, "id": block.id, "language": block.language}
        case ToolResult():
            return {"id": block.call_id, "error": "yes" if block.is_error else ""}
        case Image():
            return {"alt": block.alt}
        case Attachment():
            return {"name": block.name, "note": block.note}
        case Thinking():
            return {}


LABELS: dict[type, str] = {
    Text: "text",
    Thinking: "thinking",
    ToolCall: "tool-call",
    ToolResult: "tool-result",
    Image: "image",
    Attachment: "attachment",
}


def _moment(moment: datetime) -> str:
    """ISO 8601, with the zone's name behind it where there is one (RFC 9557)."""
    key = getattr(moment.tzinfo, "key", "")
    if moment.tzinfo is UTC or key in ("", "UTC"):
        return moment.isoformat()
    return f"{moment.isoformat()}[{key}]"
