"""Source bytes to transcripts: lists the files, recognises each by its content, reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from sitegen.errors import Diagnostic, SourceError
from sitegen.model import Page, Source, Transcript
from sitegen.readers.assemble import Finder, voices
from sitegen.readers.decode import decode
from sitegen.readers.dialogue import read_dialogue
from sitegen.readers.document import read_document
from sitegen.readers.frontmatter import split_front_matter
from sitegen.readers.pages import read_page
from sitegen.readers.scan import Listing, list_sources
from sitegen.urls import slugify

__all__ = [
    "Listing",
    "Reading",
    "list_sources",
    "load",
    "load_proofs",
    "parse_page",
    "read_transcripts",
    "voices",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source held."""

    transcripts: tuple[Transcript, ...]
    """Its conversations; none if it is empty or broken."""
    diagnostics: tuple[Diagnostic, ...]
    """What is wrong with it, or was noticed."""


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


def load_proofs(source: Source) -> tuple[tuple[str, bytes], ...]:
    """The time-stamps beside a source: the ending of each one's name, and its bytes.

    Raises:
        SourceError: one cannot be read.
    """
    return tuple((PurePosixPath(proof.rel).suffix.lower(), load(proof)) for proof in source.proofs)


def read_transcripts(data: bytes, source: Source, timezone: str) -> Reading:
    """Read the transcripts of a source; a broken one becomes diagnostics, never an exception."""
    text, findings = decode(data, source.name)
    finder = Finder(source, list(findings))
    slug = slugify(PurePosixPath(source.rel).stem)
    try:
        if not text.strip():
            finder.warn("the file is empty; no page was made", 0, "fill it or delete it")
            return Reading((), tuple(finder.found))
        front = split_front_matter(text, source.name)
        transcript = read_dialogue(front, source, slug, timezone, finder) or read_document(
            front, source, slug, timezone, finder
        )
    except SourceError as error:
        return Reading((), (*finder.found, error.diagnostic()))
    return Reading((transcript,), tuple(finder.found))


def parse_page(data: bytes, source: Source, timezone: str) -> tuple[Page | None, Reading]:
    """Read an authored page; None and the reason if it is broken."""
    text, findings = decode(data, source.name)
    finder = Finder(source, list(findings))
    try:
        page = read_page(text, source, timezone, finder)
    except SourceError as error:
        return None, Reading((), (*finder.found, error.diagnostic()))
    return page, Reading((), tuple(finder.found))
