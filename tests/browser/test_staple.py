"""Two runs of one experiment side by side, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from browser.test_reading import violations
from browser.witness import Witness
from sitegen import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

ROOT = Path(__file__).parents[2]


def place(locator: Locator) -> tuple[float, float]:
    """The left and the upper edge."""
    box = locator.bounding_box()
    assert box
    return box["x"], box["y"]


def test_turns_stand_beside_each_other_or_below_where_there_is_no_room(
    browser: Browser, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    build(ROOT, output=tmp_path / "output")
    home = serve(tmp_path / "output")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    witness = Witness(home)
    witness.watch(page)
    page.goto(home + "two-runs.html")
    one, other = page.locator("#a-m4"), page.locator("#b-m4")
    assert place(one)[1] == place(other)[1]
    assert place(one)[0] + 400 < place(other)[0]
    assert not page.locator("#a-m1").is_visible()

    mark = page.locator(".differs").first
    ground = "mark => getComputedStyle(mark).backgroundColor"
    plain = mark.evaluate(ground)
    page.get_by_label("Mark what is worded differently").check()
    assert mark.evaluate(ground) != plain
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []

    page.goto(home + "two-runs.html#b-m1")  # In a fold, which opens for it.
    page.locator("#b-m1").wait_for(state="visible")
    page.set_viewport_size({"width": 360, "height": 800})
    assert place(one)[0] == place(other)[0]
    assert place(one)[1] < place(other)[1] < place(page.locator("#a-m5"))[1]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    with page.expect_navigation():
        other.locator(".permalink").click()
    assert page.url.endswith("two-empty-chairs-again.html#m4")
    page.close()
    assert witness.events == []
