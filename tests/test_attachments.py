"""Files beside transcripts: what is shown, what is only linked, and what is never reached."""

from __future__ import annotations

import os
import re
import struct
import zlib
from pathlib import Path

import pytest
from helpers import built, exported, write_site
from hypothesis import given
from hypothesis import strategies as st

from sitegen import attachments, build
from sitegen.attachments import Attachments
from sitegen.errors import Severity
from sitegen.model import Source
from sitegen.pictures import identify

COPY = re.compile(r"-[0-9a-f]{8}\.\w+$")
"""How the names of copied files end."""


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x11\x08\x00\x07\x00\x09\x03" + b"\0" * 12
GIF = b"GIF89a\x05\x00\x06\x00" + b"\0" * 8
WEBP_X = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x0b\0\0\x0c\0\0"
WEBP_L = b"RIFF\0\0\0\0WEBPVP8L\x05\0\0\0\x2f" + struct.pack("<I", 13 | 14 << 14) + b"\0" * 8
WEBP = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x10\0\x11\0"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (png(20, 10), ("png", 20, 10)),
        (JPEG, ("jpg", 9, 7)),
        (GIF, ("gif", 5, 6)),
        (WEBP_X, ("webp", 12, 13)),
        (WEBP_L, ("webp", 14, 15)),
        (WEBP, ("webp", 16, 17)),
        (JPEG[:8], ("jpg", 0, 0)),
        (b"\x89PNG\r\n\x1a\nshort", ("png", 0, 0)),
    ],
)
def test_pictures_are_known_by_their_bytes(data: bytes, expected: tuple[str, int, int]) -> None:
    found = identify(data)
    assert found
    assert (found.ending, found.width, found.height) == expected


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"RIFF0000WAVE", b"\xff\xd8", b"BM", b"%PDF-1.4"])
def test_other_bytes_are_no_picture(data: bytes) -> None:
    assert identify(data) is None


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF"]), st.binary())
def test_any_bytes_after_a_mark_break_nothing(mark: bytes, rest: bytes) -> None:
    found = identify(mark + rest)
    assert found is None or (0 <= found.width < 1 << 16 and 0 <= found.height < 1 << 16)


def project(root: Path, body: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """The site of one transcript with a body, and files beside it."""
    text = exported([("Ada", body), ("Brook", "Yes.")])
    beside = {f"content/talks/{name}": data for name, data in files.items()}
    return built(write_site(root, {"content/talks/a.md": text, **beside}))


def test_picture_is_copied_sized_and_linked_from_the_page(tmp_path: Path) -> None:
    site = project(tmp_path, "![A lamp](pics/my%20lamp.PNG)", {"pics/my lamp.PNG": png(20, 10)})
    (path,) = [path for path in site if COPY.search(path)]
    assert site[path] == png(20, 10)
    assert path.startswith("talks/a/my-lamp-")
    page = site["talks/a.html"].decode()
    assert f'<img src="../{path}" alt="A lamp" width="20" height="10" loading="lazy">' in page


def test_addresses_of_folders_lead_to_the_same_file(tmp_path: Path) -> None:
    write_site(tmp_path, {"sitegen.toml": '[pages]\nurls = "directory"\n'})
    site = project(tmp_path, "![x](x.png)", {"x.png": png(1, 1)})
    (path,) = [path for path in site if COPY.search(path)]
    link = f'<img src="../../{path}"'
    assert link in site["talks/a/index.html"].decode()


@pytest.mark.parametrize(
    ("name", "data", "ending"),
    [
        ("x.svg", b"<svg onload=alert(1)></svg>", ".txt"),
        ("x.png", b"<html><script>alert(1)</script>", ".txt"),
        ("x.html", b"\xef\xbb\xbf <!doctype html>", ".txt"),
        ("x.js", b"alert(1)", ".txt"),
        ("x.pdf", b"<html>", ".txt"),
        ("x.pdf", b"%PDF-1.7\n", ".pdf"),
        ("x.swf", b"FWS\0\xff\xfe", ".bin"),
        ("x.png", b"<\xff\xfe\0", ".bin"),
        ("x.csv", b"a,b\n", ".csv"),
    ],
)
def test_nothing_that_runs_is_served_as_such(
    tmp_path: Path, name: str, data: bytes, ending: str
) -> None:
    site = project(tmp_path, f"![x]({name})", {name: data})
    (path,) = [path for path in site if path.startswith("talks/a/x-")]
    assert path.endswith(ending)
    page = site["talks/a.html"].decode()
    assert "<img" not in page
    assert f'<a class="image-link" href="../{path}">x</a>' in page


@pytest.mark.parametrize(
    ("href", "problem"),
    [
        ("../../secret.png", "outside"),
        ("..%2F..%2Fsecret.png", "outside"),
        ("link.png", "symbolic link"),
        ("linked/x.png", "symbolic link"),
        (".hidden.png", "hidden"),
        ("b.md", "transcript itself"),
        ("b.json", "transcript itself"),
        ("none.png", "is not there"),
        ("folder", "is not there"),
    ],
)
def test_what_is_not_copied_is_said(tmp_path: Path, href: str, problem: str) -> None:
    text = exported([("Ada", f"![words]({href})"), ("Brook", "Yes.")])
    folder = tmp_path / "content" / "talks"
    files = {"secret.png": png(1, 1), "content/talks/.hidden.png": png(1, 1)}
    write_site(tmp_path, {**files, "content/talks/a.md": text, "content/talks/folder/y": "y"})
    write_site(tmp_path, {"content/talks/b.md": "---\ndraft: true\n---\nx", "far/x.png": png(1, 1)})
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "linked").symlink_to(tmp_path / "far")
    report = build(tmp_path)
    found = [d for d in report.diagnostics if problem in d.message and "“" in d.message]
    assert len(found) == 1
    assert found[0].severity is (Severity.NOTE if problem == "is not there" else Severity.WARNING)
    page = (tmp_path / "output/talks/a.html").read_text()
    assert "<img" not in page
    assert "words" in page
    beside = (tmp_path / "output" / "talks" / "a").iterdir()
    assert not [path.name for path in beside if COPY.search(path.name)]


@pytest.mark.parametrize("href", ["/etc/passwd", "C:\\x.png", "\\\\host\\x", "//host/x", "#a", "?"])
def test_other_addresses_are_no_files(tmp_path: Path, href: str) -> None:
    files = Attachments(str(tmp_path))
    assert files.find(Source("", "talks/a.md", "a"), href) is None


def test_large_files_are_warned_of_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path, {"x.png": png(9, 9), "y.png": png(9, 9)})
    monkeypatch.setattr(attachments, "HEAVY_BYTES", 10)
    found = Attachments(str(tmp_path)).find(Source("", "a.md", "a"), "x.png")
    assert found
    assert found.file
    assert "MB" in found.problem
    monkeypatch.setattr(attachments, "MOST_BYTES", 10)
    refused = Attachments(str(tmp_path)).find(Source("", "a.md", "a"), "x.png")
    assert refused
    assert refused.file is None


def test_file_that_words_link_to_is_copied_and_linked(tmp_path: Path) -> None:
    body = "Read [the *paper*](a%20paper.pdf#page=2), [](x.svg) and [this](../../secret.pdf)."
    files = {"a paper.pdf": b"%PDF-1.7\n", "x.svg": b"<svg onload=alert(1)>"}
    site = project(tmp_path, body, files)
    paper, drawing = sorted(path for path in site if COPY.search(path))
    page = site["talks/a.html"].decode()
    assert re.fullmatch(r"talks/a/a-paper-\w{8}\.pdf", paper)
    assert re.fullmatch(r"talks/a/x-\w{8}\.txt", drawing)
    assert f'Read <a href="../{paper}#page=2">the <em>paper</em></a>, ' in page
    assert f'<a href="../{drawing}">x.svg</a>' in page
    assert 'and this <code class="target">../../secret.pdf</code>' in page


def test_links_that_lead_to_no_file_are_no_warning(tmp_path: Path) -> None:
    links = "[a](src/main.py) [b](../../etc) [c](b.md) [d](.env) [e](#m1) [f](?x) [g](//h/i)"
    write_site(tmp_path, {"content/a.md": exported([("Ada", links), ("Brook", "Yes.")])})
    report = build(tmp_path)
    assert [d for d in report.diagnostics if d.severity is not Severity.NOTE] == []
    page = (tmp_path / "output/a.html").read_text()
    assert 'a <code class="target">src/main.py</code>' in page


def test_file_of_an_export_is_found_by_its_pointer(tmp_path: Path) -> None:
    write_site(tmp_path, {"dalle/file-AbCdEf123-lamp.webp": WEBP, "file-AbCdEf1234.png": png(1, 1)})
    found = Attachments(str(tmp_path)).find(
        Source("", "conversations.json", "c"), "file-service://file-AbCdEf123"
    )
    assert found
    assert found.file
    assert found.file.rel == "dalle/file-AbCdEf123-lamp.webp"


def test_page_follows_the_files_beside_it(tmp_path: Path) -> None:
    """What comes, changes and goes changes the page, as in a clean build; nothing else does."""
    project(tmp_path, "![x](x.png)", {})
    picture = tmp_path / "content" / "talks" / "x.png"
    for data in (png(1, 1), png(2, 2), None):
        if data:
            picture.write_bytes(data)
        else:
            picture.unlink()
        changed = built(tmp_path)
        clean = built(tmp_path, output=tmp_path / f"clean{data and len(data)}", force=True)
        assert {k: v for k, v in changed.items() if k != ".sitegen.json"} == {
            k: v for k, v in clean.items() if k != ".sitegen.json"
        }
        assert build(tmp_path).written == ()
        assert any(COPY.search(path) for path in changed) == bool(data)


def test_file_of_two_names_is_copied_for_each_page(tmp_path: Path) -> None:
    text = exported([("Ada", "![x](x.png) ![x](./x.png)"), ("Brook", "Yes.")])
    write_site(tmp_path, {"content/a.md": text, "content/b.md": text})
    site = built(write_site(tmp_path, {"content/x.png": png(1, 1)}))
    assert len([path for path in site if COPY.search(path)]) == 2
    assert os.path.getsize(tmp_path / "content" / "x.png") == len(png(1, 1))
