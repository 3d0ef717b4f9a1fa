"""Reads authored pages (`content/pages/about.md`): front matter and Markdown."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from sitegen.errors import SourceError
from sitegen.model import Page, Source, Staple, Transcript
from sitegen.readers.assemble import Finder, finish, texts_of
from sitegen.readers.frontmatter import FrontMatter, item_lines, split_front_matter
from sitegen.readers.scan import PAGES
from sitegen.text import visible
from sitegen.urls import slugify, slugify_path

__all__ = ["read_page"]

STAPLE = "staple"

TITLE = re.compile(r"\s*#[ \t]+(\S.*)(?:\n|\Z)")
CLOSING = re.compile(r"(?<!\s)\s+#+\s*\Z")
"""The optional end of a heading: `# About #`."""


def read_page(
    text: str, source: Source, timezone: str, finder: Finder, folder: str = PAGES
) -> Page:
    """Read an authored page; its address is its path below `folder`, in the content folder.

    Raises:
        SourceError: the front matter is malformed, or the page is empty.
    """
    front = split_front_matter(text, source.name)
    if not text.strip():
        raise SourceError("the page is empty", path=source.name, hint="write it or delete it")
    path = PurePosixPath(source.rel.removeprefix(folder))
    # A page has a transcript's front matter; its fields are read by the same rules.
    fields = finish(Transcript(source, "page", slugify(path.stem), "", ()), front, timezone, finder)
    body, heading = front.body, TITLE.match(front.body)
    if heading and "title" not in front.fields:
        body = body[heading.end() :]
        fields = replace(fields, title=visible(CLOSING.sub("", heading[1]).rstrip()))
    above = slugify_path(path.parent.as_posix()) if path.parent != PurePosixPath() else ""
    return Page(
        source=source,
        slug=f"{above}/{fields.slug}" if above else fields.slug,
        title=fields.title,
        markdown=body,
        summary=fields.summary,
        draft=fields.draft,
        language=fields.language,
        noindex=fields.noindex,
        staple=_staple(front, finder),
    )


def _staple(front: FrontMatter, finder: Finder) -> tuple[Staple, ...]:
    """The transcripts that a page puts side by side, each with its line."""
    names = texts_of(front, STAPLE, finder)
    lines = item_lines(front, STAPLE)
    if len(lines) != len(names):  # Written as `a, b`.
        lines = (front.lines.get(STAPLE, 0),) * len(names)
    return tuple(Staple(name, line) for name, line in zip(names, lines, strict=True))
