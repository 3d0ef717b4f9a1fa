"""Files that transcripts show or link to, found beside them and made safe to serve.

Nothing outside the content folder is ever reached, nothing through a symbolic link, nothing
hidden, and no transcript itself. What a file is, its bytes say: only raster pictures are
shown; whatever a browser could run is served as plain text or not at all.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from sitegen.model import LocalFile, Source
from sitegen.pictures import HEAD_BYTES, identify
from sitegen.readers import is_data, is_text
from sitegen.urls import slugify

__all__ = ["TRANSCRIPT", "Attachments", "Found", "file_path"]

HEAVY_BYTES = 5_000_000
"""A larger file is worth a warning: readers must load it."""

MOST_BYTES = 100_000_000
"""A larger file is not published: hosts of static sites refuse it."""

SAFE = frozenset(
    [
        *("pdf", "zip", "gz", "tar", "7z", "epub", "csv", "ics", "vcf", "gpx"),
        *("doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "rtf"),
        *("mp3", "m4a", "aac", "ogg", "oga", "opus", "flac", "wav", "amr"),
        *("mp4", "m4v", "mov", "webm", "mkv", "3gp", "heic", "heif", "avif", "tif", "tiff", "bmp"),
    ]
)
"""Endings that no browser runs; a file with another is served as text or as bytes."""

RUNS = re.compile(rb"\s*(?:<[!?a-zA-Z])")
"""How files begin that a browser may take for a page."""

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]|#|\?")
POINTER = re.compile(r"(?:file-service|sediment)://([A-Za-z0-9_-]{6,100})\Z")
"""How ChatGPT's exports name a file that lies beside them, its name longer by an ending."""

MISSING = "is not there"
TRANSCRIPT = "may be a transcript itself; not copied"
NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a reference to a file."""

    file: LocalFile | None = None
    """The file, if it can be published."""
    problem: str = ""
    """What is wrong with it; also of one that can be published, if it is heavy."""

    @property
    def is_there(self) -> bool:
        """Whether there is a file, whatever is wrong with it."""
        return self.problem != MISSING

    @property
    def digest(self) -> str:
        """By what it is known again: its bytes, or why there are none."""
        return self.file.digest if self.file else self.problem


def file_path(content: str, file: LocalFile) -> str:
    """Where a file of the content folder can be read."""
    return os.path.join(content, *file.rel.split("/"))  # noqa: PTH118


class Attachments:
    """The files beside the sources of a content folder; looks at each one once."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.known: dict[str, Found] = {}
        self.folders: dict[str, tuple[str, ...]] = {}

    def find(self, source: Source, href: str) -> Found | None:
        """What a reference in a source leads to; None if it names no file beside it."""
        rel = self._place(source, href)
        if rel is None:
            return None
        if rel not in self.known:
            self.known[rel] = self._look(rel)
        return self.known[rel]

    def _place(self, source: Source, href: str) -> str | None:
        """The place in the content folder that a reference names."""
        folder = source.rel.rpartition("/")[0]
        if pointer := POINTER.match(href):
            return self._pointed(folder, pointer[1])
        path = unquote(href)
        if not path.strip() or SCHEME.match(path) or "\0" in path:
            return None
        parts: list[str] = folder.split("/") if folder else []
        for part in path.split("/"):
            if part == "..":
                if not parts:
                    return "../"  # Refused where it is looked at.
                parts.pop()
            elif part not in ("", "."):
                parts.append(part)
        return "/".join(parts) or None

    def _pointed(self, folder: str, id: str) -> str:
        """The file whose name begins with an id, in a folder or in those in it."""
        for name in self._names(folder):
            if name.rpartition("/")[2].startswith((f"{id}-", f"{id}.", f"{id}_")):
                return name
        return f"{folder}/{id}" if folder else id

    def _names(self, folder: str) -> tuple[str, ...]:
        if folder not in self.folders:
            names = []
            for sub in ("", *sorted(self._entries(folder, folders=True))):
                place = "/".join(filter(None, (folder, sub)))
                names += [f"{place}/{name}".lstrip("/") for name in self._entries(place)]
            self.folders[folder] = tuple(names)
        return self.folders[folder]

    def _entries(self, folder: str, *, folders: bool = False) -> list[str]:
        try:
            with os.scandir(os.path.join(self.content, folder)) as entries:  # noqa: PTH118
                return sorted(e.name for e in entries if e.is_dir(follow_symlinks=False) == folders)
        except OSError:
            return []

    def _look(self, rel: str) -> Found:
        """Look at a place in the content folder."""
        parts = rel.split("/")
        if parts[0] == "..":
            return Found(problem="is outside the content folder; not copied")
        if any(part.startswith(".") or "\\" in part or ":" in part for part in parts):
            return Found(problem="is hidden, or has a name that is no file's; not copied")
        if is_text(rel) or is_data(rel):
            return Found(problem=TRANSCRIPT)
        path = self.content
        status = None
        try:
            for part in parts:
                path = os.path.join(path, part)  # noqa: PTH118
                status = os.lstat(path)
                if stat.S_ISLNK(status.st_mode):
                    return Found(problem="is or lies behind a symbolic link; not copied")
            if status is None or not stat.S_ISREG(status.st_mode):
                return Found(problem=MISSING)
            if status.st_size > MOST_BYTES:
                return Found(problem=f"is over {MOST_BYTES // 1_000_000} MB; not copied")
            with open(path, "rb") as file:  # noqa: PTH123
                head = file.read(HEAD_BYTES)
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return Found(problem=MISSING)
        return _describe(rel, head, status.st_size, digest)


def _describe(rel: str, head: bytes, size: int, digest: str) -> Found:
    """The file as it will be served."""
    given = PurePosixPath(rel).suffix.lower().lstrip(".")
    picture = identify(head)
    ending = picture.ending if picture else _ending(given, head)
    stem = slugify(PurePosixPath(rel).stem)[:NAME_CHARS].rstrip("-") or "file"
    file = LocalFile(
        rel=rel,
        name=f"{stem}-{digest[:8]}.{ending}",
        digest=digest,
        size=size,
        is_picture=picture is not None,
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
    )
    heavy = f"has {size / 1_000_000:.0f} MB, which readers must load"
    return Found(file, heavy if size > HEAVY_BYTES else "")


def _ending(given: str, head: bytes) -> str:
    """An ending by which no server and no browser takes the bytes for a page or a script."""
    if RUNS.match(head.removeprefix(b"\xef\xbb\xbf")) or b"\0" not in head[:4096]:
        is_text = not (given == "pdf" and head.startswith(b"%PDF")) and _is_utf8(head)
        if is_text:
            return "csv" if given == "csv" and not RUNS.match(head) else "txt"
    return given if given in SAFE and not RUNS.match(head) else "bin"


def _is_utf8(head: bytes) -> bool:
    try:
        head[:4096].decode()
    except UnicodeDecodeError as error:
        return error.start > 4090 and len(head) > 4096
    return True
