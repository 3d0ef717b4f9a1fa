"""What a page is to its readers: accessible, at hand by keyboard, light however long it is."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import pytest
from helpers import exported, write_site

from browser.witness import Witness
from sitegen import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed")

ROOT = Path(__file__).parents[2]
SOURCE = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KINDS = [
    *("index.html", "two-empty-chairs.html", "coding/tidebook.html", "six-lighthouses.html"),
    *("participants/index.html", "tags/index.html", "years/2025.html", "about.html", "404.html"),
]
MANY = 5000
MAX_SCRIPT, MAX_STYLE = 10_000, 14_000
"""Compressed bytes on a page."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("demo") / "output"
    build(ROOT, output=output, base_url="https://example.org/repo/")
    return output


@pytest.fixture(scope="module")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One transcript of 5,000 messages, short and long ones, some with code."""
    said = [
        ("Ada" if n % 2 else "Bo", f"Number {n}. " + "Some words that go on. " * (n * 7 % 40))
        for n in range(1, MANY + 1)
    ]
    said = [
        (name, f"{text}\n\n```py\nx = {n}\n" + "y = 1\n" * (n % 9) + "```" if n % 6 == 0 else text)
        for n, (name, text) in enumerate(said)
    ]
    root = write_site(tmp_path_factory.mktemp("long"), {"content/a.md": exported(said)})
    build(root)
    return root / "output"


@pytest.fixture
def home(site: Path, serve: Callable[[Path], str]) -> str:
    return serve(site)


@pytest.fixture
def page(browser: Browser, home: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    witness = Witness(home)
    witness.watch(page)
    yield page
    page.close()
    assert witness.events == []


def violations(page: Page) -> list[Any]:
    """What axe finds wrong: rule, and where."""
    page.evaluate(SOURCE)
    found: Any = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        (rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_any_kind_of_page(
    width: int, scheme: Literal["light", "dark"], browser: Browser, home: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for kind in KINDS:
        page.goto(home + quote(kind))
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        assert violations(page) == [], kind
    context.close()


def test_a_page_is_light(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for kind, most in (("js", MAX_SCRIPT), ("css", MAX_STYLE)):
            # What searches is loaded when someone searches.
            files = {f for f in (site / "assets").rglob(f"*.{kind}") if f.name in text}
            assert files
            assert sum(len(gzip.compress(f.read_bytes(), 9)) for f in files) <= most, path


def test_the_first_message_begins_high_on_a_phone(browser: Browser, home: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(home + "two-empty-chairs.html")
    assert page.locator("#m1").bounding_box()["y"] <= 250  # type: ignore[index]
    page.close()


def test_keys_lead_from_message_to_message_and_on(page: Page, home: str) -> None:
    page.goto(home + "two-empty-chairs.html")
    focused = "document.activeElement.id"
    for expected in ("m1", "m2", "m3"):
        page.keyboard.press("j")
        assert page.evaluate(focused) == expected
    top = page.evaluate("document.getElementById('m3').getBoundingClientRect().top")
    assert 48 <= top <= 120
    page.keyboard.press("k")
    assert page.evaluate(focused) == "m2"
    page.keyboard.press("?")
    assert page.get_by_role("dialog").get_by_text("next message").is_visible()
    page.keyboard.press("j")
    assert page.evaluate(focused) != "m3"  # A dialog keeps the keys.
    page.keyboard.press("Escape")
    there = page.locator(".neighbours a[rel=next]").get_attribute("href")
    with page.expect_navigation():
        page.keyboard.press("n")
    assert page.url.endswith(str(there))


def test_keys_can_be_turned_off_and_leave_modifiers_alone(page: Page, home: str) -> None:
    page.goto(home + "two-empty-chairs.html")
    page.keyboard.press("Control+j")
    assert page.evaluate("document.activeElement.id") == ""
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn keys off").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == ""


def test_the_bar_and_the_outline_say_where_the_reader_is(page: Page, home: str) -> None:
    page.goto(home + "two-empty-chairs.html#m20")
    page.locator(".here-place", has_text="20 / 32").wait_for()
    assert page.locator(".outline [aria-current]").get_attribute("href") == "#m20"


def test_a_span_of_messages_is_marked_and_made_with_shift(page: Page, home: str) -> None:
    page.goto(home + "two-empty-chairs.html#m5-m7")
    marked = "[...document.querySelectorAll('.marked')].map(one => one.id).join(' ')"
    assert page.evaluate(marked) == "m5 m6 m7"
    page.goto(home + "two-empty-chairs.html#m9")
    page.locator("#m11 .permalink").click(modifiers=["Shift"])
    assert page.url.endswith("#m9-m11")
    assert page.evaluate(marked) == "m9 m10 m11"


def test_a_chosen_theme_is_kept_and_does_not_flash(page: Page, home: str) -> None:
    page.goto(home + "index.html")
    theme = page.get_by_role("button", name="Colours")
    theme.click()
    theme.click()
    page.goto(home + "about.html", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_page_says_all_without_scripts(browser: Browser, home: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in ("index.html", "two-empty-chairs.html"):
        page.goto(home + path)
        assert page.locator("h1").is_visible()
        assert page.locator("button:visible, select:visible").count() == 0
    assert page.locator("article.message .body").count() == 32
    assert page.locator("#m32 .body").is_visible()
    context.close()


def test_paper_shows_the_text_and_no_controls(page: Page, home: str) -> None:
    page.goto(home + "coding/tidebook.html")
    page.emulate_media(media="print")
    for hidden in (".bar", ".permalink", ".copy", ".outline", ".neighbours"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("#m1 .body").is_visible()
    assert page.locator(".facts-of dl").is_visible()  # Nobody can unfold paper.
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("number", [1, 777, 2500, 4999, 5000])
def test_anchors_land_exactly_on_a_page_of_5000_messages(
    number: int, browser: Browser, long_site: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{serve(long_site)}a.html#m{number}")
    where = f"document.getElementById('m{number}').getBoundingClientRect()"
    page.wait_for_timeout(300)
    box = page.evaluate(f"(() => {{ const b = {where}; return [b.top, b.bottom]; }})()")
    at_end = page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
    assert 40 <= box[0] <= 120 or (at_end and 0 <= box[0] < 800)
    page.close()


def test_a_page_of_5000_messages_does_not_move_while_it_is_read(
    browser: Browser, long_site: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{serve(long_site)}a.html")
    page.evaluate(
        """() => { window.shift = 0; new PerformanceObserver(list => {
          for (const entry of list.getEntries()) window.shift += entry.value;
        }).observe({type: 'layout-shift', buffered: true}); }"""
    )
    for _ in range(12):
        page.mouse.wheel(0, 3000)
        page.wait_for_timeout(60)
    assert page.evaluate("window.shift") < 0.01
    page.close()


@pytest.mark.parametrize("width", [660, 820, 1280])
def test_code_that_does_not_fit_can_be_scrolled_by_keyboard(
    width: int, browser: Browser, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    said = [("Ada", f"```\n{'x' * length}\n```") for length in range(60, 90, 2)]
    root = write_site(tmp_path, {"content/a.md": exported(said)})
    build(root)
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(serve(root / "output") + "a.html")
    blocks: Any = page.evaluate(
        """[...document.querySelectorAll('.body pre')].map(
            e => [e.scrollWidth - e.clientWidth, e.tabIndex])"""
    )
    assert any(wider > 0 for wider, _ in blocks)
    assert [place for place in blocks if place[0] > 0 > place[1]] == []
    page.close()


@pytest.mark.parametrize("width", [320, 390, 700, 1000, 1280])
@pytest.mark.parametrize("path", ["index.html", "coding/tidebook.html#m5", "about.html"])
def test_nothing_in_the_bar_lies_over_anything_else(
    path: str, width: int, browser: Browser, home: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(home + path)
    page.wait_for_timeout(200)
    boxes: Any = page.evaluate(
        """[...document.querySelectorAll(
            '.bar .home, .bar .here-title, .bar .here-place, .bar li a, .search-link, .theme')]
          .filter(e => e.checkVisibility({opacityProperty: true})
            && !(e.matches('.home') && getComputedStyle(e.firstChild).opacity === '0'))
          .map(e => [e.getBoundingClientRect(), e.textContent])
          .map(([box, text]) => [box.left, box.top, box.right, box.bottom, text])"""
    )
    assert len(boxes) > 2
    for index, (left, top, right, bottom, text) in enumerate(boxes):
        assert left >= 0, text
        assert right <= width, text
        for other in boxes[index + 1 :]:
            apart = right <= other[0] + 1 or other[2] <= left + 1
            assert apart or bottom <= other[1] + 1 or other[3] <= top + 1, (text, other[4])
    page.close()


def test_no_button_of_a_block_of_code_lies_over_its_text(browser: Browser, home: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    for path in ("coding/tidebook.html", "sealed-envelopes.html"):
        page.goto(home + path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        covered: Any = page.evaluate(
            """[...document.querySelectorAll('.code .copy')].filter(button => {
              const over = button.getBoundingClientRect();
              const words = document.createRange();
              words.selectNodeContents(button.parentNode.querySelector('code'));
              return [...words.getClientRects()].some(text =>
                text.right > over.left && text.top + 4 < over.bottom && text.bottom > over.top);
            }).length"""
        )
        assert page.locator(".code .copy").count() > 1
        assert covered == 0, path
    context.close()


def test_who_wants_no_motion_gets_none_and_sees_the_place_at_once(
    browser: Browser, home: str
) -> None:
    for width in (390, 1280):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(home + "two-empty-chairs.html")
        assert page.evaluate("document.getAnimations().length") == 0
        assert page.evaluate("getComputedStyle(document.querySelector('.here')).opacity") == "1"
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        context.close()


def test_forced_colours_leave_names_signs_and_pictures(browser: Browser, home: str) -> None:
    context = browser.new_context(forced_colors="active", color_scheme="light")
    page = context.new_page()
    page.goto(home + "two-empty-chairs.html")
    colours: Any = page.evaluate(
        """() => ['.shape.large path:not(.hit)', 'figcaption', '#m2 h3'].map(name => {
          const style = getComputedStyle(document.querySelector(name));
          return name.includes('path') ? style.fill : style.color;
        })"""
    )
    assert len(set(colours)) == 1  # The system's colour of text.
    sign = "getComputedStyle(document.querySelector('#m2 h3'), '::before').content"
    assert page.evaluate(sign).startswith('"▸"')
    context.close()


@pytest.mark.parametrize("path", ["index.html", "a.html"])
def test_long_names_and_labels_are_not_cut_on_a_narrow_window(
    path: str, browser: Browser, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    name = "Archibald-Theophilus-" * 4 + "Smith"
    files = {
        "content/a.md": f"---\nlabels: [{'as told by the grandchildren ' * 3}]\n---\n"
        + exported([(name, "One"), ("Bo", "Two"), (name, "Three")], f"{name} ↔ Bo"),
        "content/b.md": exported([("Ada", "One"), ("Bo", "Two")]),
    }
    root = write_site(tmp_path, files)
    build(root)
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(serve(root / "output") + path)
    cut: Any = page.evaluate(
        """[...document.querySelectorAll('.dots, .dots *, .voices, .voices *, .banner *')]
          .filter(e => e.getBoundingClientRect().right > innerWidth)
          .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()
