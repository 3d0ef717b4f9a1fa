"""Text as typed: shown sign by sign, with its addresses as links, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsed import Parsed
from vectors import LINKS, VECTORS

from sitegen.markup import MessageRenderer
from sitegen.model import Text
from sitegen.text import visible

RENDERER = MessageRenderer()


def html_of(text: str) -> str:
    (rendered,) = RENDERER.render([Text(text, hard_breaks=True, plain=True)])
    return rendered.html


def links(text: str) -> list[str]:
    return [attrs["href"] for tag, attrs in Parsed(html_of(text)).tags if tag == "a"]


@given(st.text())
def test_every_sign_is_shown_as_typed(text: str) -> None:
    page = Parsed(html_of(text))
    assert page.text == visible(text).strip("\n")
    assert {tag for tag, _ in page.tags} <= {"p", "a"}


@pytest.mark.parametrize("vector", [*VECTORS, *LINKS])
def test_attacks_are_text(vector: str) -> None:
    page = Parsed(html_of(vector))
    assert page.text == visible(vector).strip("\n")
    assert {tag for tag, _ in page.tags} <= {"p", "a"}
    assert all(attrs.keys() <= {"class", "href", "rel"} for _, attrs in page.tags)
    assert all(h.lower().startswith(("http://", "https://")) for h in page.values("href"))


def test_marks_of_markdown_are_no_marks() -> None:
    assert html_of("# *a*\n> 1. $x$  _b_") == '<p class="typed"># *a*\n&gt; 1. $x$  _b_</p>'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.org/a?b=1&c=2.", ["https://example.org/a?b=1&c=2"]),
        ("(http://example.org/a_(b))", ["http://example.org/a_(b)"]),
        ('"https://example.org", he said', ["https://example.org"]),
        ("javascript:alert(1) file:///etc ftp://x", []),
        ("https://", []),
        ("https://" + "(" * 9000 + ")" * 9000, ["https://" + "(" * 9000 + ")" * 9]),
    ],
)
def test_addresses_are_links(text: str, found: list[str]) -> None:
    assert links(text) == found
