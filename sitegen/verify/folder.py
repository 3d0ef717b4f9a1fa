"""The files of a folder as a mapping from path to bytes, read when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from sitegen.errors import SourceError

__all__ = ["Folder"]


class Folder(Mapping[str, bytes]):
    """Every file below a folder, by its `/`-separated path; links to files are files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        found = dict(sorted(_walk(root, "")))
        self.paths = [path for path, is_file in found.items() if is_file]
        self.known = frozenset(self.paths)
        self.odd = tuple(path for path, is_file in found.items() if not is_file)
        """What cannot be read as a file: links to folders or to nothing, pipes, devices."""

    def __getitem__(self, path: str) -> bytes:
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError:
            raise KeyError(path) from None
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}", path=path) from error

    def __contains__(self, path: object) -> bool:
        return path in self.known

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, bool]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry.is_file()
