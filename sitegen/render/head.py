"""What the head of a page says to search engines, feed readers, link previews and libraries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from markupsafe import Markup

from sitegen.cards import HEIGHT, WIDTH, card_path
from sitegen.cite import Excerpt
from sitegen.config import Config
from sitegen.downloads import FORMATS, download_paths
from sitegen.entry import Entry
from sitegen.formats import timestamp
from sitegen.jsontext import embed
from sitegen.labels import about_label
from sitegen.render.frame import known_labels
from sitegen.settings import LabelConfig
from sitegen.site import Taxonomy, Term
from sitegen.urls import FEEDS, Urls

__all__ = ["Head", "HeadMaker", "Link", "Picture"]

MOST_NAMES = 20
"""Authors and subjects that are named; a page may have hundreds."""


@dataclass(frozen=True, slots=True)
class Link:
    """A `<link>` to a file of the site that says what this page says, or stands beside it."""

    rel: str
    """How it is related: `alternate`, `prev`, `next`."""
    href: str
    """Its address, seen from the page."""
    type: str = ""
    """Its media type; empty for another page."""
    title: str = ""
    """What a feed reader calls it."""
    label: str = ""
    """How the foot of the page offers it to people; empty if it does not."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What others show beside a link to a page."""

    href: str
    """Its full address; seen from the page if the site's is not known."""
    alt: str
    """The same in words."""
    width: int = WIDTH
    height: int = HEIGHT
    """In pixels."""


@dataclass(frozen=True, slots=True)
class Head:
    """What `partials/head.html` gets beside the page's title, description and address."""

    kind: str = "website"
    """Its type in Open Graph."""
    noindex: bool = False
    """Search engines are asked not to list it."""
    links: tuple[Link, ...] = ()
    """Feeds, downloads and neighbours."""
    properties: tuple[tuple[str, str], ...] = ()
    """Further properties of Open Graph, name and value."""
    image: Picture | None = None
    """Its social card; None if it has none."""
    citation: tuple[tuple[str, str], ...] = ()
    """What reference managers read, name and value."""
    data: str | Markup = ""
    """JSON-LD; nothing in it can end the element that holds it."""


class HeadMaker:
    """Makes the heads of one site's pages."""

    def __init__(self, config: Config, urls: Urls, text: Callable[..., str]) -> None:
        self.config = config
        self.urls = urls
        self.text = text
        self.feed_kinds = FEEDS if config.site.base_url else ()
        self.site_data = self._thing("WebSite", "index", config.site.title)

    def transcript(
        self,
        entry: Entry,
        description: str,
        excerpts: Sequence[Excerpt],
        older: str,
        newer: str,
    ) -> Head:
        """The head of a transcript's page; `older` and `newer` are its neighbours' keys."""
        path = self.urls.path(entry.key)
        times = [
            (f"article:{name}_time", timestamp(when))
            for name, when in (("published", entry.started), ("modified", entry.ended))
            if when
        ]
        tags = [("article:tag", tag) for tag in entry.tags[:MOST_NAMES]]
        return Head(
            kind="article",
            noindex=self.config.site.noindex or entry.noindex,
            links=(
                *self._neighbours(path, older, newer),
                *self._feeds(path),
                *self._downloads(path, entry.key),
            ),
            properties=(*times, *tags),
            image=self._picture(entry, path),
            citation=tuple(self._citation(entry)),
            data=self._graph(
                self._conversation(entry, description, excerpts), [(entry.key, entry.title)]
            ),
        )

    def _picture(self, entry: Entry, page: str) -> Picture | None:
        if not self.config.site.social_cards:
            return None
        path = card_path(entry.key)
        href = self.urls.absolute(path) or self.urls.link(path, page)
        return Picture(href, f"{entry.title}: {entry.shape}")

    def index(self, key: str, description: str, before: str, after: str) -> Head:
        """The head of a page of the index; `before` and `after` are the keys of its others."""
        path = self.urls.path(key)
        data = dict(self.site_data)
        if description:
            data["description"] = description
        data["inLanguage"] = self.config.site.language
        return Head(
            noindex=self.config.site.noindex,
            links=(
                *self._neighbours(path, before, after),
                *self._feeds(path),
                *self._archive(path),
            ),
            data=self._graph(data, []),
        )

    def taxonomy(self, taxonomy: Taxonomy) -> Head:
        """The head of the list of all participants, tags or years."""
        title = self.text(taxonomy.title)
        return self._listing(taxonomy.key, title, [(taxonomy.key, title)])

    def term(self, taxonomy: Taxonomy, term: Term, key: str, before: str, after: str) -> Head:
        """The head of a page of a participant, a tag or a year."""
        trail = [(taxonomy.key, self.text(taxonomy.title)), (term.key, term.name)]
        own = taxonomy.kind in ("participants", "tags") and self.config.feeds.terms
        feed = (term.key, term.name) if own else None
        return self._listing(key, term.name, trail, feed, before, after)

    def authored(self, key: str, title: str, noindex: bool) -> Head:
        """The head of an authored page."""
        data = self._thing("WebPage", key, title)
        data["isPartOf"] = self.site_data
        return Head(
            noindex=noindex or self.config.site.noindex,
            links=self._feeds(self.urls.path(key)),
            data=self._graph(data, [(key, title)]),
        )

    def missing(self) -> Head:
        """The head of what a server shows for an address that does not exist."""
        return Head(noindex=True)

    def _listing(
        self,
        key: str,
        title: str,
        trail: Sequence[tuple[str, str]],
        feed: tuple[str, str] | None = None,
        before: str = "",
        after: str = "",
    ) -> Head:
        path = self.urls.path(key)
        data = self._thing("CollectionPage", key, title)
        data["isPartOf"] = self.site_data
        own = self._links_to_feeds(path, *feed) if feed else ()
        if feed:
            label = self.text("Feed of {name}", name=feed[1])
            own = tuple(replace(link, label=label) for link in own[:1]) + own[1:]
        return Head(
            noindex=self.config.site.noindex,
            links=(*self._neighbours(path, before, after), *own, *self._feeds(path)),
            data=self._graph(data, trail),
        )

    def _feeds(self, path: str) -> tuple[Link, ...]:
        if not self.config.feeds.site:
            return ()
        links = self._links_to_feeds(path, "index", self.config.site.title)
        return tuple(
            replace(link, label=label)
            for link, label in zip(
                links, (self.text("Atom feed"), self.text("JSON feed")), strict=False
            )
        )

    def _archive(self, path: str) -> tuple[Link, ...]:
        """The data of the whole archive."""
        if not self.config.exports.archive:
            return ()
        return (
            Link(
                "alternate",
                self.urls.link("index.json", path),
                "application/json",
                label=self.text("All data as JSON"),
            ),
            Link(
                "alternate",
                self.urls.link("index.csv", path),
                "text/csv",
                label=self.text("All data as CSV"),
            ),
        )

    def _links_to_feeds(self, path: str, key: str, title: str) -> tuple[Link, ...]:
        return tuple(
            Link(
                "alternate", self.urls.link(self.urls.feed(key, kind), path), kind.media_type, title
            )
            for kind in self.feed_kinds
        )

    def _downloads(self, path: str, key: str) -> tuple[Link, ...]:
        if not self.config.exports.transcripts:
            return ()
        return tuple(
            Link("alternate", self.urls.link(target, path), form.media_type)
            for form, target in zip(FORMATS, download_paths(key), strict=True)
        )

    def _neighbours(self, path: str, older: str, newer: str) -> tuple[Link, ...]:
        return tuple(
            Link(rel, self.urls.link(self.urls.path(key), path))
            for rel, key in (("prev", older), ("next", newer))
            if key
        )

    def _citation(self, entry: Entry) -> list[tuple[str, str]]:
        """The tags of Highwire Press, which Google Scholar and Zotero read."""
        found = [("citation_title", entry.title)]
        found += [("citation_author", name) for name in _names(entry)]
        if entry.started:
            found.append(("citation_publication_date", f"{entry.started:%Y/%m/%d}"))
        found.append(("citation_language", entry.language or self.config.site.language))
        found += [("citation_keywords", tag) for tag in entry.tags[:MOST_NAMES]]
        if address := self.urls.absolute(self.urls.path(entry.key)):
            found.append(("citation_public_url", address))
        return found

    def _conversation(
        self, entry: Entry, description: str, excerpts: Sequence[Excerpt]
    ) -> dict[str, Any]:
        """A schema.org Conversation; its page has the whole of it, so this need not."""
        address = self.urls.absolute(self.urls.path(entry.key))
        data = self._thing("Conversation", entry.key, entry.title)
        data["description"] = description
        data["inLanguage"] = entry.language or self.config.site.language
        if entry.started:
            data["dateCreated"] = timestamp(entry.started)
        if entry.started and entry.duration and entry.ended:
            data["temporalCoverage"] = f"{timestamp(entry.started)}/{timestamp(entry.ended)}"
        if self.config.site.social_cards and address:
            data["image"] = self.urls.absolute(card_path(entry.key))
        if names := _names(entry):
            data["author"] = [_person(name) for name in names]
        if entry.tags or entry.labels:
            labels = [self._label(label) for label in entry.labels]
            data["keywords"] = [*labels, *entry.tags[:MOST_NAMES]]
        data["isPartOf"] = self.site_data
        data["hasPart"] = [_message(excerpt, address) for excerpt in excerpts]
        return data

    @cached_property
    def _labels(self) -> tuple[tuple[str, LabelConfig], ...]:
        return known_labels(self.config)

    def _label(self, name: str) -> dict[str, Any]:
        """A label, with what it means."""
        data = {"@type": "DefinedTerm", "name": name}
        if explanation := about_label(self._labels, name, self.text).explanation:
            data["description"] = explanation
        if address := self.urls.absolute(self.urls.path("labels/index")):
            data["inDefinedTermSet"] = address
        return data

    def _thing(self, kind: str, key: str, name: str) -> dict[str, Any]:
        data = {"@type": kind, "name": name}
        if address := self.urls.absolute(self.urls.path(key)):
            data["url"] = address
        return data

    def _graph(self, thing: dict[str, Any], trail: Sequence[tuple[str, str]]) -> Markup:
        """A thing, and the way to it from the index, whose places must have addresses."""
        graph = [thing]
        if trail and self.config.site.base_url:
            steps = [("index", self.config.site.title), *trail]
            graph.append(
                {
                    "@type": "BreadcrumbList",
                    "itemListElement": [
                        {
                            "@type": "ListItem",
                            "position": place,
                            "name": name,
                            "item": self.urls.absolute(self.urls.path(key)),
                        }
                        for place, (key, name) in enumerate(steps, 1)
                    ],
                }
            )
        return Markup(embed({"@context": "https://schema.org", "@graph": graph}))


def _names(entry: Entry) -> list[str]:
    return [share.participant.name for share in entry.shares[:MOST_NAMES]]


def _person(name: str) -> dict[str, Any]:
    # A Person is someone "alive, dead, undead, or fictional": schema.org has no closer word.
    return {"@type": "Person", "name": name}


def _message(excerpt: Excerpt, address: str) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "Message", "position": excerpt.number, "text": excerpt.text}
    if excerpt.speaker:
        data["sender"] = _person(excerpt.speaker)
    if excerpt.at:
        data["dateSent"] = timestamp(excerpt.at)
    if address:
        data["url"] = f"{address}#m{excerpt.number}"
    return data
