"""A build that is killed at any moment: no file is ever torn, and the next build repairs all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from helpers import built, exported, tree, write_site
from running import PATIENT, SITEGEN

from sitegen import build
from sitegen.manifest import LOCK, MANIFEST, STAGE, read_manifest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
GROUPS, KILLS = (10, 10) if THOROUGH else (5, 6)
TALKS = 60
ENDINGS = {130: b"interrupted", 143: b"terminated"}


def edit(root: Path, version: int) -> None:
    """Bring the project to a version; each differs from the one before in every way."""
    for n in range(TALKS):
        path = root / f"content/{'xyz'[n % 3]}/talk {n}.md"
        if n % 5 == version % 5:
            path.unlink(missing_ok=True)
            continue
        said = [("Ada", f"Version {version} of {n}. " * (version % 4 + 1)), (f"B{n % 7}", "So.")]
        name = f"Talk {n}" if n % 4 else f"Talk {n} as of {version}"
        write_site(root, {path.relative_to(root).as_posix(): exported(said, name)})
    urls = "directory" if version % 4 == 3 else "file"
    cards = "true" if version % 3 == 1 else "false"  # To draw them takes most of a build.
    write_site(
        root,
        {
            "sitegen.toml": f'[pages]\nurls = "{urls}"\n[site]\nsocial_cards = {cards}\n',
            "layouts/static/css/own.css": f"p {{ margin: {version // 2}px }}",
        },
    )


class Victim:
    """A build in a process of its own, which is killed when a moment has come."""

    def __init__(self, root: Path) -> None:
        self.output = root / "output"
        self.before = (self.output / MANIFEST).read_bytes()
        command = [*SITEGEN, "build", "-q", "--root", str(root)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)

    def kill_when(self, moment: Callable[[Victim], bool]) -> None:
        try:
            self.wait_for(moment)
        finally:
            self.process.kill()
            self.process.communicate(timeout=PATIENT)

    def wait_for(self, moment: Callable[[Victim], bool]) -> None:
        """Wait until the moment has come or the build has ended."""
        limit = time.monotonic() + PATIENT
        while self.process.poll() is None and not moment(self):
            assert time.monotonic() < limit

    def staged(self) -> int:
        """How many files wait beside the output."""
        try:
            return len(os.listdir(self.output / STAGE))
        except FileNotFoundError:
            return 0

    def is_committing(self) -> bool:
        """Whether the note of what is under way has been written."""
        try:
            return (self.output / MANIFEST).read_bytes() != self.before
        except FileNotFoundError:
            return True


def moments(chance: random.Random) -> Callable[[Victim], bool]:
    """A moment of one of several kinds, so that none of a build's phases is spared."""
    kind = chance.choice(["time", "staging", "commit", "commit", "after"])
    if kind == "time":
        end = time.monotonic() + chance.uniform(0, 1)
        return lambda _victim: time.monotonic() > end
    if kind == "staging":
        number = chance.randrange(1, TALKS)
        return lambda victim: victim.staged() >= number
    rest = chance.choice([0, 0.0005, 0.001, 0.002, 0.005] if kind == "commit" else [0.01, 0.03])

    def moment(victim: Victim) -> bool:
        if not victim.is_committing():
            return False
        threading.Event().wait(rest)
        return True

    return moment


def assert_whole(output: Path, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    """Assert that every file is that of the site before or of the site to come."""
    known = read_manifest(output)
    found = tree(output)
    assert MANIFEST in found
    for path in {*old, *new} - {MANIFEST}:
        if path in found:
            assert found[path] in (old.get(path), new.get(path)), f"{path} is torn"
        else:
            assert not (path in old and path in new), f"{path} is gone"
    ours = {path for path in found if path != LOCK and not path.startswith(f"{STAGE}/")}
    assert ours - {MANIFEST} <= set(known), "a file is there that no build would ever delete"


@pytest.mark.parametrize("seed", range(GROUPS))
def test_killed_build_leaves_whole_files_and_the_next_repairs_all(
    tmp_path: Path, seed: int
) -> None:
    root, chance = tmp_path / "project", random.Random(seed)
    edit(root, 0)
    build(root)
    for version in range(1, KILLS + 1):
        old = tree(root / "output")
        edit(root, version)
        new = built(root, output=tmp_path / "clean", force=True)
        Victim(root).kill_when(moments(chance))
        assert_whole(root / "output", old, new)
        build(root)
        assert tree(root / "output") == new
        names = {path.name for path in (root / ".sitegen").iterdir()}
        assert not [name for name in names if name.endswith(".new")]
        folders = [path for path in (root / "output").rglob("*") if path.is_dir()]
        assert all(any(folder.iterdir()) for folder in folders)


@pytest.mark.parametrize("group", [False, True], ids=["alone", "with its processes"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_build_that_is_told_to_end_tidies_up_at_any_moment(
    tmp_path: Path, number: signal.Signals, code: int, group: bool
) -> None:
    """Neither lock nor stage is left, and every file is whole."""
    root, chance = tmp_path / "project", random.Random(code)
    edit(root, 0)
    build(root)
    ends = []
    for version in range(1, KILLS + 1):
        old = tree(root / "output")
        edit(root, version)
        new = built(root, output=tmp_path / "clean", force=True)
        victim = Victim(root)
        victim.wait_for(moments(chance))
        if group:
            os.killpg(victim.process.pid, number)
        else:
            victim.process.send_signal(number)
        _, errors = victim.process.communicate(timeout=PATIENT)
        ends.append(victim.process.returncode)
        # Before the command has taken over, the system ends it, without a word.
        assert ends[-1] in (code, 0, -number), errors
        assert ends[-1] != code or errors.split() == [ENDINGS[code]]
        assert_whole(root / "output", old, new)
        assert not (root / "output" / LOCK).exists()
        assert not (root / "output" / STAGE).exists()
        build(root)
        assert tree(root / "output") == new
    assert code in ends


def test_build_that_is_killed_again_and_again_is_repaired_in_the_end(tmp_path: Path) -> None:
    """No good build comes between: the files may be those of any of the versions."""
    root, chance = tmp_path / "project", random.Random(99)
    edit(root, 0)
    build(root)
    versions = [tree(root / "output")]
    for version in range(1, KILLS + 1):
        edit(root, version)
        versions.append(built(root, output=tmp_path / "clean", force=True))
        Victim(root).kill_when(moments(chance))
        for path, content in tree(root / "output").items():
            if path != LOCK and path != MANIFEST and not path.startswith(f"{STAGE}/"):
                assert content in [files.get(path) for files in versions], f"{path} is torn"
    build(root)
    assert tree(root / "output") == versions[-1]
