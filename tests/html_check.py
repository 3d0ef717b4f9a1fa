"""Reads built pages as a browser would, and finds what is broken in a whole site."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

ORIGIN = "https://site.invalid"
VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)
OPTIONAL = frozenset(["p", "li", "td", "th", "tr", "dt", "dd", "option"])


@dataclass(slots=True)
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[str, ...]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, white space collapsed."""
        return " ".join("".join(self.words).split())


class Page(HTMLParser):
    """A parsed page."""

    def __init__(self, html: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.faults: list[str] = []
        self.feed(html.decode())
        self.close()
        self.faults += [f"<{element.tag}> is not closed" for element in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"<{tag}> has an attribute twice")
        element = Element(
            tag,
            {name: value or "" for name, value in attrs},
            tuple(parent.tag for parent in self.open),
        )
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.words.append(data)

    def find(self, tag: str = "", **attributes: str) -> list[Element]:
        """Elements with this tag and these attributes (`class_` for one of the classes)."""
        wanted = attributes.pop("class_", "")
        return [
            element
            for element in self.elements
            if (not tag or element.tag == tag)
            and (not wanted or wanted in element.attributes.get("class", "").split())
            and all(element.attributes.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str = "", **attributes: str) -> Element:
        """The one element with this tag and these attributes."""
        (element,) = self.find(tag, **attributes)
        return element

    def texts(self, tag: str = "", **attributes: str) -> list[str]:
        """The texts of the elements with this tag and these attributes."""
        return [element.text for element in self.find(tag, **attributes)]

    def ids(self) -> list[str]:
        """Every id in order."""
        return [e.attributes["id"] for e in self.elements if "id" in e.attributes]

    def targets(self) -> Iterator[tuple[Element, str]]:
        """Every address in it."""
        for element in self.elements:
            for name in ("href", "src"):
                if name in element.attributes:
                    yield element, element.attributes[name]


def pages(files: Mapping[str, bytes]) -> dict[str, Page]:
    """Every HTML file of a site, parsed."""
    return {path: Page(content) for path, content in files.items() if path.endswith(".html")}


def is_internal(target: str) -> bool:
    """Whether an address leads into the site."""
    return not urlsplit(target).scheme and not target.startswith("//")


def faults(files: Mapping[str, bytes], base_path: str = "/", index: bool = False) -> list[str]:
    """What is broken in a site that is served at `base_path`.

    `index` says that the server shows `index.html` for a folder.
    """
    site = pages(files)
    ids = {path: set(page.ids()) for path, page in site.items()}
    found = []
    for path, page in site.items():
        found += [f"{path}: {fault}" for fault in page.faults]
        found += [f"{path}: id {i} twice" for i, n in Counter(page.ids()).items() if n > 1]
        found += [f"{path}: {fault}" for fault in _unsafe(page)]
        for _, target in page.targets():
            if not is_internal(target):
                continue
            parts = urlsplit(urljoin(f"{ORIGIN}{base_path}{path}", target))
            reached = unquote(parts.path)
            if not reached.startswith(base_path):
                found.append(f"{path}: {target} leads out of the site")
                continue
            file = reached.removeprefix(base_path)
            if index and (not file or file.endswith("/")):
                file += "index.html"
            if file not in files:
                found.append(f"{path}: {target} leads nowhere")
            elif parts.fragment and unquote(parts.fragment) not in ids.get(file, ()):
                found.append(f"{path}: {target} has no such id")
    return found


def _unsafe(page: Page) -> Iterator[str]:
    head = next(element for element in page.elements if element.parents[-1:] == ("head",))
    if head.attributes.get("http-equiv") != "Content-Security-Policy":
        yield "the policy is not first in the head"
    for element in page.elements:
        if element.tag in ("style", "iframe", "object", "embed", "base", "form"):
            yield f"<{element.tag}>"
        inline = element.text or "src" not in element.attributes
        if element.tag == "script" and inline and not _is_data(element):
            yield "an inline script"
        names = element.attributes
        for name, value in names.items():
            if name.startswith("on") or name == "style":
                yield f"<{element.tag} {name}>"
            is_told = element.tag == "meta" and name == "content" and "http-equiv" not in names
            if value.strip().lower().startswith(("javascript:", "vbscript:")) and not is_told:
                yield f"<{element.tag} {name}={value}>"


def _is_data(element: Element) -> bool:
    """Whether a script is the one kind that is never run: JSON-LD in the head, all escaped."""
    if element.attributes != {"type": "application/ld+json"} or element.parents[-1:] != ("head",):
        return False
    text = "".join(element.words)
    return isinstance(json.loads(text), dict) and not {"<", ">", "&"} & set(text)
