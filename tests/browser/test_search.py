"""Searching as a reader does it: from a key to the very message, with the words marked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers import exported, write_site

from browser.witness import Witness
from sitegen import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

EVIL = '<img src=x onerror=alert(1)> "& </script>'
LONG = [("Ada" if n % 2 else "Brook", f"Filler number {n} of the night.") for n in range(40)]
FILES = {
    "content/lamp.md": exported(
        [*LONG, ("Ada", "The lanterns went out. So said <b>zanzibar</b> & co."), *LONG], EVIL
    ),
    "content/deep/kyoto.md": "---\ntags: [travel]\n---\n"
    + exported(
        [("Eve", "今日は京都で検索エンジンの話をした。"), ("Brook", "A lantern, you mean?")],
        "京都 の夜",
        started="2023-05-06 10:00:00",
    ),
    "content/thai.md": exported(
        [("Ada", "ผมรักภาษาไทยมาก"), ("Eve", "___PAGEFIND_ANCHOR___h3:m1 x")], "Thai"
    ),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_site(tmp_path_factory.mktemp("search"), FILES)
    build(root)
    return root / "output"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 900, "height": 700})
    made.set_default_timeout(10_000)
    yield made
    made.close()


def opened(context: BrowserContext, address: str, home: str) -> tuple[Page, Witness]:
    page = context.new_page()
    witness = Witness(home)
    witness.watch(page)
    page.goto(address)
    return page, witness


def until(page: Page, condition: str) -> None:
    """Wait until an expression of JavaScript is true."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def asked(page: Page, words: str) -> list[str]:
    """Type a question; the titles of what was found."""
    page.locator(".ask input").fill(words)
    until(page, "new URLSearchParams(location.search).get('q') === " + json.dumps(words))
    page.locator(".hits[aria-busy=false]").wait_for(state="attached")
    return page.locator(".hit h2").all_inner_texts()


def test_a_key_a_word_and_a_click_lead_to_the_message_with_its_words_marked(
    site: Path, context: BrowserContext, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page, witness = opened(context, f"{home}deep/kyoto.html", home)
    page.keyboard.press("/")
    page.keyboard.type("lantern zanzibar")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home}search.html?q=lantern+zanzibar")
    page.locator(".hit").wait_for()
    assert page.locator(".hit h2").all_inner_texts() == [EVIL]
    hit = page.locator(".hit li a")
    assert hit.count() == 1
    assert hit.locator(".who").inner_text() == "Ada · 41"
    assert hit.locator(".words").inner_text() == (
        "The lanterns went out. So said <b>zanzibar</b> & co."
    )
    assert hit.locator("mark").all_inner_texts() == ["lanterns", "<b>zanzibar</b>"]
    hit.click()
    page.wait_for_url(f"{home}lamp.html?mark=lantern&mark=zanzibar#m41")
    until(page, "CSS.highlights.get('found')?.size === 2")
    box = page.locator("#m41").bounding_box()
    assert box
    assert 0 <= box["y"] < 300
    assert witness.events == []


def test_texts_without_spaces_are_found_by_any_part(
    site: Path, context: BrowserContext, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page, witness = opened(context, f"{home}search.html", home)
    for words in ("検索", "京都で検索", "話", "検索 lantern"):
        assert asked(page, words) == ["京都 の夜"], words
    assert asked(page, "京検") == []
    assert asked(page, "ภาษาไทย") == ["Thai"]
    assert asked(page, "検索") == ["京都 の夜"]
    assert page.locator(".hit .words").inner_text() == "今日は京都で検索エンジンの話をした。"
    assert page.locator(".hit mark").inner_text() == "検索"
    page.locator(".hit li a").click()
    until(page, "CSS.highlights.get('found')?.size === 1")
    assert page.url.endswith("deep/kyoto.html?mark=%E6%A4%9C%E7%B4%A2#m1")
    assert witness.events == []


def test_phrases_filters_and_the_address(
    site: Path, context: BrowserContext, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page, witness = opened(context, f"{home}search.html?q=lantern", home)
    page.locator(".hit").first.wait_for()
    assert sorted(asked(page, "lantern")) == sorted(["京都 の夜", EVIL])
    assert asked(page, '"lanterns went out"') == [EVIL]
    assert asked(page, '"out went lanterns"') == []
    assert asked(page, "nowhere-to-be-found") == []
    asked(page, "lantern")
    page.locator("select[name=year]").select_option("2023")
    page.wait_for_url(f"{home}search.html?q=lantern&year=2023")
    until(page, "document.querySelectorAll('.hit').length === 1")
    page.reload()
    page.locator(".hit").wait_for()
    assert page.locator("select[name=year]").input_value() == "2023"
    assert page.locator(".hit h2").all_inner_texts() == ["京都 の夜"]
    names = page.locator("select[name=participant] option").all_inner_texts()
    assert sorted(names) == ["Ada (2)", "Brook (2)", "Eve (2)", "any"]
    assert witness.events == []


def test_nothing_is_loaded_before_a_search_and_little_for_the_first(
    site: Path, context: BrowserContext, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on(
        "response",
        lambda r: sizes.update({r.url: len(r.body())}) if "/pagefind/" in r.url else None,
    )
    page.goto(f"{home}lamp.html")
    assert sizes == {}
    page.goto(f"{home}search.html?q=zanzibar")
    page.locator(".hit").wait_for()
    assert 0 < sum(sizes.values()) < 300_000


def test_without_a_script_and_from_a_disk_the_page_says_what_to_do(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{serve(site)}search.html")
    assert "needs scripts" in page.locator("main").inner_text()
    assert not page.locator(".ask").is_visible()
    assert page.locator(".lists a").count() >= 3
    context.close()
    page = browser.new_page()
    page.goto((site / "search.html").as_uri() + "?q=lantern")
    assert "From a disk the index cannot be read" in page.locator("main").inner_text()
    assert not page.locator(".ask").is_visible()
    assert page.locator(".lists").is_visible()
    page.close()
