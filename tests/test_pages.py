"""Authored pages: their address, their title and what is left of their text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers import built, exported, problems, source, tree, write_site

from sitegen import build
from sitegen.errors import ConfigError
from sitegen.model import Page
from sitegen.readers.reading import Reading, parse_page
from sitegen.render.references import locate_source
from sitegen.urls import Urls


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


# Links to sources, and a folder of pages elsewhere


SOURCES = {
    "content/pages/index.md": "[Us](about.md), [deep](help/faq.md#why).\n",
    "content/pages/about.md": (
        "[start](index.md) [talk](../radio/a%20talk.md#m2) [faq](./help/faq.md) `[x](faq.md)`\n\n"
        "[far](https://example.org/about.md) [gone](gone.md) [draft](draft.md) [two](../two.md)\n"
    ),
    "content/pages/help/faq.md": "## Why\n\n[up](../about.md) <a href='../about.md'>raw</a>\n",
    "content/pages/draft.md": "---\ndraft: true\n---\nNot yet.\n",
    "content/radio/a talk.md": exported([("Ada", "One."), ("Brook", "Two.")]),
    "content/two.md": "# aider chat started at 2025-01-02 03:04:05\n\n#### one\n\nYes.\n\n"
    "# aider chat started at 2025-01-03 03:04:05\n\n#### two\n\nNo.\n",
}


def targets(html: bytes) -> list[str]:
    main = html.decode().partition("<main")[2].partition("</main>")[0]
    return re.findall(r'<a href="([^"]*)"', main)


@pytest.mark.parametrize(
    ("urls", "about", "faq"),
    [
        (
            "file",
            ["index.html", "radio/a-talk.html#m2", "help/faq.html", "https://example.org/about.md"],
            ["../about.html"] * 2,
        ),
        (
            "directory",
            ["../", "../radio/a-talk/#m2", "../help/faq/", "https://example.org/about.md"],
            ["../../about/"] * 2,
        ),
    ],
)
def test_links_to_sources_lead_to_their_pages(
    urls: str, about: list[str], faq: list[str], tmp_path: Path
) -> None:
    write_site(tmp_path, {**SOURCES, "sitegen.toml": f'[pages]\nurls = "{urls}"\n'})
    site = built(tmp_path)
    ending = ".html" if urls == "file" else "/index.html"
    # What leads nowhere, or to one of several, stays as it was written.
    assert targets(site[f"about{ending}"]) == [*about, "gone.md", "draft.md", "../two.md"]
    assert targets(site[f"help/faq{ending}"]) == faq
    assert targets(site["index.html"])[:2] == (
        ["about.html", "help/faq.html#why"] if urls == "file" else ["about/", "help/faq/#why"]
    )


def test_a_link_follows_its_source_when_the_address_changes(tmp_path: Path) -> None:
    write_site(tmp_path, SOURCES)
    assert "help/faq.html" in targets(built(tmp_path)["about.html"])
    (tmp_path / "content/pages/help/faq.md").write_text("---\nslug: answers\n---\nWhy?\n")
    site = built(tmp_path)
    assert "help/answers.html" in targets(site["about.html"])
    assert "help/answers.html#why" in targets(site["index.html"])
    assert site == built(tmp_path, output=tmp_path / "clean", force=True)


@pytest.mark.parametrize(
    "target",
    ["a.md", "a.md#x", "#x", "", "?a.md", "/a.md", "//host/a.md", "\\\\host/a.md", "x:a.md", "%00"],
)
def test_only_relative_paths_name_a_source(target: str) -> None:
    page = Page(source("pages/b.md"), "b", "B", "")
    urls = Urls("file", "", "/")
    found = locate_source(target, page, {"pages/a.md": "a&b"}, urls)
    assert found == {"a.md": "a%26b.html", "a.md#x": "a%26b.html#x"}.get(target, target)


@pytest.mark.parametrize("given", [".", "./"])
def test_all_texts_may_be_pages(given: str, tmp_path: Path) -> None:
    write_site(
        tmp_path / "docs",
        {
            "sitegen.toml": f'[paths]\ncontent = "."\npages = "{given}"\noutput = "../out"\n',
            "index.md": "Read the [guide](guide.md).\n",
            "guide.md": exported([("Ada", "One.")], "Guide"),
            "more/terms.md": "# Terms\n\nSee the [guide](../guide.md).\n",
            "data.json": "{}",
        },
    )
    report = build(tmp_path / "docs", strict=True)
    site = tree(tmp_path / "out")
    assert report.transcripts == 0
    assert {"index.html", "guide.html", "more/terms.html"} <= set(site)
    assert b"empty so far" not in site["index.html"]
    assert targets(site["more/terms.html"]) == ["../guide.html"]
    assert report.written and not build(tmp_path / "docs", strict=True).written


def test_pages_may_be_in_another_folder(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {
            "sitegen.toml": '[paths]\npages = "about/us"\n',
            "content/about/us/team.md": "The team.\n",
            "content/about/talk.md": exported([("Ada", "One.")], "Talk"),
            "content/pages/other.md": exported([("Ada", "Two.")], "Other"),
        },
    )
    site = built(tmp_path)
    assert {"team.html", "about/talk.html", "pages/other.html"} <= set(site)
    assert b'class="prose page"' in site["team.html"]
    assert b'class="prose page"' not in site["pages/other.html"]


@pytest.mark.parametrize("given", ["../pages", "/pages", "a/../../b"])
def test_pages_must_be_in_the_content_folder(given: str, tmp_path: Path) -> None:
    write_site(tmp_path, {"sitegen.toml": f'[paths]\npages = "{given}"\n', "content/a.md": "x"})
    with pytest.raises(ConfigError, match=re.escape(f'"{given}" is not a folder')):
        build(tmp_path)
