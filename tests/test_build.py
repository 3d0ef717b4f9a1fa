"""The whole pipeline: folders of transcripts to sites, broken ones to findings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, cast

import pytest
from helpers import built, exported, tree, write_site
from html_check import Page, faults, is_internal, pages
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import build
from sitegen.errors import BuildError, ConfigError, Diagnostic
from sitegen.manifest import MANIFEST

ROOT = Path(__file__).parents[1]
HELLO = exported([("Ada", "Hello"), ("Brook", "Hello to you")])

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX file names and links")
both_styles = pytest.mark.parametrize("urls", ["file", "directory"])


def dated(day: str, *names: str, tags: str = "", draft: bool = False) -> str:
    """A transcript of that day, one message for each name."""
    front = f"---\ntags: [{tags}]\ndraft: {str(draft).lower()}\n---\n"
    return front + exported([(name, f"I am {name}") for name in names], day, started=day)


def messages(findings: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{finding.path}:{finding.line}: {finding.message}" for finding in findings]


def cards(page: Page) -> list[str]:
    """The titles on a listing, from the top."""
    return page.texts("h3", class_="card-title")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the repository, without what was built in it."""
    root = tmp_path_factory.mktemp("demo")
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copy(ROOT / "sitegen.toml", root)
    return root


# A whole site


@both_styles
@pytest.mark.parametrize("base_url", ["", "https://b.org/archive/"])
def test_demo_site_is_sound(demo: Path, tmp_path: Path, urls: str, base_url: str) -> None:
    text = (demo / "sitegen.toml").read_text(encoding="utf-8")
    (tmp_path / "sitegen.toml").write_text(
        f'{text}\n[paths]\ncontent = "{(demo / "content").as_posix()}"\n[pages]\nurls = "{urls}"\n',
        encoding="utf-8",
    )
    files = built(tmp_path, base_url=base_url, drafts=True)
    assert faults(files, "/archive/" if base_url else "/", index=urls == "directory") == []
    for path in files:
        for part in path.split("/"):
            assert path in (".nojekyll", MANIFEST) or not part.startswith(("_", ".")), path
    assert files[".nojekyll"] == b""


def test_demo_builds_without_a_warning(demo: Path, tmp_path: Path) -> None:
    assert build(demo, output=tmp_path / "site", strict=True).diagnostics == ()


@both_styles
def test_every_link_of_a_small_site_leads_somewhere(tmp_path: Path, urls: str) -> None:
    odd = ["a b", "100%", "caf\u00e9", "問答", "a#b", "x&y", "naïve?"]
    files = {f"content/f {n}/{name}.md": HELLO for n, name in enumerate(odd) if "?" not in name}
    files |= {
        "content/tagged.md": dated("2025-01-02", "A/B", "C#", "%41", tags="a/b, 'c#', ü"),
        "content/pages/about.md": "# About\n\n[TOC]\n\n## One\n\nText[^1]\n\n[^1]: Note\n",
        "content/pages/deep/er.md": "# Deeper\n\nText",
        "sitegen.toml": f'[pages]\nurls = "{urls}"',
    }
    site = built(write_site(tmp_path, files))
    assert faults(site, index=urls == "directory") == []
    assert sum(path.endswith(".html") for path in site) > 2 * len(files)


def test_link_checker_sees_what_is_broken(tmp_path: Path) -> None:
    site = built(write_site(tmp_path, {"content/a.md": HELLO}))
    (asset,) = [path for path in site if path.startswith("assets/style")]
    del site[asset]
    page = site["a.html"].replace(b'href="#m1"', b'href="#m99"').replace(b'id="m2"', b'id="s1"')
    site["a.html"] = page.replace(b"<h1 ", b'<h1 onclick="x" ').replace(b"</main>", b"")
    found = " ".join(faults(site))
    for fault in ("leads nowhere", "no such id", "twice", "<h1 onclick", "closes nothing"):
        assert fault in found


def test_tree_of_a_site(tmp_path: Path) -> None:
    files = {
        "content/a.md": dated("2025-01-02", "Ada", tags="sea"),
        "content/radio/b.txt": exported([("Ada", "Hi"), ("Bo", "Ho")], started=""),
        "content/pages/about.md": "# About\n\nText",
        "content/pages/index.md": "Welcome",
    }
    site = built(write_site(tmp_path, files))
    assert {path for path in site if not path.startswith(("assets/", "pagefind/"))} == {
        "search.html",
        *(".nojekyll", MANIFEST, "404.html", "index.html", "about.html", "a.html"),
        *("radio/b.html", "participants/index.html", "participants/ada.html"),
        *("participants/bo.html", "tags/index.html", "tags/sea.html"),
        *("years/index.html", "years/2025.html", "years/undated.html", "SHA256SUMS"),
        *("a/provenance.json", "a/source.txt", "a/source.html", "a/card.png", "radio/b/card.png"),
        *("radio/b/provenance.json", "radio/b/source.txt", "radio/b/source.html"),
        *("a/transcript.md", "a/transcript.json", "a/transcript.txt", "schema/transcript-1.json"),
        *(f"radio/b/transcript.{ending}" for ending in ("md", "json", "txt")),
        *("index.json", "index.csv", "llms.txt", "robots.txt"),
    }


def test_report_tells_what_was_done(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "content/b.md": HELLO})
    report = build(tmp_path)
    assert (report.transcripts, report.messages) == (2, 4)
    assert set(report.written) | {MANIFEST} == set(tree(tmp_path / "output"))
    assert (report.unchanged, report.removed, report.diagnostics) == (0, (), ())
    (tmp_path / "content/b.md").unlink()
    after = build(tmp_path)
    index = tuple(path for path in after.removed if path.startswith("pagefind/"))
    assert index  # What the search index held of it.
    assert after.removed == (
        *("b.html", "b/card.png", "b/provenance.json", "b/source.html", "b/source.txt"),
        *("b/transcript.json", "b/transcript.md", "b/transcript.txt"),
        *index,
    )
    assert after.unchanged + len(after.written) == len(tree(tmp_path / "output")) - 1


# Order and listings


def test_index_is_newest_first_with_undated_last(tmp_path: Path) -> None:
    files = {
        "content/a.md": dated("2024-05-01", "Ada"),
        "content/b.md": dated("2025-05-01", "Ada"),
        "content/c.md": exported([("Ada", "x")], "Undated one", started=""),
        "content/d.md": dated("2025-05-01 10:00:00", "Ada"),
        "content/e.md": dated("2025-05-01T09:00:00-05:00", "Ada"),
        "content/f.md": dated("2024-05-01", "Ada").replace("# 2024-05-01", "# same day"),
    }
    site = built(write_site(tmp_path, files))
    assert cards(Page(site["index.html"])) == [
        *("2025-05-01T09:00:00-05:00", "2025-05-01 10:00:00", "2025-05-01"),
        *("2024-05-01", "same day", "Undated one"),
    ]


def test_neighbours_are_the_older_and_the_newer_transcript(tmp_path: Path) -> None:
    days = ["2025-01-01", "2025-01-02", "2025-01-03"]
    site = built(write_site(tmp_path, {f"content/{day}.md": dated(day, "Ada") for day in days}))
    neighbours = {
        day: {
            e.attributes["rel"]: e.attributes["href"]
            for e in Page(site[f"{day}.html"]).find("a")
            if e.attributes.get("rel") in ("prev", "next")
        }
        for day in days
    }
    assert neighbours == {
        "2025-01-01": {"next": "2025-01-02.html"},
        "2025-01-02": {"prev": "2025-01-01.html", "next": "2025-01-03.html"},
        "2025-01-03": {"prev": "2025-01-02.html"},
    }


def test_terms_list_their_own_transcripts_and_no_others(tmp_path: Path) -> None:
    files = {
        "content/a.md": dated("2024-01-01", "Ada", "Bo", tags="sea, night"),
        "content/b.md": dated("2025-01-01", "Bo", "Cy", tags="sea"),
        "content/c.md": dated("2025-02-01", "Cy"),
    }
    site = built(write_site(tmp_path, files))
    listed = {path: cards(page) for path, page in pages(site).items() if "/" in path}
    assert {path: titles for path, titles in listed.items() if titles} == {
        "participants/ada.html": ["2024-01-01"],
        "participants/bo.html": ["2025-01-01", "2024-01-01"],
        "participants/cy.html": ["2025-02-01", "2025-01-01"],
        "tags/sea.html": ["2025-01-01", "2024-01-01"],
        "tags/night.html": ["2024-01-01"],
        "years/2024.html": ["2024-01-01"],
        "years/2025.html": ["2025-02-01", "2025-01-01"],
    }
    years = [e.text for e in Page(site["years/index.html"]).find("a") if "li" in e.parents]
    assert years[-2:] == ["2025", "2024"]
    bo = Page(site["participants/bo.html"])
    assert bo.texts("p", class_="facts")[0] == "2 transcripts, 2 messages"


def test_participants_whose_names_are_one_in_an_address_have_two_pages(tmp_path: Path) -> None:
    files = {"content/a.md": dated("2025-01-01", "Kimi K2", "kimi-k2", "Index")}
    site = built(write_site(tmp_path, files))
    assert {path for path in site if path.startswith("participants/")} == {
        *("participants/kimi-k2.html", "participants/kimi-k2-2.html"),
        *("participants/index.html", "participants/index-2.html"),
    }
    assert faults(site) == []


def test_tags_that_a_file_system_may_take_for_one_have_two_pages(tmp_path: Path) -> None:
    files = {"content/a.md": dated("2025-01-01", "Ada", tags="Straße, Strasse, STRASSE")}
    site = built(write_site(tmp_path, files))
    assert len([path for path in site if path.startswith("tags/")]) == 4
    assert faults(site) == []


def test_introduction_opens_the_index_and_is_no_page_of_its_own(tmp_path: Path) -> None:
    files = {"content/a.md": HELLO, "content/pages/index.md": "Welcome to *this*.\n\n## Why"}
    site = built(write_site(tmp_path, files))
    index = Page(site["index.html"])
    assert index.one("div", class_="prose").text == "Welcome to this. Why"
    assert index.texts("h1") == ["Conversations"]
    assert "Index" not in {e.text for e in index.find("a") if "nav" in e.parents}


# Drafts


def test_draft_is_published_on_request_and_otherwise_leaves_no_trace(tmp_path: Path) -> None:
    files = {
        "content/a.md": HELLO,
        "content/b.md": dated("2031-01-01", "Secretary", tags="hush", draft=True),
        "content/pages/plan.md": "---\ndraft: true\n---\n# Secret plan\n\nText",
    }
    site = built(write_site(tmp_path, files))
    for word in (b"ecret", b"hush", b"2031"):
        assert not [path for path, content in site.items() if word in content], word
    shown = built(tmp_path, drafts=True)
    assert {"b.html", "plan.html", "tags/hush.html", "years/2031.html"} <= set(shown)
    assert "draft" in Page(shown["b.html"]).texts("strong", class_="label")
    assert built(tmp_path) == site


# Empty and odd sources


def test_empty_folder_gives_an_empty_site_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    report = build(tmp_path)
    assert messages(report.diagnostics) == ["content:0: no transcripts to publish"]
    site = tree(tmp_path / "output")
    assert faults(site) == []
    assert "empty so far" in Page(site["index.html"]).one("main").text


def test_missing_folder_is_an_error_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="content folder content does not exist") as caught:
        build(tmp_path)
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


ODD: dict[str, tuple[bytes, str, int]] = {
    # what is in the file, the warning, how many pages it makes
    "empty": (b"", "content/odd.md:0: the file is empty; no page was made", 0),
    "blank": (b" \n\n", "content/odd.md:0: the file is empty; no page was made", 0),
    "only a mark": (b"\xef\xbb\xbf", "content/odd.md:0: the file is empty; no page was made", 0),
    "prose": (b"Just text.", "content/odd.md:0: no messages found; shown as a plain document", 1),
    "cp1252": (
        b"# A \x97 B\n\n**Messages:** 1\n\n---\n\n### A\n\nna\xefve\n",
        "content/odd.md:1: not UTF-8; read as Windows-1252",
        1,
    ),
    "controls": (
        b"# A\n\n**Messages:** 1\n\n---\n\n### A\n\na\0b\n",
        "content/odd.md:9: 1 control character, shown as symbols",
        1,
    ),
    "count": (
        exported([("A", "x")], count=3).encode(),
        "content/odd.md:4: the source declares 3 messages, and 1 was found",
        1,
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_source_is_a_warning_and_fails_only_a_strict_build(tmp_path: Path, name: str) -> None:
    content, warning, made = ODD[name]
    write_site(tmp_path, {"content/a.md": HELLO, "content/odd.md": content})
    with pytest.raises(BuildError, match="1 warning, and --strict is on"):
        build(tmp_path, strict=True)
    assert not (tmp_path / "output").exists()
    report = build(tmp_path)
    if name == "count":
        assert [finding.line for finding in report.diagnostics] == [4]
        assert "3" in report.diagnostics[0].message
    else:
        assert messages(report.diagnostics) == [warning]
    assert report.transcripts == 1 + made
    assert (tmp_path / "output/odd.html").exists() is bool(made)


@posix
def test_file_name_that_is_not_unicode_is_passed_over_with_a_warning(tmp_path: Path) -> None:
    odd = f"content/{os.fsdecode(b'caf' + bytes([0xE9]))}.md"
    write_site(tmp_path, {odd: HELLO, "content/b.md": HELLO})
    report = build(tmp_path)
    assert report.transcripts == 1
    assert [finding.severity for finding in report.diagnostics] == ["warning"]
    assert "caf" in report.diagnostics[0].path
    assert build(tmp_path).written == ()


@posix
def test_links_in_the_content_lead_nowhere_outside(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/x/a.md": HELLO, "secret/b.md": HELLO})
    (tmp_path / "content/loop").symlink_to(".")
    (tmp_path / "content/out.md").symlink_to("../secret/b.md")
    (tmp_path / "content/in.md").symlink_to("x/a.md")
    report = build(tmp_path)
    assert report.transcripts == 2
    assert [finding.path for finding in report.diagnostics] == ["content/loop", "content/out.md"]


def test_large_archive_makes_a_page_of_every_file(tmp_path: Path) -> None:
    files = {f"content/{n % 7}/talk {n}.md": dated(f"2025-01-{n % 28 + 1:02}", "Ada", f"B{n % 5}")
             for n in range(305)}  # fmt: skip
    write_site(tmp_path, files)
    report = build(tmp_path)
    site = tree(tmp_path / "output")
    assert report.transcripts == 305
    pages = [path for path in site if path[0].isdigit() and path.endswith(".html")]
    assert len([path for path in pages if path != "404.html"]) == 2 * 305  # And of its source.
    listed = [len(cards(Page(site[f"index{page}.html"]))) for page in ("", "/2", "/3", "/4")]
    assert listed == [100, 100, 100, 5]
    assert faults(site) == []


# Broken sources

BROKEN = {
    "content/b1.md": ("---\ntitle: [\n---\n", 3),
    "content/b2.md": ("---\ntitle: x\n", 1),
    "content/x/b3.md": ("---\na: &a [*a, *a]\n" + "b: *a\n" * 30 + "---\n", 0),
    "content/pages/b4.md": ("", 0),
}


def test_every_broken_source_is_reported_and_nothing_is_written(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    before = built(tmp_path)
    broken = {name: text for name, (text, _) in BROKEN.items()}
    write_site(tmp_path, {"content/new.md": HELLO, **broken})
    with pytest.raises(BuildError, match="4 errors; nothing was written") as caught:
        build(tmp_path)
    errors = [f for f in caught.value.diagnostics if f.severity == "error"]
    assert [finding.path for finding in errors] == sorted(BROKEN)
    for finding in errors:
        assert BROKEN[finding.path][1] in (0, finding.line), finding
    assert tree(tmp_path / "output") == before


def test_broken_sources_are_left_out_on_request(tmp_path: Path) -> None:
    broken = {name: text for name, (text, _) in BROKEN.items()}
    write_site(tmp_path, {"content/a.md": HELLO, **broken})
    report = build(tmp_path, keep_going=True)
    assert sum(finding.severity == "error" for finding in report.diagnostics) == 4
    assert report.transcripts == 1
    assert faults(tree(tmp_path / "output")) == []


@pytest.mark.parametrize("name", ["content/b.md", "content/pages/b.md"])
def test_source_that_cannot_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, name: HELLO})

    def vanish(path: str, mode: str) -> IO[bytes]:
        if path.endswith("b.md"):
            raise FileNotFoundError(2, "No such file or directory", path)
        return cast("IO[bytes]", Path(path).open(mode))

    monkeypatch.setattr("sitegen.readers.open", vanish, raising=False)
    with pytest.raises(BuildError) as caught:
        build(tmp_path)
    assert messages(caught.value.diagnostics) == [
        f"{name}:0: cannot be read: No such file or directory"
    ]


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read all")
def test_source_without_permission_is_reported(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    (tmp_path / "content/a.md").chmod(0)
    with pytest.raises(BuildError) as caught:
        build(tmp_path)
    assert messages(caught.value.diagnostics) == [
        "content/a.md:0: cannot be read: Permission denied"
    ]


@posix
def test_dangling_link_is_reported(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    (tmp_path / "content/b.md").symlink_to("gone.md")
    with pytest.raises(BuildError) as caught:
        build(tmp_path)
    (line,) = messages(caught.value.diagnostics)
    assert line.startswith("content/b.md:0: cannot be read")


# Addresses that two sources want

ABOUT = "# A\n\nText"

COLLIDING: list[tuple[str, dict[str, str], tuple[str, str]]] = [
    ("file", {"a b.md": HELLO, "a-b.md": HELLO}, ("content/a b.md", "content/a-b.md")),
    ("file", {"a.md": HELLO, "a.txt": HELLO}, ("content/a.md", "content/a.txt")),
    (
        "file",
        {"about.md": HELLO, "pages/about.md": ABOUT},
        ("content/about.md", "content/pages/about.md"),
    ),
    ("file", {"X/a.md": HELLO, "x/a.txt": HELLO}, ("content/X/a.md", "content/x/a.txt")),
    (
        "file",
        {"a.md": HELLO, "b.md": "---\nslug: a\n---\n" + HELLO},
        ("content/a.md", "content/b.md"),
    ),
    (
        "file",
        {"a.md": HELLO, "b.md": "---\nslug: A\n---\n" + HELLO},
        ("content/a.md", "content/b.md"),
    ),
    (
        "file",
        {"straße.md": HELLO, "strasse.md": HELLO},
        ("content/straße.md", "content/strasse.md"),
    ),
    ("file", {"index.md": HELLO}, ("content/index.md", "index.html")),
    ("file", {"404.md": HELLO}, ("content/404.md", "404.html")),
    ("file", {"tags/index.md": HELLO}, ("content/tags/index.md", "tags/index.html")),
    ("file", {"participants/ada.md": HELLO}, ("content/participants/ada.md", "Ada")),
    (
        "file",
        {"pages/a.md": ABOUT, "pages/A.txt": ABOUT},
        ("content/pages/A.txt", "content/pages/a.md"),
    ),
    ("directory", {"r.md": HELLO, "r/index.md": HELLO}, ("content/r.md", "content/r/index.md")),
]


@pytest.mark.parametrize(("urls", "files", "named"), COLLIDING)
def test_address_that_two_want_is_an_error_that_names_both(
    tmp_path: Path, urls: str, files: Mapping[str, str], named: tuple[str, str]
) -> None:
    write_site(tmp_path, {"content/z.md": HELLO, "sitegen.toml": f'[pages]\nurls = "{urls}"'})
    before = built(tmp_path)
    write_site(tmp_path, {f"content/{name}": text for name, text in files.items()})
    with pytest.raises(BuildError, match="1 error; nothing was written") as caught:
        build(tmp_path)
    (finding,) = caught.value.diagnostics
    for name in named:
        assert name in str(finding)
    assert finding.hint
    assert tree(tmp_path / "output") == before


@posix
def test_names_that_differ_in_case_alone_collide(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/A.md": HELLO, "content/b.md": HELLO})
    if (tmp_path / "content/a.md").exists():
        pytest.skip("the file system folds case")
    write_site(tmp_path, {"content/a.md": HELLO})
    with pytest.raises(BuildError) as caught:
        build(tmp_path)
    assert "content/A.md" in str(caught.value.diagnostics[0])
    assert "content/a.md" in str(caught.value.diagnostics[0])


def test_every_collision_is_reported(tmp_path: Path) -> None:
    write_site(tmp_path, {f"content/{name}": HELLO for name in ("a.md", "a.txt", "b.md", "b.txt")})
    with pytest.raises(BuildError, match="2 errors"):
        build(tmp_path)


def test_same_name_in_two_folders_is_fine(tmp_path: Path) -> None:
    site = built(write_site(tmp_path, {f"content/{d}/a.md": HELLO for d in ("x", "y", "x/y")}))
    assert {"x/a.html", "y/a.html", "x/y/a.html"} <= set(site)


# Again and elsewhere


def test_second_build_writes_nothing(demo: Path, tmp_path: Path) -> None:
    first = build(demo, output=tmp_path / "site")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")}
    second = build(demo, output=tmp_path / "site")
    assert (second.written, second.removed) == ((), ())
    assert second.unchanged == len(first.written)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")} == before


SURROUNDINGS: list[dict[str, str]] = [
    {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"},
    {"TZ": "America/St_Johns", "PYTHONHASHSEED": "4242", "LC_ALL": "C", "PYTHONUTF8": "1"},
    {"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "0", "LC_ALL": "POSIX", "COLUMNS": "20"},
]


def test_bytes_depend_on_nothing_but_the_project(demo: Path, tmp_path: Path) -> None:
    results = []
    for number, surroundings in enumerate(SURROUNDINGS):
        root = tmp_path / f"project {number}"
        here = tmp_path / f"here {number}"
        here.mkdir()
        sources = sorted(path for path in demo.rglob("*") if path.is_file())
        # Another order of creation gives another order of the folder's entries.
        for path in sources[number:] + sources[:number] if number % 2 else sources[::-1]:
            copy = root / path.relative_to(demo)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
            os.utime(copy, (number * 1e8, number * 1e8))
        output = tmp_path / f"site {number}" / "deep"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "sitegen",
                "build",
                "-q",
                "--root",
                str(root),
                "-o",
                str(output),
            ],
            env={**os.environ, **surroundings},
            cwd=here,
            check=True,
        )
        results.append(tree(output))
        assert list(here.iterdir()) == []
    assert len(results[0]) > 40
    assert results[0] == results[1] == results[2]
    for name, content in results[0].items():
        assert str(tmp_path).encode() not in content, name


def test_layout_change_changes_every_page_and_back(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    before = built(tmp_path)
    own = '{% extends "default/base.html" %}{% block footer %}own{% endblock %}'
    write_site(tmp_path, {"layouts/base.html": own})
    changed = build(tmp_path)
    pages = {path for path in before if path.endswith(".html")}
    index = {path for path in changed.written if path.startswith("pagefind/")}
    assert set(changed.written) - index == pages | {"SHA256SUMS"}
    (tmp_path / "layouts/base.html").unlink()
    assert built(tmp_path) == before


def test_style_of_addresses_can_be_changed_and_leaves_nothing_behind(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "content/r/b.md": HELLO})
    before = built(tmp_path)
    write_site(tmp_path, {"sitegen.toml": '[pages]\nurls = "directory"'})
    directory = built(tmp_path)
    assert "a/index.html" in directory
    assert "a.html" not in directory
    (tmp_path / "sitegen.toml").unlink()
    assert built(tmp_path) == before
    assert not (tmp_path / "output/a/index.html").exists()


def test_dry_run_writes_nothing_and_tells_what_a_build_would(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    told = build(tmp_path, dry_run=True)
    assert not (tmp_path / "output").exists()
    done = build(tmp_path)
    # The index of a site that is not written is not made.
    written = tuple(path for path in done.written if not path.startswith("pagefind/"))
    assert (told.written, told.removed) == (written, done.removed)


def test_no_page_is_loaded_from_another_host(demo: Path, tmp_path: Path) -> None:
    for path, page in pages(built(demo, output=tmp_path / "site")).items():
        for element, target in page.targets():
            if element.tag != "a":
                assert is_internal(target), (path, target)


NAMES = st.sampled_from(["a", "b", "C c", "x/a", "x/y/é", "pages/p", "pages/index"])
TEXTS = st.builds(
    lambda day, people, tags, draft: dated(day, *people, tags=tags, draft=draft),
    st.sampled_from(["2024-02-29", "2025-01-01", "2025-01-01 10:00:00", "?"]),
    st.lists(st.sampled_from(["Ada", "ada", "Bo ↔", "<i>"]), min_size=1, max_size=3),
    st.sampled_from(["", "sea", "sea, 'c#'", "Sea"]),
    st.booleans(),
)
EDITS = st.one_of(
    st.tuples(st.just("write"), NAMES, TEXTS),
    st.tuples(st.just("delete"), NAMES, st.just("")),
    st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("title"), st.just(""), st.sampled_from(["One", "Two"])),
    st.tuples(st.just("style"), st.just(""), st.sampled_from(["p{}", "q{}", ""])),
    st.tuples(st.just("urls"), st.just(""), st.sampled_from(["file", "directory"])),
)


def edit(root: Path, chosen: dict[str, str], action: str, name: str, value: str) -> None:
    """Change a project as a person would."""
    path = root / "content" / f"{name}.md"
    if action == "write":
        write_site(root, {f"content/{name}.md": value})
    elif action == "delete":
        path.unlink(missing_ok=True)
    elif action == "rename" and path.exists():
        target = root / "content" / f"{value}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    elif action == "style":
        write_site(root, {"layouts/static/css/own.css": value})
    else:
        chosen[action] = value
        title, urls = chosen.get("title", ""), chosen.get("urls", "file")
        text = f'[site]\ntitle = "{title}"\n[pages]\nurls = "{urls}"\n'
        write_site(root, {"sitegen.toml": text})


@settings(max_examples=20)
@given(
    edits=st.lists(st.lists(EDITS, min_size=1, max_size=3), min_size=2, max_size=5),
    drafts=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_incremental_output_is_that_of_a_clean_build(
    tmp_path_factory: pytest.TempPathFactory, edits: list[list[Any]], drafts: list[bool]
) -> None:
    root = tmp_path_factory.mktemp("project")
    (root / "content").mkdir()
    chosen: dict[str, str] = {}
    for batch, with_drafts in zip(edits, drafts, strict=False):
        for action, name, value in batch:
            edit(root, chosen, action, name, value)
        build(root, drafts=with_drafts)
    clean = built(root, drafts=with_drafts, output=root.with_name(f"{root.name}-clean"))
    assert tree(root / "output") == clean
    folders = {p.relative_to(root / "output") for p in (root / "output").rglob("*") if p.is_dir()}
    assert all(any((root / "output" / folder).iterdir()) for folder in folders)
    shutil.rmtree(root)
    shutil.rmtree(root.with_name(f"{root.name}-clean"))
