"""Labels: what a record is or is not, as a banner, a page and a setting."""

from __future__ import annotations

from pathlib import Path

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
