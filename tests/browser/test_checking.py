"""Commitments, labels and the source's lines, as a reader meets them."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.witness import Witness
from sitegen import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
NAME = "sealed-envelopes"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("sealed") / "output"
    build(ROOT, output=output, strict=True)
    return output


def test_the_protocol_can_be_followed_and_checked_on_the_page(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page = browser.new_page(viewport={"width": 360, "height": 800})
    witness = Witness(home)
    witness.watch(page)
    page.goto(f"{home}{NAME}.html")
    states = page.locator(".commitments .state").all_inner_texts()
    assert states == ["Verified", "Verified", "Not revealed"]
    for item in page.locator(".commitments > li").all():
        digest = item.locator("code").first.inner_text()
        links = item.locator("a").all()
        given = page.locator(links[0].get_attribute("href") or "").inner_text()
        assert digest in given
        if item.locator("pre").count():
            command = item.locator("pre").inner_text()
            run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
            assert run.stdout.split()[0] == digest
    page.locator(".commitments a").first.click()
    assert page.evaluate("document.querySelector(':target').id") == "m1"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert witness.events == []
    page.close()


def test_digests_on_the_page_are_those_of_the_files(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page = browser.new_page()
    page.goto(f"{home}{NAME}.html")
    shown = page.locator(".provenance dl code").all_inner_texts()
    source = (site / NAME / "source.txt").read_bytes()
    record = json.loads((site / NAME / "provenance.json").read_bytes())
    digests = [hashlib.sha256(source).hexdigest(), record["canonical"]["sha256"]]
    assert shown == [*digests, record["chain"][-1]]
    assert source == (ROOT / f"content/{NAME}.md").read_bytes()
    page.close()


def test_a_message_leads_to_its_line_and_the_line_back(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page = browser.new_page(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)
    page.goto(f"{home}{NAME}.html")
    link = page.locator("#m4 .line-of")
    assert not link.is_visible()
    page.locator("#m4 .permalink").click()
    assert link.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    link.click()
    page.wait_for_url(f"{home}{NAME}/source.html#L*")
    line = page.locator(":target")
    assert "### Orrery" in line.inner_text()
    line.locator("a").click()
    page.wait_for_url(f"{home}{NAME}.html#m4")
    page.close()


def test_a_list_is_narrowed_by_label(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page()
    page.goto(f"{serve(site)}index.html")
    cards = page.locator(".results .card")
    page.locator("select[name=label]").select_option("unverifiable")
    page.wait_for_function("location.search.includes('label=unverifiable')")
    shown = cards.all()
    assert shown
    for card in shown:
        assert "unverifiable" in card.locator(".label").all_inner_texts()
    page.close()


def test_labels_lead_to_what_they_mean(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page = browser.new_page()
    page.goto(f"{home}{NAME}.html")
    assert "cannot be checked" in page.locator(".banner").inner_text()
    page.locator(".banner a", has_text="unverifiable").click()
    page.wait_for_url(f"{home}labels/unverifiable.html")
    assert page.locator(".card-title", has_text="Sealed Envelopes").count() == 1
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_line_of_the_source_is_found_by_its_address(
    width: int, site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page = browser.new_page(viewport={"width": width, "height": 600})
    witness = Witness(home)
    witness.watch(page)
    lines = (site / NAME / "source.txt").read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line == "### Orrery")
    page.goto(f"{home}{NAME}/source.html#L{number}")
    line = page.locator(":target")
    assert "### Orrery" in line.inner_text()
    assert line.evaluate("e => e.getBoundingClientRect().top") >= 40
    assert page.evaluate("document.documentElement.scrollWidth") == width
    line.locator("a").click()
    page.wait_for_url(f"{home}{NAME}.html#m2")
    assert witness.events == []
    page.close()
