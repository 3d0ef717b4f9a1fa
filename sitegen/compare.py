"""Shows files side by side, without a project: a small site with a page that staples them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sitegen.builder import Builder, Progress
from sitegen.cache import Cache
from sitegen.config import Config
from sitegen.errors import ConfigError, SitegenError
from sitegen.model import Page, Report, Source, Staple
from sitegen.output import OutputFolder
from sitegen.readers import Listing
from sitegen.urls import Urls

__all__ = ["Comparison", "compare"]

PAGE = "comparison"
"""The page that shows all of them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the files."""

    page: Path
    """The page that shows them side by side."""
    report: Report
    """What the build said."""


def compare(
    config: Config, given: Sequence[str], out: str | None = None, progress: Progress | None = None
) -> Comparison:
    """Write a site of the given files to `out`, or to a temporary folder that stays.

    `FILE#NAME` is one transcript of a file that holds several, by the name of its page.
    The project's settings and layouts count where there are any; drafts are shown too.

    Raises:
        ConfigError: there are fewer than two files, or they have no folder in common.
        BuildError: a file cannot be read, or holds more or less than one transcript.
    """
    if len({Path(name).resolve() for name in given}) < 2:
        raise ConfigError("there are no two files to compare", hint="name two or more")
    named = [_parted(name) for name in given]
    files = list(dict.fromkeys(name for name, _ in named))
    content = _common_folder(config, files)
    output = Path(out or tempfile.mkdtemp(prefix="sitegen-compare-")).absolute()
    paths = replace(config.paths, output=str(output))
    # Two files need no index to be searched, and nobody links to them.
    site = replace(config.site, search=False, social_cards=False)
    outside = replace(config, paths=paths, site=site, drafts=True)
    # Files may be anywhere, also above the output; only the project's own folders are unsafe.
    inside = replace(outside, paths=replace(outside.paths, content=str(content)))
    sources = _sources(files, content)
    by_name = dict(zip(files, sources, strict=True))
    page = _page([(by_name[name], part) for name, part in named])
    builder = Builder(
        inside,
        progress,
        cache=Cache.of(inside),
        folder=lambda: OutputFolder(outside),
        listing=lambda: Listing(tuple(sources), (), ()),
        pages=(page,),
    )
    try:
        report = builder.build()
    except SitegenError:
        with contextlib.suppress(OSError):
            if not out:  # Nobody knows of it.
                output.rmdir()
        raise
    urls = Urls(config.pages.urls, config.site.base_url, config.base_path)
    return Comparison(output / urls.path(page.slug), report)


def _parted(name: str) -> tuple[str, str]:
    """A file and the name of a transcript in it, which may be empty."""
    path, mark, part = name.rpartition("#")
    return (path, part) if mark and not Path(name).exists() else (name, "")


def _common_folder(config: Config, given: Sequence[str]) -> Path:
    """The content folder if all files are in it, or else the folder that holds them all."""
    folders = [Path(name).absolute().parent for name in given]
    if all(folder.is_relative_to(config.content) for folder in folders):
        return config.content
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        raise ConfigError(
            "the files are on different drives", hint="copy them into one folder"
        ) from None


def _sources(given: Sequence[str], content: Path) -> list[Source]:
    """The files; those of one name, such as a text and its data, told apart by their endings."""
    paths = [Path(name).absolute() for name in given]
    stems = [path.with_suffix("") for path in paths]
    return [
        Source(
            str(path),
            path.relative_to(content).as_posix(),
            name,
            suffix=path.suffix[1:] if stems.count(stem) > 1 else "",
        )
        for name, path, stem in zip(given, paths, stems, strict=True)
    ]


def _page(sides: Sequence[tuple[Source, str]]) -> Page:
    slug = PAGE
    while any(slug in (Path(source.rel).stem, part) for source, part in sides):
        slug += "-page"
    return Page(
        Source("", f"pages/{slug}.md", "sitegen compare"),
        slug,
        " ↔ ".join(part or Path(source.rel).stem for source, part in sides),
        "",
        staple=tuple(Staple(f"{s.rel}#{part}" if part else s.rel) for s, part in sides),
    )
