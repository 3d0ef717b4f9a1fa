"""What is known of all transcripts, as JSON and as a table: `index.json`, `index.csv`."""

from __future__ import annotations

from typing import Any

from sitegen.downloads import FORMATS, SCHEMA_PATH, download_paths
from sitegen.entry import Entry
from sitegen.formats import timestamp
from sitegen.jsontext import encode
from sitegen.site import Site
from sitegen.text import visible
from sitegen.urls import Urls

__all__ = ["COLUMNS", "make_csv", "make_json", "unguarded"]

VERSION = 1

COLUMNS = (
    *("key", "title", "started", "ended", "participants", "messages", "words", "minutes"),
    *("tags", "labels", "language", "summary", "noindex", "draft", "source", "address"),
)
"""The columns of `index.csv`."""

SEPARATOR = " | "
"""Between several names in one cell; `index.json` has them apart."""

FORMULA_SIGNS = "=+-@\t\r\n'"
"""With these a cell is a formula to a spreadsheet, or would look as if we had changed it."""


def make_json(site: Site, urls: Urls) -> bytes:
    """The archive as one JSON document; addresses are seen from the site's root."""
    settings = site.config.site
    document: dict[str, Any] = {"version": VERSION, "title": settings.title}
    if settings.base_url:
        document["url"] = settings.base_url
    if settings.description:
        document["description"] = settings.description
    document["language"] = settings.language
    if site.config.exports.transcripts:
        document["transcript_schema"] = SCHEMA_PATH
    document["transcripts"] = [_record(entry, site, urls) for entry in site.entries]
    return encode(document, indent=1) + b"\n"


def _record(entry: Entry, site: Site, urls: Urls) -> dict[str, Any]:
    record: dict[str, Any] = {
        "key": entry.key,
        "title": entry.title,
        "address": urls.link(urls.path(entry.key), "index.json"),
        "started": timestamp(entry.started) if entry.started else None,
        "ended": timestamp(entry.ended) if entry.ended else None,
        "messages": entry.messages,
        "declared_messages": entry.declared,
        "words": entry.words,
        "participants": [
            {
                "name": share.participant.name,
                "role": share.participant.role,
                "model": share.participant.model,
                "messages": share.messages,
                "words": share.words,
            }
            for share in entry.shares
        ],
        "tags": entry.tags,
        "labels": entry.labels,
        "language": entry.language or site.config.site.language,
        "summary": entry.summary,
        "excerpt": entry.excerpt,
        "noindex": entry.noindex,
        "draft": entry.draft,
        "source": visible(entry.source.rel),
    }
    if site.config.exports.transcripts:
        record["downloads"] = {
            form.name: urls.link(path, "index.json")
            for form, path in zip(FORMATS, download_paths(entry.key), strict=True)
        }
    return record


def make_csv(site: Site, urls: Urls) -> bytes:
    """The archive as a table (RFC 4180) in UTF-8, one row a transcript.

    A cell that begins like a formula, or with an apostrophe, gets an apostrophe in front:
    take one away from every cell that begins with one to have the text as it was.
    """
    import csv
    import io

    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for entry in site.entries:
        writer.writerow([_guarded(cell) for cell in _cells(entry, site, urls)])
    return table.getvalue().encode(errors="replace")


def unguarded(cell: str) -> str:
    """A cell of `index.csv` as it was before it was made safe for spreadsheets."""
    return cell.removeprefix("'")


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(tuple(FORMULA_SIGNS)) else cell


def _cells(entry: Entry, site: Site, urls: Urls) -> tuple[str, ...]:
    return (
        entry.key,
        entry.title,
        timestamp(entry.started) if entry.started else "",
        timestamp(entry.ended) if entry.ended else "",
        SEPARATOR.join(share.participant.name for share in entry.shares),
        str(entry.messages),
        str(entry.words),
        str(entry.minutes),
        SEPARATOR.join(entry.tags),
        SEPARATOR.join(entry.labels),
        entry.language or site.config.site.language,
        entry.summary,
        "yes" if entry.noindex else "",
        "yes" if entry.draft else "",
        visible(entry.source.rel),
        urls.absolute(urls.path(entry.key)) or urls.link(urls.path(entry.key), "index.csv"),
    )
