"""In a real browser: a saved file is a changed page, and a mistake is shown, not lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers import exported, write_site
from running import PATIENT, Building, building

from browser.witness import Witness
from sitegen.config import load_config
from sitegen.serve import Server, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

LIMIT = PATIENT * 1000
LONG = [("Ada" if n % 2 else "Bo", f"Message {n}. " + "Some words. " * 30) for n in range(60)]
TALK = exported(LONG, "A long talk")
EVIL = "<img src=x onerror=window.__pwned=1>"
BROKEN = "---\ntitle: [\n---\n"
OUTLINE = "getComputedStyle(document.body).outlineColor"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {"content/a.md": TALK, "content/b.md": exported([("Ada", "Hi")], "Short")}
    files |= {"layouts/static/css/own.css": "body { outline: 1px solid rgb(1, 1, 1) }"}
    return write_site(tmp_path, files)


@pytest.fixture
def served(root: Path) -> Iterator[tuple[Server, Building]]:
    """The project, built and served at a base path; whatever is saved is built."""
    config = load_config(root, base_url="https://b.org/repo/")
    with (
        serving(config, "127.0.0.1", 0) as server,
        building(
            root,
            gate=server.gate,
            also=lambda _config, outcome: server.tell(outcome),
            base_url="https://b.org/repo/",
        ) as live,
    ):
        live.report()
        yield server, live


@pytest.fixture
def page(browser: Browser, served: tuple[Server, Building]) -> Iterator[Page]:
    """The long transcript, which listens to the server and bears a mark."""
    server, _ = served
    page = browser.new_page(viewport={"width": 900, "height": 500})
    page.set_default_timeout(LIMIT)
    witness = Witness(server.address.removesuffix("repo/"))
    witness.watch(page)
    with page.expect_response(lambda response: "/.sitegen/events" in response.url):
        page.goto(server.address + "a.html")
    page.evaluate("window.__mark = 1")
    yield page
    page.close()
    assert witness.events == []


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true; `wait_for_function` would need `eval`, which is barred."""
    limit = time.monotonic() + PATIENT
    while True:
        # A page that is being loaded anew cannot be asked.
        with suppress(sync_api.Error):
            if page.evaluate(expression):
                return
        assert time.monotonic() < limit, expression
        page.wait_for_timeout(10)


def is_marked(page: Page) -> bool:
    """Whether the page has not been loaded anew since it was marked."""
    return bool(page.evaluate("window.__mark === 1"))


def test_saved_transcript_is_shown_anew_where_it_was_read(root: Path, page: Page) -> None:
    page.evaluate("scrollTo(0, 1234)")
    until(page, "scrollY === 1234")
    write_site(root, {"content/a.md": TALK.replace("Message 3.", "Edited message 3.")})
    until(page, "document.body.innerText.includes('Edited message 3.')")
    assert is_marked(page)  # Its content was replaced, which is faster than a reload.
    assert page.evaluate("scrollY") == 1234
    assert page.locator("button.theme").count() == 1
    page.keyboard.press("?")
    assert page.locator("dialog").count() == 1


def test_page_is_loaded_anew_where_it_needs_other_scripts(root: Path, page: Page) -> None:
    write_site(root, {"layouts/static/js/page.js": "document.title = 'Own script';"})
    until(page, "document.title === 'Own script'")
    assert not is_marked(page)


def test_page_goes_on_listening_after_a_reload(root: Path, page: Page) -> None:
    for n in range(3):
        write_site(root, {"content/a.md": TALK.replace("Message 3.", f"Version {n}.")})
        until(page, f"document.body.innerText.includes('Version {n}.')")
    assert page.evaluate("scrollY") == 0


def test_saved_style_sheet_is_swapped_without_a_reload(root: Path, page: Page) -> None:
    page.evaluate("scrollTo(0, 1234)")
    for n in range(2, 5):
        style = f"body {{ outline: 1px solid rgb({n}, {n}, {n}) }}"
        write_site(root, {"layouts/static/css/own.css": style})
        until(page, f"{OUTLINE} === 'rgb({n}, {n}, {n})'")
        until(page, "document.querySelectorAll('link[rel=stylesheet]').length === 1")
    assert is_marked(page)
    assert page.evaluate("scrollY") == 1234


def test_change_of_another_page_shows_in_the_index(
    root: Path, page: Page, served: tuple[Server, Building]
) -> None:
    page.goto(served[0].address)
    page.locator("text=A long talk").wait_for()
    write_site(root, {"content/c.md": exported([("Ada", "Hi")], "Quite new")})
    page.locator("text=Quite new").wait_for()


@pytest.mark.parametrize("name", ["b", EVIL])
def test_broken_transcript_is_shown_as_text_over_the_last_good_page(
    root: Path, page: Page, name: str
) -> None:
    (root / f"content/{name}.md").write_text(BROKEN)
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert f"content/{name}.md:3:" in alert.inner_text()
    assert "The build failed" in alert.inner_text()
    assert alert.locator("*").count() == 0
    assert is_marked(page)
    assert "Message 3." in page.locator("main").inner_text()
    (root / f"content/{name}.md").write_text(exported([("Ada", "Mended")], "Mended"))
    alert.wait_for(state="detached")
    assert page.evaluate("window.__pwned") is None


def test_mistake_is_shown_again_after_the_page_is_reloaded(root: Path, page: Page) -> None:
    (root / "content/b.md").write_text(BROKEN)
    alert = page.get_by_role("alert")
    alert.wait_for()
    page.reload()
    alert.wait_for()
    (root / "content/b.md").write_text(exported([("Ada", "Hi")], "Short"))
    alert.wait_for(state="detached")


def test_mistake_in_a_layout_and_in_the_settings_is_shown(root: Path, page: Page) -> None:
    write_site(root, {"layouts/base.html": "{% block main %}"})
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "layouts/base.html" in alert.inner_text()
    (root / "layouts/base.html").unlink()
    alert.wait_for(state="detached")
    write_site(root, {"sitegen.toml": f"[site]\ntitle = 1 # {EVIL}\n"})
    alert.wait_for()
    assert "sitegen.toml:2" in alert.inner_text()


def test_page_that_is_asked_for_before_there_is_a_site_comes_by_itself(
    tmp_path: Path, browser: Browser
) -> None:
    root = write_site(tmp_path / "project", {"content/a.md": BROKEN})
    page = browser.new_page()
    page.set_default_timeout(LIMIT)
    with serving(load_config(root), "127.0.0.1", 0) as server:
        page.goto(server.address + "a.html")
        page.locator("text=Building").wait_for()
        also = lambda _config, outcome: server.tell(outcome)  # noqa: E731
        with building(root, gate=server.gate, also=also) as live:
            live.error()
            page.get_by_role("alert").wait_for()
            write_site(root, {"content/a.md": TALK})
            live.report()
            page.locator("text=Message 3.").first.wait_for()
        page.close()
