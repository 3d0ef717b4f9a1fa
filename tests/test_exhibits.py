"""What lies beside a transcript's page: its source, as a file and line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import built, exported, write_site
from html_check import Page

from sitegen import build
from sitegen.config import load_config
from sitegen.markup.source import MAX_SHOWN, render_source
from sitegen.verify import verify_folder

NASTY = "</li></ol><script>alert(1)</script> \x00 & \"'"
HELLO = exported([("Ada", "Hello"), ("Bo", NASTY)], "Talk")


def test_the_source_is_published_byte_for_byte(tmp_path: Path) -> None:
    odd = HELLO.replace("\n", "\r\n").encode("utf-16")
    site = built(write_site(tmp_path, {"content/a.md": HELLO, "content/r/b.txt": odd}))
    assert site["a/source.txt"] == HELLO.encode()
    assert site["r/b/source.txt"] == odd


def test_every_line_of_the_source_has_an_address(tmp_path: Path) -> None:
    text = f"---\ntitle: T\n---\n{HELLO}"
    site = built(write_site(tmp_path, {"content/r/a.md": text}))
    page = Page(site["r/a/source.html"])
    assert page.one("ol", class_="lines")
    items = [item for item in page.find("li") if "ol" in item.parents]
    assert [item.attributes["id"] for item in items] == [f"L{n}" for n in range(1, len(items) + 1)]
    assert len(items) == len(text.splitlines())
    links = page.find("a", class_="of")
    assert [link.attributes["href"] for link in links] == [f"../../r/a.html#m{n}" for n in (1, 2)]
    assert [link.text for link in links] == ["1", "2"]
    for number, name in enumerate(("Ada", "Bo"), 1):
        line = next(n for n, t in enumerate(text.splitlines(), 1) if t == f"### {name}")
        assert items[line - 1].text == f"{number}### {name}"
    assert b"<script>alert" not in site["r/a/source.html"]
    assert "␀".encode() in site["r/a/source.html"]


def test_the_page_leads_to_its_source_and_back(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "sitegen.toml": '[pages]\nurls = "directory"'})
    site = built(tmp_path)
    assert b'href="../a/source/"' in site["a/index.html"]
    assert b'href="../a/source.txt"' in site["a/index.html"]
    assert b'href="../../a/source.txt"' in site["a/source/index.html"]
    assert b'href="../../a/"' in site["a/source/index.html"]
    assert verify_folder(tmp_path / "output").findings == ()


def test_without_raw_no_source_is_published(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "sitegen.toml": "[pages]\nraw = false"})
    site = built(tmp_path)
    assert {path for path in site if path.startswith("a/")} == {"a/provenance.json"}
    assert b"source.txt" not in site["a.html"]
    assert verify_folder(tmp_path / "output").findings == ()
    write_site(tmp_path, {"sitegen.toml": ""})
    assert {"a/source.txt", "a/source.html"} <= set(built(tmp_path))
    write_site(tmp_path, {"sitegen.toml": "[pages]\nraw = false"})
    assert built(tmp_path) == site


def test_a_source_that_is_too_long_is_not_shown() -> None:
    assert render_source("x" * (MAX_SHOWN + 1), {}) == ""
    assert render_source("", {}) == '<li id="L1"></li>'


def test_marks_beyond_the_text_are_passed_over() -> None:
    assert render_source("a\nb\n", {0: (1, "x"), 3: (2, "y")}).count("<a") == 0


@pytest.mark.parametrize("name", ["a/provenance.json", "a/source.txt", "a/source.html"])
def test_a_file_that_was_deleted_or_changed_is_made_again(name: str, tmp_path: Path) -> None:
    before = built(write_site(tmp_path, {"content/a.md": HELLO, "content/b.md": HELLO}))
    (tmp_path / "output" / name).unlink()
    report = build(tmp_path)
    assert report.written == (name,)
    (tmp_path / "output" / name).write_bytes(b"mine")
    assert built(tmp_path) == before


def test_two_transcripts_of_one_address_are_complained_of_once(tmp_path: Path) -> None:
    hello = exported([("Ada", "Hello")])
    write_site(tmp_path, {"content/a.md": hello, "content/a.txt": hello})
    report = build(tmp_path, keep_going=True)
    assert [finding.path for finding in report.diagnostics] == ["content/a.txt"]


def test_a_source_with_names_that_are_not_shown_is_not_published(tmp_path: Path) -> None:
    toml = '[participants."Ada"]\nalias = "Interviewee"'
    write_site(tmp_path, {"content/a.md": HELLO})
    before = built(tmp_path)
    assert "a/source.txt" in before
    write_site(tmp_path, {"sitegen.toml": toml})
    site = built(tmp_path)
    assert {path for path in site if path.startswith("a/")} == {"a/provenance.json"}
    for path, content in site.items():
        assert b"Ada" not in content, path
    assert b"It is not published as it is" in site["a.html"]
    config = load_config(tmp_path)
    assert verify_folder(tmp_path / "output", config=config).findings == ()
