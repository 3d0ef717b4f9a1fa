"""What the head of each page says to search engines, previews, feed readers and libraries."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from helpers import built, exported, write_site
from hostile import project
from html_check import Page, faults, pages

from sitegen.labels import WELL_KNOWN

BASE = "https://b.org/archive/"
HELLO = exported([("Ada", "Hello there, I have *waited* long"), ("Brook", "Hello to you")])
ARCHIVE = {
    "content/a.md": f"---\ntags: [sea]\nlabels: [excerpt]\n---\n{HELLO}",
    "content/b.md": "---\ntitle: B & <b>\nsummary: In short\nlanguage: he\ndate: 2024-01-02\n---\n"
    + exported([("Ada", "x")], started=""),
    "content/u.md": exported([("Ada", "y")], "No date", started=""),
    "content/plain.txt": "Only words",
    "content/pages/about.md": "---\ntitle: About\nsummary: Who we are\n---\nText",
}

# What schema.org defines, as far as our pages use it: type to properties.
TERMS = {
    "Conversation": {
        *("name", "url", "description", "inLanguage", "dateCreated", "temporalCoverage"),
        *("author", "image", "keywords", "isPartOf", "hasPart"),
    },
    "Message": {"position", "text", "sender", "dateSent", "url"},
    "Person": {"name"},
    "DefinedTerm": {"name", "description", "inDefinedTermSet"},
    "WebSite": {"name", "url", "description", "inLanguage"},
    "WebPage": {"name", "url", "isPartOf"},
    "CollectionPage": {"name", "url", "isPartOf"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
}


def site(root: Path, settings: str = "", base_url: str = BASE) -> dict[str, bytes]:
    write_site(root, {**ARCHIVE, "sitegen.toml": settings})
    return built(root, base_url=base_url)


def shown(root: Path, path: str, settings: str = "", base_url: str = BASE) -> Page:
    return Page(site(root, settings, base_url)[path])


def metas(page: Page, kind: str = "name") -> dict[str, list[str]]:
    """The contents of the head's `<meta>`, by name or property."""
    found: dict[str, list[str]] = {}
    for meta in page.find("meta"):
        if kind in meta.attributes:
            found.setdefault(meta.attributes[kind], []).append(meta.attributes["content"])
    return found


def links(page: Page, rel: str) -> list[str]:
    return [e.attributes["href"] for e in page.find("link", rel=rel)]


def data(page: Page) -> list[dict[str, Any]]:
    """The things that the page's JSON-LD tells of, once each is known to be of schema.org."""
    document = json.loads("".join(page.one("script", type="application/ld+json").words))
    assert document["@context"] == "https://schema.org"
    _check(document["@graph"])
    graph: list[dict[str, Any]] = document["@graph"]
    return graph


def _check(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _check(item)
    elif isinstance(value, dict):
        assert set(value) - {"@type"} <= TERMS[value["@type"]]
        for item in value.values():
            _check(item)


def test_head_of_a_transcript(tmp_path: Path) -> None:
    page = shown(tmp_path, "b.html", '[site]\ntitle = "T"')
    named, told = metas(page), metas(page, "property")
    assert named["description"] == told["og:description"] == ["In short"]
    assert told["og:title"] == ["B & <b>"]
    assert told["og:type"] == ["article"]
    assert told["og:site_name"] == ["T"]
    assert told["og:url"] == links(page, "canonical") == [f"{BASE}b.html"]
    assert told["article:published_time"] == ["2024-01-02T00:00:00+00:00"]
    assert named["twitter:card"] == ["summary_large_image"]
    assert "robots" not in named
    assert links(page, "prev") == ["plain.html"]
    assert links(page, "next") == ["a.html"]


def test_libraries_are_told_what_to_cite(tmp_path: Path) -> None:
    named = metas(shown(tmp_path, "a.html"))
    assert {name: told for name, told in named.items() if name.startswith("citation_")} == {
        "citation_title": ["Ada ↔ Brook"],
        "citation_author": ["Ada", "Brook"],
        "citation_publication_date": ["2025/03/04"],
        "citation_language": ["en"],
        "citation_keywords": ["sea"],
        "citation_public_url": [f"{BASE}a.html"],
    }
    assert "citation_publication_date" not in metas(shown(tmp_path, "u.html"))


def test_conversation_is_told_of_as_data(tmp_path: Path) -> None:
    conversation, trail = data(shown(tmp_path, "a.html", '[site]\ntitle = "T"'))
    assert conversation == {
        "@type": "Conversation",
        "name": "Ada ↔ Brook",
        "url": f"{BASE}a.html",
        "description": "Hello there, I have waited long",
        "inLanguage": "en",
        "dateCreated": "2025-03-04T09:12:00+00:00",
        "author": [{"@type": "Person", "name": "Ada"}, {"@type": "Person", "name": "Brook"}],
        "image": f"{BASE}a/card.png",
        "keywords": [
            {
                "@type": "DefinedTerm",
                "name": "excerpt",
                "description": dict(WELL_KNOWN)["excerpt"].explanation,
                "inDefinedTermSet": f"{BASE}labels/",
            },
            "sea",
        ],
        "isPartOf": {"@type": "WebSite", "name": "T", "url": BASE},
        "hasPart": [
            {
                "@type": "Message",
                "position": 1,
                "text": "Hello there, I have waited long",
                "sender": {"@type": "Person", "name": "Ada"},
                "url": f"{BASE}a.html#m1",
            },
            {
                "@type": "Message",
                "position": 2,
                "text": "Hello to you",
                "sender": {"@type": "Person", "name": "Brook"},
                "url": f"{BASE}a.html#m2",
            },
        ],
    }
    assert trail["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "name": "T", "item": BASE},
        {"@type": "ListItem", "position": 2, "name": "Ada ↔ Brook", "item": f"{BASE}a.html"},
    ]


def test_long_conversation_is_told_of_by_its_beginning(tmp_path: Path) -> None:
    said = [("Ada", f"{number} " + "long words " * 90) for number in range(40)]
    write_site(tmp_path, {"content/a.md": exported(said)})
    (conversation,) = data(Page(built(tmp_path)["a.html"]))
    assert [part["position"] for part in conversation["hasPart"]] == [1, 2, 3, 4, 5, 6]
    for part in conversation["hasPart"]:
        assert len(part["text"]) <= 160
        assert part["text"].endswith("…")


@pytest.mark.parametrize(
    ("path", "kinds", "names"),
    [
        ("index.html", ["WebSite"], []),
        ("participants/index.html", ["CollectionPage", "BreadcrumbList"], ["Participants"]),
        ("tags/sea.html", ["CollectionPage", "BreadcrumbList"], ["Tags", "sea"]),
        ("about.html", ["WebPage", "BreadcrumbList"], ["About"]),
        ("plain.html", ["Conversation", "BreadcrumbList"], ["plain"]),
    ],
)
def test_every_page_is_told_of_as_data(
    tmp_path: Path, path: str, kinds: list[str], names: list[str]
) -> None:
    told = data(shown(tmp_path, path))
    assert [thing["@type"] for thing in told] == kinds
    if names:
        trail = told[1]["itemListElement"]
        assert [step["name"] for step in trail] == ["Conversations", *names]
        assert [step["position"] for step in trail] == list(range(1, len(trail) + 1))


def test_site_of_unknown_address_gives_no_address(tmp_path: Path) -> None:
    for path, page in pages(site(tmp_path, base_url="")).items():
        assert "og:url" not in metas(page, "property")
        assert not links(page, "canonical")
        if path != "404.html" and "/source." not in path:
            (thing,) = data(page)
            assert "url" not in thing


def test_every_page_has_a_title_and_a_description_of_its_own(tmp_path: Path) -> None:
    found = {p: page for p, page in pages(site(tmp_path)).items() if p != "404.html"}
    titles = Counter(page.texts("title")[0] for page in found.values())
    assert max(titles.values()) == 1
    for page in found.values():
        (description,) = metas(page)["description"]
        assert description
    taxonomies = [metas(found[f"{kind}/index.html"]) for kind in ("participants", "tags", "years")]
    assert len({told["description"][0] for told in taxonomies}) == 3


def test_long_summary_is_cut_between_words(tmp_path: Path) -> None:
    text = "many words " * 60
    write_site(tmp_path, {"content/a.md": f"---\nsummary: {text}\n---\n{HELLO}"})
    page = Page(built(tmp_path)["a.html"])
    (description,) = metas(page)["description"]
    assert len(description) <= 300
    assert description.endswith(("many…", "words…"))
    assert page.texts("p", class_="summary") == [text.strip()]


@pytest.mark.parametrize("path", ["a.html", "index.html", "tags/sea.html", "about.html"])
def test_feeds_can_be_found_from_every_page(tmp_path: Path, path: str) -> None:
    files = site(tmp_path)
    page = Page(files[path])
    kinds = {e.attributes["type"] for e in page.find("link", rel="alternate")}
    assert {"application/atom+xml", "application/feed+json"} <= kinds
    assert "Atom feed" in page.texts("a")
    assert ("Feed of sea" in page.texts("a")) == (path == "tags/sea.html")
    assert faults(files, "/archive/") == []


@pytest.mark.parametrize(
    ("front", "hidden"), [("noindex: true", True), ("noindex: false", False), ("", False)]
)
def test_transcript_can_ask_not_to_be_found(tmp_path: Path, front: str, hidden: bool) -> None:
    files = {"content/a.md": f"---\n{front}\ntags: [x]\n---\n{HELLO}", "content/b.md": HELLO}
    output = built(write_site(tmp_path, files), base_url=BASE)
    assert (metas(Page(output["a.html"])).get("robots") == ["noindex"]) is hidden
    assert "robots" not in metas(Page(output["b.html"]))
    for path in ("sitemap.xml", "llms.txt"):
        assert (b"/a.html" in output[path] or b"/a/" in output[path]) is not hidden
    assert b"/a.html" in output["feed.xml"]


def test_source_of_a_transcript_is_not_to_be_found_in_its_place(tmp_path: Path) -> None:
    files = site(tmp_path)
    assert metas(Page(files["a/source.html"]))["robots"] == ["noindex"]
    assert b"a/source" not in files["sitemap.xml"]


def test_page_that_does_not_exist_is_not_to_be_found(tmp_path: Path) -> None:
    page = shown(tmp_path, "404.html")
    assert metas(page)["robots"] == ["noindex"]
    assert not page.find("script", type="application/ld+json")


def test_nothing_hostile_gets_out_of_the_head(tmp_path: Path) -> None:
    files = built(write_site(tmp_path, project()), base_url=BASE)
    assert not [fault for fault in faults(files, "/archive/") if "inline script" in fault]
    told = 0
    for path, page in pages(files).items():
        heads = [e for e in page.elements if e.parents == ("html", "head")]
        assert {e.tag for e in heads} == {"meta", "title", "link", "script"}, path
        told += 0 if path == "404.html" or "/source." in path else len(data(page))
    assert told > 400
