"""Rings when something that a build reads may have changed; watchdog listens for it.

An event is only a doorbell: what is at the door is found out by the build, which looks
at the folders itself. So it does not matter how an editor saves, nor whether events
come twice or in the wrong order.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from sitegen.allowlist import ALLOW_FILE
from sitegen.builder import Builder
from sitegen.cache import Cache
from sitegen.config import CONFIG_FILES, Config
from sitegen.errors import SitegenError
from sitegen.model import Report

__all__ = ["Doorbell", "Outcome", "Watch", "is_of_interest", "keep_building", "watching"]

QUIET = 0.1
"""Seconds without a further event after which a change is taken to be complete."""

REST = 2.0
"""Seconds of quiet after which the search index is made: it takes longer than a page."""

PATIENCE = 1.0
"""Seconds after which a change is built although events still come."""

POLL_INTERVAL = 0.5
"""Seconds between two looks at the folders where the system does not tell."""

Outcome = Report | SitegenError

COMING_AND_GOING = frozenset(["created", "deleted", "moved"])

READING = frozenset(["opened", "closed_no_write"])
"""Events that a mere reader causes: the build itself, a search, a backup."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched, as absolute paths."""

    folders: tuple[Path, ...]
    """Folders of which every file counts: content and layouts."""
    files: tuple[Path, ...]
    """Single files that count: the configuration and the list of allowed secrets."""

    @classmethod
    def of(cls, config: Config) -> Watch:
        """What a build of this configuration reads."""
        files = [config.root / name for name in (*CONFIG_FILES, ALLOW_FILE)]
        if config.file and Path(config.file) not in files:
            files.append(Path(config.file))
        return cls((config.content, config.layouts), tuple(files))

    def covers(self, path: Path) -> bool:
        """Whether a build would read this path: not hidden, and no editor's spare copy."""
        if path in self.files or path in self.folders:
            return True
        for folder in self.folders:
            if path.is_relative_to(folder):
                parts = path.relative_to(folder).parts
                return not any(part.startswith(".") for part in parts) and not _is_spare(path.name)
        return False


def _is_spare(name: str) -> bool:
    """Whether a name is of a file that an editor makes for itself while it saves."""
    if name.startswith("#") and name.endswith("#"):
        return True
    return name.endswith(("~", ".swp", ".swx", ".tmp", ".part")) or name == "4913"


def is_of_interest(event: FileSystemEvent, watch: Watch) -> bool:
    """Whether an event may mean that a build would come out differently.

    Editors save by writing a new file and renaming it, so both ends of a move count.
    """
    if event.event_type in READING or (event.is_directory and event.event_type == "modified"):
        return False
    ends = (event.src_path, event.dest_path)
    return any(watch.covers(Path(str(end))) for end in ends if end)


@dataclass(slots=True)
class Doorbell:
    """Collects rings until it has been quiet for a moment."""

    ringing: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    uprooted: threading.Event = field(default_factory=threading.Event)
    """Set when a watched folder itself came or went, so that it must be watched anew."""
    last: float = 0.0
    """When it was last rung, on the monotonic clock."""

    def ring(self) -> None:
        """Say that something may have changed."""
        self.last = time.monotonic()
        self.ringing.set()

    def stop(self) -> None:
        """Let `wait` return False from now on."""
        self.stopped.set()
        self.ringing.set()

    def rests(self, seconds: float) -> bool:
        """Whether it stays quiet for so long; at once False if it rings or is stopped."""
        return not self.ringing.wait(seconds)

    def wait(self, quiet: float = QUIET, patience: float = PATIENCE) -> bool:
        """Wait for a ring and for the quiet after it; False once stopped."""
        # A bounded wait, because an unbounded one keeps Ctrl-C out on Windows.
        while not self.ringing.wait(0.5):
            pass
        begun = time.monotonic()
        while not self.stopped.is_set():
            now = time.monotonic()
            rest = min(self.last + quiet, begun + patience) - now
            if rest <= 0:
                self.ringing.clear()
                return True
            self.stopped.wait(rest)
        return False


class _Ringer(FileSystemEventHandler):
    def __init__(self, watch: Watch, doorbell: Doorbell) -> None:
        self.watch = watch
        self.doorbell = doorbell

    def on_any_event(self, event: FileSystemEvent) -> None:
        if not is_of_interest(event, self.watch):
            return
        if event.event_type in COMING_AND_GOING and any(
            Path(str(end)) in self.watch.folders for end in (event.src_path, event.dest_path)
        ):
            self.doorbell.uprooted.set()
        self.doorbell.ring()


@contextmanager
def watching(
    watch: Watch, doorbell: Doorbell, poll: bool, say: Callable[[str], None]
) -> Iterator[None]:
    """Ring the bell for changes while the context lasts.

    Falls back to looking at the folders again and again where the system has no more
    watches to give, and says so.
    """
    observer = _start(watch, doorbell, poll, say)
    try:
        yield
    finally:
        observer.stop()
        observer.join()


def _start(
    watch: Watch, doorbell: Doorbell, poll: bool, say: Callable[[str], None]
) -> BaseObserver:
    observer: BaseObserver = PollingObserver(timeout=POLL_INTERVAL) if poll else Observer()
    ringer = _Ringer(watch, doorbell)
    # A folder that does not exist yet is noticed from the one it will be made in.
    existing = [folder for folder in watch.folders if folder.is_dir()]
    parents = {path.parent for path in (*watch.files, *watch.folders) if path.parent.is_dir()}
    try:
        for folder in existing:
            observer.schedule(ringer, str(folder), recursive=True)
        for parent in sorted(parents):
            observer.schedule(ringer, str(parent), recursive=False)
        observer.start()
    except OSError as error:
        if poll:
            raise
        say(f"the system cannot watch so many folders ({error}); looking at them instead")
        observer.unschedule_all()
        return _start(watch, doorbell, True, say)
    return observer


def keep_building(
    load: Callable[[], Config],
    doorbell: Doorbell,
    tell: Callable[[Config, Outcome], None],
    *,
    poll: bool = False,
    say: Callable[[str], None] = lambda _message: None,
    gate: AbstractContextManager[object] | None = None,
) -> None:
    """Build, and build again whenever the bell has rung, until it is stopped.

    `load` reads the configuration anew for every build; `tell` gets what came of each.
    Builds never overlap: rings during one lead to the next. A failed build leaves the
    last good site. The search index follows when all has been quiet for a while.

    Raises:
        ConfigError: the configuration cannot be used at the start.
    """
    config = load()
    watch = Watch.of(config)
    builder: Builder | None = None
    saved = False
    with ExitStack() as stack:
        # Saved at the end, and after the first build in case there is no orderly end;
        # in between it would keep the browser waiting.
        stack.callback(lambda: builder.save() if builder else None)
        observing = stack.enter_context(ExitStack())
        observing.enter_context(watching(watch, doorbell, poll, say))
        while True:
            try:
                config = load()
                if Watch.of(config) != watch or doorbell.uprooted.is_set():
                    doorbell.uprooted.clear()
                    watch = Watch.of(config)
                    observing.close()
                    observing.enter_context(watching(watch, doorbell, poll, say))
                if builder is None or builder.config != config:
                    builder = Builder(config, gate=gate, cache=_kept(builder, config))
                tell(config, builder.build(index=False))
                if not saved:
                    builder.save()
                    saved = True
                if builder.outdated and doorbell.rests(REST):
                    builder.build()
            except SitegenError as error:
                tell(config, error)
            if not doorbell.wait():
                return


def _kept(builder: Builder | None, config: Config) -> Cache | None:
    """The cache of the builder before, if it built into the same folder."""
    if builder is None or builder.config.output != config.output:
        return None
    return builder.cache
