"""In a real browser nothing of a hostile site runs, loads or navigates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from helpers import exported, write_site
from hostile import of_every_format, one_rotation, project

from browser.witness import Witness
from sitegen import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

TRAP = """
for (const name of ["alert", "confirm", "prompt", "open", "print"])
  window[name] = () => { window.__pwned = name; };
addEventListener("securitypolicyviolation", event => {
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI);
});
addEventListener("click", event => event.preventDefault());
addEventListener("submit", event => event.preventDefault());
"""

TERMS = ("participants/", "tags/", "labels/")

PROVOKE = """() => {
  const events = ["mouseover", "mouseenter", "mousemove", "pointerenter", "focus", "click",
    "auxclick", "keydown", "input", "toggle", "load", "error", "animationstart", "wheel"];
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const element of document.querySelectorAll("body, body *")) {
    for (const name of events)
      element.dispatchEvent(new Event(name, { bubbles: true, cancelable: true }));
    if (element.focus) element.focus();
    if (element.click) element.click();
  }
  const strange = [...document.querySelectorAll("*")].filter(element =>
    [...element.attributes].some(({ name, value }) => /^on|^style$/i.test(name)
      || /^\\s*(java|vb)script:/i.test(value) && !(name === "content" && element.matches(
        "head > meta[name]:not([http-equiv]), head > meta[property]:not([http-equiv])"))
        && !(name === "title" && element.matches("head > link[rel=alternate]"))
        && !(name === "value" && element.matches("option"))));
  return {
    pwned: String(window.__pwned),
    strange: strange.map(element => element.outerHTML.slice(0, 200)),
    scripts: [...document.querySelectorAll("script, iframe, object, embed, form, base, style")]
        .filter(e => !(e.matches("head > script[src]") && !e.textContent &&
            /\\/assets\\/js\\/(theme|page|cite|index|search|blocks|mark)\\.[0-9a-f]{8}\\.js$/.test(e.src)))
        .filter(e => !(e.matches('head > script[type="application/ld+json"]')
            && e.attributes.length === 1 && JSON.parse(e.textContent)["@graph"]
            && !/[<>&]/.test(e.textContent))).length,
    clobbered: document.getElementById !== Document.prototype.getElementById
      || document.location !== window.location || document.currentScript !== null,
    mains: document.querySelectorAll("main").length,
  };
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_site(tmp_path_factory.mktemp("hostile"), dict(project()))
    build(root, base_url="http://127.0.0.1/repo/")
    return root / "output"


@pytest.mark.parametrize("kind", ["", "participants", "tags", "labels"])
def test_nothing_runs(
    kind: str, site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    mine = [p for p in pages if p.startswith(kind) and (kind or not p.startswith(TERMS))]
    assert len(mine) > 60
    if kind:  # One name a page, which the index of names and the transcripts show as well.
        mine = [f"{kind}/index.html", *mine[::24]]
    drive(home, mine, browser)


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in which every format holds every hostile text, and every field one."""
    root = tmp_path_factory.mktemp("readers")
    for name, files in (("all", of_every_format()), ("one", one_rotation(100))):
        write_site(root / name, files)
        build(root / name, base_url="http://127.0.0.1/repo/", keep_going=True)
    return root


@pytest.mark.parametrize("name", ["all", "one"])
def test_nothing_runs_whatever_format_it_comes_in(
    name: str, readers: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    """Transcripts, their sources, pages that show two side by side, search and the lists."""
    site = readers / name / "output"
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    mine = [path for path in pages if not path.startswith(TERMS)]
    assert len(mine) > 90
    assert {"staple-0.html", "staple-1.html", "staple-2.html", "search.html"} <= set(mine)
    if name == "one":  # The lines of sources are driven with all texts.
        mine = [path for path in mine if not path.endswith("/source.html")]
    drive(serve(site), mine, browser)


def drive(home: str, paths: Iterable[str], browser: Browser) -> None:
    """Open pages and provoke everything in them; nothing may come of it."""
    context = browser.new_context()
    context.add_init_script(TRAP)
    page = context.new_page()
    witness = Witness(home.removesuffix("repo/"))
    witness.watch(page)
    for path in paths:
        page.goto(home + quote(path))
        found = page.evaluate(PROVOKE)
        assert page.url == home + quote(path)
        assert found == {
            "pwned": "undefined",
            "strange": [],
            "scripts": 0,
            "clobbered": False,
            "mains": 1,
        }, path
        # An editor's note may name a picture of the site; here there is none.
        events = [event for event in witness.events if "status of 404" not in event]
        assert events == [], path
    context.close()


ADDRESSES = """() => [...document.querySelectorAll("a[href]")].map(link =>
  new URL(link.getAttribute("href"), document.baseURI).href)"""

CLICK_ALL = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const links = [...document.querySelectorAll("a[href]")];
  for (const link of links) link.dispatchEvent(new MouseEvent("click", { cancelable: true }));
  return [links.length, String(window.__pwned)];
}"""


def test_every_link_is_followed_and_every_place_is_touched(
    site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    """With real clicks, a real pointer and real keys; a click leads where the link says."""
    home = serve(site)
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    mine = [p for p in pages if not p.startswith(TERMS)][::5]
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    context.add_init_script(TRAP.replace('addEventListener("click"', '//("click"'))
    page = context.new_page()
    followed: list[str] = []
    page.on("popup", lambda _: followed.append("popup"))
    page.on("dialog", lambda dialog: followed.append(f"dialog {dialog.message}"))

    def note(route: Route) -> None:
        followed.append(route.request.url)
        route.fulfill(status=204)

    clicks = 0
    for path in mine:
        page.goto(home + quote(path))
        shown = set(page.evaluate(ADDRESSES))
        # The page stays: whatever it is led to has no content.
        page.route("**/*", note)
        found, pwned = page.evaluate(CLICK_ALL)
        clicks += found
        for y in range(50, 800, 150):
            page.mouse.move(500, y, steps=5)
        for _ in range(10):
            page.keyboard.press("Tab")
        assert (pwned, str(page.evaluate("window.__pwned"))) == ("undefined", "None"), path
        assert page.url.partition("#")[0] == home + quote(path)
        assert {
            url for url in followed if url not in shown and home + "assets/" not in url
        } == set(), path
        followed.clear()
        page.unroute("**/*")
    assert clicks > 500
    context.close()


PLACES = """selector => {
  const text = document.querySelector(selector).firstChild, range = document.createRange();
  return [...text.data].map((_, at) => {
    range.setStart(text, at); range.setEnd(text, at + 1);
    return range.getBoundingClientRect().left;
  });
}"""


def test_signs_of_direction_are_seen_in_code_and_reach_no_further_than_their_name(
    tmp_path: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    evil = "Eve\u202e\u2066"
    code = "```\nif \u202eadmin\n```\n\nAnd `a\u2066b\u202ec` too.\n\n"
    text = exported([(evil, code), ("Bob", "Hello there, Eve."), ("Ada", "So.")], f"T {evil}")
    build(write_site(tmp_path, {"content/a.md": text, "content/b.md": exported([("Bob", "Hi")])}))
    page = browser.new_page()
    page.goto(serve(tmp_path / "output") + "a.html")
    signs = page.eval_on_selector_all(
        ".unseen",
        """found => found.map(e =>
            getComputedStyle(e, "::before").content.replaceAll('" "', ""))""",
    )
    assert signs == [f'"⟨U+{code}⟩"' for code in ("202E", "2066", "202E")]
    copied = page.eval_on_selector("article pre code", "e => e.textContent")
    assert copied == "if \u202eadmin"
    after = page.evaluate(
        """() => {
          const sign = document.querySelector("article .unseen"), range = document.createRange();
          const text = sign.nextSibling;
          return [...text.data].map((_, at) => {
            range.setStart(text, at); range.setEnd(text, at + 1);
            return range.getBoundingClientRect().left;
          });
        }"""
    )
    assert len(after) == len("admin")
    assert after == sorted(after)
    names = page.locator(".byline .voice a")
    assert names.count() == 3
    for index in (1, 2):  # Those who are named after her.
        names.nth(index).evaluate("e => e.id = 'probe'")
        places = page.evaluate(PLACES, "#probe")
        assert places == sorted(places)
        names.nth(index).evaluate("e => e.removeAttribute('id')")
    lefts = [names.nth(index).bounding_box() for index in range(3)]
    assert all(lefts)
    assert [box["x"] for box in lefts if box] == sorted(box["x"] for box in lefts if box)
    assert "⟨U+202E⟩" in page.locator("figcaption").inner_text()
    page.close()
