"""JSON Feed, version 1.1."""

from __future__ import annotations

from typing import Any

from sitegen.entry import Entry
from sitegen.feeds.dates import stamp
from sitegen.feeds.syndication import Feed
from sitegen.jsontext import encode
from sitegen.urls import JSON_FEED

__all__ = ["make_json_feed"]


def make_json_feed(feed: Feed) -> bytes:
    """A feed in JSON Feed; a date that is not known is left out."""
    settings = feed.config.site
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address(JSON_FEED),
        "language": settings.language,
        "authors": [{"name": feed.author}],
    }
    if settings.description:
        document["description"] = settings.description
    document["items"] = [_item(feed, entry) for entry in feed.entries]
    return encode(document, indent=1) + b"\n"


def _item(feed: Feed, entry: Entry) -> dict[str, Any]:
    page = feed.page(entry)
    item: dict[str, Any] = {
        "id": page,
        "url": page,
        "title": entry.title,
        "content_text": entry.summary or entry.excerpt or entry.title,
    }
    if image := feed.image(entry):
        item["image"] = image
    if entry.started:
        item["date_published"] = stamp(entry.started)
    if entry.ended:
        item["date_modified"] = stamp(entry.ended)
    if entry.shares:
        item["authors"] = [{"name": share.participant.name} for share in entry.shares]
    if tags := tuple(dict.fromkeys((*entry.labels, *entry.tags))):
        # Readers know of tags alone; what is a label is told to programs.
        item["tags"] = tags
    if entry.labels:
        item["_sitegen"] = {"labels": entry.labels}
    if entry.language:
        item["language"] = entry.language
    return item
