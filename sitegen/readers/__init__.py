"""Source bytes to transcripts: lists the files, recognises each by its content, reads it.

What lists and loads them is here; what reads them, in `sitegen.readers.reading`.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from sitegen.errors import SourceError
from sitegen.model import Source
from sitegen.readers.pieces import Piece, digest_of, is_large, split
from sitegen.readers.scan import Listing, is_data, is_text, list_sources
from sitegen.readers.settings import Settings, check_formats, named_source, settings_for

__all__ = [
    "Listing",
    "Piece",
    "Settings",
    "check_formats",
    "digest_of",
    "is_data",
    "is_large",
    "is_text",
    "list_sources",
    "load",
    "load_proofs",
    "named_source",
    "settings_for",
    "split",
]


def load(source: Source) -> bytes:
    """The bytes of a source; of one of many files, an archive of them.

    Raises:
        SourceError: it cannot be read (gone, no permission, not a file).
    """
    try:
        if source.parts:
            # Imported late: few sources are of many files.
            from sitegen.readers.archive import bundle

            return bundle(source.root, source.parts)
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
