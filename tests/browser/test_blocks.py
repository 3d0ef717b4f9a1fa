"""What is folded opens by one switch, and line by line without it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers import built, write_site
from samples import CLAUDE_CODE

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_one_switch_opens_and_closes_all(tmp_path: Path, browser: Browser, serve: Any) -> None:
    built(write_site(tmp_path, {"content/s.jsonl": CLAUDE_CODE}))
    page = browser.new_page()
    page.goto(f"{serve(tmp_path / 'output')}s.html")
    count = page.locator("details.step").count()
    assert count >= 4
    switch = page.locator("button.switch")
    assert switch.inner_text() == "Open all steps"
    switch.click()
    assert page.locator("details.step[open]").count() == count
    assert switch.inner_text() == "Close all steps"
    page.locator("details.step > summary").first.click()
    page.wait_for_function("document.querySelector('.switch').textContent === 'Open all steps'")
    switch.click()
    switch.click()
    assert page.locator("details.step[open]").count() == 0
    closed = page.locator("details.step > summary").first.bounding_box()
    assert closed
    assert closed["height"] <= 32
    page.close()


def test_a_page_with_steps_takes_no_more_than_six_requests(
    tmp_path: Path, browser: Browser, serve: Any
) -> None:
    """Its sign for the tab, which is not always asked for, is one of them."""
    built(write_site(tmp_path, {"content/s.jsonl": CLAUDE_CODE}))
    page = browser.new_page()
    asked = set()
    page.on("request", lambda request: asked.add(request.url))
    home = serve(tmp_path / "output")
    for path in ("s.html", "index.html"):
        asked.clear()
        page.goto(home + path)
        asked -= {address for address in asked if address.endswith(".svg")}
        assert 4 <= len(asked) <= 5, asked
    page.close()
