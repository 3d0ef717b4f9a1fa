"""What goes wrong around a build: files that vanish or grow, odd clocks, odd names."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import built, exported, tree, write_site
from running import PATIENT

from sitegen import build, intake, ledger, readers
from sitegen.builder import Builder
from sitegen.config import load_config
from sitegen.errors import BuildError
from sitegen.manifest import LOCK
from sitegen.model import Source
from sitegen.readers import list_sources

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX modes and links")
LONG_AGO = 1_000_000_000.0
FAR_AHEAD = 4_000_000_000.0


def talk(word: str) -> str:
    return exported([("Ada", f"It is {word}."), ("Bo", "So.")], "A talk")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_site(tmp_path, {"content/a.md": talk("one"), "content/b.md": talk("two")})


def when_read(
    monkeypatch: pytest.MonkeyPatch,
    *,
    before: Callable[[Source], None] = lambda _: None,
    after: Callable[[Source], None] = lambda _: None,
) -> None:
    """Do something to a source right before or after it is read."""
    load = readers.load

    def meddle(source: Source) -> bytes:
        before(source)
        data = load(source)
        after(source)
        return data

    monkeypatch.setattr(intake, "load", meddle)


# Files that do not stay as they are


def test_source_that_vanishes_before_it_is_read_is_an_error_and_the_site_stays(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built(root)
    when_read(monkeypatch, before=lambda source: Path(source.path).unlink(missing_ok=True))
    with pytest.raises(BuildError) as caught:
        build(root)
    found = [(d.path, d.message) for d in caught.value.diagnostics if d.severity == "error"]
    assert found == [
        ("content/a.md", "cannot be read: No such file or directory"),
        ("content/b.md", "cannot be read: No such file or directory"),
    ]
    assert tree(root / "output") == before


def test_folder_that_vanishes_while_it_is_listed_is_an_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(root, {"content/sub/c.md": talk("three")})
    scan = os.scandir

    def vanish(folder: str) -> object:
        if str(folder).endswith("sub"):
            (root / "content/sub/c.md").unlink()
            (root / "content/sub").rmdir()
        return scan(folder)

    monkeypatch.setattr(os, "scandir", vanish)
    with pytest.raises(BuildError) as caught:
        build(root)
    assert caught.value.diagnostics[0].path == "content/sub"
    assert not (root / "output").exists()


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_source_whose_permission_is_lost_before_it_is_read_is_an_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    when_read(monkeypatch, before=lambda source: Path(source.path).chmod(0))
    with pytest.raises(BuildError, match="2 errors"):
        build(root)


def test_source_that_grows_while_it_is_read_is_shown_whole_by_the_next_build(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shown is a beginning of the file; what came after is never taken for read."""
    grown: list[str] = []

    def grow(source: Source) -> None:
        if source.rel == "a.md" and not grown:
            grown.append(source.rel)
            with open(source.path, "ab") as file:
                file.write(b"\n---\n\n### Ada\n\nA word more.\n")

    when_read(monkeypatch, after=grow)
    builder = Builder(load_config(root))
    builder.build()
    assert b"A word more" not in (root / "output/a.html").read_bytes()
    builder.build()
    assert b"A word more" in (root / "output/a.html").read_bytes()
    assert tree(root / "output") == built(root, output=root / "clean", force=True)


@posix
def test_source_that_is_written_to_without_end_does_not_hold_up_the_build(root: Path) -> None:
    path = root / "content/a.md"
    script = "import sys; f = open(sys.argv[1], 'ab', 0); print(flush=True)\n"
    script += "while True: f.write(b'more words\\n')"
    writer = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        build(root)
    finally:
        writer.kill()
        writer.communicate()
        path.write_text(talk("one"), encoding="utf-8")
    build(root)
    assert b"more words" not in (root / "output/a.html").read_bytes()


def test_static_folder_that_vanishes_between_two_builds_takes_its_files_with_it(
    root: Path,
) -> None:
    write_site(root, {"layouts/static/own.svg": "<svg/>"})
    builder = Builder(load_config(root))
    builder.build()
    (root / "layouts/static/own.svg").unlink()
    (root / "layouts/static").rmdir()
    builder.build()
    assert not list((root / "output/assets").glob("own*"))


# Clocks


@pytest.mark.parametrize("moment", [LONG_AGO, FAR_AHEAD])
@pytest.mark.parametrize("again", [LONG_AGO, FAR_AHEAD])
def test_change_is_noticed_whatever_the_clock_says(root: Path, moment: float, again: float) -> None:
    """Also where the clock was set back, and the new text is as long as the old one."""
    path = root / "content/a.md"
    os.utime(path, (moment, moment))
    builder = Builder(load_config(root))
    builder.build()
    path.write_text(talk("two"), encoding="utf-8")
    os.utime(path, (again, again))
    builder.build()
    assert b"It is two." in (root / "output/a.html").read_bytes()
    path.write_text(talk("six"), encoding="utf-8")
    os.utime(path, (again, again))
    build(root)
    assert b"It is six." in (root / "output/a.html").read_bytes()


def test_cache_from_the_future_is_no_reason_to_trust_a_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time_ns()
    build(root)
    # The clock is set back by a day before the next build, and by another before the third.
    for days in (1, 2):
        monkeypatch.setattr(time, "time_ns", lambda days=days: now - days * 86_400 * 10**9)
        assert build(root).written == ()
        forge(root / "output/a.html")
        assert build(root).written == ("a.html",)


def forge(path: Path) -> None:
    """Change a file so that neither its length nor its time of modification tells."""
    status = path.stat()
    text = path.read_bytes()
    path.write_bytes(text.replace(b"It is", b"It as"))
    assert path.read_bytes() != text
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_output_that_was_changed_within_the_grain_of_the_clock_is_mended(root: Path) -> None:
    before = built(root)
    forge(root / "output/a.html")
    report = build(root)
    assert report.written == ("a.html",)
    assert dict(report.reasons) == {"a.html": "the file in the output was changed"}
    assert tree(root / "output") == before


def test_output_that_has_long_been_as_it_is_is_not_read_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is by the time of modification alone that a site of 10,000 pages is known again."""
    build(root)
    monkeypatch.setattr(ledger, "CLOCK_GRAIN", -(10**18))
    forge(root / "output/a.html")
    assert build(root).written == ()


# Several at once


@posix
def test_of_many_builds_at_once_each_ends_well_or_says_who_holds_the_folder(root: Path) -> None:
    write_site(root, {f"content/{n}.md": talk(f"number {n}") for n in range(60)})
    command = [sys.executable, "-m", "sitegen", "build", "-q", "-j", "1", "--root", str(root)]
    crowd = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(6)]
    ends = [(process.communicate(timeout=PATIENT)[1], process.returncode) for process in crowd]
    assert any(code == 0 for _, code in ends)
    for errors, code in ends:
        assert code in (0, 1)
        assert bool(code) == (b"another build is writing here" in errors), errors
    assert not (root / "output" / LOCK).exists()
    build(root)
    assert tree(root / "output") == built(root, output=root / "clean", force=True)


# Names


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.nightly)])
def test_folder_of_very_many_files_is_listed_in_order(tmp_path: Path, count: int) -> None:
    content = tmp_path / "content"
    content.mkdir()
    for number in range(count):
        (content / f"{number}.md").touch()
    begun = time.process_time()
    listing = list_sources(content, tmp_path)
    assert time.process_time() - begun < 30
    names = [source.rel for source in listing.transcripts]
    assert names == sorted(f"{number}.md" for number in range(count))


@posix
@pytest.mark.parametrize("letter", ["a", "é", "灯", "🌊"])
def test_names_of_255_bytes_in_deep_folders(tmp_path: Path, letter: str) -> None:
    stem = letter * (252 // len(letter.encode()))
    folder = letter * (255 // len(letter.encode()))
    try:
        write_site(
            tmp_path,
            {
                f"content/{stem}.md": talk("one"),
                f"content/{folder}/{folder}/{stem}.md": talk("two"),
            },
        )
    except OSError:
        pytest.skip("this file system takes no such names")
    files = built(tmp_path)
    pages = [path for path in files if path.endswith(".html") and b"It is" in files[path]]
    assert len([path for path in pages if b'id="m1"' in files[path]]) == 2
    assert all(len(part.encode()) <= 255 for path in files for part in path.split("/"))
    assert build(tmp_path).written == ()


NFC, NFD = unicodedata.normalize("NFC", "Café"), unicodedata.normalize("NFD", "Café")


def test_name_in_either_form_has_the_same_address(tmp_path: Path) -> None:
    pages = []
    for number, name in enumerate((NFC, NFD)):
        root = write_site(tmp_path / str(number), {f"content/{name}.md": talk("one")})
        pages.append(sorted(path for path in built(root) if path.endswith(".html")))
    assert pages[0] == pages[1]
    assert f"{NFC.lower()}.html" in pages[0]


def test_two_names_that_differ_in_form_alone_collide_with_a_remedy(tmp_path: Path) -> None:
    write_site(tmp_path, {f"content/{NFC}.md": talk("one"), f"content/{NFD}.md": talk("two")})
    if len(list((tmp_path / "content").iterdir())) < 2:
        pytest.skip("this file system takes them for one")
    with pytest.raises(BuildError) as caught:
        build(tmp_path)
    (finding,) = caught.value.diagnostics
    assert "has already" in finding.message
    assert finding.hint


def test_tags_and_speakers_that_differ_in_form_alone_have_a_page_each(tmp_path: Path) -> None:
    text = f"---\ntags: [{NFC}, {NFD}]\n---\n" + exported([(NFC, "One."), (NFD, "Two.")])
    files = built(write_site(tmp_path, {"content/a.md": text}))
    for kind in ("tags", "participants"):
        assert {path for path in files if path.startswith(f"{kind}/")} == {
            f"{kind}/{name}.html" for name in ("index", "café", "café-2")
        }
