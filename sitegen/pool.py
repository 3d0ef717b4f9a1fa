"""Prepares many sources at once, in processes of their own when there are enough of them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING

from sitegen.config import Config
from sitegen.errors import SitegenError
from sitegen.model import Source
from sitegen.readers import load_proofs

if TYPE_CHECKING:
    from sitegen.prepare import Preparation, Preparer

__all__ = ["Work", "available_jobs", "prepare_all"]

Work = tuple[Source, bytes]
"""A source and its bytes."""

WORTHWHILE = 50
"""Fewer sources are prepared in this process: starting others would take longer."""

HELD_BACK = (signal.SIGINT, signal.SIGTERM)

BATCH_BYTES = 300_000
"""How much text is handed to a process at a time."""


def available_jobs() -> int:
    """How many processes can run at once on this machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def prepare_all(
    config: Config, basis: str, work: Sequence[Work], jobs: int, say: Callable[[int], None]
) -> Iterator[Preparation]:
    """Prepare sources; the results come in the order of `work`, whatever `jobs` is.

    `basis` is a digest of the settings and the layouts; `say` is told how many are done.

    Raises:
        SitegenError: a process died.
    """
    parallel = jobs > 1 and len(work) >= WORTHWHILE
    results = _in_processes(config, basis, work, jobs) if parallel else _here(config, basis, work)
    for done, preparation in enumerate(results, 1):
        say(done)
        yield preparation


def _here(config: Config, basis: str, work: Sequence[Work]) -> Iterator[Preparation]:
    for source, data in work:
        yield _preparer(config, basis).prepare(source, data, load_proofs(source))


def _in_processes(
    config: Config, basis: str, work: Sequence[Work], jobs: int
) -> Iterator[Preparation]:
    import sitegen.prepare  # noqa: F401 (loaded once here, and not in every fork)

    batches = list(_batches(work))
    executor = ProcessPoolExecutor(
        min(jobs, len(batches)), mp_context=_context(), initializer=_begin_process
    )
    try:
        with _interrupts_held_back():
            futures = [executor.submit(_prepare_batch, config, basis, batch) for batch in batches]
        for future in futures:
            yield from future.result()
    except BrokenProcessPool as error:
        raise SitegenError(
            "a process that prepares pages died",
            hint="the machine may be out of memory; try again with --jobs 1",
        ) from error
    finally:
        executor.shutdown(cancel_futures=True)


def _batches(work: Sequence[Work]) -> Iterator[list[Work]]:
    batch: list[Work] = []
    size = 0
    for item in work:
        batch.append(item)
        size += len(item[1])
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _prepare_batch(config: Config, basis: str, batch: Sequence[Work]) -> list[Preparation]:
    return [
        _preparer(config, basis).prepare(source, data, load_proofs(source))
        for source, data in batch
    ]


@lru_cache(maxsize=1)
def _preparer(config: Config, basis: str) -> Preparer:  # noqa: ARG001
    """One preparer for as long as neither settings nor layouts change: it is costly to make."""
    # Imported late: a build in which nothing changed needs none of it.
    from sitegen.prepare import Preparer

    return Preparer(config)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let signals wait until all processes run: one that is half started never ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_process() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The parent hears it and ends us.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # The parent's way to end is not ours.
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)
    # What pages are made of holds no circles worth looking for at every turn.
    gc.set_threshold(50_000, 20, 20)


def _context() -> BaseContext:
    """Fork where that is safe, for it starts at once with everything loaded."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")
