"""One source's bytes to transcripts, or to a page: recognises a format by its content.

Imported where something must be read: the readers of all formats are much to load.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from sitegen.errors import Diagnostic, SourceError
from sitegen.model import Page, Source, Transcript
from sitegen.readers.adjust import adjust
from sitegen.readers.assemble import Finder
from sitegen.readers.captions import read_captions
from sitegen.readers.content import Content, as_utf8, is_archive, looks_like_json
from sitegen.readers.decode import decode
from sitegen.readers.frontmatter import split_front_matter
from sitegen.readers.pages import read_page
from sitegen.readers.pieces import Piece, read_piece
from sitegen.readers.scan import PAGES, is_data
from sitegen.readers.settings import Settings
from sitegen.readers.texts import is_canonical, read_text
from sitegen.readers.whatsapp import read_whatsapp
from sitegen.urls import slugify

__all__ = ["Reading", "parse_page", "read_transcripts", "stream_transcripts"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source held."""

    transcripts: tuple[Transcript, ...]
    """Its conversations; none if it is empty or broken."""
    diagnostics: tuple[Diagnostic, ...]
    """What is wrong with it, or was noticed."""
    reason: str = ""
    """By what its format was recognised."""


def read_transcripts(
    data: bytes | Piece, source: Source, timezone: str, settings: Settings | None = None
) -> Reading:
    """Read the transcripts of a source; a broken one becomes diagnostics, never an exception.

    `data` are its bytes, or a piece of a large file; `settings` are what the configuration
    says of it, if it says more than the time zone.
    """
    finder = Finder(source, [])
    transcripts = tuple(stream_transcripts(data, source, timezone, finder, settings))
    return Reading(transcripts, tuple(finder.found), finder.reason)


def stream_transcripts(
    data: bytes | Piece,
    source: Source,
    timezone: str,
    finder: Finder,
    settings: Settings | None = None,
) -> Iterator[Transcript]:
    """Read the transcripts of a source one at a time; what is wrong goes to the finder."""
    slug = slugify(PurePosixPath(source.rel).stem) + (f"-{source.suffix}" if source.suffix else "")
    rules = settings or Settings(timezone)
    found = _stream(data, source, slug, rules, finder)
    yield from adjust(found, rules, source, slug)


def _stream(
    data: bytes | Piece, source: Source, slug: str, settings: Settings, finder: Finder
) -> Iterator[Transcript]:
    timezone = settings.timezone
    try:
        if isinstance(data, Piece) and data.read_record:
            yield from read_piece(data, source, slug, timezone, finder)
            return
        content = Content(None, source.path) if isinstance(data, Piece) else Content(data)
        if is_archive(content.head(4)):
            # Imported late, as what reads JSON: many sites have neither.
            from sitegen.readers.archive import read_archive

            order = settings.date_order
            yield from read_archive(content, source, slug, timezone, finder, order)
            return
        content = as_utf8(content)
        found = None
        if looks_like_json(content.head()):
            from sitegen.readers.exports import read_export

            found = read_export(content, source, slug, timezone, finder)
        if found is not None:
            any_found = False
            for transcript in found:
                any_found = True
                yield transcript
            if not any_found and not finder.found:
                finder.note("not read: an export that holds no messages")
        elif is_data(source.rel) and content.head().strip():
            finder.note("not read: JSON, but not of a conversation that sitegen knows")
        else:
            yield from _read_text(content.read(), source, slug, settings, finder)
    except SourceError as error:
        finder.found.append(error.diagnostic())
    except RecursionError:
        finder.fail("nested too deep to be read")
    except OSError as error:
        finder.fail(f"cannot be read: {error.strerror or error}")


def _read_text(
    data: bytes, source: Source, slug: str, settings: Settings, finder: Finder
) -> Iterator[Transcript]:
    timezone = settings.timezone
    text, findings = decode(data, source.name)
    finder.found += findings
    if not text.strip():
        finder.warn("the file is empty; no page was made", 0, "fill it or delete it")
        return
    front = split_front_matter(text, source.name)
    chats = partial(read_whatsapp, date_order=settings.date_order)
    readers = () if settings.format or is_canonical(front) else (read_captions, chats)
    found = (reader(front, source, slug, timezone, finder) for reader in readers)
    if transcript := next(filter(None, found), None):
        yield transcript
    else:
        text_found = read_text(front, source, slug, timezone, finder, settings.format)
        finder.reason = text_found.reason
        yield from text_found.transcripts


def parse_page(
    data: bytes, source: Source, timezone: str, folder: str = PAGES
) -> tuple[Page | None, Reading]:
    """Read an authored page of a folder; None and the reason if it is broken."""
    text, findings = decode(data, source.name)
    finder = Finder(source, list(findings))
    try:
        page = read_page(text, source, timezone, finder, folder)
    except SourceError as error:
        return None, Reading((), (*finder.found, error.diagnostic()))
    return page, Reading((), tuple(finder.found))
