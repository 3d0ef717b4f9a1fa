"""Atom feeds (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.entry import Entry
from sitegen.feeds.dates import newest, stamp
from sitegen.feeds.syndication import Feed
from sitegen.feeds.xml import DECLARATION, attribute, element
from sitegen.urls import ATOM

__all__ = ["make_atom"]


def make_atom(feed: Feed) -> bytes:
    """A feed in Atom; each entry says what its conversation is and links to it."""
    settings = feed.config.site
    lines = [
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={attribute(settings.language)}>',
        element("title", feed.title),
        *([element("subtitle", settings.description)] if settings.description else []),
        element("id", feed.home),
        element("updated", feed.updated),
        f'<link rel="self" type="{ATOM.media_type}" href={attribute(feed.address(ATOM))}/>',
        f'<link rel="alternate" type="text/html" href={attribute(feed.home)}/>',
        f"<author>{element('name', feed.author)}</author>",
        "<generator>sitegen</generator>",
    ]
    for entry in feed.entries:
        lines += _entry(feed, entry)
    return (DECLARATION + "\n".join([*lines, "</feed>"]) + "\n").encode()


def _entry(feed: Feed, entry: Entry) -> Iterator[str]:
    yield f"<entry xml:lang={attribute(entry.language)}>" if entry.language else "<entry>"
    page = feed.page(entry)
    yield element("title", entry.title)
    yield element("id", page)
    yield f'<link rel="alternate" type="text/html" href={attribute(page)}/>'
    if entry.started:
        yield element("published", stamp(entry.started))
    # No date is invented: one that is not known stays 1970 for ever, and so stays last.
    yield element("updated", stamp(newest([entry])))
    for share in entry.shares:
        yield f"<author>{element('name', share.participant.name)}</author>"
    for tag in entry.tags:
        yield f"<category term={attribute(tag)}/>"
    for label in entry.labels:
        yield f"<category term={attribute(label)} scheme={attribute(feed.labels)}/>"
    if summary := entry.summary or entry.excerpt:
        yield element("summary", summary)
    yield "</entry>"
