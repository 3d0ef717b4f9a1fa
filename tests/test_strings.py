"""The interface in other languages: nothing is left out, nothing is left over."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from helpers import built, exported, write_site
from html_check import Page

from sitegen.assets import builtin_layouts
from sitegen.config import load_config
from sitegen.errors import ConfigError
from sitegen.formats import Formats
from sitegen.labels import WELL_KNOWN
from sitegen.render.frame import is_rtl
from sitegen.site import TITLES, UNDATED
from sitegen.strings import Strings, load_strings

ROOT = Path(__file__).parents[1]
LAYOUTS = builtin_layouts()
CATALOGUES = sorted((LAYOUTS / "strings").glob("*.toml"))
NOUNS = re.compile(r"""count\((?:[^()]*,\s*)?["'](\w+)["']\)""")
# `t("…")` in a layout or a script, `.text("…")` in the code.
TEXT = r"""\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""


def texts_in(paths: list[Path], call: str) -> set[str]:
    found = set()
    for path in paths:
        for match in re.finditer(rf"\b{call}{TEXT}", path.read_text(encoding="utf-8")):
            found.add(match[1] or match[2])
    return found


def said() -> set[str]:
    """Every text of the interface that is looked up."""
    code = [path for path in (ROOT / "sitegen").rglob("*.py") if path.name != "cli.py"]
    shown = texts_in(list(LAYOUTS.rglob("*.html")), "t") | texts_in(code, "text")
    meant = {about.explanation for _, about in WELL_KNOWN}
    return shown | meant | set(TITLES.values()) | {UNDATED, "done", "to do"}


def said_by_scripts() -> set[str]:
    return texts_in(list((LAYOUTS / "static" / "js").glob("*.js")), "t")


def nouns() -> set[str]:
    paths = [*LAYOUTS.rglob("*.html"), *(ROOT / "sitegen" / "render").rglob("*.py")]
    paths += [ROOT / "sitegen" / "shape.py", ROOT / "sitegen" / "formats.py"]
    return {noun for path in paths for noun in NOUNS.findall(path.read_text(encoding="utf-8"))}


def test_the_texts_are_found_at_all() -> None:
    assert {"Outline", "(blank message)", "All {count} lines", "{shares} of the words"} <= said()
    assert {"Copy", "next message"} <= said_by_scripts()
    assert {"message", "transcript", "day"} <= nouns()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_is_complete(path: Path) -> None:
    strings = load_strings(path.stem, LAYOUTS)
    assert set(strings.texts) == said()
    assert set(strings.script) == said_by_scripts()
    assert set(strings.nouns) >= nouns()
    assert len(strings.months) == 12
    assert len(strings.weekdays) == 7
    for english, text in strings.texts.items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", english))


def test_a_page_speaks_the_language_of_the_site(tmp_path: Path) -> None:
    body = [("Ada", " "), *[("Bo" if n % 2 else "Ada", "x") for n in range(7)]]
    files = {
        "content/a.md": exported(body, started="2025-03-04 09:12:00"),
        "sitegen.toml": '[site]\nlanguage = "de-AT"\n',
    }
    page = built(write_site(tmp_path, files))["a.html"].decode()
    assert '<html lang="de-AT">' in page
    for text in ("4. März 2025", "8 Nachrichten", "(leere Nachricht)", "Übersicht", "Quelle"):
        assert text in page
    assert "data-strings=" in page
    assert "Kopieren" in page


def test_labels_pictures_and_lines_speak_it_too(tmp_path: Path) -> None:
    body = [("Ada", "one two"), ("Bo", " "), ("Ada", "three")]
    files = {
        "content/a.md": "---\nlabels: [fiction, own]\n---\n" + exported(body),
        "sitegen.toml": '[site]\nlanguage = "de"\n[labels.own]\nexplanation = "As written."\n',
    }
    site = built(write_site(tmp_path, files))
    page = site["a.html"].decode()
    for text in ("Dieses Gespräch ist erfunden.", "As written.", "1 Ada, 2 Wörter", "2 Bo, leer"):
        assert text in page
    assert 'aria-label="Nachricht 3"' in site["a/source.html"].decode()


def test_an_own_catalogue_is_preferred_and_english_fills_its_gaps(tmp_path: Path) -> None:
    own = '[texts]\n"Outline" = "Wat kommt"\n'
    files = {"layouts/strings/de.toml": own, "sitegen.toml": '[site]\nlanguage = "de"\n'}
    body = [("Ada", "x")] * 8
    page = built(write_site(tmp_path, {**files, "content/a.md": exported(body)}))["a.html"].decode()
    assert "Wat kommt" in page
    assert "8 messages" in page


def test_a_language_without_a_catalogue_is_english() -> None:
    assert load_strings("tlh", LAYOUTS) == Strings()
    assert Formats(load_strings("en", LAYOUTS)).day(datetime(2025, 3, 4)) == "4 March 2025"


@pytest.mark.parametrize("text", ["[texts", "months = 3", '[texts]\n"a" = 1', "\udcff"])
def test_a_broken_catalogue_is_an_error_with_its_name(tmp_path: Path, text: str) -> None:
    write_site(tmp_path, {"sitegen.toml": '[site]\nlanguage = "de"\n', "content/a.md": "# A"})
    path = tmp_path / "layouts" / "strings" / "de.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode(errors="surrogateescape"))
    config = load_config(tmp_path)
    with pytest.raises(ConfigError, match=r"layouts/strings/de\.toml"):
        load_strings("de", config.layouts)


@pytest.mark.parametrize(
    ("tag", "is_so"),
    [
        *(("ar", True), ("he-IL", True), ("uz-Arab", True), ("AZ-arab-IR", True)),
        *(("en", False), ("", False), ("ar-Latn", False), ("de-1996", False)),
    ],
)
def test_which_languages_run_from_right_to_left(tag: str, is_so: bool) -> None:
    assert is_rtl(tag) is is_so


def test_a_page_has_the_direction_of_its_language_and_words_that_of_theirs(tmp_path: Path) -> None:
    files = {
        "content/a.md": "---\nlanguage: he\n---\n" + exported([("Ada", "x"), ("Bo", "y")]),
        "content/b.md": exported([("Ada", "x"), ("Bo", "y")]),
    }
    site = built(write_site(tmp_path, files))
    page = Page(site["a.html"])
    assert "dir" not in page.one("html").attributes
    assert page.one("div", class_="messages").attributes["dir"] == "rtl"
    arabic = {"content/b.md": files["content/b.md"], "sitegen.toml": '[site]\nlanguage = "ar"\n'}
    site = built(write_site(tmp_path / "arabic", arabic))
    assert Page(site["b.html"]).one("html").attributes["dir"] == "rtl"
