"""Where in the sources something stands that was found in a built page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote

from sitegen.config import Config
from sitegen.errors import SourceError
from sitegen.model import Source
from sitegen.readers import load

__all__ = ["Place", "Places"]

INTRODUCTION = re.compile(r"index\.[a-z]+\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a source or of a layout."""

    path: str
    """The file, relative to the project folder."""
    line: int = 0
    """1-based; 0 if unknown."""


class Places:
    """Finds texts in the sources of pages, and in the project's own layouts."""

    def __init__(self, config: Config, sources: Iterable[Source]) -> None:
        self.config = config
        self.sources = {source.name: source for source in sources}
        prefix = config.paths.pages_prefix
        own = [s for s in self.sources.values() if s.rel.startswith(prefix)]
        self.introduction = next(
            (s.name for s in own if INTRODUCTION.match(s.rel.removeprefix(prefix))), ""
        )
        """The text of the index; empty if there is none."""
        self.texts: dict[str, str] = {}
        self.layouts: dict[str, str] | None = None

    def is_source(self, owner: str) -> bool:
        """Whether a page is made of a source."""
        return owner in self.sources

    def find(self, owner: str, text: str) -> Place | None:
        """Where the owner of a page, or else a layout of the project, holds a text.

        None if neither does.
        """
        spellings = _spellings(text)
        if owner in self.sources and (line := _line_of(self._text(owner), spellings)):
            return Place(owner, line)
        for path, layout in self._layouts().items():
            if line := _line_of(layout, spellings):
                return Place(path, line)
        return None

    def _text(self, name: str) -> str:
        if name not in self.texts:
            self.texts.clear()  # Findings come page by page: one text at a time is enough.
            try:
                data = load(self.sources[name])
            except SourceError:
                data = b""
            self.texts[name] = data.decode(errors="replace")
        return self.texts[name]

    def _layouts(self) -> dict[str, str]:
        if self.layouts is None:
            self.layouts = dict(_read_layouts(self.config))
        return self.layouts


def _read_layouts(config: Config) -> Iterator[tuple[str, str]]:
    folder = config.layouts
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".css", ".xml", ".svg") and path.is_file():
            try:
                text = path.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            yield f"{Path(config.paths.layouts).name}/{path.relative_to(folder).as_posix()}", text


def _spellings(text: str) -> list[str]:
    """How a text may stand in a source: as in the page, decoded, or escaped."""
    found = [text, unquote(text), escape(text)]
    return list(dict.fromkeys(spelling for spelling in found if spelling.strip()))


def _line_of(text: str, spellings: Iterable[str]) -> int:
    """The 1-based line of the first of the spellings that stands as a word of its own."""
    for spelling in spellings:
        place = re.search(rf"(?<![\w/.-]){re.escape(spelling)}(?![\w/-])", text)
        if place:
            return text.count("\n", 0, place.start()) + 1
    return 0
