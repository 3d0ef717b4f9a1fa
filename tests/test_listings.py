"""The index and the pages of terms: what they show, in pages, and what their script gets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from helpers import built, exported, write_site
from html_check import Element, Page, faults
from test_incremental import Talk

from sitegen import build

NASTY = "</script><script>alert(1)</script>\"'"
PEOPLE = ("Ada", "Bo", "Cy")


def talks(number: int) -> dict[str, str]:
    """Transcripts of three people who take turns, one a month."""
    return {
        f"content/t{n:02}.md": Talk(
            f"Talk {n}",
            f"{2024 + n // 12}-{n % 12 + 1:02}-01",
            (PEOPLE[n % 3], PEOPLE[(n + 1) % 3]),
            "sea" if n % 2 else "",
        ).text()
        for n in range(number)
    }


def site(root: Path, files: Mapping[str, str], settings: str = "") -> dict[str, bytes]:
    return built(write_site(root, {"sitegen.toml": settings, **files}))


def titles(page: Page) -> list[str]:
    return page.texts("h3", class_="card-title")


def rels(page: Page, tag: str) -> dict[str, str]:
    found = [e for e in page.find(tag) if e.attributes.get("rel") in ("prev", "next")]
    return {e.attributes["rel"]: e.attributes["href"] for e in found}


# Pages


@pytest.mark.parametrize("urls", ["file", "directory"])
def test_long_lists_go_on_to_further_pages(tmp_path: Path, urls: str) -> None:
    settings = f'[site]\nbase_url = "https://b.org/x"\n[pages]\nindex_size = 4\nurls = "{urls}"'
    files = site(tmp_path, talks(10), settings)
    paths = ["index", "index/2", "index/3"]
    ending = "/index.html" if urls == "directory" else ".html"
    found = [
        Page(files["index.html"]),
        *(Page(files[path + ending]) for path in paths[1:]),
    ]
    assert [title for page in found for title in titles(page)] == [
        f"Talk {n}" for n in reversed(range(10))
    ]
    canonical = [page.one("link", rel="canonical").attributes["href"] for page in found]
    slash = "/" if urls == "directory" else ".html"
    assert canonical == [
        "https://b.org/x/",
        f"https://b.org/x/index/2{slash}",
        f"https://b.org/x/index/3{slash}",
    ]
    assert [sorted(rels(page, "link")) for page in found] == [["next"], ["next", "prev"], ["prev"]]
    assert [rels(page, "link") for page in found] == [rels(page, "a") for page in found]
    assert len({page.texts("title")[0] for page in found}) == 3
    assert len({page.one("meta", name="description").attributes["content"] for page in found}) == 3
    assert faults(files, "/x/", index=urls == "directory") == []
    assert f"tags/sea/2{ending}" in files
    assert f"years/2024/3{ending}" in files
    assert f"participants/ada/2{ending}" in files


def test_further_pages_do_not_repeat_the_head_of_the_first(tmp_path: Path) -> None:
    files = site(
        tmp_path,
        {**talks(6), "content/pages/index.md": "Welcome"},
        "[pages]\nindex_size = 4",
    )
    first, second = Page(files["index.html"]), Page(files["index/2.html"])
    assert (b"Welcome" in files["index.html"], b"Welcome" in files["index/2.html"]) == (True, False)
    assert (
        len(first.find("svg", class_="timeline")),
        len(second.find("svg", class_="timeline")),
    ) == (1, 0)
    assert (len(first.find("select")), second.find("select")) == (3, [])
    assert second.texts("p", class_="facts")[0].startswith("Page 2 of 2")
    person = Page(files["participants/ada.html"])
    assert person.find("dl", class_="facts")


@pytest.mark.parametrize("size", [0, 10])
def test_lists_that_fit_have_one_page_and_no_pager(tmp_path: Path, size: int) -> None:
    files = site(tmp_path, talks(10), f"[pages]\nindex_size = {size}")
    assert len(titles(Page(files["index.html"]))) == 10
    assert not [path for path in files if path.startswith("index/")]
    assert Page(files["index.html"]).find("nav", class_="pager") == []


def test_new_transcript_makes_only_the_pages_on_which_something_moves(tmp_path: Path) -> None:
    site(tmp_path, talks(9), "[pages]\nindex_size = 4")
    write_site(tmp_path, {"content/old.md": Talk("Old", "2020-01-01", ("Ada", "Bo")).text()})
    written = set(build(tmp_path).written)
    assert {"index.html", "index/3.html", "index/transcripts.js"} <= written
    assert "index/2.html" not in written
    write_site(tmp_path, {"content/new.md": Talk("New", "2026-01-01", ("Ada", "Bo")).text()})
    assert {"index.html", "index/2.html", "index/3.html"} <= set(build(tmp_path).written)
    assert built(tmp_path) == built(tmp_path, output=tmp_path / "clean")


# What the script gets


def cards(page: Page) -> list[Element]:
    return page.find("li", class_="card")


def test_cards_say_by_what_they_can_be_found(tmp_path: Path) -> None:
    files = site(
        tmp_path,
        {
            "content/a.md": Talk("One", "2025-01-01", ("Ada L", "ada l"), "'C#', C").text(),
            "content/b.md": Talk("Two", "", ("Ada L",), body="word " * 2_000).text(),
            **talks(1),
        },
    )
    first, _, undated = cards(Page(files["index.html"]))
    assert {name: value for name, value in first.attributes.items() if name != "class"} == {
        "data-participant": "ada-l ada-l-2",
        "data-tag": "c-2 c",
        "data-year": "2025",
        "data-length": "short",
        "data-words": "10",
    }
    assert undated.attributes["data-year"] == "undated"
    assert undated.attributes["data-length"] == "medium"


def options(page: Page, name: str) -> list[str]:
    """The values of a field; fields come in the order of the page."""
    names = [select.attributes["name"] for select in page.find("select")]
    lists: list[list[str]] = []
    for option in page.find("option"):
        value = option.attributes["value"]
        lists += [[]] if not value else []
        lists[-1].append(value)
    return lists[names.index(name)]


def test_fields_offer_what_the_cards_hold(tmp_path: Path) -> None:
    page = Page(site(tmp_path, talks(13))["index.html"])
    assert options(page, "participant") == ["", "ada", "bo", "cy"]
    assert options(page, "year") == ["", "2025", "2024"]
    assert options(page, "sort") == ["", "oldest", "longest", "shortest", "title"]
    for name in ("participant", "year"):
        held = {v for c in cards(page) for v in c.attributes[f"data-{name}"].split()}
        assert held == set(options(page, name)) - {""}
    assert options(page, "tag") == ["", "sea"]  # Which only some have.
    assert "length" not in {e.attributes["name"] for e in page.find("select")}  # All are short.


def test_fields_are_out_of_use_until_the_script_runs_and_links_take_their_place(
    tmp_path: Path,
) -> None:
    page = Page(site(tmp_path, talks(4))["index.html"])
    assert all("disabled" in select.attributes for select in page.find("select"))
    browse = [e.attributes["href"] for e in page.find("a") if "nav" in e.parents]
    assert {"participants/ada.html", "tags/sea.html", "tags/index.html"} <= set(browse)


def test_short_lists_have_neither_fields_nor_script(tmp_path: Path) -> None:
    files = site(tmp_path, talks(2))
    for path in ("index.html", "tags/sea.html", "participants/index.html", "t00.html"):
        page = Page(files[path])
        assert page.find("select") == [], path
        assert not [e for e in page.find("script") if "js/index" in e.attributes.get("src", "")], (
            path
        )


def rows(files: Mapping[str, bytes]) -> dict[str, list[list[object]]]:
    """The value that the script file of a long archive assigns."""
    text = files["index/transcripts.js"].decode("ascii")
    assert text.startswith("sitegenTranscripts=")
    assert text.endswith(";\n")
    assert "<" not in text
    found: dict[str, list[list[object]]] = json.loads(text[len("sitegenTranscripts=") : -2])
    return found


def test_data_of_all_pages_say_what_the_cards_do(tmp_path: Path) -> None:
    files = site(tmp_path, talks(5), "[pages]\nindex_size = 2")
    data = rows(files)
    people = [person[:2] for person in data["participants"]]
    assert people == [["ada", "Ada"], ["bo", "Bo"], ["cy", "Cy"]]
    assert data["tags"] == [["sea", "sea", "tags/sea.html"]]
    facts = ["1 May 2024", "2 messages", "1 min to read"]
    assert data["rows"][0] == ["t04.html", "Talk 4", "", facts, "2024", "short", 8, [1, 2], [], []]
    assert [row[1] for row in data["rows"]] == [f"Talk {n}" for n in reversed(range(5))]
    finder = Page(files["tags/sea.html"]).find("section", class_="finder")
    assert finder == []  # Two transcripts need none.
    finder = Page(files["participants/bo.html"]).find("section", class_="finder")
    assert finder[0].attributes["data-rows"] == "../index/transcripts.js"
    assert finder[0].attributes["data-root"] == "../"
    assert (finder[0].attributes["data-within"], finder[0].attributes["data-slug"]) == (
        *("participant", "bo"),
    )


def test_data_hold_hostile_text_as_text(tmp_path: Path) -> None:
    files = {f"content/{n}.md": exported([(NASTY, "x"), ("B\u2028", "y")], NASTY) for n in range(3)}
    data = rows(site(tmp_path, files, "[pages]\nindex_size = 2"))
    assert data["rows"][0][1] == NASTY
    assert NASTY in [row[1] for row in data["participants"]]


# Pictures and tables


def test_archive_of_one_leads_straight_to_reading(tmp_path: Path) -> None:
    said = [(name, f"{name} says this.") for name in ("Ada", "Bo", "Ada")]
    files = site(tmp_path, {"content/a.md": exported(said, "Only one")})
    page = Page(files["index.html"])
    assert page.one("h2").text == "Only one"
    links = [e.attributes["href"] for e in page.find("a") if "article" in e.parents]
    assert links == ["a.html", "a.html#m1", "a.html#m2", "a.html#m3", "a.html"]
    assert page.find("li", class_="card") == []
    assert page.find("svg", class_="timeline") == []
    assert faults(files) == []


def test_empty_archive_explains_itself(tmp_path: Path) -> None:
    page = Page(site(tmp_path, {"content/pages/about.md": "# About"})["index.html"])
    assert "This archive is empty so far." in page.one("main").text


def test_index_shows_the_archive_in_time(tmp_path: Path) -> None:
    page = Page(site(tmp_path, talks(5))["index.html"])
    marks = [e.attributes["href"] for e in page.find("a") if "svg" in e.parents]
    assert [f"t{n:02}.html" for n in range(5)] == [mark for mark in marks if mark]
    assert page.one("figcaption").text == "From 1 January 2024 to 1 May 2024."


def test_participants_page_has_a_table_of_who_talked_with_whom(tmp_path: Path) -> None:
    files = site(tmp_path, talks(10))
    page = Page(files["participants/index.html"])
    assert [th.attributes["scope"] for th in page.find("th")] == ["col"] * 3 + ["row"] * 3
    assert page.texts("th") == ["Ada", "Bo", "Cy"] * 2
    cells = [td.text for td in page.find("td") if "tbody" in td.parents]
    assert cells == ["╲", "4", "3", "4", "╲", "3", "3", "3", "╲"]
    links = [e.attributes["href"] for e in page.find("a") if "td" in e.parents]
    assert links[:2] == [
        "../participants/ada.html?participant=bo",
        "../participants/ada.html?participant=cy",
    ]
    assert page.one("caption").text == "Transcripts that two participants share."
    assert faults(files) == []


def test_participants_own_page_says_with_whom_they_talked(tmp_path: Path) -> None:
    files = site(
        tmp_path,
        {**talks(4), "content/x.md": Talk("X", "2025-01-01", ("Ada", "Dee")).text()},
    )
    page = Page(files["participants/ada.html"])
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["Words"] == "16 (50 % of all in these transcripts)"
    assert (facts["First"], facts["Last"]) == ("1 January 2024", "1 January 2025")
    own = [e for e in page.find("a") if e.parents[-3:] == ("dd", "ul", "li")]
    assert [(e.attributes["href"], e.attributes["aria-label"]) for e in own] == [
        ("?participant=bo", "2 transcripts with Bo"),
        ("../t02.html", "1 transcript with Cy"),
        ("../x.html", "1 transcript with Dee"),
    ]
