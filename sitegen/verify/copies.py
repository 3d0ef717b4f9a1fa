"""The other forms of a transcript against its record: data, plain text, the source's lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from sitegen.errors import Diagnostic, Severity
from sitegen.verify.record import ReadRecord, name_of

__all__ = ["check_copies"]

DATA, TEXT, SOURCE, CANONICAL, LINES = (
    *("transcript.json", "transcript.txt", "source.txt", "transcript.md", "source.html"),
)
LINE = re.compile(r'<li id="L([0-9]+)">(?:<a [^<>]*>[^<>]*</a>)?([^<>]*)</li>\n?')
LIST = re.compile(r'<ol class="lines">\n(.*)\n</ol>', re.DOTALL)
TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-Z\\-_])")
NOT_SHOWN = re.compile(r"⟨U\+[0-9A-F]{4,6}⟩|[^\w\s]|_|\s", re.UNICODE)


def check_copies(
    files: Mapping[str, bytes], folder: str, record: ReadRecord
) -> Iterator[Diagnostic]:
    """Say where the files beside a transcript's page do not hold what its record does."""
    checks = {DATA: _check_data, TEXT: _check_text}
    for name, check in checks.items():
        if (path := f"{folder}/{name}") in files:
            for what in check(files[path], record):
                yield Diagnostic(Severity.ERROR, what, path)
    for path in (f"{folder}/{LINES}", f"{folder}/source/index.html"):
        if path in files:
            original = SOURCE if record.source_digest else CANONICAL
            data = files.get(f"{folder}/{original}")
            for what in _check_lines(files[path], data) if data is not None else ():
                yield Diagnostic(Severity.ERROR, what, path)


def _check_data(data: bytes, record: ReadRecord) -> Iterator[str]:
    """The transcript as data: its title, and of each message who, when and what."""
    try:
        document = json.loads(data.decode("utf-8"))
        messages = [_essence(message, "content") for message in document["messages"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield "is not a transcript"
        return
    if document.get("title") != record.head.get("title"):
        yield "has another title than the record"
    if tuple(document.get("labels", ())) != record.labels:
        yield "has other labels than the record"
    known = [_essence(message, "blocks") for message in record.messages]
    for place, message in enumerate(record.messages):
        if place >= len(messages):
            yield f"{name_of(message, place + 1)} is missing"
        elif messages[place] != known[place]:
            yield f"{name_of(message, place + 1)} differs from the record"
    if len(messages) > len(known):
        yield f"message {len(known) + 1} is not in the record"


def _essence(message: dict[str, Any], blocks: str) -> tuple[object, ...]:
    """What both forms say of a message."""
    said = [
        (block.get("type"), *(block.get(name, "") for name in ("markdown", "text", "input", "src")))
        for block in message.get(blocks, ())
    ]
    at = str(message.get("at") or "").replace("Z", "+00:00")
    return message.get("number"), message.get("speaker", ""), at, said


def _check_text(data: bytes, record: ReadRecord) -> Iterator[str]:
    """The plain text: each message in order, under its number and its speaker."""
    text = data.decode("utf-8", "replace")
    at = 0
    for place, message in enumerate(record.messages, 1):
        heading = f"\n[{message.get('number')}] {message.get('speaker', '')}".rstrip()
        texts = [str(b.get("markdown", "")).strip("\n") for b in message.get("blocks", ())]
        for part in (heading, *texts):
            found = text.find(part, at)
            if found < 0:
                yield f"{name_of(message, place)} differs from the record"
                return
            at = found + len(part)


def _check_lines(page: bytes, original: bytes) -> Iterator[str]:
    """The page of the source's lines, by letters and digits."""
    listed = LIST.search(page.decode("utf-8", "replace"))
    try:
        text = original.decode("utf-8-sig")
    except UnicodeDecodeError:
        return  # Of another encoding: what is shown was guessed.
    if not listed:
        return  # Too long to be shown.
    text = TERMINAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).removesuffix("\n")
    shown = LINE.findall(listed[1])
    if LINE.sub("", listed[1]).strip():
        yield "has more among its lines than lines"
    for number, line in enumerate(text.split("\n"), 1):
        if number > len(shown):
            yield f"line {number} is missing"
            return
        name, said = shown[number - 1]
        if int(name) != number or _letters(unescape(said)) != _letters(line):
            yield f"line {number} differs from the file"
            return
    if len(shown) > text.count("\n") + 1:
        yield f"line {text.count(chr(10)) + 2} is not in the file"


def _letters(text: str) -> str:
    return NOT_SHOWN.sub("", text)
