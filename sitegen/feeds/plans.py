"""Plans every file for programs: which there are, and by what each is known again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from sitegen.downloads import SCHEMA_PATH, make_schema
from sitegen.entry import Entry
from sitegen.feeds.atom import make_atom
from sitegen.feeds.catalogue import make_csv, make_json
from sitegen.feeds.dates import newest
from sitegen.feeds.jsonfeed import make_json_feed
from sitegen.feeds.llms import make_llms
from sitegen.feeds.sitemap import Place, make_maps, make_robots, split
from sitegen.feeds.syndication import Feed
from sitegen.keys import Key, digest
from sitegen.model import Artifact, Kind
from sitegen.render import Plan
from sitegen.render.paging import paginate
from sitegen.site import Site
from sitegen.urls import ATOM, JSON_FEED, Urls

__all__ = ["plan_feeds"]

OWNER = "sitegen"


def plan_feeds(site: Site, contents: Mapping[str, str], basis: str) -> Iterator[Plan]:
    """Every file that is made of entries for programs.

    `contents` gives, for the key of each entry, a digest of all that it is made of;
    `basis` is a digest of the settings.
    """
    yield from _Planner(site, contents, basis).plans()


class _Planner:
    """The plans of one site."""

    def __init__(self, site: Site, contents: Mapping[str, str], basis: str) -> None:
        self.site = site
        self.contents = contents
        self.basis = basis
        config = site.config
        self.urls = Urls(config.pages.urls, config.site.base_url, config.base_path)

    def plans(self) -> Iterator[Plan]:
        config, site = self.site.config, self.site
        everything = digest(*self.contents.items(), *site.pages)
        names = digest(*sorted(site.keys.items()))
        yield self._plan("robots.txt", lambda: make_robots(config, self.urls), "")
        if not config.site.noindex:
            yield self._plan("llms.txt", lambda: make_llms(site, self.urls), everything)
        if config.exports.archive:
            yield self._plan("index.json", lambda: make_json(site, self.urls), everything)
            yield self._plan("index.csv", lambda: make_csv(site, self.urls), everything)
        if config.exports.transcripts:
            yield self._plan(SCHEMA_PATH, make_schema, "")
        if not config.site.base_url:
            return
        if config.feeds.site:
            yield from self._feeds("index", config.site.title, site.entries)
        if config.feeds.terms:
            for term in (*site.participants, *site.tags):
                title = f"{term.name} · {config.site.title}"
                yield from self._feeds(term.key, title, term.entries)
        if not config.site.noindex:
            yield from self._maps(digest(everything, names))

    def _feeds(self, key: str, title: str, entries: Sequence[Entry]) -> Iterator[Plan]:
        """The feeds of a listing; they depend on no more than they hold."""
        config = self.site.config
        latest = entries[: config.feeds.limit]
        feed = Feed(key, title, latest, config, self.urls)
        content = digest(title, config.epoch, *(self.contents[entry.key] for entry in latest))
        for kind, make in ((ATOM, make_atom), (JSON_FEED, make_json_feed)):
            yield self._plan(self.urls.feed(key, kind), partial(make, feed), content)

    def _maps(self, content: str) -> Iterator[Plan]:
        """The site map, which is an index of several where one would be too large."""
        parts = split(list(_places(self.site)), self.urls)
        for path, make in make_maps(parts, self.urls):
            yield self._plan(path, make, digest(content, len(parts)))

    def _plan(self, path: str, make: Callable[[], bytes], content: str) -> Plan:
        return Plan(
            path,
            Kind.FEED,
            OWNER,
            Key(self.basis, "", content, ""),
            lambda: Artifact(path, make(), Kind.FEED, OWNER),
        )


def _places(site: Site) -> Iterator[Place]:
    """Every page that search engines may list, with the newest date of what it shows."""
    latest = newest(site.entries)
    size = site.config.pages.index_size
    yield from _pages("index", site.entries, size)
    for entry in site.entries:
        if not entry.noindex:
            yield Place(entry.key, newest([entry]))
    for page in site.pages:
        if not page.noindex:
            yield Place(page.slug, None)
    for taxonomy in site.taxonomies:
        yield Place(taxonomy.key, latest)
        for term in taxonomy.terms:
            yield from _pages(term.key, term.entries, size)


def _pages(key: str, entries: Sequence[Entry], size: int) -> Iterator[Place]:
    for page, part, _ in paginate(key, entries, size):
        yield Place(page, newest(part))
