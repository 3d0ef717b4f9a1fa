"""A transcript as files for further use, beside its page: Markdown, JSON and plain text.

They are made of the transcript as it is published, never of its source.
"""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.bulk import Blob, gather
from sitegen.config import Config
from sitegen.model import Transcript

__all__ = ["FORMATS", "SCHEMA_PATH", "Format", "download_paths", "make_downloads", "make_schema"]

SCHEMA_PATH = "schema/transcript-1.json"
"""Where the site publishes the JSON Schema of `transcript.json`."""


@dataclass(frozen=True, slots=True)
class Format:
    """One form in which a transcript can be had."""

    name: str
    """The file's name, in the folder of the page's name."""
    label: str
    """How a link to it reads."""
    media_type: str
    """How a server should call it."""


FORMATS = (
    Format("transcript.md", "Markdown", "text/markdown"),
    Format("transcript.json", "JSON", "application/json"),
    Format("transcript.txt", "plain text", "text/plain"),
)
"""All forms, in the order in which they are offered."""


def download_paths(key: str) -> tuple[str, ...]:
    """The output paths of the files of the transcript whose page has this key."""
    return tuple(f"{key}/{form.name}" for form in FORMATS)


def make_downloads(
    transcript: Transcript, key: str, canonical: Blob, config: Config
) -> tuple[tuple[str, Blob], ...]:
    """Each file of a transcript: its name and its bytes; none if they are off.

    `canonical` is the transcript in the canonical form.
    """
    if not config.exports.transcripts:
        return ()
    from sitegen.downloads.reading import text_pieces
    from sitegen.downloads.record import json_pieces

    contents = (
        canonical,
        gather(json_pieces(transcript, key, config)),
        gather(
            piece.encode(errors="surrogatepass") for piece in text_pieces(transcript, key, config)
        ),
    )
    return tuple((form.name, data) for form, data in zip(FORMATS, contents, strict=True))


def make_schema() -> bytes:
    """The JSON Schema of `transcript.json`."""
    from sitegen.downloads.record import schema

    return schema()
