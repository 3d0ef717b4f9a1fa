"""How a transcript is cited."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import comrak
import pytest
from helpers import built, exported, write_site
from html_check import Page
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from sitegen.cite import Excerpt, Work, cite, excerpts_of, quote_of

ONE_LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1).filter(
    lambda text: bool(text.strip())
)


def plain_text(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", "", html)).split())


def work(
    title: str = "Two Empty Chairs",
    authors: tuple[str, ...] = ("Kimi K2", "haiku-4.5"),
    issued: datetime | None = datetime(2025, 10, 26, 17, 12, tzinfo=UTC),
    url: str = "https://b.org/two.html",
    key: str = "radio/two",
    text: str = "I am not sure that this room exists.",
) -> Work:
    quote = Excerpt(3, "Kimi K2", None, text)
    return Work(key, title, authors, "The Archive", issued, "en", url, quote)


def forms(cited: Work) -> dict[str, str]:
    return {citation.name: citation.text for citation in cite(cited)}


def test_all_forms_of_a_citation() -> None:
    assert forms(work()) == {
        "APA": "Kimi K2, & haiku-4.5. (2025, October 26). Two Empty Chairs [Conversation "
        "transcript]. The Archive. https://b.org/two.html",
        "BibTeX": "@misc{radio-two-2025,\n"
        "  title = {{Two Empty Chairs}},\n"
        "  author = {{Kimi K2} and {haiku-4.5}},\n"
        "  year = {2025},\n"
        "  month = oct,\n"
        "  day = {26},\n"
        "  howpublished = {The Archive},\n"
        "  note = {Conversation transcript},\n"
        "  url = {https://b.org/two.html}\n"
        "}",
        "CSL-JSON": json.dumps(
            [
                {
                    "id": "radio/two",
                    "type": "webpage",
                    "title": "Two Empty Chairs",
                    "author": [{"literal": "Kimi K2"}, {"literal": "haiku-4.5"}],
                    "container-title": "The Archive",
                    "genre": "Conversation transcript",
                    "issued": {"date-parts": [[2025, 10, 26]]},
                    "language": "en",
                    "URL": "https://b.org/two.html",
                }
            ],
            indent=2,
        ),
        "Link": "https://b.org/two.html",
        "Quotation in Markdown": "> I am not sure that this room exists.\n>\n"
        "> — Kimi K2, [Two Empty Chairs](https://b.org/two.html#m3)",
        "Quotation in HTML": '<blockquote cite="https://b.org/two.html#m3">\n'
        "<p>I am not sure that this room exists.</p>\n<footer>— Kimi K2, "
        '<cite><a href="https://b.org/two.html#m3">Two Empty Chairs</a></cite></footer>\n'
        "</blockquote>",
    }


@pytest.mark.parametrize(
    ("authors", "listed"),
    [
        ((), ""),
        (("Ada",), "Ada. "),
        (("Ada", "Bo"), "Ada, & Bo. "),
        (("Ada", "Bo", "Cy Inc."), "Ada, Bo, & Cy Inc. "),
        (
            tuple(f"V{n}" for n in range(25)),
            ", ".join(f"V{n}" for n in range(19)) + ", … V24. ",
        ),
    ],
)
def test_authors_in_apa(authors: tuple[str, ...], listed: str) -> None:
    apa = forms(work(authors=authors))["APA"]
    when = "(2025, October 26)"
    title = "Two Empty Chairs [Conversation transcript]."
    begin = f"{listed}{when}. {title}" if listed else f"{title} {when}."
    assert apa == f"{begin} The Archive. https://b.org/two.html"


def test_citation_without_a_date_says_so() -> None:
    told = forms(work(issued=None))
    assert "(n.d.)" in told["APA"]
    assert "year" not in told["BibTeX"]
    assert told["BibTeX"].startswith("@misc{radio-two,")
    assert "issued" not in json.loads(told["CSL-JSON"])[0]


def test_citation_without_an_address_has_no_link() -> None:
    told = forms(work(url=""))
    assert set(told) == {"APA", "BibTeX", "CSL-JSON"}
    assert "http" not in "".join(told.values())


@given(title=ONE_LINE, author=ONE_LINE, key=ONE_LINE)
def test_bibtex_of_any_text_is_read_as_one_whole_entry(title: str, author: str, key: str) -> None:
    cited = work(title, (author, "B and C"), key=key, url="https://b.org/a{b}\\c.html")
    entry = forms(cited)["BibTeX"]
    (read,) = parse_string(entry, "bibtex").entries.values()
    assert set(read.fields) == {"title", "year", "month", "day", "howpublished", "note", "url"}
    assert len(read.persons["author"]) == 2
    assert untex(read.fields["title"]) == " ".join(title.split())
    assert re.fullmatch(r"[a-z0-9-]+", read.key)


def untex(field: str) -> str:
    """A field of BibTeX as TeX shows it."""
    text = field.removeprefix("{").removesuffix("}")
    names = {"backslash": "\\", "braceleft": "{", "braceright": "}"}
    names |= {"asciitilde": "~", "asciicircum": "^"}
    return re.sub(r"\\text(\w+?)\{\}|\\(.)", lambda m: names[m[1]] if m[1] else str(m[2]), text)


@given(title=ONE_LINE, text=ONE_LINE)
def test_quotation_in_markdown_shows_the_text_as_it_is(title: str, text: str) -> None:
    quotation = forms(work(title, text=text))["Quotation in Markdown"]
    html = comrak.render_markdown(quotation)
    words = [" ".join(part.split()) for part in re.split("</p>", html)]
    assert plain_text(words[0]) == " ".join(text.split())
    assert html.count("<blockquote>") == html.count("<a href=") == 1
    assert plain_text(words[1]) == " ".join(f"— Kimi K2, {title}".split())


@given(title=ONE_LINE, text=ONE_LINE)
def test_quotation_in_html_is_what_it_says(title: str, text: str) -> None:
    tags: list[str] = []
    words: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
            tags.append(tag)

        def handle_data(self, data: str) -> None:
            words.append(data)

    Reader().feed(forms(work(title, text=text))["Quotation in HTML"])
    assert tags == ["blockquote", "p", "footer", "cite", "a"]
    assert text in words or text in "".join(words)
    assert title in "".join(words)


def test_key_of_a_name_in_another_script_is_a_digest() -> None:
    entry = forms(work(key="灯台守"))["BibTeX"]
    assert re.match(r"@misc\{transcript-[0-9a-f]{8}-2025,", entry)


def test_first_message_that_says_something_is_quoted() -> None:
    messages = [(1, "A", None, ""), (2, "A", None, "Hi"), (3, "B", None, "I have waited so long")]
    excerpts = excerpts_of(messages)
    assert [e.number for e in excerpts] == [2, 3]
    found = quote_of(excerpts)
    assert found is not None
    assert found.number == 3
    short = quote_of(excerpts[:1])
    assert short is not None
    assert short.number == 2
    assert quote_of(()) is None


def test_page_shows_every_form_without_a_script(tmp_path: Path) -> None:
    text = exported([("Ada", "A <b>bold</b> word & *more*, for ever and ever")], "<i>T</i> & {U}")
    files = built(write_site(tmp_path, {"content/a.md": text}), base_url="https://b.org/")
    page = Page(files["a.html"])
    assert "Cite this" in page.texts("summary")
    shown = page.texts("code")
    assert any(r"\{" in code or "textbraceleft" in code for code in shown)
    assert any(code.startswith("<blockquote cite=") for code in shown)
    assert any(r"\<b\>bold\</b\>" in code for code in shown)
    labels = [e.attributes["aria-label"] for e in page.find("pre", role="group")]
    assert labels[:4] == ["APA", "BibTeX", "CSL-JSON", "Link"]
    assert labels[4:] == ["Quotation in Markdown", "Quotation in HTML"]
