"""The search index: published pages in, Pagefind's files and our facets out."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from sitegen.entry import UNSPACED, Entry
from sitegen.formats import Formats
from sitegen.model import Artifact, Kind
from sitegen.pagefind import files_of, make_index
from sitegen.site import UNDATED, Site

__all__ = [
    "ENTRY",
    "JOINER",
    "OWNER",
    "PAGE",
    "SCRIPT",
    "SCRIPT_BREAKS",
    "Facets",
    "Indexing",
    "index_language",
    "is_index_file",
    "make_facets",
    "readable",
    "text_pieces",
]

PAGE = "search"
"""The key of the page that searches."""

FOLDER = "pagefind"
"""Where the files of the index are in the output."""

ENTRY = f"{FOLDER}/pagefind-entry.json"
"""The file of the index that leads to all others."""

SCRIPT = f"{FOLDER}/pagefind.js"
"""The file by which a page searches."""

OWNER = "the search index"
"""How messages name what they are made from."""

NOT_SAID = (
    *(
        ".permalink",
        ".line-of",
        ".speaker > time",
        ".gap",
        ".day",
        ".reply",
        ".marks",
        ".blank",
        ".hidden",
    ),
)
"""What stands among the messages but is nobody's words, as selectors."""

OURS = re.compile(
    r"pagefind\.js|pagefind-entry\.json|wasm\..*|pagefind\..*\.pf_meta"
    r"|(index|fragment)/[^/]+\.pf_\w+|facets\.json"
)
"""The files that a search needs; the rest is for Pagefind's own interface."""

FACETS = "facets.json"
FRAGMENT = re.compile(r"fragment/(.+)\.pf_fragment")
URL = re.compile(r'\{"url":("(?:[^"\\]|\\.)*")')
HEAD = 16_000
"""Bytes of a fragment in which its address ends: paths are shorter."""
MAGIC = b"pagefind_dcd"
"""With this begins each compressed file of Pagefind's."""

JOINER = "\u2060"
"""Stands before a space that was put between two signs of a script without spaces."""

MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059"
    "\u17b4-\u17d3\u17dd\u3099\u309a"
)
"""Signs of these scripts that belong to the one before."""
SIGNS = UNSPACED.pattern.pattern
TEXT = re.compile(">[^<]+")


def _breaks(letter: str) -> str:
    """A pattern of the places at which a sign of such a script ends or begins a word."""
    return f"(?:(?<={SIGNS})(?={letter})|(?<={letter})(?={SIGNS}))(?![{MARKS}])"


BREAKS = re.compile(_breaks(r"[^\W_]"))
SCRIPT_BREAKS = "".join(
    char if char.isascii() else f"\\u{{{ord(char):x}}}" for char in _breaks(r"[\p{L}\p{N}]")
)
"""The same for a script of the page, with its flags `gu`."""

PIECE = 1 << 20
"""Characters of a page that are looked at in one go."""

COMMAND = "___PAGEFIND_"
"""By such words Pagefind's parser talks to its indexer; nobody else may."""

UNSTEMMED = "unknown"
"""What Pagefind calls a language whose endings it does not know."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What a search can be narrowed to."""

    dates: Mapping[str, str] = field(default_factory=dict)
    """Of the address of each page, the day on which it began as it is shown; may be empty."""
    values: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    """Kind (`tag`) to value (`radio`) to the addresses of the pages that have it."""


def make_facets(site: Site, address: Callable[[Entry], str], forms: Formats) -> Facets:
    """The facets of a site; `address` gives that of an entry's page."""
    formats: dict[str, list[str]] = {}
    for entry in site.entries:
        formats.setdefault(entry.format, []).append(address(entry))
    kinds = {"participants": "participant", "tags": "tag", "labels": "label", "years": "year"}
    terms = {
        kinds[taxonomy.kind]: {
            term.name: [address(entry) for entry in term.entries]
            for term in taxonomy.terms
            if term.name != UNDATED
        }
        for taxonomy in site.taxonomies
        if taxonomy.kind in kinds
    }
    return Facets(
        {
            address(entry): forms.day(entry.started) if entry.started else ""
            for entry in site.entries
        },
        {**terms, "format": dict(sorted(formats.items()))},
    )


def index_language(language: str) -> str:
    """The language by whose rules words are found in all their forms; one for the site."""
    primary = language.partition("-")[0].lower()
    # Of these Pagefind would look for words in the query, but not in the text.
    return UNSTEMMED if primary in ("zh", "ja", "th", "lo", "km", "my") else primary


def is_index_file(path: str) -> bool:
    """Whether a path of the output is that of a file of the index."""
    return path.startswith(f"{FOLDER}/") and bool(OURS.fullmatch(path.removeprefix(f"{FOLDER}/")))


def text_pieces(page: Path) -> Iterator[str]:
    """The HTML of a page, in pieces that end where a tag begins."""
    rest = ""
    with io.TextIOWrapper(page.open("rb"), "utf-8", "replace") as file:
        while piece := file.read(PIECE):
            head, sign, tail = piece.rpartition("<")
            if sign:
                yield rest + head
                rest = ""
            rest += sign + tail
    yield rest


def readable(page: str) -> str:
    """A page, or a piece of one, as Pagefind gets it: every sign of a script without
    spaces is a word.

    A piece ends where a tag begins. So any part of such a text is found as a phrase. Only
    text is changed, and only in this copy; `JOINER` tells the added spaces from those that
    were written.
    """
    page = page.replace(COMMAND, "PAGEFIND_")
    if not UNSPACED.occurs_in(page):
        return page
    return TEXT.sub(lambda text: BREAKS.sub(f"{JOINER} ", text[0]), page)


def _encode(facets: Facets, names: Mapping[str, str]) -> bytes:
    """The facets as the page's script reads them: of each page its name, of each value its pages.

    Pagefind has filters of its own, but writes them in another order each time.
    """
    urls = [url for url in facets.dates if url in names]
    places = {url: place for place, url in enumerate(urls)}
    values = {
        kind: [
            [value, [places[url] for url in found if url in places]]
            for value, found in facet.items()
        ]
        for kind, facet in facets.values.items()
    }
    data = {
        "pages": [[names[url], facets.dates[url]] for url in urls],
        "values": values,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


class Indexing:
    """An index that is being made beside other work."""

    def __init__(
        self, pages: Iterable[tuple[str, Iterable[str]]], language: str, facets: Facets
    ) -> None:
        """Begin with some pages, each with its address and its HTML in pieces.

        A piece ends where a tag begins, or at the end of the page.
        """
        self.facets = facets
        ready = ((url, map(readable, page)) for url, page in pages)
        self.worker = ThreadPoolExecutor(1, "sitegen-search")
        self.made = self.worker.submit(make_index, ready, language, NOT_SAID)
        self.worker.shutdown(wait=False)

    def result(self) -> Iterator[Artifact]:
        """The files of the index, one at a time, as soon as all are made.

        The same pages in the same order give the same bytes.

        Raises:
            SitegenError: Pagefind is missing, or failed.
        """
        names: dict[str, str] = {}
        for path, content in files_of(self.made.result()):
            if not OURS.fullmatch(path):
                continue
            if match := FRAGMENT.fullmatch(path):
                names[_url_of(content)] = match[1]
            yield Artifact(f"{FOLDER}/{path}", content, Kind.LISTING, OWNER)
        facets = _encode(self.facets, names)
        yield Artifact(f"{FOLDER}/{FACETS}", facets, Kind.LISTING, OWNER)


def _url_of(fragment: bytes) -> str:
    """The address of the page of which a file holds all words; no more of it is unpacked."""
    with gzip.open(io.BytesIO(fragment)) as file:
        head = file.read(HEAD).removeprefix(MAGIC).decode(errors="replace")
    found = URL.match(head)
    assert found
    return str(json.loads(found[1]))
