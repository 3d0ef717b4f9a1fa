"""Labels: what a record is or is not, as a banner, a page and a setting."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from helpers import built, exported, write_site
from html_check import Element, Page

from sitegen import build
from sitegen.config import load_config
from sitegen.errors import ConfigError
from sitegen.labels import WELL_KNOWN, about_label, hue_of
from sitegen.palette import HUES
from sitegen.settings import LabelConfig

HELLO = exported([("Ada", "Hello"), ("Bo", "Hi")])


def labelled(*labels: str) -> str:
    return f"---\nlabels: [{', '.join(labels)}]\n---\n{HELLO}"


def banner(page: bytes) -> list[str]:
    return [item.text for item in items(page)]


def items(page: bytes) -> list[Element]:
    """The items of the banner; no other list is in an aside."""
    found = Page(page)
    assert found.one("aside", class_="banner")
    return [item for item in found.find("li") if "aside" in item.parents]


def test_a_label_is_shown_with_what_it_means_and_leads_to_its_page(tmp_path: Path) -> None:
    files = {"content/a.md": labelled("Unverifiable", "mine"), "content/b.md": HELLO}
    site = built(write_site(tmp_path, files))
    assert banner(site["a.html"]) == [
        "Unverifiable What this record says of where it comes from cannot be checked.",
        "mine",
    ]
    links = Page(site["a.html"]).find("a", class_="label")
    assert [link.attributes["href"] for link in links] == [
        "labels/unverifiable.html",
        "labels/mine.html",
    ]
    assert Page(site["labels/mine.html"]).texts("h1") == ["mine"]
    assert b"cannot be checked" in site["labels/unverifiable.html"]
    assert b"a.html" in site["labels/index.html"] or b"mine.html" in site["labels/index.html"]
    assert b"banner" not in site["b.html"]


FRONT = "---\nlabels: [mine, Excerpt]\ntags: [sea]\n---\n"
TOML = '[labels.mine]\nexplanation = "By & by."\n[site]\nbase_url = "https://e.example/"'
MEANS = dict(WELL_KNOWN)["excerpt"].explanation


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A site in which a transcript of several has labels."""
    files = {"sitegen.toml": TOML, "content/a.md": FRONT + HELLO, "content/c.md": HELLO}
    files["content/b.md"] = HELLO.replace("2025", "2024")
    files["content/pages/both.md"] = "---\nstaple: [a.md, b.md]\n---\n"
    return built(write_site(tmp_path_factory.mktemp("labelled"), files))


def record_in(data: bytes, key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in json.loads(data)["transcripts"] if r["key"] == key)
    return found


def test_every_export_of_a_transcript_has_its_labels(site: dict[str, bytes]) -> None:
    assert "labels:\n- mine\n- Excerpt\n" in site["a/transcript.md"].decode()
    for name in ("transcript.json", "provenance.json"):
        assert json.loads(site[f"a/{name}"])["labels"] == ["mine", "Excerpt"]
    assert "\nLabels: mine; Excerpt\n" in site["a/transcript.txt"].decode()
    assert record_in(site["index.json"], "a")["labels"] == ["mine", "Excerpt"]
    rows = csv.DictReader(io.StringIO(site["index.csv"].decode()))
    assert [row["labels"] for row in rows if row["key"] == "a"] == ["mine | Excerpt"]
    assert "message" in site["llms.txt"].decode()
    assert "2 messages. Labels: mine, Excerpt. Hello" in site["llms.txt"].decode()


def test_every_feed_has_the_labels_told_apart_from_tags(site: dict[str, bytes]) -> None:
    feed = site["feed.xml"].decode()
    scheme = 'scheme="https://e.example/labels/"'
    assert f'<category term="mine" {scheme}/>\n<category term="Excerpt" {scheme}/>' in feed
    assert '<category term="sea"/>' in feed
    items = {item["url"]: item for item in json.loads(site["feed.json"])["items"]}
    labelled, other = items["https://e.example/a.html"], items["https://e.example/b.html"]
    assert labelled["tags"] == ["mine", "Excerpt", "sea"]
    assert labelled["_sitegen"] == {"labels": ["mine", "Excerpt"]}
    assert not {"tags", "_sitegen"} & set(other)


def test_json_ld_says_what_a_label_means(site: dict[str, bytes]) -> None:
    data = "".join(Page(site["a.html"]).one("script", type="application/ld+json").words)
    talk = json.loads(data)["@graph"][0]
    labels = "https://e.example/labels/"
    assert talk["keywords"] == [
        {
            "@type": "DefinedTerm",
            "name": "mine",
            "description": "By & by.",
            "inDefinedTermSet": labels,
        },
        {
            "@type": "DefinedTerm",
            "name": "Excerpt",
            "description": MEANS,
            "inDefinedTermSet": labels,
        },
        "sea",
    ]


def test_citations_carry_the_labels(site: dict[str, bytes]) -> None:
    forms = [e.text for e in Page(site["a.html"]).find("pre", role="group")]
    assert "note = {Conversation transcript; mine; Excerpt}" in forms[1]
    assert json.loads(forms[2])[0]["note"] == "mine; Excerpt"


def test_cards_and_stapled_pages_show_the_labels(site: dict[str, bytes]) -> None:
    cards = Page(site["index.html"]).find("li", class_="card")
    assert [c.attributes.get("data-label", "") for c in cards] == ["mine excerpt", "", ""]
    shown = [e.text for e in Page(site["index.html"]).find("strong", class_="label")]
    assert shown == ["mine", "Excerpt"]
    links = Page(site["both.html"]).find("a", class_="label")
    assert [(link.text, link.attributes["href"]) for link in links] == [
        ("mine", "labels/mine.html"),
        ("Excerpt", "labels/excerpt.html"),
    ]


def test_lists_and_the_search_can_be_narrowed_by_label(site: dict[str, bytes]) -> None:
    options = [e.attributes["value"] for e in Page(site["index.html"]).find("option")]
    assert {"excerpt", "mine"} <= set(options)
    facets = json.loads(site["pagefind/facets.json"])["values"]["label"]
    assert [name for name, places in facets if len(places) == 1] == ["Excerpt", "mine"]


def test_a_long_list_of_a_label_knows_the_labels_of_all(tmp_path: Path) -> None:
    files = {f"content/{n}.md": FRONT + HELLO for n in range(4)}
    files["sitegen.toml"] = "[pages]\nindex_size = 2"
    found = built(write_site(tmp_path, files))
    finder = Page(found["labels/mine.html"]).one("section", class_="finder")
    assert (finder.attributes["data-within"], finder.attributes["data-slug"]) == ("label", "mine")
    data = json.loads(found["index/transcripts.js"].decode()[len("sitegenTranscripts=") : -2])
    slugs = [slug for slug, _ in data["labels"]]
    assert [[slugs[n] for n in row[9]] for row in data["rows"]] == [["mine", "excerpt"]] * 4


def test_a_site_without_labels_has_no_page_of_them(tmp_path: Path) -> None:
    site = built(write_site(tmp_path, {"content/a.md": HELLO}))
    assert not [path for path in site if path.startswith("labels/")]


def test_settings_explain_and_colour_a_label(tmp_path: Path) -> None:
    toml = (
        '[labels.mine]\nexplanation = "By & by."\ncolor = "teal"\n[labels."EXCERPT"]\ncolor = "red"'
    )
    site = built(
        write_site(tmp_path, {"content/a.md": labelled("mine", "excerpt"), "sitegen.toml": toml})
    )
    assert banner(site["a.html"]) == [
        "mine By & by.",
        "excerpt A part of a longer conversation; something was left out.",
    ]
    assert [item.attributes.get("class") for item in items(site["a.html"])] == ["hue-4", "hue-5"]


def test_a_change_of_a_setting_is_seen_on_the_next_build(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": labelled("mine"), "sitegen.toml": ""})
    build(tmp_path)
    write_site(tmp_path, {"sitegen.toml": '[labels.mine]\nexplanation = "Now."'})
    site = built(tmp_path)
    assert banner(site["a.html"]) == ["mine Now."]
    assert b"Now." in site["labels/mine.html"]


@pytest.mark.parametrize(
    ("toml", "message", "line"),
    [
        ("labels = 1", "`labels` must be a table", 1),
        ('[labels."a b"]\ncolour = "red"', 'unknown key `labels."a b".colour`', 2),
        ('[labels.x]\ncolor = "puce"', "`labels.x.color`: invalid enum value 'puce'", 2),
        ("[labels.x]\nexplanation = 1", "`labels.x.explanation`: expected `str`, got `int`", 2),
        ("[lables.x]\n", "unknown table [lables]", 1),
    ],
)
def test_a_wrong_setting_is_an_error_with_its_line(
    toml: str, message: str, line: int, tmp_path: Path
) -> None:
    write_site(tmp_path, {"sitegen.toml": toml})
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert (caught.value.message, caught.value.line) == (message, line)


def test_a_colour_is_one_of_the_palette() -> None:
    assert [hue_of(LabelConfig(color=hue)) for hue in ("blue", "violet", "")] == [0, 7, None]
    assert all(about.explanation for _, about in WELL_KNOWN)
    assert hue_of(about_label((), "Consent Given")) == HUES.index("green")
    assert about_label((), "unheard of") == LabelConfig()
