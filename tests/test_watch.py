"""Watching: whatever way a file is saved, one save is one build, and none is missed."""

from __future__ import annotations

import dataclasses
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import built, exported, tree, write_site
from running import PATIENT, Building, building
from watchdog import events
from watchdog.events import FileSystemEvent
from watchdog.observers.polling import PollingObserver

from sitegen import watch
from sitegen.builder import Builder
from sitegen.config import Config, PathsConfig
from sitegen.errors import BuildError, ConfigError
from sitegen.watch import Doorbell, Watch, is_of_interest, keep_building

ROOT = Path("/p")
WATCH = Watch.of(Config(root=ROOT))
HELLO = exported([("Ada", "Hello"), ("Bo", "Hi")], "Hello")
BROKEN = "---\ntitle: [\n---\n"

# Which events count


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("content", True),
        ("content/a.md", True),
        ("content/x/y/a.md", True),
        ("content/pages/about.md", True),
        ("content/new folder", True),
        ("layouts", True),
        ("layouts/base.html", True),
        ("layouts/static/css/a.css", True),
        ("sitegen.toml", True),
        ("pyproject.toml", True),
        (".", False),
        ("other.toml", False),
        ("contents/a.md", False),
        ("output/a.html", False),
        (".sitegen/cache", False),
        ("x/sitegen.toml", False),
        ("content/.a.md.swp", False),
        ("content/.git/a.md", False),
        ("content/x/.hidden/deep/a.md", False),
        ("content/.#a.md", False),
        ("content/#a.md#", False),
        ("content/#1.md", True),
        ("content/a.md~", False),
        ("content/a.md.swp", False),
        ("content/a.md.swx", False),
        ("content/a.md.tmp", False),
        ("content/a.md.part", False),
        ("content/4913", False),
        ("content/49130", True),
    ],
)
def test_watch_covers_what_a_build_reads_and_no_editor_s_spare_files(
    path: str, expected: bool
) -> None:
    assert WATCH.covers(ROOT / path) is expected


def test_watch_covers_a_project_in_a_hidden_folder() -> None:
    root = Path("/home/me/.archive")
    assert Watch.of(Config(root=root)).covers(root / "content/a.md")


def test_watch_covers_folders_outside_of_the_project() -> None:
    config = Config(root=ROOT, paths=PathsConfig(content="../talks"))
    assert Watch.of(config).covers(ROOT / "../talks/a.md")
    assert not Watch.of(config).covers(ROOT / "content/a.md")


IN, OUT, SPARE = "/p/content/a.md", "/p/output/a.html", "/p/content/.a.md.swp"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (events.FileModifiedEvent(IN), True),
        (events.FileCreatedEvent(IN), True),
        (events.FileDeletedEvent(IN), True),
        (events.FileClosedEvent(IN), True),
        (events.FileOpenedEvent(IN), False),
        (events.FileClosedNoWriteEvent(IN), False),
        (events.FileModifiedEvent(OUT), False),
        (events.FileCreatedEvent(OUT), False),
        (events.FileModifiedEvent(SPARE), False),
        (events.DirModifiedEvent("/p/content"), False),
        (events.DirModifiedEvent("/p/content/x"), False),
        (events.DirCreatedEvent("/p/content/x"), True),
        (events.DirDeletedEvent("/p/content/x"), True),
        (events.DirCreatedEvent("/p/layouts"), True),
        (events.DirCreatedEvent("/p/output"), False),
        (events.FileMovedEvent(SPARE, IN), True),
        (events.FileMovedEvent(IN, IN + "~"), True),
        (events.FileMovedEvent("/elsewhere/a.md", IN), True),
        (events.FileMovedEvent(IN, "/elsewhere/a.md"), True),
        (events.FileMovedEvent("", IN), True),
        (events.FileMovedEvent(IN, ""), True),
        (events.FileMovedEvent(SPARE, SPARE + "x"), False),
        (events.FileMovedEvent(OUT, OUT + "x"), False),
        (events.DirMovedEvent("/p/content/x", "/p/content/y"), True),
        (events.DirMovedEvent("/p/content/.x", "/p/content/.y"), False),
    ],
    ids=repr,
)
def test_event_counts_if_a_build_may_come_out_differently(
    event: FileSystemEvent, expected: bool
) -> None:
    assert is_of_interest(event, WATCH) is expected


@pytest.mark.parametrize(
    ("event", "rings", "uproots"),
    [
        (events.FileModifiedEvent(IN), True, False),
        (events.DirCreatedEvent("/p/content/x"), True, False),
        (events.DirCreatedEvent("/p/layouts"), True, True),
        (events.DirDeletedEvent("/p/content"), True, True),
        (events.DirMovedEvent("/p/content", "/p/old"), True, True),
        (events.DirMovedEvent("/p/new", "/p/content"), True, True),
        (events.DirModifiedEvent("/p/content"), False, False),
        (events.FileOpenedEvent("/p/content"), False, False),
    ],
    ids=repr,
)
def test_event_rings_the_bell(event: FileSystemEvent, rings: bool, uproots: bool) -> None:
    doorbell = Doorbell()
    watch._Ringer(WATCH, doorbell).dispatch(event)
    assert (doorbell.ringing.is_set(), doorbell.uprooted.is_set()) == (rings, uproots)


# The bell


def test_bell_waits_until_it_is_rung() -> None:
    doorbell, answers = Doorbell(), []
    thread = threading.Thread(target=lambda: answers.append(doorbell.wait(0.01, 0.02)))
    thread.start()
    thread.join(0.2)
    assert answers == []
    doorbell.ring()
    thread.join(PATIENT)
    assert answers == [True]


def test_bell_waits_for_quiet() -> None:
    doorbell = Doorbell()
    doorbell.ring()
    rung = doorbell.last
    assert doorbell.wait(0.05, 60)
    assert time.monotonic() >= rung + 0.05


def test_bell_that_is_rung_again_and_again_is_answered_after_some_time() -> None:
    doorbell, over = Doorbell(), threading.Event()

    def keep_ringing() -> None:
        while not over.wait(0.001):
            doorbell.ring()

    thread = threading.Thread(target=keep_ringing)
    thread.start()
    try:
        assert doorbell.wait(PATIENT, 0.05)
    finally:
        over.set()
        thread.join()


def test_rings_before_and_during_the_quiet_are_one() -> None:
    doorbell = Doorbell()
    for _ in range(5):
        doorbell.ring()
    assert doorbell.wait(0.01, 1)
    assert not doorbell.ringing.is_set()
    doorbell.ring()
    assert doorbell.ringing.is_set()
    assert doorbell.wait(0.01, 1)


@pytest.mark.parametrize("rung", [False, True])
def test_stopped_bell_is_never_answered(rung: bool) -> None:
    doorbell = Doorbell()
    if rung:
        doorbell.ring()
    doorbell.stop()
    assert doorbell.wait(PATIENT, PATIENT) is False
    assert doorbell.wait(PATIENT, PATIENT) is False


def test_stop_ends_the_wait_of_another_thread() -> None:
    doorbell, answers = Doorbell(), []
    doorbell.ring()
    thread = threading.Thread(target=lambda: answers.append(doorbell.wait(PATIENT, PATIENT)))
    thread.start()
    doorbell.stop()
    thread.join(PATIENT / 2)
    assert answers == [False]


# Real folders

both_observers = pytest.mark.parametrize("poll", [False, True], ids=["native", "polling"])


@pytest.fixture(autouse=True)
def _polls_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "POLL_INTERVAL", 0.05)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a few transcripts, also in folders."""
    files = {f"content/{name}.md": HELLO for name in ("a", "b", "x/c", "x/y/d")}
    files |= {"layouts/static/css/own.css": "p { color: red }", "notes/draft.md": HELLO}
    return write_site(tmp_path / "project", files)


@pytest.fixture
def live(root: Path, poll: bool) -> Iterator[Building]:
    """The project, watched, after its first build."""
    with building(root, poll=poll) as live:
        assert "a.html" in live.report().written
        yield live


def clean(root: Path) -> dict[str, bytes]:
    return without_index(built(root, output=root.with_name("clean"), force=True))


def burst(root: Path) -> None:
    for _ in range(3):
        for n in range(30):
            write_site(root, {f"content/many/{n}.md": HELLO, "content/a.md": HELLO + f"\n{n}\n"})


def save_as_vim_does(root: Path) -> None:
    path = root / "content/a.md"
    (root / "content/4913").write_bytes(b"")
    (root / "content/4913").unlink()
    (root / "content/.a.md.swp").write_bytes(b"swap")
    path.rename(root / "content/a.md~")
    path.write_text(HELLO.replace("Hello", "Vim"))
    (root / "content/a.md~").unlink()
    (root / "content/.a.md.swp").unlink()


def save_by_a_new_file(root: Path) -> None:
    spare = root / "content/.a.md.1a2b"
    spare.write_text(HELLO.replace("Hello", "New"))
    spare.replace(root / "content/a.md")


def save_by_a_new_file_from_elsewhere(root: Path) -> None:
    (root / "notes/draft.md").write_text(HELLO.replace("Hello", "New"))
    (root / "notes/draft.md").replace(root / "content/a.md")


def save_again_as_it_was(root: Path) -> None:
    (root / "content/a.md").write_text(HELLO)


def change_an_own_style(root: Path) -> None:
    write_site(root, {"layouts/static/css/own.css": "p { color: blue }"})


EDITS: dict[str, Callable[[Path], Any]] = {
    "a burst": burst,
    "vim": save_as_vim_does,
    "a new file": save_by_a_new_file,
    "a new file from elsewhere": save_by_a_new_file_from_elsewhere,
    "the same again": save_again_as_it_was,
    "a style": change_an_own_style,
    "a setting": lambda root: write_site(root, {"sitegen.toml": '[site]\ntitle = "T"'}),
    "a deletion": lambda root: (root / "content/a.md").unlink(),
    "a rename": lambda root: (root / "content/a.md").rename(root / "content/e.md"),
    "a folder's rename": lambda root: (root / "content/x").rename(root / "content/z"),
    "a folder that goes": lambda root: shutil.rmtree(root / "content/x"),
    "a folder that leaves": lambda root: (root / "content/x").rename(root / "x"),
    "a folder that comes": lambda root: shutil.copytree(root / "content/x", root / "content/n/m"),
}


def without_index(files: dict[str, bytes]) -> dict[str, bytes]:
    """A site without search index and cards, which follow later, and what counts its files."""
    later = ("pagefind/", "SHA256SUMS", ".sitegen.json")
    now = {path: content for path, content in files.items() if not path.startswith(later)}
    return {path: content for path, content in now.items() if not path.endswith("/card.png")}


@both_observers
@pytest.mark.parametrize("name", EDITS)
def test_edit_is_exactly_one_build_and_none_is_missed(
    live: Building, root: Path, name: str
) -> None:
    EDITS[name](root)
    report = live.report()
    assert without_index(tree(root / "output")) == clean(root)
    assert bool(report.written or report.removed) is (name != "the same again")
    live.assert_no_more()


@both_observers
def test_files_in_a_folder_that_came_later_are_watched(live: Building, root: Path) -> None:
    write_site(root, {"content/new/deep/a.md": HELLO})
    assert "new/deep/a.html" in live.report().written
    write_site(root, {"content/new/deep/a.md": HELLO.replace("Hello", "Changed")})
    assert "new/deep/a.html" in live.report().written
    assert b"Changed" in (root / "output/new/deep/a.html").read_bytes()


@both_observers
def test_reading_and_building_elsewhere_rings_nothing(live: Building, root: Path) -> None:
    for path in sorted(root.rglob("*")):
        if path.is_file():
            path.read_bytes()
    built(root, output=root / "elsewhere")
    write_site(root, {"other.md": "x", "content/.hidden.md": HELLO, "content/a.md~": "x"})
    live.assert_no_more()


@both_observers
def test_folder_that_is_made_anew_is_watched_anew(live: Building, root: Path) -> None:
    """As when another branch is checked out."""
    (root / "content").rename(root / "aside")
    assert isinstance(live.error(), ConfigError)
    (root / "aside").rename(root / "content")
    assert live.report().written == ()
    save_by_a_new_file(root)
    assert "a.html" in live.report().written
    shutil.rmtree(root / "content")
    write_site(root, {"content/other.md": HELLO})
    assert "a.html" in live.report().removed
    save_by_a_new_file(root)
    assert "a.html" in live.report().written
    live.assert_no_more()


@both_observers
def test_layouts_that_come_after_the_start_are_watched(tmp_path: Path, poll: bool) -> None:
    root = write_site(tmp_path / "project", {"content/a.md": HELLO})
    with building(root, poll=poll) as live:
        live.report()
        own = '{% extends "default/base.html" %}{% block footer %}one{% endblock %}'
        write_site(root, {"layouts/base.html": own})
        assert "a.html" in live.report().written
        write_site(root, {"layouts/base.html": own.replace("one", "two")})
        assert "a.html" in live.report().written
        assert b"two" in (root / "output/a.html").read_bytes()
        write_site(root, {"layouts/static/css/own.css": "p { color: red }"})
        assert "a.html" in live.report().written
        shutil.rmtree(root / "layouts")
        assert "a.html" in live.report().written
        assert without_index(tree(root / "output")) == clean(root)
        live.assert_no_more()


@both_observers
def test_settings_may_break_and_be_mended(live: Building, root: Path) -> None:
    before = tree(root / "output")
    write_site(root, {"sitegen.toml": '[site]\ntitel = "T"\n'})
    error = live.error()
    assert isinstance(error, ConfigError)
    assert (error.path, error.line) == ("sitegen.toml", 2)
    assert tree(root / "output") == before
    write_site(root, {"sitegen.toml": '[site]\ntitle = "T"\n'})
    assert "index.html" in live.report().written
    (root / "sitegen.toml").unlink()
    live.report()
    assert tree(root / "output") == before
    live.assert_no_more()


@both_observers
def test_settings_may_name_other_folders(live: Building, root: Path) -> None:
    shutil.copytree(root / "content/x", root / "talks")
    write_site(root, {"sitegen.toml": '[paths]\ncontent = "talks"\noutput = "site"'})
    assert {"c.html", "y/d.html"} <= set(live.report().written)
    write_site(root, {"talks/new.md": HELLO})
    assert "new.html" in live.report().written
    assert without_index(tree(root / "site")) == clean(root)
    write_site(root, {"content/a.md": "no longer watched"})
    threading.Event().wait(0.5)
    (root / "sitegen.toml").unlink()
    assert "a.html" in live.report().written
    assert without_index(tree(root / "output")) == clean(root)


@both_observers
def test_broken_transcript_keeps_the_last_good_site(live: Building, root: Path) -> None:
    before = tree(root / "output")
    write_site(root, {"content/b.md": BROKEN})
    error = live.error()
    assert isinstance(error, BuildError)
    assert [(f.path, f.line) for f in error.diagnostics] == [("content/b.md", 3)]
    assert tree(root / "output") == before
    write_site(root, {"content/a.md": HELLO.replace("Hello", "Meanwhile")})
    assert isinstance(live.error(), BuildError)
    assert tree(root / "output") == before
    write_site(root, {"content/b.md": HELLO.replace("Hello", "Mended")})
    assert {"a.html", "b.html"} <= set(live.report().written)
    assert without_index(tree(root / "output")) == clean(root)
    live.assert_no_more()


@both_observers
def test_broken_layout_keeps_the_last_good_site(live: Building, root: Path) -> None:
    before = tree(root / "output")
    write_site(root, {"layouts/base.html": "{% block main %}"})
    error = live.error()
    assert error.path == "layouts/base.html"
    assert tree(root / "output") == before
    (root / "layouts/base.html").unlink()
    assert live.report().written == ()
    live.assert_no_more()


class Gate:
    """Stops a build just before it moves its files into place."""

    def __init__(self) -> None:
        self.reached = threading.Semaphore(0)
        self.opened = threading.Semaphore(0)

    def __enter__(self) -> None:
        self.reached.release()
        assert self.opened.acquire(timeout=PATIENT)

    def __exit__(self, *_error: object) -> None:
        pass


@both_observers
def test_changes_during_a_build_lead_to_one_more(root: Path, poll: bool) -> None:
    gate = Gate()
    with building(root, poll=poll, gate=gate) as live:
        assert gate.reached.acquire(timeout=PATIENT)
        for n in range(10):
            write_site(root, {"content/a.md": HELLO.replace("Hello", f"Version {n}")})
            threading.Event().wait(0.03)
        gate.opened.release()
        assert b"Version" not in (live.report(), (root / "output/a.html").read_bytes())[1]
        gate.opened.release()
        assert "a.html" in live.report().written
        assert b"Version 9" in (root / "output/a.html").read_bytes()
        for _ in range(9):
            gate.opened.release()
        live.assert_no_more()


def test_start_without_usable_settings_fails_at_once() -> None:
    def load() -> Config:
        raise ConfigError("no")

    with pytest.raises(ConfigError):
        keep_building(load, Doorbell(), lambda _config, _outcome: None)


def test_content_may_come_after_the_start(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    with building(root) as live:
        assert isinstance(live.error(), ConfigError)
        write_site(root, {"content/a.md": HELLO})
        assert "a.html" in live.report().written
        write_site(root, {"content/b.md": HELLO})
        assert "b.html" in live.report().written


def test_system_that_has_no_watches_left_is_looked_at_instead(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Exhausted(PollingObserver):
        def start(self) -> None:
            raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watch, "Observer", Exhausted)
    with building(root) as live:
        live.report()
        assert "inotify watch limit reached" in live.said[0]
        save_by_a_new_file(root)
        assert "a.html" in live.report().written
        live.assert_no_more()
    assert len(live.said) == 1


def test_end_leaves_no_thread(root: Path) -> None:
    before = set(threading.enumerate())
    for poll in (False, True):
        with building(root, poll=poll) as live:
            live.report()
        assert set(threading.enumerate()) <= before


def test_cache_is_kept_when_a_setting_changes_but_not_for_another_folder(root: Path) -> None:
    config = Config(root=root)
    builder = Builder(config)
    assert watch._kept(None, config) is None
    assert watch._kept(builder, dataclasses.replace(config, drafts=True)) is builder.cache
    elsewhere = dataclasses.replace(config, paths=PathsConfig(output="elsewhere"))
    assert watch._kept(builder, elsewhere) is None
