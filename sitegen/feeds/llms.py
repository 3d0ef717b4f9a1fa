"""llms.txt: what a language model that visits the site should know (llmstxt.org)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen.downloads import download_paths
from sitegen.entry import Entry
from sitegen.formats import Formats
from sitegen.site import Site
from sitegen.urls import Urls

__all__ = ["make_llms"]

FORMS = Formats()
MOST = 500
"""Transcripts that are listed; `index.json` lists all."""


def make_llms(site: Site, urls: Urls) -> bytes:
    """The site in Markdown: what it is, its data, its pages, its newest transcripts."""
    return ("\n".join(_lines(site, urls)) + "\n").encode()


def _lines(site: Site, urls: Urls) -> Iterator[str]:
    config = site.config
    yield f"# {_literal(config.site.title)}"
    about = config.site.description or "An archive of conversations."
    yield f"\n> {_literal(about)}"
    listed = [entry for entry in site.entries if not entry.noindex]
    yield f"\n{FORMS.count(len(listed), 'transcript')}, the newest first."
    if config.exports.archive:
        yield "\n## Data\n"
        yield _item("index.json", urls.absolute("index.json") or "index.json", "all transcripts")
        yield _item("index.csv", urls.absolute("index.csv") or "index.csv", "the same as a table")
    pages = [page for page in site.pages if not page.noindex]
    if pages:
        yield "\n## Pages\n"
        for page in pages:
            yield _item(page.title, _address(urls, urls.path(page.slug)), page.summary)
    if listed:
        yield "\n## Transcripts\n"
        for entry in listed[:MOST]:
            yield _item(entry.title, _target(entry, site, urls), _about(entry))
        if len(listed) > MOST:
            yield f"\nAnd {FORMS.count(len(listed) - MOST, 'older transcript')}: see the index."


def _target(entry: Entry, site: Site, urls: Urls) -> str:
    """The transcript as Markdown if there is such a file, else its page."""
    if site.config.exports.transcripts:
        return _address(urls, download_paths(entry.key)[0])
    return _address(urls, urls.path(entry.key))


def _address(urls: Urls, path: str) -> str:
    """In full, or as seen from the root where the site's address is not known."""
    address = urls.absolute(path) or urls.link(path, "llms.txt")
    return address.replace("(", "%28").replace(")", "%29")


def _about(entry: Entry) -> str:
    facts = [FORMS.day(entry.started)] if entry.started else []
    facts.append(FORMS.count(entry.messages, "message"))
    labels = f"Labels: {', '.join(entry.labels)}" if entry.labels else ""
    words = entry.summary or entry.excerpt
    return ". ".join(filter(None, [", ".join(facts), labels, words]))


def _item(name: str, address: str, about: str) -> str:
    return f"- [{_literal(name)}]({address})" + (f": {_literal(about)}" if about else "")


def _literal(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    return re.sub(r"([\\`*_\[\]<>&])", r"\\\1", " ".join(text.split()))
