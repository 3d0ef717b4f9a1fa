"""The transaction: what a commit writes, deletes, refuses, and survives."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pytest
from helpers import tree

from sitegen import output
from sitegen.config import Config, PathsConfig
from sitegen.errors import ConfigError, OutputError, Severity
from sitegen.manifest import LOCK, MANIFEST, STAGE
from sitegen.model import Artifact, Kind
from sitegen.output import Commit, OutputFolder, clean

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX modes and links")

OLD = {
    "assets/old.css": "a",
    "index.html": "old index",
    "gone.html": "bye",
    "same.html": "same",
    "x/y/gone.html": "bye",
}
NEW = {
    "assets/new.css": "b",
    "index.html": "new index",
    "same.html": "same",
    "z/new.html": "new",
}
KINDS = {"assets/": Kind.ASSET, "index": Kind.LISTING}

STEPS = 11
"""Replacements, deletions and removals of folders by which OLD becomes NEW."""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "content").mkdir()
    return Config(root=tmp_path)


def artifacts(files: Mapping[str, str]) -> Iterator[Artifact]:
    for path, text in files.items():
        kind = next((k for start, k in KINDS.items() if path.startswith(start)), Kind.PAGE)
        yield Artifact(path, text.encode(), kind, f"content/{path}")


def publish(config: Config, files: Mapping[str, str], *, dry_run: bool = False) -> Commit:
    with OutputFolder(config, dry_run=dry_run) as folder:
        for artifact in artifacts(files):
            folder.stage(artifact)
        assert folder.collisions == []
        return folder.commit()


def shape(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: files with their bytes, folders with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """What would show that a file was touched."""
    return {
        path.relative_to(folder).as_posix(): (path.lstat().st_mtime_ns, path.lstat().st_ino)
        for path in folder.rglob("*")
    }


def clean_result(root: Path, files: Mapping[str, str]) -> dict[str, bytes | None]:
    root.mkdir()
    fresh = Config(root=root)
    publish(fresh, files)
    return shape(fresh.output)


def test_commit_writes_every_artifact_and_says_which(config: Config) -> None:
    commit = publish(config, OLD)
    files = tree(config.output)
    assert files.pop(MANIFEST)
    assert files == {path: text.encode() for path, text in OLD.items()}
    assert commit == Commit(tuple(sorted(OLD)), 0, (), ())


def test_next_commit_writes_the_changed_deletes_the_stale_and_leaves_the_rest(
    config: Config, tmp_path: Path
) -> None:
    publish(config, OLD)
    before = state(config.output)
    commit = publish(config, NEW)
    assert commit.written == ("assets/new.css", "index.html", "z/new.html")
    assert commit.unchanged == 1
    assert commit.removed == ("assets/old.css", "gone.html", "x/y/gone.html")
    assert state(config.output)["same.html"] == before["same.html"]
    assert shape(config.output) == clean_result(tmp_path / "fresh", NEW)


def test_commit_of_the_same_site_touches_nothing_at_all(config: Config) -> None:
    publish(config, OLD)
    before = state(config.output)
    assert publish(config, OLD) == Commit((), len(OLD), (), ())
    assert state(config.output) == before


def test_manifest_lists_every_file_with_its_digest(config: Config) -> None:
    publish(config, OLD)
    manifest = json.loads((config.output / MANIFEST).read_bytes())
    assert manifest["files"] == {
        path: hashlib.sha256(text.encode()).hexdigest() for path, text in OLD.items()
    }


def test_commit_goes_from_assets_to_pages_to_listings_to_manifest(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(config, OLD)
    order: list[str] = []
    replace, unlink = Path.replace, Path.unlink

    def watch_replace(self: Path, target: Path) -> Path:
        order.append(Path(target).relative_to(config.output).as_posix())
        return replace(self, target)

    def watch_unlink(self: Path, missing_ok: bool = False) -> None:
        if self.name != LOCK:
            order.append(f"-{self.relative_to(config.output).as_posix()}")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "replace", watch_replace)
    monkeypatch.setattr(Path, "unlink", watch_unlink)
    publish(config, dict(reversed(NEW.items())))
    assert order == [
        MANIFEST,
        *("assets/new.css", "z/new.html", "index.html"),
        *("-assets/old.css", "-gone.html", "-x/y/gone.html"),
        MANIFEST,
    ]


@posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_files_are_0644_whatever_the_umask(config: Config, umask: int) -> None:
    before = os.umask(umask)
    try:
        publish(config, OLD)
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in config.output.rglob("*") if path.is_file()}
    assert modes == {0o644}


def test_error_before_the_commit_changes_nothing(config: Config) -> None:
    publish(config, OLD)
    before = state(config.output)
    with pytest.raises(KeyError), OutputFolder(config) as folder:
        for artifact in artifacts(NEW):
            folder.stage(artifact)
        raise KeyError
    assert state(config.output) == before


@pytest.mark.parametrize("parents", ["", "deep/er/"])
def test_failed_first_build_leaves_no_empty_folder(tmp_path: Path, parents: str) -> None:
    config = Config(root=tmp_path, paths=PathsConfig(output=f"{parents}site"))
    with pytest.raises(KeyError), OutputFolder(config):
        raise KeyError
    assert not config.output.exists()


def test_failed_build_keeps_an_empty_folder_that_was_there(config: Config) -> None:
    config.output.mkdir()
    with pytest.raises(KeyError), OutputFolder(config):
        raise KeyError
    assert config.output.is_dir()


# What is not ours


def test_unlisted_files_are_never_touched(config: Config) -> None:
    publish(config, OLD)
    own = {"CNAME": b"someone.org", "x/y/notes.txt": b"mine", "robots.txt": b""}
    for name, content in own.items():
        (config.output / name).write_bytes(content)
    before = {name: state(config.output)[name] for name in own}
    publish(config, NEW)
    clean(config)
    after = state(config.output)
    assert {name: after[name] for name in own} == before


def test_stale_file_that_someone_edited_is_left_with_a_warning(config: Config) -> None:
    publish(config, OLD)
    (config.output / "gone.html").write_text("edited")
    commit = publish(config, NEW)
    assert (config.output / "gone.html").read_text() == "edited"
    assert "gone.html" not in commit.removed
    (warning,) = commit.diagnostics
    assert (warning.severity, warning.path) == (Severity.WARNING, "output/gone.html")
    assert "left alone" in warning.message


@posix
def test_stale_file_that_cannot_be_read_is_left_with_a_warning(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(config, OLD)
    read_bytes = Path.read_bytes

    def deny(self: Path) -> bytes:
        if self.name == "gone.html":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return read_bytes(self)

    monkeypatch.setattr(Path, "read_bytes", deny)
    commit = publish(config, NEW)
    assert [finding.path for finding in commit.diagnostics] == [
        "output/gone.html",
        "output/x/y/gone.html",
    ]
    assert (config.output / "gone.html").exists()


def test_file_of_the_site_that_someone_edited_is_mended(config: Config) -> None:
    publish(config, OLD)
    (config.output / "index.html").write_text("edited")
    assert publish(config, OLD).written == ("index.html",)
    assert (config.output / "index.html").read_text() == "old index"


def test_file_of_the_site_that_someone_deleted_is_written_again(config: Config) -> None:
    publish(config, OLD)
    (config.output / "x/y/gone.html").unlink()
    assert publish(config, OLD).written == ("x/y/gone.html",)


def test_stale_file_that_someone_deleted_is_forgotten_with_its_folder(
    config: Config, tmp_path: Path
) -> None:
    publish(config, OLD)
    (config.output / "x/y/gone.html").unlink()
    assert "x/y/gone.html" not in publish(config, NEW).removed
    assert shape(config.output) == clean_result(tmp_path / "fresh", NEW)


def test_file_of_someone_else_that_is_in_the_way_is_an_error_and_stays(config: Config) -> None:
    publish(config, OLD)
    (config.output / "z").mkdir()
    (config.output / "z/new.html").write_text("mine")
    with OutputFolder(config) as folder:
        for artifact in artifacts(NEW):
            folder.stage(artifact)
        (finding,) = folder.collisions
        folder.commit()
    assert (finding.severity, finding.path) == (Severity.ERROR, "output/z/new.html")
    assert (config.output / "z/new.html").read_text() == "mine"
    assert publish(config, OLD).removed == ("assets/new.css",)
    assert (config.output / "z/new.html").read_text() == "mine"


def test_file_of_someone_else_with_the_same_bytes_is_adopted(config: Config) -> None:
    publish(config, OLD)
    (config.output / "z").mkdir()
    (config.output / "z/new.html").write_bytes(NEW["z/new.html"].encode())
    assert "z/new.html" not in publish(config, NEW).written
    assert publish(config, OLD).removed == ("assets/new.css", "z/new.html")


@posix
def test_file_that_is_the_same_by_another_spelling_is_not_deleted(config: Config) -> None:
    """On macOS and Windows `Logo.png` and `logo.png` are one file; a hard link is too."""
    publish(config, {"assets/Logo.png": "logo"})
    os.link(config.output / "assets/Logo.png", config.output / "assets/logo.png")
    assert publish(config, {"assets/logo.png": "logo"}).removed == ()
    assert (config.output / "assets/logo.png").read_text() == "logo"


# Links


@posix
def test_page_is_not_written_through_a_linked_folder(config: Config, tmp_path: Path) -> None:
    publish(config, OLD)
    before = tree(config.output)
    (tmp_path / "elsewhere").mkdir()
    (config.output / "z").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="is a link"):
        publish(config, NEW)
    assert tree(config.output) == before
    assert list((tmp_path / "elsewhere").iterdir()) == []


@posix
def test_stale_file_is_not_deleted_through_a_linked_folder(config: Config, tmp_path: Path) -> None:
    publish(config, OLD)
    (config.output / "x").rename(tmp_path / "elsewhere")
    (config.output / "x").symlink_to(tmp_path / "elsewhere")
    assert "x/y/gone.html" not in publish(config, NEW).removed
    assert (tmp_path / "elsewhere/y/gone.html").read_text() == "bye"


@posix
def test_linked_file_is_replaced_and_its_target_kept(config: Config, tmp_path: Path) -> None:
    publish(config, OLD)
    (tmp_path / "mine").write_text("old index")
    (config.output / "index.html").unlink()
    (config.output / "index.html").symlink_to(tmp_path / "mine")
    assert publish(config, OLD).written == ("index.html",)
    assert not (config.output / "index.html").is_symlink()
    publish(config, NEW)
    assert (tmp_path / "mine").read_text() == "old index"


@posix
def test_linked_staging_folder_is_not_written_through(config: Config, tmp_path: Path) -> None:
    publish(config, OLD)
    (tmp_path / "elsewhere").mkdir()
    (config.output / STAGE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError):
        publish(config, NEW)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@posix
def test_output_folder_may_itself_be_a_link(config: Config, tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    config.output.symlink_to(tmp_path / "www")
    publish(config, OLD)
    publish(config, NEW)
    assert {*tree(tmp_path / "www")} == {*NEW, MANIFEST}


# Interruptions


class Killed(BaseException):
    """The process ended here."""


def interrupt(patch: pytest.MonkeyPatch, step: int, error: BaseException) -> list[str]:
    """Let the `step`-th change of the output fail; the list tells all that were tried."""
    tried: list[str] = []

    def failing(name: str) -> Callable[..., Any]:
        real = getattr(Path, name)

        def change(self: Path, *args: Any, **kwargs: Any) -> Any:
            if self.name != LOCK:
                tried.append(f"{name} {self.name}")
                if len(tried) == step:
                    raise error
            return real(self, *args, **kwargs)

        return change

    for name in ("replace", "unlink", "rmdir"):
        patch.setattr(Path, name, failing(name))
    return tried


def leave_everything(folder: OutputFolder, *_: object) -> None:
    """What a killed process does at its end: nothing; only the system frees its lock."""
    assert folder.lock is not None
    folder.lock.release()


def assert_whole(folder: Path) -> None:
    """Every file has the bytes of one of the two builds."""
    for path, content in tree(folder).items():
        if not path.startswith((MANIFEST, STAGE, LOCK)):
            assert content.decode() in (OLD.get(path), NEW.get(path)), path
    json.loads((folder / MANIFEST).read_bytes())


def test_steps_are_as_many_as_the_tests_of_interruption_try(config: Config) -> None:
    publish(config, OLD)
    with pytest.MonkeyPatch.context() as patch:
        tried = interrupt(patch, 0, Killed())
        publish(config, NEW)
    assert len(tried) == STEPS, tried


@pytest.mark.parametrize("step", range(1, STEPS + 1))
@pytest.mark.parametrize("after", [NEW, OLD, {"index.html": "third"}, {}])
def test_build_after_a_kill_at_any_step_gives_the_clean_result(
    config: Config, tmp_path: Path, step: int, after: Mapping[str, str]
) -> None:
    publish(config, OLD)
    with pytest.MonkeyPatch.context() as patch:
        tried = interrupt(patch, step, Killed())
        patch.setattr(OutputFolder, "__exit__", leave_everything)
        try:
            publish(config, NEW)
        except Killed:
            assert len(tried) == step
        else:
            assert tried[step - 1].startswith("rmdir")
    assert_whole(config.output)
    publish(config, after)
    assert shape(config.output) == clean_result(tmp_path / "fresh", after)


@pytest.mark.parametrize("first", range(1, STEPS + 1))
def test_build_after_two_kills_gives_the_clean_result(
    config: Config, tmp_path: Path, first: int
) -> None:
    publish(config, OLD)
    for step, files in ((first, NEW), (2, {"index.html": "third", "q/w.html": "w"})):
        with pytest.MonkeyPatch.context() as patch:
            interrupt(patch, step, Killed())
            patch.setattr(OutputFolder, "__exit__", leave_everything)
            with pytest.raises(Killed):
                publish(config, files)
    publish(config, NEW)
    assert shape(config.output) == clean_result(tmp_path / "fresh", NEW)


@pytest.mark.parametrize("step", range(1, 4))
def test_first_build_after_a_kill_of_the_first_build_is_not_refused(
    config: Config, tmp_path: Path, step: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        interrupt(patch, step, Killed())
        patch.setattr(OutputFolder, "__exit__", leave_everything)
        with pytest.raises(Killed):
            publish(config, OLD)
    publish(config, NEW)
    assert shape(config.output) == clean_result(tmp_path / "fresh", NEW)


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_error_of_the_system_in_the_commit_is_reported_and_mended_by_the_next(
    config: Config, tmp_path: Path, step: int
) -> None:
    publish(config, OLD)
    with pytest.MonkeyPatch.context() as patch:
        tried = interrupt(patch, step, FULL)
        try:
            publish(config, NEW)
        except OutputError as error:
            assert "No space left" in error.message
        else:
            assert tried[step - 1].startswith("rmdir")
    assert_whole(config.output)
    assert not (config.output / STAGE).exists()
    assert not (config.output / LOCK).exists()
    publish(config, NEW)
    files = {path: content for path, content in shape(config.output).items() if content is not None}
    assert files == {
        path: content
        for path, content in clean_result(tmp_path / "fresh", NEW).items()
        if content is not None
    }


@pytest.mark.parametrize("step", range(1, 6))
def test_disk_full_while_staging_leaves_the_old_site_as_it_was(config: Config, step: int) -> None:
    publish(config, OLD)
    before = state(config.output)
    with pytest.MonkeyPatch.context() as patch:
        opened, written = Path.open, []

        def fill(self: Path, mode: str = "r", *rest: Any, **named: Any) -> IO[Any]:
            file = opened(self, mode, *rest, **named)
            if mode == "wb":
                written.append(self)
                if len(written) == step:
                    with file:
                        file.write(b"<")
                    raise FULL
            return file

        patch.setattr(Path, "open", fill)
        with pytest.raises(OutputError, match="No space left"):
            publish(config, NEW)
    # Folders may have been made for what was to come; no file has changed.
    after = {path: state(config.output)[path] for path in before if path not in ("x", "x/y")}
    assert after == {path: before[path] for path in after}
    assert set(tree(config.output)) == {*OLD, MANIFEST}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 128 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount")
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not possible here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_disk_that_is_really_full_leaves_the_old_site_whole(
    tmp_path: Path, small_disk: Path
) -> None:
    (tmp_path / "content").mkdir()
    config = Config(root=tmp_path, paths=PathsConfig(output=str(small_disk / "site")))
    publish(config, OLD)
    before = tree(config.output)
    with pytest.raises(OutputError, match="No space left"):
        publish(config, {f"{n}.html": "x" * 20_000 for n in range(10)})
    assert tree(config.output) == before
    assert publish(config, NEW).written


def test_read_only_folder_is_an_error_with_its_place(tmp_path: Path, small_disk: Path) -> None:
    (tmp_path / "content").mkdir()
    config = Config(root=tmp_path, paths=PathsConfig(output=str(small_disk / "site")))
    publish(config, OLD)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(OutputError) as caught:
        publish(config, NEW)
    assert "Read-only" in caught.value.message
    assert caught.value.path.startswith(str(config.output))
    assert publish(config, NEW, dry_run=True).written


@pytest.mark.parametrize("name", ["mkdir", "open", "chmod"])
def test_what_the_system_denies_is_an_output_error(
    config: Config, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def deny(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, name, deny)
    with pytest.raises(OutputError, match="Permission denied") as caught:
        publish(config, OLD)
    assert caught.value.hint


# The lock


def test_second_build_is_told_who_holds_the_folder(config: Config) -> None:
    publish(config, OLD)
    before = tree(config.output)
    with OutputFolder(config):
        for _ in range(2):
            with pytest.raises(OutputError, match=f"another build .*process {os.getpid()}"):
                publish(config, NEW)
    assert tree(config.output) == before


def test_second_build_in_another_process_exits_with_1(config: Config) -> None:
    (config.content / "a.md").write_text("### A\n\nHello")
    with OutputFolder(config):
        done = subprocess.run(
            [sys.executable, "-m", "sitegen", "build", "--root", str(config.root)],
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert f"another build is writing here (process {os.getpid()})" in done.stderr
    assert "Traceback" not in done.stderr


def test_lock_is_released_after_an_error(config: Config) -> None:
    with pytest.raises(KeyError), OutputFolder(config):
        raise KeyError
    publish(config, OLD)
    assert set(tree(config.output)) == {*OLD, MANIFEST}


def test_lock_is_released_when_an_interrupt_comes_while_the_folder_is_tidied(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(config, OLD)

    def interrupted(_path: Path, **_options: bool) -> None:
        raise KeyboardInterrupt

    folder = OutputFolder(config)
    folder.__enter__()
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", interrupted)
        with pytest.raises(KeyboardInterrupt):
            folder.__exit__(None, None, None)
    assert not (config.output / LOCK).exists()
    publish(config, OLD)


def test_lock_is_released_when_the_manifest_is_damaged(config: Config) -> None:
    publish(config, OLD)
    good = (config.output / MANIFEST).read_bytes()
    (config.output / MANIFEST).write_bytes(b"{")
    with pytest.raises(ConfigError):
        publish(config, NEW)
    assert not (config.output / LOCK).exists()
    (config.output / MANIFEST).write_bytes(good)
    assert publish(config, NEW).written


def test_lock_file_of_a_killed_build_does_not_hold_the_next(config: Config) -> None:
    publish(config, OLD)
    (config.output / LOCK).write_text("process 1\n")
    (config.output / STAGE).mkdir()
    (config.output / STAGE / "0").write_text("half")
    publish(config, OLD)
    assert set(tree(config.output)) == {*OLD, MANIFEST}


def test_dry_run_goes_on_while_another_build_holds_the_folder(config: Config) -> None:
    publish(config, OLD)
    with OutputFolder(config):
        assert publish(config, NEW, dry_run=True).written


# Dry run


def test_dry_run_tells_what_a_build_would_do_and_touches_nothing(config: Config) -> None:
    publish(config, OLD)
    (config.output / "gone.html").write_text("edited")
    before = state(config.root)
    told = publish(config, NEW, dry_run=True)
    assert state(config.root) == before
    assert publish(config, NEW) == told


def test_dry_run_does_not_make_the_folder(config: Config) -> None:
    assert publish(config, OLD, dry_run=True).written == tuple(sorted(OLD))
    assert not config.output.exists()


# Refusals

REFUSED: list[tuple[str, str, str, str]] = [
    # output, content, layouts, what the message says
    ("home", "content", "layouts", "is your home or the root"),
    ("/", "content", "layouts", "is your home or the root"),
    (".", "content", "layouts", "holds the project folder"),
    ("..", "content", "layouts", "holds the project folder"),
    ("content", "content", "layouts", "holds the content folder"),
    ("content/site", "content", "layouts", "is in the content folder"),
    ("site", "site/content", "layouts", "holds the content folder"),
    ("layouts", "content", "layouts", "holds the layouts folder"),
    ("layouts/site", "content", "layouts", "is in the layouts folder"),
    ("site", "content", "site/layouts", "holds the layouts folder"),
    ("repository", "content", "layouts", "is a Git repository"),
    ("worktree", "content", "layouts", "is a Git repository"),
    ("file", "content", "layouts", "is a file"),
    ("full", "content", "layouts", "is not empty and was not made by sitegen"),
]


@pytest.mark.parametrize(("place", "content", "layouts", "message"), REFUSED)
@pytest.mark.parametrize("action", [publish, clean])
def test_folder_that_would_cost_someone_their_files_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    content: str,
    layouts: str,
    message: str,
    action: Callable[..., Commit],
) -> None:
    root = tmp_path / "above" / "project"
    for folder in (content, layouts, "home", "repository/.git", "worktree", "full"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for file in ("file", "full/mine.html", "worktree/.git", "content/a.md", "layouts/b.html"):
        (root / file).parent.mkdir(exist_ok=True)
        (root / file).write_text("mine")
    if "/" in place:
        (root / place).mkdir(exist_ok=True)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(root / "home"))
    before = state(root)
    paths = PathsConfig(content=content, layouts=layouts, output=place)
    with pytest.raises(ConfigError, match=message) as caught:
        action(Config(root=root, paths=paths), *([OLD] if action is publish else []))
    assert caught.value.hint
    assert state(root) == before


@posix
def test_refusals_look_through_links(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "output").symlink_to("content")
    with pytest.raises(ConfigError, match="holds the content folder"):
        publish(Config(root=tmp_path), OLD)
    (tmp_path / "output").unlink()
    (tmp_path / "output").symlink_to("output")
    with pytest.raises(ConfigError, match="is a link to itself"):
        publish(Config(root=tmp_path), OLD)


@posix
def test_account_without_a_home_can_build(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_cls: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", classmethod(homeless))
    assert publish(config, OLD).written


@pytest.mark.parametrize("name", [".gitignore", ".gitkeep", ".DS_Store"])
def test_folder_with_what_every_folder_may_hold_is_not_refused(config: Config, name: str) -> None:
    config.output.mkdir()
    (config.output / name).write_text("mine")
    publish(config, OLD)
    clean(config)
    assert tree(config.output) == {name: b"mine"}


DAMAGED: list[bytes] = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"\xff",
    b"[" * 100_000,
    b"{}",
    b'{"files": []}',
    b'{"files": ["victim"]}',
    b'{"files": {"victim": 1}}',
    b'{"files": {"../victim": "DIGEST"}}',
    b'{"files": {"x/../../victim": "DIGEST"}}',
    b'{"files": {"x\\\\..\\\\..\\\\victim": "DIGEST"}}',
    b'{"files": {"ABSOLUTE": "DIGEST"}}',
    b'{"files": {"C:/victim": "DIGEST"}}',
    b'{"files": {"C:victim": "DIGEST"}}',
    b'{"files": {"\\\\\\\\server\\\\share": "DIGEST"}}',
]


@pytest.mark.parametrize("manifest", DAMAGED, ids=lambda text: repr(text[:40]))
@pytest.mark.parametrize("action", [publish, clean])
def test_damaged_manifest_is_refused_and_deletes_nothing(
    config: Config, manifest: bytes, action: Callable[..., Commit]
) -> None:
    publish(config, OLD)
    victim = config.root / "victim"
    victim.write_bytes(b"mine")
    digest = hashlib.sha256(b"mine").hexdigest().encode()
    manifest = manifest.replace(b"DIGEST", digest)
    manifest = manifest.replace(b"ABSOLUTE", victim.as_posix().encode())
    (config.output / MANIFEST).write_bytes(manifest)
    before = {path: what for path, what in state(config.root).items() if path != "output"}
    with pytest.raises(ConfigError, match="manifest of the output folder is damaged") as caught:
        action(config, *([NEW] if action is publish else []))
    assert caught.value.hint
    after = {path: what for path, what in state(config.root).items() if path != "output"}
    assert after == before


@posix
@pytest.mark.parametrize("name", ["a:b.css", "a\\b.css", "caf\udce9.css", "a b.css", "ü.css"])
def test_odd_file_names_survive_the_manifest(config: Config, name: str) -> None:
    publish(config, {f"assets/{name}": "x"})
    assert publish(config, {f"assets/{name}": "x"}).unchanged == 1
    assert publish(config, {}).removed == (f"assets/{name}",)


# Collisions


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.html", "a.html"),
        ("a.html", "A.html"),
        ("caf\u00e9.html", "cafe\u0301.html"),
        ("stra\u00dfe.html", "STRASSE.html"),
        ("x/a.html", "X/a.html"),
    ],
)
def test_paths_that_some_file_system_takes_for_one_collide(
    config: Config, first: str, second: str
) -> None:
    with OutputFolder(config) as folder:
        for owner, path in (("content/one", first), ("content/two", second)):
            folder.stage(Artifact(path, owner.encode(), Kind.PAGE, owner))
    (finding,) = folder.collisions
    assert finding.severity is Severity.ERROR
    assert finding.path == "content/two"
    assert "content/one" in finding.message
    assert finding.hint


# Clean


def test_clean_deletes_what_builds_made_and_says_so(config: Config) -> None:
    publish(config, OLD)
    assert clean(config).removed == tuple(sorted(OLD))
    assert list(config.output.iterdir()) == []


def test_clean_of_nothing_does_nothing(config: Config) -> None:
    assert clean(config) == Commit((), 0, (), ())
    assert not config.output.exists()


def test_clean_in_a_dry_run_touches_nothing(config: Config) -> None:
    publish(config, OLD)
    before = state(config.root)
    told = clean(Config(root=config.root, dry_run=True))
    assert told.removed == tuple(sorted(OLD))
    assert state(config.root) == before


@pytest.mark.parametrize("name", ["CNAME", "gone.html"])
def test_build_after_a_clean_is_not_refused_because_of_what_clean_left(
    config: Config, name: str
) -> None:
    publish(config, OLD)
    (config.output / name).write_text("mine")
    clean(config)
    publish(config, NEW)
    assert (config.output / name).read_text() == "mine"


def test_module_exports_no_way_to_write_but_the_transaction() -> None:
    assert output.__all__ == ["Commit", "OutputFolder", "clean"]
