"""Bytes of the site's files; those of very large ones wait on disk until they are written."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, TypeAlias

from sitegen.errors import OutputError

__all__ = ["Blob", "Bulk", "digest_of", "gather", "holds", "pieces_of", "to_bytes"]

IN_MEMORY = 8_000_000
"""Bytes of one file that are held in memory."""

PIECE = 1 << 20


class Bulk:
    """Many bytes, in a file that has no name and is gone with the process."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        """Write the pieces.

        Raises:
            OutputError: there is no room for them.
        """
        self.file: IO[bytes] | None = None
        try:
            self.file = tempfile.TemporaryFile(prefix="sitegen-")  # noqa: SIM115
            self.file.writelines(pieces)
            self.file.flush()
        except OSError as error:
            raise OutputError(
                f"a large file cannot wait here: {error.strerror or error}",
                path=tempfile.gettempdir(),
                hint="TMPDIR may name a folder with more room",
            ) from error

    def __del__(self) -> None:
        if self.file is not None:
            self.file.close()

    def __reduce__(self) -> tuple[type[Bulk], tuple[tuple[bytes, ...]]]:
        """To another process it goes by its bytes."""
        return Bulk, (tuple(self),)

    def __len__(self) -> int:
        assert self.file is not None
        return os.fstat(self.file.fileno()).st_size

    def __iter__(self) -> Iterator[bytes]:
        """The bytes, a piece at a time."""
        assert self.file is not None
        self.file.seek(0)
        while piece := self.file.read(PIECE):
            yield piece


Blob: TypeAlias = bytes | Bulk
"""The bytes of one file, wherever they are."""


def gather(pieces: Iterable[bytes]) -> Blob:
    """All pieces as one; on disk if they are many."""
    rest = iter(pieces)
    held: list[bytes] = []
    size = 0
    for piece in rest:
        held.append(piece)
        size += len(piece)
        if size > IN_MEMORY:
            return Bulk(_chained(held, rest))
    return b"".join(held)


def _chained(held: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    yield b"".join(held)
    held.clear()
    yield from rest


def pieces_of(blob: Blob) -> Iterable[bytes]:
    """The bytes a piece at a time; those in memory are one."""
    return (blob,) if isinstance(blob, bytes) else blob


def to_bytes(blob: Blob) -> bytes:
    """All of the bytes, in memory."""
    return b"".join(pieces_of(blob))


def holds(blob: Blob, sign: bytes) -> bool:
    """Whether some bytes occur in it."""
    before = b""
    for piece in pieces_of(blob):
        near = before + piece
        if sign in near:
            return True
        before = near[-len(sign) :]
    return False


def digest_of(blob: Blob) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    digest = hashlib.sha256()
    for piece in pieces_of(blob):
        digest.update(piece)
    return digest.hexdigest()
