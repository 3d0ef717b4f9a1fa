"""What was built from what: keys in, hits out.

A key is a digest of everything that a page is made of; the same key means the same
page. A cache that is damaged, of another version or of another folder is ignored, and
one that cannot be written is done without: it can make a build faster, never wrong.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen import __version__
from sitegen.config import Config
from sitegen.entry import Entry
from sitegen.errors import Diagnostic
from sitegen.keys import Key, digest

__all__ = [
    "CLOCK_GRAIN",
    "Cache",
    "CachedFile",
    "CachedSource",
    "load_cache",
    "save_cache",
    "site_key",
]

FOLDER = ".sitegen"
FORMAT = 3

CLOCK_GRAIN = 2_000_000_000
"""Nanoseconds: the coarsest times of change that a file system in use keeps."""


@dataclass(frozen=True, slots=True)
class CachedSource:
    """What a source was found to hold."""

    key: str
    """Digest of its bytes and of all that reading and laying out depend on."""
    entries: tuple[Entry, ...]
    """Its published transcripts."""
    diagnostics: tuple[Diagnostic, ...]
    """What was said of it, to be said again; without its name."""
    beside: tuple[tuple[str, str], ...] = ()
    """Its references to files beside it, each with the digest of what it led to."""


class CachedFile(NamedTuple):
    """A file of the output as it was written."""

    key: Key
    """What it was made of."""
    digest: str
    """SHA-256 of its bytes, in hexadecimal."""
    size: int
    """Its length in bytes."""
    modified: int
    """Its time of modification, in nanoseconds since 1970: by it a change is noticed."""


@dataclass(slots=True)
class Cache:
    """The sources and files of the last build; filled anew by the next."""

    place: str = ""
    """The folders, and the version of sitegen, for which it holds."""
    sources: dict[str, CachedSource] = field(default_factory=dict)
    """By the source's path in the content folder, or a digest of it where rules hide texts."""
    files: dict[str, CachedFile] = field(default_factory=dict)
    """By output path."""
    built: int = 0
    """When the files were found to be as they are here, in nanoseconds since 1970."""

    @classmethod
    def of(cls, config: Config) -> Cache:
        """An empty cache for a project's folders and this version of sitegen."""
        return cls(digest(_place(config), _tool_key()))


def _tool_key() -> str:
    """A digest of sitegen's own code and of what is installed beside it.

    Every installation or removal of a package changes the folder that holds them all.
    """
    code = Path(__file__).parent
    files = sorted((path.relative_to(code).as_posix(), path) for path in code.rglob("*.py"))
    stamps = [f"{name} {path.stat().st_size} {path.stat().st_mtime_ns}" for name, path in files]
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    stamps += [f"{Path(name).stat().st_mtime_ns}" for name in sorted(folders)]
    return digest(FORMAT, __version__, sys.version, *stamps)


def load_cache(config: Config) -> Cache:
    """The cache of the last build into the same output folder, or an empty one."""
    empty = Cache.of(config)
    with contextlib.suppress(
        OSError, msgspec.MsgspecError, ValueError, RecursionError, MemoryError
    ):
        data = _file(config).read_bytes()
        head, body = data[:32], data[32:]
        # Msgspec checks the shape; the digest finds what was cut short or changed.
        if hashlib.sha256(body).digest() == head:
            cache = msgspec.json.decode(body, type=Cache)
            if cache.place == empty.place:
                return cache
    return empty


def save_cache(config: Config, cache: Cache) -> None:
    """Write the cache; a disk that does not take it is no error."""
    path = _file(config)
    spare = path.with_suffix(".new")  # One name, so that what a killed build left is used up.
    # A name that is not text cannot be kept; then the next build starts from nothing.
    with contextlib.suppress(OSError, UnicodeEncodeError):
        _make_folder(config)
        body = msgspec.json.encode(cache)  # Unlike MessagePack, it keeps zones of time.
        spare.write_bytes(hashlib.sha256(body).digest() + body)
        spare.replace(path)
    with contextlib.suppress(OSError):
        spare.unlink(missing_ok=True)


def _make_folder(config: Config) -> None:
    """Make the cache's folder, with a file that keeps it out of Git."""
    folder = config.root / FOLDER
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")


def _file(config: Config) -> Path:
    """Each output folder has a cache of its own."""
    return config.root / FOLDER / f"cache-{_place(config)[:12]}"


def _place(config: Config) -> str:
    return digest(config.root, config.output)


def site_key(config: Config, layouts: Iterable[Path]) -> str:
    """A digest of the settings and of the templates in the folders of layouts."""
    shown = (config.site, config.pages, config.markup, config.participants, config.labels)
    said = (config.sources, config.feeds, config.exports)
    parts: list[object] = [*shown, *said, config.redact, config.allowed, config.drafts]
    parts.append(config.paths.pages_prefix)
    for folder in layouts:
        for path in _templates(folder):
            # What cannot be read, or is gone since, a page cannot be made of either.
            with contextlib.suppress(OSError):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                parts += [path.relative_to(folder).as_posix(), content]
        parts.append("/")
    return digest(*parts)


def _templates(folder: Path) -> Iterator[Path]:
    """What a template may include, whatever its ending: all but hidden and static files."""
    for place, folders, names in os.walk(folder):
        top = Path(place) == folder
        folders[:] = sorted(n for n in folders if n[0] != "." and not (top and n == "static"))
        yield from (Path(place, n) for n in sorted(names) if n[0] != "." and n[-1] != "~")
