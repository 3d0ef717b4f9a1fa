"""The bytes of a source as records of JSON: lines, or the elements of an array, one at a time.

An export may be larger than memory: no more of it is held than the record at hand.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from sitegen.errors import SourceError
from sitegen.readers.decode import decode

__all__ = [
    "CHUNK",
    "Content",
    "Record",
    "as_utf8",
    "decode_record",
    "is_archive",
    "line_records",
    "looks_like_json",
    "split_array",
]

CHUNK = 1 << 20
MAX_RECORD = 128 << 20
"""Bytes of one record; a longer one is a bracket that is never closed."""

BRACKET = re.compile(
    rb"""[^"{}\[\]]*+(?:"(?:[^"\\]++|\\.)*+"[^"{}\[\]]*+)*+([{}\[\]])""", re.DOTALL
)
"""Everything up to the next bracket that is not within a string; never goes back."""

JSON = re.compile(rb'\s*(?:\{\s*(?:"|\})|\[\s*(?:[\[{\]"]))')
GAP = re.compile(rb"\s*,?\s*")


@dataclass(frozen=True, slots=True)
class Content:
    """What a source holds: bytes in memory, or a file that is read when it is needed."""

    data: bytes | None
    """The bytes; None to read them from the file."""
    path: str = ""
    """Where the file is."""

    def open(self) -> BinaryIO:
        """The content as a file, open for reading.

        Raises:
            OSError: it cannot be read.
        """
        return open(self.path, "rb") if self.data is None else io.BytesIO(self.data)  # noqa: PTH123

    def head(self, size: int = CHUNK) -> bytes:
        """The first bytes, without a byte order mark."""
        with self.open() as file:
            return file.read(size).removeprefix(codecs.BOM_UTF8)

    def read(self) -> bytes:
        """All of it."""
        if self.data is not None:
            return self.data
        with self.open() as file:
            return file.read()


def as_utf8(content: Content) -> Content:
    """The same content in UTF-8, where its mark says that it is UTF-16."""
    with content.open() as file:
        mark = file.read(2)
    if mark not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return content
    try:
        return Content(content.read().decode("utf-16").encode())
    except UnicodeError:
        return content  # Whoever reads it will say what it is.


def is_archive(head: bytes) -> bool:
    """Whether bytes begin as a ZIP archive, which may be empty."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def looks_like_json(head: bytes) -> bool:
    """Whether bytes begin as an object or an array of JSON."""
    return bool(JSON.match(head.removeprefix(codecs.BOM_UTF8)))


@dataclass(frozen=True, slots=True)
class Record:
    """A line, or an element of an array."""

    index: int
    """0-based place among the records."""
    line: int
    """1-based line of the source on which it begins."""
    raw: bytes
    """Its JSON."""


def line_records(content: Content, name: str) -> Iterator[Record]:
    """The lines that are not blank.

    Raises:
        SourceError: a line is too long.
    """
    index = number = 0
    with content.open() as file:
        while line := file.readline(MAX_RECORD + 1):
            number += 1
            if len(line) > MAX_RECORD:
                raise SourceError(f"a line of over {MAX_RECORD >> 20} MB", path=name, line=number)
            raw = (line.removeprefix(codecs.BOM_UTF8) if number == 1 else line).strip()
            if raw:
                yield Record(index, number, raw)
                index += 1


def split_array(content: Content, opening: re.Pattern[bytes], name: str) -> Iterator[Record]:
    """The elements of the array that begins where `opening` ends, at the file's start.

    Raises:
        SourceError: the file ends within the array, an element is too large, or something
            that is no object or array stands between elements.
    """
    with content.open() as file:
        yield from _Splitter(file, name).run(opening)


class _Splitter:
    """Follows the brackets of a file; `buffer` begins at the element at hand."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.file = file
        self.name = name
        self.buffer = file.read(CHUNK).removeprefix(codecs.BOM_UTF8)
        self.line = 1

    def run(self, opening: re.Pattern[bytes]) -> Iterator[Record]:
        begin = opening.match(self.buffer)
        if not begin:
            return
        self._drop(begin.end())
        depth, position, start, index = 1, 0, 0, 0
        while depth:
            found = BRACKET.match(self.buffer, position)
            if not found:
                self._drop(start)
                position -= start
                start = 0
                self._more(position)
                continue
            if depth == 1:
                start = self._gap(position, found.start(1))
            position = found.end()
            depth += 1 if found[1] in b"{[" else -1
            if depth == 1:
                line = self.line + self.buffer.count(b"\n", 0, start)
                yield Record(index, line, self.buffer[start:position])
                index += 1
                self._drop(position)
                position = start = 0

    def _gap(self, begin: int, end: int) -> int:
        """Where the next element begins, after nothing but a comma and space."""
        if not GAP.fullmatch(self.buffer, begin, end):
            stray = self.buffer[begin:end].strip(b" \t\r\n,")[:40].decode(errors="replace")
            raise SourceError(
                f"not valid JSON for a list of conversations: `{stray}` stands between them",
                path=self.name,
                line=self._line_at(begin),
            )
        return end

    def _drop(self, count: int) -> None:
        self.line += self.buffer.count(b"\n", 0, count)
        self.buffer = self.buffer[count:]

    def _more(self, position: int) -> None:
        """Read on; more at a time the longer the record is, so that the effort stays linear."""
        if len(self.buffer) > MAX_RECORD:
            raise SourceError(
                f"a conversation of over {MAX_RECORD >> 20} MB, or a bracket is not closed",
                path=self.name,
                line=self.line,
            )
        chunk = self.file.read(max(CHUNK, len(self.buffer) - position))
        if not chunk:
            raise SourceError(
                "not valid JSON: the file ends before the last conversation does",
                path=self.name,
                line=self._line_at(len(self.buffer)),
                hint="it may be cut off: export or download it again",
            )
        self.buffer += chunk

    def _line_at(self, position: int) -> int:
        return self.line + self.buffer.count(b"\n", 0, position)


def decode_record(raw: bytes, name: str, line: int = 1) -> object:
    """The value of a record; text that is not UTF-8 is read as other sources are.

    Raises:
        SourceError: it is not JSON.
    """
    try:
        raw.decode()
    except UnicodeDecodeError:
        raw = decode(raw, name)[0].encode()
    try:
        return msgspec.json.decode(raw)
    except RecursionError as error:
        raise SourceError("JSON nested too deep to be read", path=name, line=line) from error
    except msgspec.MsgspecError as error:
        # Python's own exporters write NaN, and halves of surrogate pairs.
        try:
            value: object = json.loads(raw)
        except (ValueError, RecursionError):
            raise _broken(error, raw, name, line) from error
        return value


def _broken(error: Exception, raw: bytes, name: str, line: int) -> SourceError:
    place = re.search(r"\(byte (\d+)\)", str(error))
    at = int(place[1]) if place else len(raw)
    problem = re.sub(r"\s*\(byte \d+\)", "", str(error)).removeprefix("JSON is malformed: ")
    return SourceError(
        f"not valid JSON: {problem[:1].lower()}{problem[1:]}",
        path=name,
        line=line + raw.count(b"\n", 0, at),
        hint="it may be cut off: export or download it again",
    )
