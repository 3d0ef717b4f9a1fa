"""Names every page once: slugs, output paths, and links between them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

__all__ = ["FEEDS", "FeedKind", "Urls", "disambiguate", "slugify", "slugify_path", "source_key"]

MAX_SLUG_BYTES = 150
"""Longest slug; leaves room for endings within the 255 bytes of a file name."""

RESERVED_NAMES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))]
)
"""File names that Windows cannot hold, whatever the ending."""


@dataclass(frozen=True, slots=True)
class FeedKind:
    """A format of feeds."""

    file: str
    """The name of its files."""
    media_type: str
    """How a server should call them."""


ATOM = FeedKind("feed.xml", "application/atom+xml")
JSON_FEED = FeedKind("feed.json", "application/feed+json")
FEEDS = (ATOM, JSON_FEED)
"""The formats of feeds; each listing that has a feed has it in all of them."""


def slugify(text: str) -> str:
    """The name of `text` in a URL: lower case, letters, digits, `_` and `-` of any script.

    Never empty, never longer than 150 bytes, never begins with `_`, `.` or `-`.
    Equal for the composed and the decomposed form of the same text.
    """
    composed = unicodedata.normalize("NFC", text).lower()
    kept = "".join(
        char if char == "_" or unicodedata.category(char)[0] in "LMN" else "-" for char in composed
    )
    slug = re.sub(r"-{2,}", "-", kept).lstrip("-_").rstrip("-")
    # A name that begins with a combining mark would attach to the slash before it.
    while slug and unicodedata.category(slug[0])[0] == "M":
        slug = slug[1:].lstrip("-_")
    if not slug:
        return "untitled-" + _digest(composed)
    if len(slug.encode()) > MAX_SLUG_BYTES:
        cut = slug.encode()[: MAX_SLUG_BYTES - 9].decode(errors="ignore")
        slug = f"{cut.rstrip('-')}-{_digest(composed)}"
    return f"{slug}-page" if slug in RESERVED_NAMES else slug


def source_key(key: str) -> str:
    """The page of a transcript's source, by the key of the transcript's page."""
    return f"{key}/source"


def slugify_path(path: str) -> str:
    """Slugs of every part of a `/`-separated path; an empty path stays empty."""
    return "/".join(slugify(part) for part in path.split("/") if part)


def disambiguate(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A slug for each of several names, distinct by a number where they would be equal.

    Equal is what a file system may take for equal: `straße` and `strasse` are. The order
    of `names` does not matter: ties are settled by the names themselves. `taken` are
    slugs that none may have.
    """
    slugs: dict[str, str] = {}
    taken = set(taken)
    numbers: dict[str, int] = {}  # Where to go on counting: all may want one address.
    for name in sorted(set(names)):
        slug = base = slugify(name)
        number = numbers.get(base, 2)
        while slug.casefold() in taken:
            slug = f"{base}-{number}"
            numbers[base] = number = number + 1
        taken.add(slug.casefold())
        slugs[name] = slug
    return slugs


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]


class Urls:
    """The addresses of one site.

    A *key* is a page's path without ending (`tags/radio`, `index`); a *path* is the
    file in the output folder (`tags/radio.html`).
    """

    def __init__(self, style: Literal["file", "directory"], base_url: str, base_path: str) -> None:
        self.style = style
        self.base_url = base_url
        self.base_path = base_path

    def path(self, key: str) -> str:
        """The output path of a page."""
        if self.style == "file" or key in ("404", "index") or key.endswith("/index"):
            return f"{key}.html"
        return f"{key}/index.html"

    def feed(self, key: str, kind: FeedKind) -> str:
        """The output path of the feed of a listing: of the index or of a term."""
        return kind.file if key == "index" else f"{key}/{kind.file}"

    def link(self, path: str, start: str) -> str:
        """A relative link to the file `path` from the page at the output path `start`."""
        target = self._served(path)
        return quote("../" * start.count("/") + target) or "./"

    def rooted(self, path: str) -> str:
        """A link that works from any address under the base path (for 404.html)."""
        return quote(self.base_path + self._served(path))

    def absolute(self, path: str) -> str:
        """The full address of `path`; empty if the site's address is not known."""
        if not self.base_url:
            return ""
        trimmed = re.sub(r"(^|/)index\.html$", r"\1", path)
        return self.base_url + quote(trimmed)

    def _served(self, path: str) -> str:
        """`slug/` rather than `slug/index.html` where folders are the style."""
        return re.sub(r"(^|/)index\.html$", r"\1", path) if self.style == "directory" else path
