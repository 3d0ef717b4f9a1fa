"""Styled text and its Markdown: whatever the styles, the words on the page are the words typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from parsed import Parsed

from sitegen.markup import MessageRenderer
from sitegen.model import Text
from sitegen.readers.rich import Run, Style, join_runs
from sitegen.text import escape_markdown

ENGINES = {"commonmark": MessageRenderer("commonmark"), "markdown": MessageRenderer("markdown")}
SIGNS = st.text(st.sampled_from("ab1 *_~`#>-+=.:)(![]<&|$\\\n/@w\"'{}^é。あ"), max_size=20)
WORDS = SIGNS | st.sampled_from(
    [
        *("https://a.example/b_c_d", "www.a_b.example/x_y", "a_b@c.example", "1. x", "    code"),
        *("[^1]", "&amp; &#42;", "$x$ and $y$", "\\\\(x\\\\)", "- [ ] task", "ftp://a_b_c.example"),
        *("a\n---", "a\n===", "| a | b |\n|---|---|", "<!-- x -->", "> [!NOTE]\n> x", "***"),
        *("```\nx", "~~~\nx", "[a]: https://b.example", "![a](b)", ":::", "\t x"),
    ]
)
STYLES: tuple[Style, ...] = ("", "bold", "italic", "strike", "code", "pre", "quote", "link")


def shown(text: Text, engine: str = "commonmark") -> str:
    (rendered,) = ENGINES[engine].render([text])
    return rendered.html


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("engine", ENGINES)
@given(text=WORDS | st.lists(WORDS, max_size=4).map("".join))
def test_escaped_text_is_shown_as_it_is(engine: str, text: str) -> None:
    page = Parsed(shown(Text(escape_markdown(text), hard_breaks=True), engine))
    assert squeezed(page.text) == squeezed(text)
    assert {tag for tag, _ in page.tags} <= {"p", "br", "a"}


@given(st.lists(st.builds(Run, WORDS, st.sampled_from(STYLES)), max_size=5))
@example([Run("a", "bold"), Run("b", "italic"), Run("c", "bold")])
@example([Run('"a"', "bold"), Run("b")])
@example([Run("a "), Run(" - b ", "bold"), Run("`x`", "code"), Run("`")])
def test_no_style_changes_the_words(runs: list[Run]) -> None:
    page = Parsed(shown(join_runs(runs)))
    typed = squeezed("".join(run.text for run in runs))
    assert squeezed(page.text) in (typed, typed.replace("​", ""))


@pytest.mark.parametrize(
    ("runs", "html"),
    [
        ([Run("a "), Run("b", "bold"), Run(" c")], "<p>a <strong>b</strong> c</p>"),
        ([Run("wor"), Run("d", "italic"), Run("s")], "<p>wor<em>d</em>s</p>"),
        ([Run(" a ", "bold"), Run("b")], "<p> <strong>a</strong> b</p>"),
        ([Run("a\nb", "strike")], "<p><del>a</del><br>\n<del>b</del></p>"),
        ([Run("x "), Run("a`b", "code")], "<p>x <code>a`b</code></p>"),
        (
            [Run("a"), Run("b\nc", "quote"), Run("d")],
            "<p>a</p>\n<blockquote>\n<p>b<br>\nc</p>\n</blockquote>\n<p>d</p>",
        ),
        (
            [Run("*here*", "link", "https://a.example/?b=1&copy=2")],
            '<p><a href="https://a.example/?b=1&amp;copy=2" '
            'rel="noopener noreferrer nofollow ugc">*here*</a></p>',
        ),
        ([Run("here", "link", "javascript:alert(1)")], "<p>here (javascript:alert(1))</p>"),
    ],
)
def test_styles_are_shown(runs: list[Run], html: str) -> None:
    assert shown(join_runs(runs)) == html


def test_text_without_styles_is_plain() -> None:
    assert join_runs([Run("*a*"), Run(" # b")]) == Text("*a* # b", hard_breaks=True, plain=True)


def test_code_keeps_its_lines_and_its_language() -> None:
    text = join_runs([Run("so:"), Run("a ```\nb", "pre", "py"), Run("end")])
    assert text.markdown == "so:\n````py\na ```\nb\n````\nend"
