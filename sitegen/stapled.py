"""Which transcripts an authored page staples together: names to entries, with what is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from unicodedata import normalize

from sitegen.entry import Entry
from sitegen.errors import Diagnostic, SitegenError, SourceError
from sitegen.model import Page, Source, Staple
from sitegen.site import Site
from sitegen.urls import slugify_path

__all__ = ["MOST_SIDES", "with_staples"]

MOST_SIDES = 4
"""Transcripts that can stand side by side on a page."""

LATEST = datetime.max.replace(tzinfo=UTC)


def with_staples(site: Site, sources: Mapping[str, Source]) -> tuple[Site, list[Diagnostic]]:
    """The site with the transcripts that each of its pages staples, and what is wrong.

    `sources` are all files, by origin. A page that cannot be made is left out.
    """
    pages: list[Page] = []
    found: dict[str, tuple[Entry, ...]] = {}
    wrong: list[Diagnostic] = []
    names = _Names(site, sources)
    for page in (*site.pages, *([site.introduction] if site.introduction else [])):
        try:
            if page.staple:
                found[page.slug] = _sides(page, names)
        except SitegenError as error:
            wrong.append(error.diagnostic())
        else:
            pages += [page] if page is not site.introduction else []
    return replace(site, pages=tuple(pages), staples=found), wrong


def _sides(page: Page, names: _Names) -> tuple[Entry, ...]:
    """The transcripts of a page, the earlier first, undated ones last."""
    line = page.staple[0].line
    name = page.source.name
    if page.slug == "index":
        raise SourceError(
            "the text of the index cannot staple transcripts",
            path=name,
            line=line,
            hint="write a page of its own for them",
        )
    sides = [names.find(item, page) for item in page.staple]
    if len({entry.key for entry in sides}) < 2:
        raise SourceError("`staple` needs two transcripts or more", path=name, line=line)
    for place, entry in enumerate(sides):
        if entry in sides[:place]:
            problem = f"`staple` names {entry.source.rel} twice"
            raise SourceError(problem, path=name, line=page.staple[place].line)
    if len(sides) > MOST_SIDES:
        raise SourceError(
            f"`staple` names {len(sides)} transcripts; {MOST_SIDES} fit side by side",
            path=name,
            line=page.staple[MOST_SIDES].line,
        )
    return tuple(sorted(sides, key=lambda entry: entry.started or LATEST))


class _Names:
    """The published transcripts by what people call them."""

    def __init__(self, site: Site, sources: Mapping[str, Source]) -> None:
        self.content = f"{site.config.paths.content.strip('/')}/"
        self.paths: dict[str, list[Entry]] = {
            normalize("NFC", source.rel): [] for source in sources.values()
        }
        self.keys: dict[str, list[Entry]] = {}
        for entry in site.entries:
            self.paths[normalize("NFC", sources[entry.origin].rel)].append(entry)
            slug = entry.key.rpartition("/")[2]
            for name in dict.fromkeys((entry.key, slug)):
                self.keys.setdefault(name, []).append(entry)

    def find(self, item: Staple, page: Page) -> Entry:
        """The one transcript that a name means.

        Raises:
            SourceError: there is none, or it is not published, or there are several.
        """
        name = normalize("NFC", item.name).removeprefix("./").removeprefix("/")
        name = name if name in self.paths else name.removeprefix(self.content)
        path, mark, slug = name.rpartition("#")
        if mark and name not in self.paths and path in self.paths:
            return self._one_of(path, slug, item, page)
        whole = [entry for entry in self.keys.get(name, ()) if entry.key == name]
        found = whole or self.paths.get(name) or self.keys.get(name, [])
        if len(found) == 1:
            return found[0]
        problem, hint = f'"{item.name}" is no transcript', ""
        if found:
            problem = f'"{item.name}" may be any of {len(found)} transcripts'
            hint = "name one by its address: " + ", ".join(entry.key for entry in found[:3])
            if name in self.paths:
                hint = "name one: " + _parts(name, found)
        elif any(name in spellings for spellings in self._unpublished()):
            problem = f'"{item.name}" is not published: it is a draft, empty or broken'
        elif close := difflib.get_close_matches(name, [*self.paths, *self.keys][:20_000], n=1):
            hint = f'did you mean "{close[0]}"?'
        else:
            hint = "write its path in the content folder, or its address without an ending"
        raise SourceError(f"`staple`: {problem}", path=page.source.name, line=item.line, hint=hint)

    def _one_of(self, path: str, slug: str, item: Staple, page: Page) -> Entry:
        """The transcript of a file of several that has this name.

        Raises:
            SourceError: the file has no such transcript.
        """
        entries = self.paths[path]
        for entry in entries:
            if slug in (entry.key, entry.key.rpartition("/")[2]):
                return entry
        raise SourceError(
            f'`staple`: {path} publishes no transcript "{slug}"',
            path=page.source.name,
            line=item.line,
            hint="name one: " + _parts(path, entries) if entries else "",
        )

    def _unpublished(self) -> Iterator[tuple[str, ...]]:
        """What somebody may call each file of which nothing is published."""
        for path, entries in self.paths.items():
            if not entries:
                key = slugify_path(path.rpartition(".")[0])
                yield path, key, key.rpartition("/")[2]


def _parts(path: str, entries: Sequence[Entry]) -> str:
    """How the transcripts of a file are named one by one, as far as a line holds them."""
    names = [f"{path}#{entry.key.rpartition('/')[2]}" for entry in entries]
    return ", ".join(names[:3]) + (f", … ({len(names)} in all)" if len(names) > 3 else "")
