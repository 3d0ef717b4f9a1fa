"""The site that the workflow of `sitegen init` builds, served as a project site."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urldefrag

import pytest
import yaml

from browser.witness import Witness
from sitegen.scaffold import WORKFLOW, begin

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response

ROOT = Path(__file__).parents[2]
ADDRESS = "https://someone.github.io/repo"
LINKS = """() => [...document.querySelectorAll("[href], [src], [property='og:image']")]
  .map((element) => ["href", "src", "content"].map((name) => element.getAttribute(name)))
  .map((found) => found.find((target) => target !== null))
  .map((target) => new URL(target, document.baseURI).href)"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is uploaded after the workflow's own commands were run, but for the installation."""
    if os.name == "nt":
        pytest.skip("the workflow runs on Linux")
    home = tmp_path_factory.mktemp("workflow")
    root, command = home / "project", home / "bin/sitegen"
    begin(root)
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sitegen "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    steps = yaml.safe_load((root / WORKFLOW).read_text())["jobs"]["build"]["steps"]
    ran = []
    for step in steps:
        line = step.get("run", "")
        if line and "pip install" not in line:
            said = {
                key: value.replace("${{ steps.pages.outputs.base_url }}", ADDRESS)
                for key, value in step.get("env", {}).items()
            }
            environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **said}
            done = subprocess.run(
                ["sh", "-ec", line], cwd=root, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
            assert done.stderr == ""
            ran.append(line)
    assert ran == ['sitegen build --strict --base-url "$BASE_URL/"']
    upload = next(step["with"] for step in steps if "upload" in step.get("uses", ""))
    assert upload["include-hidden-files"]
    assert (root / upload["path"] / ".nojekyll").is_file()
    return root / str(upload["path"])


def test_every_page_and_asset_is_served_under_the_repository(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page = browser.new_page()
    witness = Witness(home)
    witness.watch(page)
    answers: dict[str, int] = {}

    def note(response: Response) -> None:
        answers[urldefrag(response.url)[0]] = response.status

    page.on("response", note)
    waiting, seen = (
        [
            home,
            *(home + quote(p.relative_to(site).as_posix()) for p in sorted(site.rglob("*.html"))),
        ],
        set(),
    )
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        if address.endswith((".html", "/")):
            page.goto(address)
            assert page.locator("h1").count() == 1
            for found in page.evaluate(LINKS):
                link = urldefrag(found.replace(f"{ADDRESS}/", home))[0]
                if link.startswith(home) and link not in seen:
                    waiting.append(link)
        else:
            answers[address] = page.request.get(address).status
    page.close()
    assert {address: status for address, status in answers.items() if status >= 400} == {}
    assert witness.events == []
    endings = {address.rpartition(".")[2] for address in answers}
    assert {"html", "css", "js", "svg", "md", "json", "txt", "xml", "png"} <= endings


def test_search_leads_to_the_message(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page = browser.new_page()
    witness = Witness(home)
    witness.watch(page)
    answers: dict[str, int] = {}
    page.on("response", lambda response: answers.update({response.url: response.status}))
    page.goto(f"{home}tags/sample.html")
    page.keyboard.press("/")
    page.keyboard.type("visibility")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home}search.html?q=visibility")
    page.locator(".hit li a").click()
    page.wait_for_url(f"{home}the-lamp-and-the-ledger.html?mark=visibility#m2")
    page.wait_for_function("CSS.highlights.get('found')?.size === 1")
    assert page.locator("#m2").is_visible()
    assert set(answers.values()) <= {200, 304}, answers
    assert len([address for address in answers if address.startswith(f"{home}pagefind/")]) >= 4
    assert witness.events == []
    page.close()


def test_what_does_not_exist_is_told_with_links_that_work(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    page = browser.new_page()

    def answer_like_github(route: object) -> None:
        route.fulfill(  # type: ignore[attr-defined]
            status=404, content_type="text/html", body=(site / "404.html").read_bytes()
        )

    page.route(f"{home}no/such/place", answer_like_github)
    witness = Witness(home)
    answers: dict[str, int] = {}
    page.on("response", lambda response: answers.update({response.url: response.status}))
    page.goto(f"{home}no/such/place")
    assert answers.pop(f"{home}no/such/place") == 404
    assert len(answers) >= 3
    assert set(answers.values()) == {200}
    witness.watch(page)
    page.click("a.home")
    page.wait_for_url(lambda url: url in (home, f"{home}index.html"))
    assert page.locator("h1").inner_text() == "Conversations"
    assert witness.events == []
    page.close()
