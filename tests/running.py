"""Watching and serving a project in the background of a test."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sitegen.config import Config, Override, load_config
from sitegen.errors import SitegenError
from sitegen.model import Report
from sitegen.watch import Doorbell, Outcome, keep_building

SITEGEN = (
    sys.executable,
    "-c",
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from sitegen.cli import main; main()",
)
"""The command, which heeds Ctrl-C although what started the tests may not."""

PATIENT = 120.0
"""Seconds that a test waits for what must happen; only a failing test waits so long."""

CALM = 0.3
"""Seconds without an event after which a change counts as complete, on a busy machine too."""

SETTLED = 0.6
"""Seconds in which a build too many would have begun; one that begins later goes unnoticed."""


class CalmDoorbell(Doorbell):
    """Waits longer for quiet, so that a burst of writes on a slow machine stays one burst."""

    def wait(self, quiet: float = CALM, patience: float = PATIENT) -> bool:
        """Wait for a ring and for the quiet after it; False once stopped."""
        return super().wait(quiet, patience)


class Building:
    """A project that is built again and again in a thread."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.doorbell = CalmDoorbell()
        self.outcomes: queue.Queue[Outcome] = queue.Queue()
        self.said: list[str] = []
        self.failure: list[BaseException] = []
        self.fences = 0

    def outcome(self) -> Outcome:
        """What came of the next build."""
        assert not self.failure, self.failure
        return self.outcomes.get(timeout=PATIENT)

    def report(self) -> Report:
        """What the next build did; it must succeed."""
        outcome = self.outcome()
        assert isinstance(outcome, Report), outcome
        return outcome

    def error(self) -> SitegenError:
        """Why the next build failed; it must fail."""
        outcome = self.outcome()
        assert isinstance(outcome, SitegenError), outcome
        return outcome

    def assert_no_more(self) -> None:
        """Assert that nothing more is built: the next build is that of a new file."""
        threading.Event().wait(SETTLED)
        assert self.outcomes.empty(), self.outcomes.get()
        self.fences += 1
        name = f"fence-{self.fences}"
        (self.root / "content" / f"{name}.md").write_bytes(b"A fence.\n")
        assert f"{name}.html" in self.report().written


@contextmanager
def building(
    root: Path,
    *,
    poll: bool = False,
    gate: AbstractContextManager[object] | None = None,
    also: Callable[[Config, Outcome], None] = lambda _config, _outcome: None,
    **overrides: Override,
) -> Iterator[Building]:
    """Keep building a project while the context lasts; then all of it has ended."""
    live = Building(root)

    def tell(config: Config, outcome: Outcome) -> None:
        also(config, outcome)
        live.outcomes.put(outcome)

    load: Any = partial(load_config, root, **overrides)

    def run() -> None:
        try:
            keep_building(load, live.doorbell, tell, poll=poll, say=live.said.append, gate=gate)
        except BaseException as error:  # The thread must not end in silence.
            live.failure.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield live
    finally:
        live.doorbell.stop()
        thread.join(PATIENT)
    assert not thread.is_alive()
    assert live.failure == []
