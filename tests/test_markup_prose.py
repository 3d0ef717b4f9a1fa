"""Authored text: the syntax that authors know, without what could run or clash."""

from __future__ import annotations

import pytest
from parsed import Parsed, missing, text_of

from sitegen.markup.prose import ProseRenderer

PROSE = ProseRenderer()


def render(text: str) -> str:
    return str(PROSE.render(text))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a[^1]\n\n[^1]: note", 'href="#fn:1"'),
        ("| a |\n|---|\n| b |", "<td>b</td>"),
        ("Term\n: meaning", "<dd>meaning</dd>"),
        ('!!! note "Mind"\n    text', '<p class="admonition-title">Mind</p>'),
        ("a\n{: .lead }", '<p class="lead">a</p>'),
        ("*[HTML]: Markup\n\nHTML", '<abbr title="Markup">HTML</abbr>'),
        ("# One", '<h2 id="one">One</h2>'),
        ("## One\n\n#### Two", '<h3 id="two">Two</h3>'),
        ("<section>a</section>", "<section>a</section>"),
        ("[page](about.html#x)", 'href="about.html#x"'),
        ("![map](images/map.png)", '<img alt="map" src="images/map.png">'),
        ("```python\nreturn\n```", '<span class="k">return</span>'),
        ("3. three", '<ol start="3">'),
    ],
)
def test_syntax(text: str, part: str) -> None:
    html = render(text)
    assert part in html
    assert Parsed(html).unbalanced == []


WIDE = "| a | b |\n|---|---|\n| {} | c |\n"


@pytest.mark.parametrize(("length", "is_wide"), [(10, False), (70, True)])
def test_tables_scroll_in_boxes_of_their_own(length: int, is_wide: bool) -> None:
    html = str(ProseRenderer(table='T"').render(WIDE.format("x" * length)))
    focus = ' tabindex="0" role="group" aria-label="T&quot;"' if is_wide else ""
    assert f'<div class="table"{focus}><table>' in html
    assert Parsed(html).unbalanced == []


@pytest.mark.parametrize(
    "text",
    [
        "<table class=a><tr><td><table><tr><td>in</td></tr></table></td></tr></table>",
        "<table><tr><td><table><tr><td>in",
        "</table><table>" * 3,
        "<table>" * 2_000,
    ],
)
def test_odd_tables_stay_balanced(text: str) -> None:
    assert Parsed(render(text)).unbalanced == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>a", "<p>a</p>"),
        ("<b onclick=x>a</b>", "<p><b>a</b></p>"),
        ("<p style='color:red'>a</p>", "<p>a</p>"),
        ("[a](javascript:alert(1))", '<p><a rel="noopener noreferrer">a</a></p>'),
        ("<iframe src=x></iframe>a", "<p>a</p>"),
        ("<form><input name=x></form>a", "<p>a</p>"),
    ],
)
def test_what_could_run_is_taken_out(text: str, html: str) -> None:
    assert render(text).strip() == html


def test_remote_images_are_links_unless_they_are_to_be_shown() -> None:
    """The policy of a page forbids to load them."""
    text = '![words](https://example.org/a.png "title")'
    page = Parsed(render(text))
    assert [tag for tag, _ in page.tags] == ["p", "a"]
    assert page.values("href") == ["https://example.org/a.png"]
    assert page.text.strip() == "words title"
    shown = str(ProseRenderer(remote_images="show").render(text))
    assert Parsed(shown).values("src") == ["https://example.org/a.png"]


@pytest.mark.parametrize(
    ("source", "local"),
    [
        ("a.png", True),
        ("../a b.png", True),
        ("/images/a.png", True),
        ("//evil.example/a.png", False),
        ("\\\\evil.example\\a.png", False),
        ("/\\evil.example/a.png", False),
        (" //evil.example/a.png", False),
        ("HTTPS://evil.example/a.png", False),
        ("data:image/svg+xml,x", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_images_of_the_site_are_loaded(source: str, local: bool) -> None:
    assert Parsed(render(f'<img src="{source}" alt="words">')).values("src") == [source] * local


def test_an_image_in_a_link_does_not_nest_links() -> None:
    page = Parsed(render("[![a](https://example.org/a.png)](https://example.org/)"))
    assert [tag for tag, _ in page.tags].count("a") == 1
    assert "https://example.org/a.png" in page.text


def test_a_note_keeps_its_ids_to_itself() -> None:
    """Footnotes of a note link to each other, not to those of the page."""
    html = str(ProseRenderer("note-").render("# Head\n\na[^1]\n\n[^1]: note"))
    page = Parsed(html)
    ids = page.values("id")
    assert all(name.startswith("note-") for name in ids)
    links = [link for link in page.values("href") if link.startswith("#")]
    assert len(links) == 2
    assert all(link[1:] in ids for link in links)


def test_texts_do_not_share_footnotes_or_ids() -> None:
    first = PROSE.render("# A\n\na[^1]\n\n[^1]: one")
    second = PROSE.render("# A\n\nb")
    assert text_of(str(second)).split() == ["A", "b"]
    assert 'id="a"' in first
    assert 'id="a"' in second


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        ((1, 2, 3), (2, 3, 4)),
        ((3, 3), (2, 2)),
        ((2, 4, 6, 2), (2, 3, 4, 2)),
        ((1, 2, 3, 4, 5, 6), (2, 3, 4, 5, 6, 6)),
        ((4, 1), (2, 2)),
    ],
)
def test_headings_leave_no_level_out(levels: tuple[int, ...], shown: tuple[int, ...]) -> None:
    html = render("\n\n".join(f"{'#' * level} head" for level in levels))
    tags = [tag for tag, _ in Parsed(html).tags if tag.startswith("h")]
    assert tags == [f"h{level}" for level in shown]
    assert Parsed(html).unbalanced == []


def test_code_is_not_run_as_a_stand_in() -> None:
    html = render("```\na < b\n```\n\n&#xFDD1;0&#xFDD2;\n\n\ufdd17\ufdd2")
    assert html.count("a &lt; b") == 1
    assert "⟨U+FDD1⟩0⟨U+FDD2⟩" in html


def test_nothing_of_plain_text_is_lost() -> None:
    text = (
        "# Title\n\nSome **words**, [a link](https://example.org/path), `code`\n\n> more\n\n- item"
    )
    assert missing(text, render(text)) == set()
