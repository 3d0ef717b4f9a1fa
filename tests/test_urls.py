"""Names and addresses: safe, stable, distinct, and right from every page."""

from __future__ import annotations

import posixpath
import unicodedata
from typing import Literal
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.urls import MAX_SLUG_BYTES, RESERVED_NAMES, Urls, disambiguate, slugify, slugify_path

TEXTS = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Kimi K2_vs_4o_20251026_122947_run1", "kimi-k2_vs_4o_20251026_122947_run1"),
        ("kimi-k2_haiku-4.5", "kimi-k2_haiku-4-5"),
        ("Café  at -- 3am!", "café-at-3am"),
        ("灯台湯", "灯台湯"),
        ("../../etc/passwd", "etc-passwd"),
        ("__init__", "init__"),
        ("-_-x", "x"),
        (".hidden", "hidden"),
        ("a\\b:c*d?e<f>g|h\x00i", "a-b-c-d-e-f-g-h-i"),
        ("what？：why", "what-why"),
        ("con", "con-page"),
        ("COM7", "com7-page"),
        ("console", "console"),
        ("Straße ΣΟΦΟΣ", "straße-σοφος"),
        ("\u0301acute", "acute"),
        ("हिन्दी", "हिन्दी"),
        ("x²", "x²"),
        ("🌊 wave", "wave"),
        pytest.param("\udcffa", "a", id="lone surrogate"),
    ],
)
def test_slugs_keep_letters_and_digits_of_any_script(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(TEXTS)
@example("İ" * 80)
@example("é" * 100)
@example("≠")
@example("\u0345" * 3)
@example("nul")
def test_a_slug_is_a_safe_file_name(text: str) -> None:
    slug = slugify(text)
    assert slug
    assert len(slug.encode()) <= MAX_SLUG_BYTES
    assert slug[0] not in "_.-"
    assert not unicodedata.combining(slug[0])
    assert slug not in RESERVED_NAMES
    assert all(char in "_-" or unicodedata.category(char)[0] in "LMN" for char in slug)
    assert slugify(slug) == slug


@given(TEXTS)
@example("é" * 100)
@example("≠ ≠")
def test_composed_and_decomposed_texts_have_one_slug(text: str) -> None:
    assert slugify(unicodedata.normalize("NFC", text)) == slugify(
        unicodedata.normalize("NFD", text)
    )


def test_long_names_that_differ_at_the_end_stay_distinct() -> None:
    assert slugify("wave " * 50 + "a") != slugify("wave " * 50 + "b")
    assert slugify("!!!") != slugify("???")


@pytest.mark.parametrize(
    ("path", "slugs"),
    [("", ""), ("radio/", "radio"), ("Radio/Late Night/", "radio/late-night"), ("a//b", "a/b")],
)
def test_a_path_is_slugged_part_by_part(path: str, slugs: str) -> None:
    assert slugify_path(path) == slugs


@given(st.lists(TEXTS | st.sampled_from(["Wren", "wren", "WREN", "wren-2", "index"])))
def test_disambiguated_names_are_distinct_and_do_not_depend_on_order(names: list[str]) -> None:
    slugs = disambiguate(names, taken=["index"])
    assert set(slugs) == set(names)
    assert len({*slugs.values(), "index"}) == len(set(names)) + 1
    assert slugs == disambiguate(reversed(names), taken=["index"])


def test_equal_names_are_numbered() -> None:
    assert disambiguate(["wren", "Wren", "WREN", "Wren-2"]) == {
        "WREN": "wren",
        "Wren": "wren-2",
        "Wren-2": "wren-2-2",
        "wren": "wren-3",
    }


Style = Literal["file", "directory"]


@pytest.mark.parametrize(
    ("style", "key", "path"),
    [
        ("file", "index", "index.html"),
        ("file", "tags/radio", "tags/radio.html"),
        ("file", "tags/index", "tags/index.html"),
        ("directory", "index", "index.html"),
        ("directory", "404", "404.html"),
        ("directory", "tags/index", "tags/index.html"),
        ("directory", "tags/radio", "tags/radio/index.html"),
    ],
)
def test_keys_become_files(style: Style, key: str, path: str) -> None:
    assert Urls(style, "", "/").path(key) == path


@pytest.mark.parametrize(
    ("style", "path", "start", "link"),
    [
        ("file", "index.html", "index.html", "index.html"),
        ("file", "index.html", "radio/a.html", "../index.html"),
        ("file", "tags/radio.html", "radio/b/a.html", "../../tags/radio.html"),
        ("file", "灯台湯.html", "index.html", "%E7%81%AF%E5%8F%B0%E6%B9%AF.html"),
        ("directory", "index.html", "index.html", "./"),
        ("directory", "index.html", "radio/index.html", "../"),
        ("directory", "tags/radio/index.html", "radio/a/index.html", "../../tags/radio/"),
        ("directory", "style.css", "a/index.html", "../style.css"),
        ("directory", "myindex.html", "index.html", "myindex.html"),
    ],
)
def test_links_are_relative_to_the_page(style: Style, path: str, start: str, link: str) -> None:
    assert Urls(style, "", "/").link(path, start) == link


SEGMENTS = st.lists(st.text("abc灯 %#?&'", min_size=1, max_size=4), min_size=1, max_size=4)


@given(SEGMENTS, SEGMENTS)
def test_a_link_followed_from_its_page_arrives(target: list[str], start: list[str]) -> None:
    path, page = "/".join(target), "/".join(start)
    link = Urls("file", "", "/").link(path, page)
    assert link.isascii()
    assert not set(link) & set(" #?&'\"<>")
    assert posixpath.normpath(posixpath.join("/", posixpath.dirname(page), unquote(link))) == (
        posixpath.normpath("/" + path)
    )


@pytest.mark.parametrize(
    ("style", "path", "rooted", "absolute"),
    [
        ("file", "index.html", "/arc/index.html", "https://x.org/arc/"),
        ("file", "é.html", "/arc/%C3%A9.html", "https://x.org/arc/%C3%A9.html"),
        ("directory", "a/index.html", "/arc/a/", "https://x.org/arc/a/"),
        ("directory", "index.html", "/arc/", "https://x.org/arc/"),
    ],
)
def test_addresses_that_do_not_depend_on_the_page(
    style: Style, path: str, rooted: str, absolute: str
) -> None:
    urls = Urls(style, "https://x.org/arc/", "/arc/")
    assert (urls.rooted(path), urls.absolute(path)) == (rooted, absolute)


def test_without_a_known_address_there_is_no_absolute_one() -> None:
    assert Urls("file", "", "/").absolute("a.html") == ""
