"""Large files in pieces, each of which is read by itself: memory holds but a few of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sitegen.errors import SourceError
from sitegen.model import Source, Transcript

# The readers of exports are much to load; only a large file needs them here.
if TYPE_CHECKING:
    from sitegen.readers.assemble import Finder
    from sitegen.readers.content import Record
    from sitegen.readers.exports import ReadRecord

__all__ = ["Piece", "digest_of", "is_large", "read_piece", "split"]

LARGE = 8_000_000
"""Files of more bytes are read piece by piece."""

PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Some conversations of a file, or the whole of a file that is one conversation."""

    read_record: ReadRecord | None
    """What reads its records; None if the file must be read as a whole."""
    records: tuple[Record, ...] = ()
    """The conversations, as they stand in the file."""

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        return sum(len(record.raw) for record in self.records)

    @property
    def data(self) -> bytes:
        """Its bytes, without what stands between them."""
        return b"\n".join(record.raw for record in self.records)


def is_large(source: Source) -> bool:
    """Whether a file is better read in pieces.

    Raises:
        SourceError: it is not there.
    """
    try:
        return os.stat(source.path).st_size > LARGE  # noqa: PTH116 (a Path costs more)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", path=source.name) from error


def digest_of(source: Source) -> str:
    """SHA-256 of a file's bytes, in hexadecimal, read piece by piece.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        with open(source.path, "rb") as file:  # noqa: PTH123
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", path=source.name) from error


def split(source: Source) -> Iterator[Piece]:
    """The pieces of a large file, in order.

    Raises:
        SourceError: the file is broken after the last piece, or cannot be read.
    """
    from sitegen.readers.content import Content, as_utf8
    from sitegen.readers.exports import open_export

    try:
        content = Content(None, source.path)
        package = open_export(content, source.name) if as_utf8(content) is content else None
        if package is None or package.read_record is None or not package.is_many:
            yield Piece(None)
            return
        batch: list[Record] = []
        size = 0
        for record in package.records(source.name):
            batch.append(record)
            size += len(record.raw)
            if size >= PIECE_BYTES:
                yield Piece(package.read_record, tuple(batch))
                batch, size = [], 0
        if batch:
            yield Piece(package.read_record, tuple(batch))
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", path=source.name) from error


def read_piece(
    piece: Piece, source: Source, slug: str, timezone: str, finder: Finder
) -> Iterator[Transcript]:
    """The transcripts of some conversations.

    Raises:
        SourceError: one is broken; those before it have been read.
    """
    from sitegen.readers.export import Export
    from sitegen.readers.exports import read_one

    assert piece.read_record
    export = Export(source, timezone, finder, slug)
    for record in piece.records:
        yield from read_one(piece.read_record, record, True, export)
