"""What of the content folder is read, and what is said of the rest."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from helpers import built, write_site

from sitegen.errors import ConfigError, Severity, SourceError
from sitegen.readers import Listing, list_sources, load

links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


def listed(root: Path) -> Listing:
    return list_sources(root / "content", root)


def findings(listing: Listing) -> list[tuple[str, str, str]]:
    return [(str(d.severity), d.path, d.message) for d in listing.diagnostics]


def rels(listing: Listing) -> list[str]:
    return [source.rel for source in listing.transcripts]


def test_transcripts_and_pages_are_listed_by_path(tmp_path: Path) -> None:
    transcripts = ["b.md", "a/z.txt", "a/B.MARKDOWN", "a.md", "a/pages/n.md"]
    pages = ["pages/x/y.md", "pages/about.md"]
    write_site(tmp_path, {f"content/{name}": "x" for name in [*transcripts, *pages]})
    listing = listed(tmp_path)
    assert rels(listing) == ["a.md", "a/B.MARKDOWN", "a/pages/n.md", "a/z.txt", "b.md"]
    assert [page.rel for page in listing.pages] == ["pages/about.md", "pages/x/y.md"]
    assert listing.transcripts[1].name == "content/a/B.MARKDOWN"
    assert load(listing.transcripts[1]) == b"x"
    assert listing.diagnostics == ()


def test_hidden_files_and_backups_are_passed_over_in_silence(tmp_path: Path) -> None:
    names = [".a.md", ".git/b.md", "c.md~", ".#d.md", "old~/e.md", "kept.md"]
    write_site(tmp_path, {f"content/{name}": "x" for name in names})
    listing = listed(tmp_path)
    assert rels(listing) == ["kept.md"]
    assert listing.diagnostics == ()


def test_other_endings_are_counted_in_notes(tmp_path: Path) -> None:
    names = ["a.jpg", "x/b.JPG", "README", "c.csv"]
    write_site(tmp_path, {f"content/{name}": "x" for name in names})
    not_read = "not read: not a transcript that sitegen knows"
    assert findings(listed(tmp_path)) == [
        ("note", "content", f"1 file (.csv) {not_read}"),
        ("note", "content", f"2 files (.jpg) {not_read}"),
        ("note", "content", f"1 file (no ending) {not_read}"),
    ]


@pytest.mark.parametrize("files", [{}, {"content": "a file, not a folder"}])
def test_a_missing_content_folder_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    write_site(tmp_path, files)
    with pytest.raises(ConfigError, match="content folder content does not exist") as caught:
        listed(tmp_path)
    assert "paths.content" in caught.value.hint


def test_a_content_folder_elsewhere_is_named_in_full(tmp_path: Path) -> None:
    write_site(tmp_path, {"there/a.md": "x", "here/keep": ""})
    listing = list_sources(tmp_path / "there", tmp_path / "here")
    assert listing.transcripts[0].name == (tmp_path / "there/a.md").as_posix()


OUT = "a link that leads out of the content folder is not followed"


@links
@pytest.mark.parametrize(
    ("link", "target", "expected"),
    [
        ("in.md", "real.md", None),
        ("in.md", "deep/../real.md", None),
        ("out.md", "../outside.md", ("warning", OUT)),
        ("out.md", "../gone.md", ("warning", OUT)),
        ("folder", "deep", ("warning", "a link to a folder is not followed")),
        ("folder.md", "..", ("warning", "a link to a folder is not followed")),
        ("gone.md", "nothing.md", ("error", "cannot be read: not a file")),
        ("self.md", "self.md", ("error", "cannot be read: not a file")),
    ],
)  # fmt: skip
def test_links_are_followed_only_to_files_inside(
    tmp_path: Path, link: str, target: str, expected: tuple[str, str] | None
) -> None:
    root = write_site(
        tmp_path, {"content/real.md": "x", "content/deep/y.md": "y", "outside.md": "secret"}
    )
    (root / "content" / link).symlink_to(target)
    listing = listed(root)
    if expected is None:
        assert rels(listing) == ["deep/y.md", "in.md", "real.md"]
        assert listing.diagnostics == ()
    else:
        severity, message = expected
        assert rels(listing) == ["deep/y.md", "real.md"]
        assert findings(listing) == [(severity, f"content/{link}", message)]


@links
def test_links_that_run_in_circles_end(tmp_path: Path) -> None:
    root = write_site(tmp_path, {"content/deep/y.md": "y"})
    (root / "content/a.md").symlink_to("b.md")
    (root / "content/b.md").symlink_to("a.md")
    (root / "content/deep/up").symlink_to("..")
    listing = listed(root)
    assert rels(listing) == ["deep/y.md"]
    assert {finding.path for finding in listing.diagnostics} == {
        *("content/a.md", "content/b.md", "content/deep/up")
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_is_refused_and_never_opened(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": "x"})
    os.mkfifo(tmp_path / "content/pipe.md")
    listing = listed(tmp_path)
    assert rels(listing) == ["a.md"]
    assert findings(listing) == [("error", "content/pipe.md", "cannot be read: not a file")]


def test_a_folder_that_cannot_be_opened_is_an_error_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path, {"content/a.md": "x", "content/locked/b.md": "x"})
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path).name == refused:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    refused = "locked"
    listing = listed(tmp_path)
    assert rels(listing) == ["a.md"]
    assert findings(listing) == [("error", "content/locked", "cannot be read: Permission denied")]
    refused = "content"
    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        listed(tmp_path)


def test_a_file_that_is_gone_when_it_is_read_is_an_error_with_its_name(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": "x"})
    (source,) = listed(tmp_path).transcripts
    Path(source.path).unlink()
    with pytest.raises(SourceError, match="cannot be read: No such file") as caught:
        load(source)
    assert caught.value.path == "content/a.md"
    assert caught.value.diagnostic().severity is Severity.ERROR


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize(
    ("name", "shown"),
    [(b"\xff.md", "⟨U+DCFF⟩.md"), (b"a\nb\x1b.md", "a\nb␛.md"), (b"\xff/x.md", "⟨U+DCFF⟩")],
)
def test_a_name_that_no_page_could_hold_is_warned_of(
    tmp_path: Path, name: bytes, shown: str
) -> None:
    write_site(tmp_path, {"content/kept.md": "words"})
    path = Path(os.fsdecode(bytes(tmp_path) + b"/content/" + name))
    path.parent.mkdir(exist_ok=True)
    path.write_text("words")
    listing = listed(tmp_path)
    assert rels(listing) == ["kept.md"]
    why = "passed over: its name is not UTF-8 or holds control characters"
    assert findings(listing) == [("warning", f"content/{shown}", why)]
    assert "kept.html" in built(tmp_path)
