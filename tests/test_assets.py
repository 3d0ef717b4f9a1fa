"""Static files: what is taken, how it is named, and whose wins."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path, PurePosixPath

import pytest
from helpers import tree, write_site

from sitegen import build
from sitegen.assets import builtin_layouts, load_assets
from sitegen.bulk import to_bytes
from sitegen.errors import BuildError, ConfigError
from sitegen.model import Kind

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX file names and links")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


def test_builtin_files_are_found_in_the_checkout() -> None:
    names = set(load_assets(Path("nowhere")).paths)
    assert {"style.css", "favicon.svg"} <= names
    assert (builtin_layouts() / "base.html").is_file()


def test_every_name_leads_to_an_artifact_with_the_digest_of_its_content() -> None:
    assets = load_assets(Path("nowhere"))
    contents = {artifact.path: to_bytes(artifact.content) for artifact in assets.artifacts}
    assert sorted(assets.paths.values()) == sorted(contents)
    for path, content in contents.items():
        assert f".{digest(content)}." in path
    assert {artifact.kind for artifact in assets.artifacts} == {Kind.ASSET}


def test_style_sheets_become_one_in_the_order_of_their_names(tmp_path: Path) -> None:
    write_site(
        tmp_path, {"static/css/99-own.css": "own{}\n", "static/css/0-first.css": "first{}\n"}
    )
    assets = load_assets(tmp_path)
    (bundle,) = [a.content for a in assets.artifacts if a.path == assets.paths["style.css"]]
    parts = [
        (builtin_layouts() / "static/css" / name).read_bytes().strip()
        for name in sorted(os.listdir(builtin_layouts() / "static/css"))
    ]
    assert bundle == b"\n".join([b"first{}", *parts, b"own{}"]) + b"\n"
    assert not [name for name in assets.paths if name.startswith("css/")]


def test_own_file_replaces_the_builtin_one_of_the_same_name(tmp_path: Path) -> None:
    before = load_assets(Path("nowhere"))
    write_site(tmp_path, {"static/favicon.svg": "<svg/>", "static/css/2-page.css": "p{}"})
    after = load_assets(tmp_path)
    contents = {artifact.path: artifact.content for artifact in after.artifacts}
    assert contents[after.paths["favicon.svg"]] == b"<svg/>"
    assert b"p{}" in contents[after.paths["style.css"]]
    assert set(after.paths) == set(before.paths)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("logo.png", "assets/logo.{}.png"),
        ("fonts/a.woff2", "assets/fonts/a.{}.woff2"),
        ("archive.tar.gz", "assets/archive.tar.{}.gz"),
        ("LICENSE", "assets/LICENSE.{}"),
        ("v1.2/LICENSE", "assets/v1.2/LICENSE.{}"),
        ("_own.js", "assets/x_own.{}.js"),
        ("_own/_a.js", "assets/x_own/x_a.{}.js"),
        ("_", "assets/x_.{}"),
        ("css/deep/a.css", "assets/css/deep/a.{}.css"),
    ],
)
def test_path_of_a_file_holds_its_digest_and_no_part_begins_with_an_underscore(
    tmp_path: Path, name: str, path: str
) -> None:
    write_site(tmp_path, {f"static/{name}": "content"})
    assert load_assets(tmp_path).paths[name] == path.format(digest(b"content"))


@pytest.mark.parametrize("name", [".DS_Store", ".hidden/a.js", "fonts/.gitkeep"])
def test_hidden_files_are_passed_over(tmp_path: Path, name: str) -> None:
    write_site(tmp_path, {f"static/{name}": "x"})
    assert load_assets(tmp_path).paths == load_assets(Path("nowhere")).paths


@posix
def test_links_are_not_followed(tmp_path: Path) -> None:
    write_site(tmp_path, {"secret/key.txt": "secret", "static/a.js": "a"})
    (tmp_path / "static/key.txt").symlink_to("../secret/key.txt")
    (tmp_path / "static/folder").symlink_to("../secret")
    (tmp_path / "static/loop").symlink_to(".")
    assert set(load_assets(tmp_path).paths) - set(load_assets(Path("nowhere")).paths) == {"a.js"}


@pytest.mark.parametrize("function", ["read_bytes", "iterdir"])
def test_file_or_folder_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    write_site(tmp_path, {"layouts/static/locked/a.js": "x"})
    real = getattr(Path, function)

    def deny(self: Path) -> object:
        if "locked" in self.parts:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self)

    monkeypatch.setattr(Path, function, deny)
    with pytest.raises(ConfigError, match="cannot be read: Permission denied") as caught:
        load_assets(tmp_path / "layouts")
    assert "layouts/static/locked" in caught.value.path


@posix
def test_files_whose_names_differ_in_case_alone_are_an_error(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {"content/a.md": "### A\n\nHi", "layouts/static/A.js": "x", "layouts/static/a.js": "x"},
    )
    with pytest.raises(BuildError) as caught:
        build(tmp_path)
    text = " ".join(map(str, caught.value.diagnostics))
    assert "layouts/static/A.js" in text
    assert "layouts/static/a.js" in text


@posix
@pytest.mark.parametrize("name", ["a:b.txt", "a\\b.txt", b"caf\xe9.txt", "a b.txt", "ö.txt"])
def test_odd_names_can_be_built_twice(tmp_path: Path, name: str | bytes) -> None:
    write_site(tmp_path, {"content/a.md": "### A\n\nHi", f"layouts/static/{os.fsdecode(name)}": ""})
    build(tmp_path)
    assert build(tmp_path).written == ()


def test_changed_style_sheet_gets_a_new_name_and_the_old_one_goes(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": "### A\n\nHi"})
    build(tmp_path)
    (old,) = (tmp_path / "output/assets").glob("style.*.css")
    write_site(tmp_path, {"layouts/static/css/9.css": "a{}"})
    report = build(tmp_path)
    (new,) = (tmp_path / "output/assets").glob("style.*.css")
    assert new.name != old.name
    assert report.removed == (f"assets/{old.name}",)
    assert f"assets/{new.name}".encode() in (tmp_path / "output/index.html").read_bytes()


def test_style_sheets_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": "### A\n\nHi"})
    build(tmp_path)
    files = tree(tmp_path / "output")
    for path, content in files.items():
        if path.endswith((".css", ".svg", ".js")):
            assert not re.search(rb"@import|url\(\s*['\"]?(https?:)?//", content), path
            for target in re.findall(rb"url\(\s*['\"]?(?!data:|#)([^'\")]+)", content):
                base = PurePosixPath(path).parent
                assert str(base / target.decode()) in files, (path, target)
