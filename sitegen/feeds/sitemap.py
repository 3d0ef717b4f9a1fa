"""The site map (sitemaps.org, version 0.9) and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sitegen.config import Config
from sitegen.feeds.dates import stamp
from sitegen.feeds.xml import DECLARATION, element
from sitegen.urls import Urls

__all__ = ["Place", "make_maps", "make_robots", "split"]

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAIN = "sitemap.xml"

MOST_PLACES = 50_000
MOST_BYTES = 50_000_000
"""What one file may hold; the protocol allows 52,428,800 bytes."""

FRAME = 120
"""Bytes that a place takes beside its address."""


@dataclass(frozen=True, slots=True)
class Place:
    """One page as the site map has it."""

    key: str
    """The page, without an ending."""
    changed: datetime | None
    """The newest date of what it shows; None where none is known."""


Part = Sequence[Place]


def split(places: Sequence[Place], urls: Urls) -> Sequence[Part]:
    """As many lists of places as files are needed."""
    parts: list[list[Place]] = [[]]
    size = 0
    for place in places:
        # Every byte of a key can take three, and there may be an `&amp;` in the base.
        most = 3 * len(place.key.encode()) + 5 * len(urls.base_url.encode()) + FRAME
        if len(parts[-1]) == MOST_PLACES or size + most > MOST_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(place)
        size += most
    return parts


def make_maps(parts: Sequence[Part], urls: Urls) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The output path of each file, and what makes it."""
    if len(parts) == 1:
        yield MAIN, partial(_make_map, parts[0], urls)
        return
    yield MAIN, partial(_make_index, len(parts), urls)
    for number, part in enumerate(parts, 1):
        yield _name(number), partial(_make_map, part, urls)


def make_robots(config: Config, urls: Urls) -> bytes:
    """robots.txt; it counts at the root of a host alone, and harms nowhere.

    A site that search engines may not list says so on every page, which they must be
    allowed to fetch to know it.
    """
    lines = ["User-agent: *", "Allow: /"]
    if urls.base_url and not config.site.noindex:
        lines += ["", f"Sitemap: {urls.absolute(MAIN)}"]
    return ("\n".join(lines) + "\n").encode()


def _name(number: int) -> str:
    return f"sitemap-{number}.xml"


def _make_index(parts: int, urls: Urls) -> bytes:
    names = (urls.absolute(_name(number)) for number in range(1, parts + 1))
    return _file("sitemapindex", (f"<sitemap>{element('loc', name)}</sitemap>" for name in names))


def _make_map(places: Part, urls: Urls) -> bytes:
    return _file("urlset", (_url(place, urls) for place in places))


def _url(place: Place, urls: Urls) -> str:
    changed = element("lastmod", stamp(place.changed)) if place.changed else ""
    return f"<url>{element('loc', urls.absolute(urls.path(place.key)))}{changed}</url>"


def _file(root: str, lines: Iterator[str]) -> bytes:
    body = "\n".join(lines)
    return f'{DECLARATION}<{root} xmlns="{NAMESPACE}">\n{body}\n</{root}>\n'.encode()
