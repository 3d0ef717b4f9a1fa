"""The cache: it makes builds faster; whatever is wrong with it, never wrong and never fatal."""

from __future__ import annotations

import hashlib
import os
import shutil
import sysconfig
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from helpers import built, exported, tree, write_site

from sitegen import build, cache, ledger
from sitegen.cache import Cache, load_cache, save_cache, site_key
from sitegen.config import Config, load_config

HELLO = exported([("Ada", "The albatross spoke. " * 20), ("Brook", "Indeed.")])
FILES = {"content/a.md": HELLO, "content/b.md": HELLO}

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX modes")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that was built."""
    root = write_site(tmp_path / "project", FILES)
    build(root)
    return root


def cache_file(root: Path) -> Path:
    (path,) = (root / ".sitegen").glob("cache-*")
    return path


def sealed(body: bytes) -> bytes:
    """A cache file whose digest is right, whatever is in it."""
    return hashlib.sha256(body).digest() + body


def test_cache_knows_the_sources_and_files_of_the_last_build(project: Path) -> None:
    known = load_cache(load_config(project))
    assert set(known.sources) == {"a.md", "b.md"}
    assert {*known.files, ".sitegen.json"} == set(tree(project / "output"))


def test_cache_holds_nothing_of_what_was_said_but_the_excerpt(project: Path) -> None:
    content = cache_file(project).read_bytes()
    assert content.count(b"albatross") < 2 * 200 / len("The albatross spoke. ") + 1
    assert b"Indeed" not in content


def test_cache_is_kept_out_of_git(project: Path) -> None:
    assert (project / ".sitegen/.gitignore").read_text() == "*\n"


def test_own_gitignore_in_the_cache_folder_stays(project: Path) -> None:
    (project / ".sitegen/.gitignore").write_text("mine\n")
    build(project)
    assert (project / ".sitegen/.gitignore").read_text() == "mine\n"


def test_each_output_folder_has_a_cache_of_its_own(project: Path) -> None:
    build(project, output=project / "other")
    assert len(list((project / ".sitegen").glob("cache-*"))) == 2
    write_site(project, {"content/a.md": HELLO.replace("Ada", "Eve")})
    assert "a.html" in build(project).written
    assert "a.html" in build(project, output=project / "other").written
    assert build(project).reasons == ()
    assert build(project, output=project / "other").reasons == ()


def test_dry_run_leaves_no_cache(tmp_path: Path) -> None:
    build(write_site(tmp_path, FILES), dry_run=True)
    assert not (tmp_path / ".sitegen").exists()


def test_dry_run_leaves_the_cache_as_it_is(project: Path) -> None:
    before = cache_file(project).read_bytes()
    write_site(project, {"content/a.md": HELLO.replace("Ada", "Eve")})
    assert "a.html" in build(project, dry_run=True).written
    assert cache_file(project).read_bytes() == before
    assert "a.html" in build(project).written


def test_failed_build_leaves_the_cache_as_it_is(project: Path) -> None:
    before = cache_file(project).read_bytes()
    write_site(project, {"content/c.md": "---\ntitle: [\n---\n"})
    with pytest.raises(Exception, match="nothing was written"):
        build(project)
    assert cache_file(project).read_bytes() == before


def test_saving_leaves_nothing_but_the_cache(project: Path) -> None:
    """Also where a killed build left what it had not finished."""
    spare = cache_file(project).with_suffix(".new")
    spare.write_bytes(b"half")
    write_site(project, {"content/a.md": HELLO.replace("Ada", "Eve")})
    build(project)
    assert not list((project / ".sitegen").glob("*.new"))


# Caches that are not to be trusted


def poisoned(root: Path) -> bytes:
    """A cache of the right shape that takes other files for those of the site."""
    known = load_cache(load_config(root))
    (root / "output/a.html").write_bytes(b"poison")
    status = (root / "output/a.html").stat()
    entry = known.files["a.html"]
    known.files["a.html"] = cache.CachedFile(
        entry.key, entry.digest, status.st_size, status.st_mtime_ns
    )
    return msgspec.json.encode(known)


def of_another_version(root: Path) -> bytes:
    known = load_cache(load_config(root))
    known.place = "of another version"
    return sealed(msgspec.json.encode(known))


def of_another_project(root: Path) -> bytes:
    other = write_site(root.with_name("other"), {"content/a.md": HELLO.replace("Ada", "Eve")})
    build(other)
    return cache_file(other).read_bytes()


BAD: dict[str, Callable[[Path], bytes]] = {
    "empty": lambda _root: b"",
    "shorter than a digest": lambda _root: b"x" * 31,
    "noise": lambda _root: bytes(range(256)) * 40,
    "cut": lambda root: cache_file(root).read_bytes()[:-1],
    "longer": lambda root: cache_file(root).read_bytes() + b"\0",
    "zeros": lambda root: bytes(cache_file(root).stat().st_size),
    "huge": lambda _root: bytes(64_000_000),
    "sealed noise": lambda _root: sealed(b"}" * 99),
    "sealed empty": lambda _root: sealed(b""),
    "deeply nested": lambda _root: sealed(b"[" * 5_000_000),
    "deeply nested where any value may stand": lambda _root: sealed(b'{"x":' * 1_000_000),
    "of another shape": lambda _root: sealed(msgspec.json.encode({"sources": [1, 2]})),
    "of wrong types": lambda _root: sealed(msgspec.json.encode({"files": {"a.html": 1}})),
    "not text": lambda _root: sealed(b'{"place": "\xff"}'),
    "of another version": of_another_version,
    "of another project": of_another_project,
    "of the right shape, with a wrong digest": lambda root: bytes(32) + poisoned(root),
    "of the right shape, with the digest of the old": lambda root: (
        cache_file(root).read_bytes()[:32] + poisoned(root)
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_cache_is_ignored_and_replaced(project: Path, name: str) -> None:
    expected = tree(project / "output")
    content = BAD[name](project)
    cache_file(project).write_bytes(content)
    assert load_cache(load_config(project)) == Cache.of(load_config(project))
    report = build(project)
    assert dict(report.reasons)["a.html"] == "new"
    assert tree(project / "output") == expected
    assert build(project).reasons == ()


def test_project_that_moved_starts_anew(project: Path) -> None:
    moved = project.with_name("moved")
    project.rename(moved)
    assert dict(build(moved).reasons)["a.html"] == "new"
    assert build(moved).reasons == ()


def test_copy_of_a_project_has_nothing_to_do_with_the_first(project: Path) -> None:
    copy = project.with_name("copy")
    shutil.copytree(project, copy)
    write_site(copy, {"content/a.md": HELLO.replace("Ada", "Eve")})
    build(copy)
    assert b"Ada" in built(project)["a.html"]
    assert b"Eve" in built(copy)["a.html"]


def test_other_code_of_sitegen_is_another_version(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "__version__", "99")
    assert load_cache(load_config(project)).files == {}


def test_other_library_is_another_version(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(project))
    assert load_cache(load_config(project)).files == {}


def test_force_ignores_the_cache_and_mends_what_it_hides(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "CLOCK_GRAIN", -(10**18))  # As if all had long been there.
    expected = tree(project / "output")
    cache_file(project).write_bytes(sealed(poisoned(project)))
    assert "a.html" not in build(project).written
    assert build(project, force=True).written == ("a.html",)
    assert tree(project / "output") == expected


def test_force_leaves_a_cache_for_the_next_build(project: Path) -> None:
    cache_file(project).unlink()
    build(project, force=True)
    assert build(project).reasons == ()


# Caches that cannot be read or written


def put_folder_in_place_of_the_file(root: Path) -> None:
    path = cache_file(root)
    path.unlink()
    (path / "inside").mkdir(parents=True)


def put_file_in_place_of_the_folder(root: Path) -> None:
    shutil.rmtree(root / ".sitegen")
    (root / ".sitegen").write_bytes(b"")


def take_all_permissions(root: Path) -> None:
    cache_file(root).chmod(0)
    (root / ".sitegen").chmod(0)


@pytest.mark.parametrize(
    "spoil",
    [
        put_folder_in_place_of_the_file,
        put_file_in_place_of_the_folder,
        pytest.param(take_all_permissions, marks=posix),
    ],
)
def test_cache_that_cannot_be_used_is_done_without(
    project: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(project)
    try:
        write_site(project, {"content/a.md": HELLO.replace("Ada", "Eve")})
        for _ in range(2):
            build(project)
            assert b"Eve" in (project / "output/a.html").read_bytes()
    finally:
        (project / ".sitegen").chmod(0o755)


@pytest.mark.parametrize("name", ["read_bytes", "write_bytes", "mkdir"])
def test_disk_that_fails_only_makes_the_build_slower(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = getattr(Path, name)

    def fails(self: Path, *arguments: object, **named: object) -> object:
        if ".sitegen" in self.parts:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *arguments, **named)

    monkeypatch.setattr(Path, name, fails)
    write_site(project, {"content/a.md": HELLO.replace("Ada", "Eve")})
    assert "a.html" in build(project).written
    assert b"Eve" in (project / "output/a.html").read_bytes()


def test_cache_of_a_name_that_is_not_text_is_done_without(project: Path) -> None:
    config = load_config(project)
    known = load_cache(config)
    known.files["\udc80"] = known.files["a.html"]
    before = cache_file(project).read_bytes()
    save_cache(config, known)
    assert cache_file(project).read_bytes() == before


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/St_Johns"])
def test_day_in_its_own_zone_survives_the_cache(tmp_path: Path, zone: str) -> None:
    """Midnight in Tokyo is the day before in Greenwich, and here the year before."""
    settings = f'[site]\ntimezone = "{zone}"'
    day = exported([("Ada", "Hello")], "Day", started="2025-01-01")
    write_site(tmp_path, {"sitegen.toml": settings, "content/a.md": day})
    before = built(tmp_path)
    write_site(tmp_path, {"content/b.md": exported([("Ada", "x")], started="2023-05-05")})
    after = built(tmp_path)
    assert "years/2025.html" in before
    assert after == built(tmp_path, output=tmp_path / "clean")


def test_cache_survives_saving_and_loading(project: Path) -> None:
    config = load_config(project)
    known = load_cache(config)
    assert known.sources
    assert known.files
    save_cache(config, known)
    assert load_cache(config) == known


# What the settings and the layouts amount to


def key(root: Path, **overrides: str | bool) -> str:
    config = load_config(root, **overrides)
    return site_key(config, (config.layouts,))


CHANGING: dict[str, dict[str, str]] = {
    "a layout": {"layouts/base.html": "x"},
    "another layout of the same text": {"layouts/other.html": ""},
    "a layout in a folder": {"layouts/partials/card.html": "x"},
    "a text to include": {"layouts/note.txt": "x"},
    "a picture to include": {"layouts/sign.svg": "<svg/>"},
    "a folder called static in another": {"layouts/partials/static/sign.svg": "<svg/>"},
    "a setting": {"sitegen.toml": '[site]\ntitle = "T"'},
    "the style of addresses": {"sitegen.toml": '[pages]\nurls = "directory"'},
    "the engine": {"sitegen.toml": '[markup]\nengine = "markdown"'},
}
UNCHANGING: dict[str, dict[str, str]] = {
    "a static file": {"layouts/static/a.css": "x"},
    "a hidden file": {"layouts/.base.html.swp": "x"},
    "a file in a hidden folder": {"layouts/.git/base.html": "x"},
    "a backup": {"layouts/base.html~": "x"},
    "a file beside the layouts": {"other/base.html": "x"},
    "a setting that is spelled out": {"sitegen.toml": '[pages]\nurls = "file"'},
}


@pytest.mark.parametrize("name", [*CHANGING, *UNCHANGING])
def test_site_key_changes_with_what_every_page_depends_on(project: Path, name: str) -> None:
    before = key(project)
    write_site(project, {**CHANGING, **UNCHANGING}[name])
    assert (key(project) != before) is (name in CHANGING)


def test_site_key_tells_drafts_but_not_how_the_build_is_run(project: Path) -> None:
    before = key(project)
    assert key(project, drafts=True) != before
    assert key(project, strict=True, keep_going=True, force=True, dry_run=True) == before


def test_site_key_tells_the_project_s_layouts_from_the_built_in(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write_site(tmp_path, {"one/a.html": "x", "two/.keep": ""})
    config = Config(root=tmp_path)
    assert site_key(config, (one, two)) != site_key(config, (two, one))
