"""What a transcript's page offers to take away: citations and downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sitegen.cite import Citation, Excerpt, Work, cite, quote_of
from sitegen.config import Config
from sitegen.downloads import FORMATS, download_paths
from sitegen.entry import Entry
from sitegen.urls import Urls

__all__ = ["citations", "downloads"]


def citations(
    entry: Entry,
    excerpts: Sequence[Excerpt],
    config: Config,
    urls: Urls,
    text: Callable[..., str],
) -> list[Citation]:
    """A transcript in every form in which it can be cited, named in the site's language."""
    settings = config.site
    voices = tuple(share.participant.name for share in entry.shares)
    work = Work(
        key=entry.key,
        title=entry.title,
        authors=voices or tuple(filter(None, [settings.author])),
        container=settings.title,
        issued=entry.started,
        labels=entry.labels,
        language=entry.language or settings.language,
        url=urls.absolute(urls.path(entry.key)),
        quote=quote_of(excerpts),
    )
    names = {
        "Link": text("Link"),
        "Quotation in Markdown": text("Quotation in Markdown"),
        "Quotation in HTML": text("Quotation in HTML"),
    }
    return [Citation(names.get(form.name, form.name), form.text) for form in cite(work)]


def downloads(
    entry: Entry, config: Config, urls: Urls, text: Callable[..., str]
) -> list[tuple[str, str]]:
    """What each form of a transcript is called, and its address seen from the page."""
    if not config.exports.transcripts:
        return []
    page = urls.path(entry.key)
    names = {"plain text": text("plain text")}
    return [
        (names.get(form.label, form.label), urls.link(path, page))
        for form, path in zip(FORMATS, download_paths(entry.key), strict=True)
    ]
