"""The search index: what is in it, when it is made, and what it never holds."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers import built, exported, tree, write_site
from hypothesis import given
from hypothesis import strategies as st
from vectors import VECTORS

from sitegen import build, search
from sitegen.builder import Builder
from sitegen.config import load_config
from sitegen.errors import SitegenError
from sitegen.search import JOINER, Facets, Indexing, index_language, readable

TALK = exported(
    [("Ada", "The lantern is out."), ("Brook", "Which one?")], "Night, with commas: two"
)
FILES = {"content/a.md": TALK, "content/deep/b.md": exported([("Eve", "Nothing.")], "B")}


def fragments(files: dict[str, bytes]) -> list[dict[str, Any]]:
    """What Pagefind holds of each page, by its address."""
    found = []
    for path, content in files.items():
        if path.startswith("pagefind/fragment/"):
            plain = gzip.decompress(content)
            found.append(json.loads(plain.removeprefix(b"pagefind_dcd")))
    return sorted(found, key=lambda fragment: str(fragment["url"]))


def _noting(calls: list[str]) -> Callable[..., tuple[()]]:
    """Stands in for what makes an index, and makes none."""

    def make(*_given: object) -> tuple[()]:
        calls.append("again")
        return ()

    return make


def index_of(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path.startswith("pagefind/")}


def facets_of(files: dict[str, bytes]) -> dict[str, dict[str, list[str]]]:
    """Kind to value to the addresses of the pages that have it."""
    data = json.loads(files["pagefind/facets.json"])
    urls = {}
    for path, content in files.items():
        if match := re.fullmatch("pagefind/fragment/(.*).pf_fragment", path):
            plain = gzip.decompress(content).removeprefix(b"pagefind_dcd")
            urls[match[1]] = json.loads(plain)["url"]
    return {
        kind: {value: [urls[data["pages"][place][0]] for place in places] for value, places in rows}
        for kind, rows in data["values"].items()
    }


def test_index_holds_the_words_of_messages_and_no_chrome(tmp_path: Path) -> None:
    front = "---\ntags: [radio, 'a, b']\n---\n"
    files = {**FILES, "content/a.md": front + TALK, "content/pages/about.md": "Of the keeper."}
    made = built(write_site(tmp_path, files))
    first, second = fragments(made)
    facets = facets_of(made)
    assert facets["participant"] == {"Ada": ["a.html"], "Brook": ["a.html"], "Eve": ["deep/b.html"]}
    assert facets["tag"] == {"a, b": ["a.html"], "radio": ["a.html"]}
    assert sorted(facets["year"]["2025"]) == ["a.html", "deep/b.html"]
    assert sorted(page for pages in facets["format"].values() for page in pages) == [
        "a.html",
        "deep/b.html",
    ]
    assert {date for _, date in json.loads(made["pagefind/facets.json"])["pages"]} == {
        "4 March 2025"
    }
    assert first["content"] == "Night, with commas: two. Ada. The lantern is out. Brook. Which one?"
    assert first["url"] == "a.html"
    assert second["url"] == "deep/b.html"
    assert first["meta"] == {"title": "Night, with commas: two"}
    assert first["filters"] == {}  # Pagefind would write them in another order each time.
    places = {anchor["id"]: anchor["location"] for anchor in first["anchors"]}
    words = first["content"].split()
    assert words[places["m1"] : places["m1"] + 2] == ["Ada.", "The"]
    assert words[places["m2"] : places["m2"] + 2] == ["Brook.", "Which"]


def test_index_is_the_same_for_the_same_site_and_holds_no_other_interface(tmp_path: Path) -> None:
    root = write_site(tmp_path, FILES)
    one = index_of(built(root, output=str(tmp_path / "one"), force=True))
    other = index_of(built(root, output=str(tmp_path / "other"), force=True))
    assert one == other
    names = {path.removeprefix("pagefind/").split("/")[0] for path in other}
    assert {"pagefind.js", "pagefind-entry.json", "index"} <= names
    assert not any("ui" in name or "highlight" in name for name in names)
    assert not any(part.startswith(("_", ".")) for path in other for part in path.split("/"))


def test_index_is_made_only_if_a_transcript_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_site(tmp_path, FILES)
    before = index_of(built(root))
    made: list[str] = []
    monkeypatch.setattr(search, "make_index", _noting(made))
    assert index_of(built(root)) == before
    write_site(root, {"content/pages/about.md": "# About\n\nMe."})
    built(root)  # The bar has a new link, so every page is another one: then it must be.
    assert made == ["again"]
    monkeypatch.undo()
    built(root)
    (root / "output" / search.ENTRY).unlink()
    after = built(root)
    assert search.ENTRY in after
    clean = built(root, output=str(tmp_path / "clean"), force=True)
    assert index_of(after) == index_of(clean)


def test_what_a_search_is_narrowed_to_follows_the_settings(tmp_path: Path) -> None:
    root = write_site(tmp_path, FILES)
    built(root)
    write_site(root, {"sitegen.toml": '[participants."Eve"]\nalias = "Nobody"\n'})
    files = built(root)
    assert "Nobody" in facets_of(files)["participant"]
    clean = built(root, output=str(tmp_path / "clean"), force=True)
    assert index_of(files) == index_of(clean)


def test_a_changed_message_is_found_and_the_old_one_is_not(tmp_path: Path) -> None:
    root = write_site(tmp_path, FILES)
    built(root)
    write_site(root, {"content/deep/b.md": exported([("Eve", "Something else.")], "B")})
    files = built(root)
    assert [f["content"] for f in fragments(files)][1] == "B. Eve. Something else."
    clean = built(root, output=str(tmp_path / "clean"), force=True)
    assert index_of(files) == index_of(clean)


def test_switched_off_there_is_no_trace_of_it(tmp_path: Path) -> None:
    root = write_site(tmp_path, FILES)
    assert "search.html" in built(root)
    write_site(root, {"sitegen.toml": "[site]\nsearch = false\n"})
    files = built(root)
    assert not index_of(files)
    assert "search.html" not in files
    for path, content in files.items():
        if path.endswith(".html"):
            assert b"pagefind" not in content, path
            assert b"wasm" not in content, path
            assert b"search.html" not in content, path


def test_only_the_page_that_searches_may_run_webassembly(tmp_path: Path) -> None:
    for path, content in built(write_site(tmp_path, FILES)).items():
        if path.endswith(".html"):
            assert (b"&#39;wasm-unsafe-eval&#39;" in content) == (path == "search.html")


def test_a_site_without_transcripts_has_nothing_to_search(tmp_path: Path) -> None:
    files = built(write_site(tmp_path, {"content/pages/about.md": "Hello"}))
    assert "search.html" not in files
    assert not index_of(files)


def test_what_is_redacted_is_not_in_the_index(tmp_path: Path) -> None:
    settings = '[redact]\nwords = ["lantern"]\n[redact.names]\n"Ada" = "Wren"\n'
    files = built(write_site(tmp_path, {**FILES, "sitegen.toml": settings}))
    first, _ = fragments(files)
    assert "lantern" not in json.dumps(first)
    assert "Ada" not in json.dumps(first)
    assert list(facets_of(files)["participant"]) == ["Brook", "Eve", "Wren"]


def test_addresses_are_those_of_the_site(tmp_path: Path) -> None:
    settings = '[pages]\nurls = "directory"\n'
    files = built(write_site(tmp_path, {**FILES, "sitegen.toml": settings}))
    assert [fragment["url"] for fragment in fragments(files)] == ["a/", "deep/b/"]
    assert b'data-root="../"' in files["search/index.html"]
    assert b'data-index="../pagefind/pagefind.js"' in files["search/index.html"]


def test_a_build_that_is_in_a_hurry_keeps_the_index_and_says_so(tmp_path: Path) -> None:
    root = write_site(tmp_path, FILES)
    builder = Builder(load_config(root))
    builder.build(index=False)
    assert _is_outdated(builder)
    assert not index_of(tree(root / "output"))
    builder.build()
    before = index_of(tree(root / "output"))
    assert before
    assert not _is_outdated(builder)
    write_site(root, {"content/deep/b.md": exported([("Eve", "Something else.")], "B")})
    builder.build(index=False)
    assert _is_outdated(builder)
    assert index_of(tree(root / "output")) == before
    builder.build()
    assert not _is_outdated(builder)
    assert index_of(tree(root / "output")) != before
    builder.build(index=False)
    assert not _is_outdated(builder)


def _is_outdated(builder: Builder) -> bool:
    return builder.outdated


def test_a_dry_run_leaves_the_index_alone(tmp_path: Path) -> None:
    root = write_site(tmp_path, FILES)
    before = built(root)
    write_site(root, {"content/a.md": TALK.replace("lantern", "candle")})
    report = build(root, dry_run=True)
    assert not [path for path in report.removed if path.startswith("pagefind/")]
    assert tree(root / "output") == before


def test_hostile_texts_are_text_in_the_index(tmp_path: Path) -> None:
    said = [*VECTORS[:60], "___PAGEFIND_ANCHOR___h3:evil x", "___PAGEFIND_WEIGHT___10 y"]
    title = "<i onclick=x> [href], a:b"
    text = exported([("Eve" + str(n % 3), v) for n, v in enumerate(said)], title)
    (fragment,) = fragments(built(write_site(tmp_path, {"content/a.md": text})))
    assert fragment["meta"]["title"] == title
    assert "PAGEFIND_ANCHOR___h3:evil" in fragment["content"]
    ids = [anchor["id"] for anchor in fragment["anchors"]]
    assert all(re.fullmatch(r"[ms]\d+", name) for name in ids)


def test_a_missing_pagefind_is_an_error_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pagefind_bin

    monkeypatch.setattr(pagefind_bin, "get_executable", lambda: tmp_path / "nowhere")
    root = write_site(tmp_path / "site", FILES)
    with pytest.raises(SitegenError, match="search index cannot be made") as caught:
        build(root)
    assert "search = false" in caught.value.hint
    assert not (root / "output" / "a.html").exists()


def test_pages_that_cannot_be_read_end_the_index_and_nothing_hangs() -> None:
    def pages() -> Any:
        yield "a.html", ["<html><body data-pagefind-body>one"]
        raise OSError("the disk is gone")

    with pytest.raises(SitegenError, match="the disk is gone"):
        list(Indexing(pages(), "en", Facets()).result())


def test_an_index_of_no_pages_can_be_made() -> None:
    assert any(artifact.path == search.SCRIPT for artifact in Indexing([], "en", Facets()).result())


def test_languages_without_spaces_have_no_endings() -> None:
    assert index_language("de-AT") == "de"
    assert index_language("zh-Hant") == index_language("ja") == "unknown"
    (path,) = {
        artifact.path
        for artifact in Indexing(
            [("a.html", ["<html lang=ja><body>今日"])], "unknown", Facets()
        ).result()
        if artifact.path.endswith("pf_meta")
    }
    assert "unknown" in path


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("京都", "京|都"),
        ("GPTを使う。", "GPT|を|使|う。"),
        ("が\u3099い", "が\u3099|い"),
        ("ผมรัก", "ผ|ม|รั|ก"),
        ("plain words", "plain words"),
        ("안녕 세계", "안녕 세계"),
    ],
)
def test_signs_of_scripts_without_spaces_are_words(text: str, parted: str) -> None:
    assert readable(f"<p>{text}</p>") == f"<p>{parted.replace('|', JOINER + ' ')}</p>"
    assert readable(f'<p title="{text}">x</p>') == f'<p title="{text}">x</p>'


@given(st.text(st.sampled_from("ab<> \n京都กั。が\u3099_1")))
def test_parting_is_undone_by_taking_out_what_was_put_in(text: str) -> None:
    assert readable(text).replace(f"{JOINER} ", "") == text
