"""Filters and order of the lists, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers import write_site
from test_incremental import Talk

from browser.witness import Witness
from sitegen import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NASTY = "<img src=x onerror=alert(1)>"
TALKS = (
    Talk("Delta 10", "2025-03-01", ("Ada", "Bo"), "sea", body="word " * 10),
    Talk("alpha", "2025-02-01", ("Bo", "Cy"), "sea, night", body="word " * 4_000),
    Talk("Delta 9", "2024-01-01", ("Ada", "Cy"), "", body="word " * 800),
    Talk(NASTY, "2024-01-01", ("Ada", NASTY), f"'{NASTY}'", body="word " * 20),
    Talk("Undated", "", ("Cy", "Dee"), "night", body="word " * 30),
)
NEWEST = ["Delta 10", "alpha", "Delta 9", NASTY, "Undated"]
SHOWN = ".card:visible .card-title"


def archive(root: Path, settings: str) -> Path:
    files = {f"content/t{n}.md": talk.text() for n, talk in enumerate(TALKS)}
    write_site(root, {"sitegen.toml": settings, **files})
    build(root)
    return root / "output"


@pytest.fixture(scope="module", params=["one page", "pages", "folders"])
def home(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[[Path], str],
) -> str:
    """The same archive on one page, on several, and with a folder for each page."""
    settings = {
        "one page": "",
        "pages": "[pages]\nindex_size = 2",
        "folders": '[pages]\nindex_size = 2\nurls = "directory"',
    }
    return serve(archive(tmp_path_factory.mktemp("index"), settings[request.param]))


@pytest.fixture
def tab(browser: Browser, home: str) -> Iterator[Page]:
    """The index; nothing may go wrong in it."""
    page = browser.new_page()
    witness = Witness(home)
    witness.watch(page)
    page.goto(home)
    yield page
    assert witness.events == []
    page.close()


def titles(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(SHOWN).all_inner_texts()]


def choose(page: Page, **values: str) -> list[str]:
    """The titles that are shown after values were chosen."""
    for name, value in values.items():
        page.locator(f"select[name={name}]").select_option(value)
    page.locator("[role=status]").filter(has_text=re.compile(".")).wait_for()
    while (more := page.locator(".show-more:visible")).count():
        more.click()
    return titles(page)


def test_each_order_is_what_it_says(tab: Page) -> None:
    assert choose(tab, sort="oldest") == [NASTY, "Delta 9", "alpha", "Delta 10", "Undated"]
    assert tab.locator("[role=status]").inner_text() == "All 5 transcripts"
    assert choose(tab, sort="longest") == ["alpha", "Delta 9", "Undated", NASTY, "Delta 10"]
    assert choose(tab, sort="shortest") == ["Delta 10", NASTY, "Undated", "Delta 9", "alpha"]
    assert choose(tab, sort="title") == [NASTY, "alpha", "Delta 9", "Delta 10", "Undated"]


def test_filters_narrow_the_list_together_and_say_how_many_are_left(tab: Page) -> None:
    assert choose(tab, tag="night") == ["alpha", "Undated"]
    assert tab.locator("[role=status]").inner_text() == "2 of 5 transcripts"
    assert choose(tab, year="undated") == ["Undated"]
    assert choose(tab, tag="", year="2024", participant="cy") == ["Delta 9"]
    assert choose(tab, year="", participant="", length="long") == ["alpha"]


def test_nothing_found_says_so_and_can_be_undone(tab: Page) -> None:
    before = titles(tab)
    assert choose(tab, tag="night", year="2024") == []
    assert tab.locator("[role=status]").inner_text() == "No transcript matches."
    tab.get_by_role("button", name="Reset").click()
    assert titles(tab) == before
    assert before == NEWEST[: len(before)]
    assert "?" not in tab.url
    assert tab.evaluate("document.activeElement.name") == "participant"


def test_choice_is_in_the_address_and_comes_back_with_it(tab: Page, home: str) -> None:
    choose(tab, participant="ada", sort="oldest")
    assert tab.url == f"{home}?participant=ada&sort=oldest"
    tab.reload()
    assert choose(tab) == [NASTY, "Delta 9", "Delta 10"]
    tab.go_back()
    assert choose(tab) == ["Delta 10", "Delta 9", NASTY]
    tab.go_back()
    tab.locator("[role=status]").filter(has_text=re.compile("^$")).wait_for(state="attached")
    assert titles(tab) == NEWEST[: len(titles(tab))]
    tab.goto(f"{home}?ref=a&tag=sea#x")
    assert choose(tab, tag="night") == ["alpha", "Undated"]
    assert tab.url == f"{home}?ref=a&tag=night#x"


@pytest.mark.parametrize("query", ["tag=nope", "sort=nope&year=1", "tag=%3Cimg%3E&participant=&x"])
def test_an_address_that_means_nothing_shows_all(tab: Page, home: str, query: str) -> None:
    tab.goto(f"{home}?{query}")
    assert titles(tab)[:2] == NEWEST[:2]


def test_what_was_found_leads_to_the_transcript(tab: Page) -> None:
    choose(tab, sort="title")
    tab.locator(f"{SHOWN} a").nth(1).click()
    tab.locator("article.message").first.wait_for()
    assert tab.locator("h1").inner_text() == "alpha"


def test_hostile_words_stay_words(tab: Page) -> None:
    choose(tab, sort="title")
    assert tab.locator(SHOWN).first.inner_text() == NASTY
    assert NASTY in tab.locator(".voices:visible").first.inner_text()
    assert tab.locator("main img").count() == 0


def test_table_and_own_pages_of_participants_lead_to_what_two_share(tab: Page, home: str) -> None:
    tab.goto(home + "participants/")
    tab.get_by_label("1 transcript of Ada with Bo").click()
    tab.locator("article.message").first.wait_for()
    assert tab.locator("h1").inner_text() == "Delta 10"
    tab.goto(home + "participants/")
    tab.get_by_role("rowheader", name="Cy").get_by_role("link").click()
    assert choose(tab, participant="bo") == ["alpha"]
    assert choose(tab, participant="", sort="oldest") == ["Delta 9", "alpha", "Undated"]


def test_long_results_come_a_page_at_a_time(
    tmp_path: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page()
    page.goto(serve(archive(tmp_path, "[pages]\nindex_size = 2")) + "?sort=oldest")
    page.locator("[role=status]").filter(has_text=re.compile(".")).wait_for()
    assert titles(page) == [NASTY, "Delta 9"]
    page.get_by_role("button", name="Show more").click()
    assert page.evaluate("document.activeElement.textContent") == "alpha"
    page.get_by_role("button", name="Show more").click()
    assert titles(page) == [NASTY, "Delta 9", "alpha", "Delta 10", "Undated"]
    assert not page.locator(".show-more").is_visible()
    page.close()


def test_lists_work_from_a_disk(tmp_path: Path, browser: Browser) -> None:
    output = archive(tmp_path, "[pages]\nindex_size = 2")
    page = browser.new_page()
    witness = Witness(output.as_uri())
    witness.watch(page)
    page.goto((output / "index.html").as_uri())
    assert choose(page, tag="night", sort="title") == ["alpha", "Undated"]
    assert page.url.endswith("index.html?tag=night&sort=title")
    page.locator(f"{SHOWN} a").first.click()
    page.locator("article.message").first.wait_for()
    assert witness.events == []
    page.close()


def test_a_list_that_cannot_be_loaded_says_so_and_keeps_the_page(
    tmp_path: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    output = archive(tmp_path, "[pages]\nindex_size = 2")
    (output / "index/transcripts.js").unlink()
    page = browser.new_page()
    page.goto(serve(output) + "?tag=night")
    assert choose(page) == ["Delta 10", "alpha"]
    assert "could not be loaded" in page.locator("[role=status]").inner_text()
    page.close()


def test_without_scripts_there_are_links_and_no_fields(home: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(home)
    assert page.locator("select:visible").count() == 0
    page.get_by_role("navigation", name="Browse").get_by_role("link", name="night").click()
    assert titles(page) == ["alpha", "Undated"]
    page.goto(home)
    found = titles(page)
    while (older := page.get_by_role("link", name="Older")).count():
        older.click()
        found += titles(page)
    assert found == NEWEST
    context.close()
