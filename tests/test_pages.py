"""Authored pages: their address, their title and what is left of their text."""

from __future__ import annotations

import pytest
from helpers import problems, source

from sitegen.model import Page
from sitegen.readers import Reading, parse_page


def page(text: str | bytes, rel: str = "pages/about.md") -> tuple[Page | None, Reading]:
    return parse_page(text if isinstance(text, bytes) else text.encode(), source(rel), "UTC")


@pytest.mark.parametrize(
    ("text", "title", "markdown"),
    [
        ("# About us\n\nWe *sail*.\n", "About us", "\nWe *sail*.\n"),
        ("\n\n#  About us ##  \nWe sail.", "About us", "We sail."),
        ("# About C#\n", "About C#", ""),
        ("# About #5\n", "About #5", ""),
        (f"# About{' ' * 50_000}us\n", f"About{' ' * 50_000}us", ""),
        ("# \x01\n", "␁", ""),
        ("We sail.\n\n# Later\n", "about", "We sail.\n\n# Later\n"),
        ("# \nWe sail.\n", "about", "# \nWe sail.\n"),
        ("---\ntitle: Us\n---\n# About\n\nWe sail.\n", "Us", "# About\n\nWe sail.\n"),
        ("---\nsummary: s\n---\n# About\n\nWe sail.\n", "About", "\nWe sail.\n"),
        ("---\ntitle: Us\n---\n", "Us", ""),
    ],
)
def test_the_first_heading_is_the_title_unless_one_is_given(
    text: str, title: str, markdown: str
) -> None:
    found, _ = page(text)
    assert found is not None
    assert (found.title, found.markdown) == (title, markdown)


@pytest.mark.parametrize(
    ("rel", "head", "slug"),
    [
        ("pages/about.md", "", "about"),
        ("pages/index.md", "", "index"),
        ("pages/About Us.md", "", "about-us"),
        ("pages/How To/Read Me.md", "", "how-to/read-me"),
        ("pages/How To/x.md", "slug: Why", "how-to/why"),
        ("pages/x.md", "slug: ../up", "up"),
    ],
)
def test_the_address_is_the_path_below_the_folder(rel: str, head: str, slug: str) -> None:
    found, _ = page(f"---\n{head}\n---\ntext", rel)
    assert found is not None
    assert found.slug == slug


def test_the_head_sets_the_rest() -> None:
    found, said = page("---\nsummary: Who\ndraft: true\nlanguage: ja\nlables: x\n---\ntext")
    assert found is not None
    assert (found.summary, found.draft, found.language) == ("Who", True, "ja")
    assert problems(said) == [("warning", 5, "front matter key `lables` has no meaning here")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "the page is empty"),
        (" \n\n", 0, "the page is empty"),
        ("---\ntitle: [x\n---\n", 2, "front matter is not valid YAML"),
    ],
)
def test_a_broken_page_is_an_error_with_its_place(text: str, line: int, message: str) -> None:
    found, said = page(text)
    assert found is None
    ((severity, at, why),) = problems(said)
    assert (severity, at) == ("error", line)
    assert message in why


def test_an_encoding_is_warned_of_in_pages_too() -> None:
    found, said = page(b"# Caf\xe9\n")
    assert found is not None
    assert found.title == "Café"
    assert problems(said) == [("warning", 1, "not UTF-8; read as Windows-1252")]
