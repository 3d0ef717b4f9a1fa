"""Source bytes to transcripts: lists the files, recognises each by its content, reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from sitegen.errors import Diagnostic, SourceError
from sitegen.model import Page, Source, Transcript
from sitegen.readers.assemble import Finder
from sitegen.readers.captions import read_captions
from sitegen.readers.content import Content, as_utf8
from sitegen.readers.decode import decode
from sitegen.readers.exports import open_export, read_package
from sitegen.readers.frontmatter import split_front_matter
from sitegen.readers.pages import read_page
from sitegen.readers.pieces import Piece, digest_of, is_large, read_piece, split
from sitegen.readers.scan import Listing, is_data, list_sources
from sitegen.readers.texts import read_text
from sitegen.readers.whatsapp import read_whatsapp
from sitegen.urls import slugify

__all__ = [
    "Finder",
    "Listing",
    "Piece",
    "Reading",
    "digest_of",
    "is_large",
    "list_sources",
    "load",
    "parse_page",
    "read_transcripts",
    "split",
    "stream_transcripts",
]

READERS = (read_captions, read_whatsapp)
"""Each reads a text or says that it is not in its format."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source held."""

    transcripts: tuple[Transcript, ...]
    """Its conversations; none if it is empty or broken."""
    diagnostics: tuple[Diagnostic, ...]
    """What is wrong with it, or was noticed."""
    reason: str = ""
    """By what its format was recognised."""


def load(source: Source) -> bytes:
    """The bytes of a source.

    Raises:
        SourceError: it cannot be read (gone, no permission, not a file).
    """
    try:
        with open(source.path, "rb") as file:  # noqa: PTH123 (a Path costs more than the file)
            return file.read()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", path=source.name) from error


def read_transcripts(data: bytes | Piece, source: Source, timezone: str) -> Reading:
    """Read the transcripts of a source; a broken one becomes diagnostics, never an exception.

    `data` are its bytes, or a piece of a large file.
    """
    finder = Finder(source, [])
    transcripts = tuple(stream_transcripts(data, source, timezone, finder))
    return Reading(transcripts, tuple(finder.found), finder.reason)


def stream_transcripts(
    data: bytes | Piece, source: Source, timezone: str, finder: Finder
) -> Iterator[Transcript]:
    """Read the transcripts of a source one at a time; what is wrong goes to the finder."""
    slug = slugify(PurePosixPath(source.rel).stem) + (f"-{source.suffix}" if source.suffix else "")
    try:
        if isinstance(data, Piece) and data.read_record:
            yield from read_piece(data, source, slug, timezone, finder)
            return
        content = Content(None, source.path) if isinstance(data, Piece) else Content(data)
        content = as_utf8(content)
        if package := open_export(content, source.name):
            yield from read_package(package, source, slug, timezone, finder)
        elif is_data(source.rel) and content.head().strip():
            finder.note("not read: JSON, but not of a conversation that sitegen knows")
        else:
            yield from _read_text(content.read(), source, slug, timezone, finder)
    except SourceError as error:
        finder.found.append(error.diagnostic())
    except RecursionError:
        finder.fail("nested too deep to be read")
    except OSError as error:
        finder.fail(f"cannot be read: {error.strerror or error}")


def _read_text(
    data: bytes, source: Source, slug: str, timezone: str, finder: Finder
) -> Iterator[Transcript]:
    text, findings = decode(data, source.name)
    finder.found += findings
    if not text.strip():
        finder.warn("the file is empty; no page was made", 0, "fill it or delete it")
        return
    front = split_front_matter(text, source.name)
    found = (reader(front, source, slug, timezone, finder) for reader in READERS)
    if transcript := next(filter(None, found), None):
        yield transcript
    else:
        text_found = read_text(front, source, slug, timezone, finder)
        finder.reason = text_found.reason
        yield from text_found.transcripts


def parse_page(data: bytes, source: Source, timezone: str) -> tuple[Page | None, Reading]:
    """Read an authored page; None and the reason if it is broken."""
    text, findings = decode(data, source.name)
    finder = Finder(source, list(findings))
    try:
        page = read_page(text, source, timezone, finder)
    except SourceError as error:
        return None, Reading((), (*finder.found, error.diagnostic()))
    return page, Reading((), tuple(finder.found))
