"""Every kind of page of the demo archive, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, unquote, urldefrag

import pytest

from browser.witness import Witness
from sitegen import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("demo") / "output"
    build(ROOT, output=output, base_url="https://example.org/repo/")
    return output


def pages_of(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


OVERFLOW = """() => ({
  scroll: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  heading: document.querySelectorAll("h1").length,
  styled: getComputedStyle(document.body).marginTop,
  ground: getComputedStyle(document.body).backgroundColor,
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_every_page_fits_and_is_quiet(
    width: int, scheme: Scheme, site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    witness = Witness(home)
    witness.watch(page)
    grounds = set()
    for path in pages_of(site):
        page.goto(home + quote(path))
        found = page.evaluate(OVERFLOW)
        grounds.add(found.pop("ground"))
        assert found == {"scroll": 0, "heading": 1, "styled": "0px"}, path
    assert witness.events == []
    assert len(grounds) == 1
    dark = sum(map(int, grounds.pop().strip("rgb()").split(", "))) < 200
    assert dark == (scheme == "dark")
    context.close()


def test_pages_work_from_a_disk(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    witness = Witness(site.as_uri())
    witness.watch(page)
    for path in pages_of(site):
        if path != "404.html":  # It is for servers: its links begin at their root.
            page.goto((site / path).as_uri())
            assert page.evaluate(OVERFLOW)["styled"] == "0px", path
    assert witness.events == []
    page.goto((site / "index.html").as_uri())
    page.locator(".card-title a").first.click()
    page.locator("article.message").first.wait_for()  # Fails if it never comes.
    page.locator(".bar .home").click()
    page.wait_for_url((site / "index.html").as_uri())
    page.close()


def test_all_links_resolve(site: Path, browser: Browser, serve: Callable[[Path], str]) -> None:
    home = serve(site)
    page = browser.new_page()
    ids: dict[str, set[str]] = {}
    links: set[tuple[str, str]] = set()
    for path in pages_of(site):
        page.goto(home + quote(path))
        found = page.evaluate(
            """() => [[...document.querySelectorAll("[id]")].map(e => e.id),
                [...document.querySelectorAll("[href], [src]")].map(e =>
                    e.href?.animVal ? new URL(e.href.animVal, location).href : e.href || e.src)]"""
        )
        ids[path] = set(found[0])
        links |= {(path, link) for link in found[1] if link.startswith(home)}
    assert len(links) > 500
    for path, link in links:
        address, fragment = urldefrag(link.removeprefix(home))
        target = unquote(address.partition("?")[0]) or "index.html"
        assert (site / target).is_file(), f"{path}: {link}"
        assert not fragment or unquote(fragment) in ids[target], f"{path}: {link}"
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("number", [2, 12, 31])
def test_anchors_land_on_their_message(
    number: int, width: int, site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 500})
    page.goto(f"{serve(site)}two-empty-chairs.html#m{number}")
    page.wait_for_load_state()
    top = page.evaluate(f"document.getElementById('m{number}').getBoundingClientRect().top")
    bottom = page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
    assert 0 <= top <= 120 or bottom
    assert page.evaluate("document.querySelector(':target').id") == f"m{number}"
    page.close()


def test_an_unknown_address_leads_back(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    """Served from anywhere, the page for a missing address links into the site."""
    home = serve(site)
    page = browser.new_page()
    page.goto(home + "404.html")
    page.locator(".bar .home").click()
    assert page.url == home + "index.html"
    page.close()
