"""Citing in a real browser: what is copied, and what there is without a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from helpers import exported, write_site

from browser.witness import Witness
from sitegen import build
from sitegen.cite import Excerpt, Work, cite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SAID = [("Ada", "I have a </script><script>alert(1)</script> to tell"), ("Brook", "So?")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cite")
    write_site(root, {"content/a.md": exported(SAID, "</script> & {braces} ☕")})
    build(root, base_url="https://example.org/repo/")
    return root / "output"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


def opened(context: BrowserContext, home: str) -> tuple[Page, Witness]:
    parts = urlsplit(home)
    origin = f"{parts.scheme}://{parts.netloc}"
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    page = context.new_page()
    witness = Witness(home)
    witness.watch(page)
    page.goto(f"{home}a.html")
    return page, witness


def test_number_of_a_message_leads_to_it_and_copies_its_address(
    site: Path, context: BrowserContext, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page, witness = opened(context, home)
    page.locator("#m2").hover()
    page.locator("#m2 .permalink").click()
    page.wait_for_selector("#m2 .permalink[data-copied]")
    assert page.url == f"{home}a.html#m2"
    assert page.evaluate("navigator.clipboard.readText()") == f"{home}a.html#m2"
    assert witness.events == []


def test_citation_is_copied_as_it_is_shown(
    site: Path, context: BrowserContext, serve: Callable[[Path], str]
) -> None:
    page, witness = opened(context, serve(site))
    page.locator(".cite > summary").click()
    block = page.locator(".cite .code", has=page.locator('[aria-label="BibTeX"]'))
    block.hover()
    block.locator(".copy").click()
    page.wait_for_function("document.querySelector('.cite').textContent.includes('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == block.locator("code").text_content()
    assert copied.startswith("@misc{a-2025,\n  title = {{</script> \\& \\textbraceleft{}braces")
    assert witness.events == []


def test_citation_is_of_the_message_that_the_address_leads_to(
    site: Path, context: BrowserContext, serve: Callable[[Path], str]
) -> None:
    page, witness = opened(context, serve(site))
    address = "https://example.org/repo/a.html"
    whole = page.locator(".cite code").all_text_contents()
    for number, (speaker, words) in enumerate(SAID, 1):
        page.evaluate(f"location.hash = 'm{number}'")
        page.wait_for_function("document.querySelector('.cite summary').textContent.length > 10")
        assert page.locator(".cite > summary").text_content() == "Cite this message"
        place = f"{address}#m{number}"
        forms = page.locator(".cite code").all_text_contents()
        assert [form.count(place) for form in forms] == [1, 1, 1, 1, 1, 2]
        assert forms[:4] == [form.replace(address, place) for form in whole[:4]]
        quoted = Work("a", "</script> & {braces} ☕", (), "", None, "en", address, None)
        excerpt = Excerpt(number, speaker, None, words)
        expected = cite(replace(quoted, quote=excerpt))[-2:]
        assert [form.text for form in expected] == forms[4:]
    page.evaluate("location.hash = ''")
    page.wait_for_function("document.querySelector('.cite summary').textContent === 'Cite this'")
    assert page.locator(".cite code").all_text_contents() == whole
    assert witness.events == []


def test_data_for_search_engines_is_read_as_data(
    site: Path, context: BrowserContext, serve: Callable[[Path], str]
) -> None:
    page, witness = opened(context, serve(site))
    text = page.locator('head > script[type="application/ld+json"]').text_content()
    conversation = json.loads(text or "")["@graph"][0]
    assert conversation["name"] == "</script> & {braces} ☕"
    assert conversation["hasPart"][0]["text"] == SAID[0][1]
    assert witness.events == []  # The policy, too, had nothing to say.


def test_citations_can_be_read_without_a_script(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{serve(site)}a.html")
    assert not page.locator(".cite code").first.is_visible()
    page.locator(".cite > summary").click()
    assert page.locator(".cite code").count() == 6
    assert page.locator(".cite code").first.is_visible()
    context.close()
