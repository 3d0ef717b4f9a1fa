"""What the formats of feeds have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.cards import card_path
from sitegen.config import Config
from sitegen.entry import Entry
from sitegen.feeds.dates import newest, stamp
from sitegen.urls import FeedKind, Urls

__all__ = ["Feed"]


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest transcripts of a listing."""

    key: str
    """The page of the listing, without an ending: `index`, `tags/radio`."""
    title: str
    """What the feed is called."""
    entries: Sequence[Entry]
    """Newest first, undated ones last."""
    config: Config
    """The settings."""
    urls: Urls
    """The addresses of the site."""

    @property
    def home(self) -> str:
        """The address of the listing, which is also the feed's name for all time."""
        return self.urls.absolute(self.urls.path(self.key))

    def address(self, kind: FeedKind) -> str:
        """The address of the feed itself."""
        return self.urls.absolute(self.urls.feed(self.key, kind))

    def page(self, entry: Entry) -> str:
        """The address of an entry's page, by which readers know it again."""
        return self.urls.absolute(self.urls.path(entry.key))

    def image(self, entry: Entry) -> str:
        """The address of an entry's card; empty if it has none."""
        return self.urls.absolute(card_path(entry.key)) if self.config.site.social_cards else ""

    @property
    def labels(self) -> str:
        """The address of the list of labels, by which they are told from tags."""
        return self.urls.absolute(self.urls.path("labels/index"))

    @property
    def updated(self) -> str:
        """The newest date of its entries; SOURCE_DATE_EPOCH or 1970 where none has one."""
        return stamp(newest(self.entries), self.config.epoch)

    @property
    def author(self) -> str:
        """Who publishes it."""
        return self.config.site.author or self.config.site.title or "sitegen"
