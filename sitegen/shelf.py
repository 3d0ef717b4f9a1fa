"""Keeps what was prepared until its page is made, on disk where it is much."""

from __future__ import annotations

import pickle
import tempfile
from typing import IO, TYPE_CHECKING

from sitegen.bulk import Bulk

if TYPE_CHECKING:
    from sitegen.render.messages import Prepared

__all__ = ["Shelf"]

IN_MEMORY = 16_000_000
"""Characters of pages that are kept in memory."""

Place = tuple[str, str]


class Shelf:
    """Prepared transcripts by the path of their source and their key.

    The file has no name where the system allows that, and is gone with the process.
    """

    def __init__(self) -> None:
        self.near: dict[Place, Prepared] = {}
        self.far: dict[Place, tuple[int, int]] = {}
        """Where in the file a thing begins, and its length."""
        self.size = 0
        self.file: IO[bytes] | None = None

    def __del__(self) -> None:
        if self.file is not None:
            self.file.close()

    def put(self, place: Place, prepared: Prepared) -> None:
        """Keep a prepared transcript; a later one takes the place of an earlier."""
        self.size += _size(prepared)
        if self.size <= IN_MEMORY or isinstance(prepared.body, Bulk):  # Which is on disk.
            self.near[place] = prepared
            return
        if self.file is None:
            self.file = tempfile.TemporaryFile(prefix="sitegen-")  # noqa: SIM115
        begin = self.file.seek(0, 2)
        pickle.dump(prepared, self.file, pickle.HIGHEST_PROTOCOL)
        self.near.pop(place, None)
        self.far[place] = begin, self.file.tell() - begin

    def pop(self, place: Place) -> Prepared | None:
        """Take a prepared transcript; None if it was not kept."""
        if place in self.near:
            prepared = self.near.pop(place)
            self.size -= _size(prepared)
            return prepared
        if place not in self.far or self.file is None:
            return None
        begin, length = self.far.pop(place)
        self.file.seek(begin)
        loaded: Prepared = pickle.loads(self.file.read(length))
        return loaded


def _size(prepared: Prepared) -> int:
    body = 0 if isinstance(prepared.body, Bulk) else len(prepared.body)
    return body + len(prepared.lines or "")
