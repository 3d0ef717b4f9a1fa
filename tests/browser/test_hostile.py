"""In a real browser nothing of a hostile site runs, loads or navigates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from helpers import write_site
from hostile import project

from browser.witness import Witness
from sitegen import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TRAP = """
for (const name of ["alert", "confirm", "prompt", "open", "print"])
  window[name] = () => { window.__pwned = name; };
addEventListener("securitypolicyviolation", event => {
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI);
});
addEventListener("click", event => event.preventDefault());
addEventListener("submit", event => event.preventDefault());
"""

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
        "head > meta[name]:not([http-equiv]), head > meta[property]:not([http-equiv])"))));
  return {
    pwned: String(window.__pwned),
    strange: strange.map(element => element.outerHTML.slice(0, 200)),
    scripts: [...document.querySelectorAll("script, iframe, object, embed, form, base, style")]
        .filter(e => !(e.matches("head > script[src]") && !e.textContent &&
            /\\/assets\\/js\\/(theme|page|cite|index)\\.[0-9a-f]{8}\\.js$/.test(e.src)))
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


@pytest.mark.parametrize("kind", ["", "participants", "tags"])
def test_nothing_runs(
    kind: str, site: Path, browser: Browser, serve: Callable[[Path], str]
) -> None:
    home = serve(site)
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    mine = [
        p
        for p in pages
        if p.startswith(kind) and (kind or not p.startswith(("participants/", "tags/")))
    ]
    assert len(mine) > 60
    if kind:  # One name a page, which the index of names and the transcripts show as well.
        mine = [f"{kind}/index.html", *mine[::12]]
    context = browser.new_context()
    context.add_init_script(TRAP)
    page = context.new_page()
    witness = Witness(home.removesuffix("repo/"))
    witness.watch(page)
    for path in mine:
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
