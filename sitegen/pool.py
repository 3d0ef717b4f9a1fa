"""Prepares many sources at once, in processes of their own when there are enough of them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING, TypeAlias

from sitegen.config import Config
from sitegen.errors import SitegenError
from sitegen.model import Source
from sitegen.readers import Piece, load_proofs

if TYPE_CHECKING:
    from sitegen.cards import Card
    from sitegen.prepare import Preparation, Preparer

__all__ = ["Work", "available_jobs", "drawing", "prepare_all", "the_preparer"]

Work: TypeAlias = tuple[Source, bytes | Piece]
"""A source and its bytes, or a piece of it."""

WORTHWHILE = 50
"""Fewer sources are prepared in this process: starting others would take longer."""

HELD_BACK = (signal.SIGINT, signal.SIGTERM)

BATCH_BYTES = 300_000
"""How much text is handed to a process at a time."""

AHEAD_BYTES = 8_000_000
"""How much text may wait for a process, beside what is being prepared."""

CARDS_AT_A_TIME = 16
"""How many cards are handed to a process at a time."""

CARDS_AHEAD = 128
"""Batches of cards that are drawn, about 40 MB, before any of them is taken."""

MOST_READY = 64
"""Batches that are made before it is known how many processes are of use."""


def available_jobs() -> int:
    """How many processes can run at once on this machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def prepare_all(
    config: Config, basis: str, work: Iterable[Work], jobs: int, say: Callable[[int], None]
) -> Iterator[Preparation]:
    """Prepare sources; the results come in the order of `work`, whatever `jobs` is.

    `basis` is a digest of the settings and the layouts; `say` is told how many are done.
    Of `work` no more is taken than is soon prepared.

    Raises:
        SitegenError: a process died.
    """
    rest = iter(work)
    first = _enough(rest) if jobs > 1 else []  # One process takes one source at a time.
    if len(first) >= WORTHWHILE or any(isinstance(data, Piece) for _, data in first):
        results = _in_processes(config, basis, chain(first, rest), jobs)
    else:
        results = _here(config, basis, chain(first, rest))
    for done, preparation in enumerate(results, 1):
        say(done)
        yield preparation


def _enough(work: Iterator[Work]) -> list[Work]:
    """The first of the work, as far as it shows whether others should help."""
    first: list[Work] = []
    for item in work:
        first.append(item)
        if len(first) >= WORTHWHILE or isinstance(item[1], Piece):
            break
    return first


def _here(config: Config, basis: str, work: Iterable[Work]) -> Iterator[Preparation]:
    for source, data in work:
        yield the_preparer(config, basis).prepare(source, data, load_proofs(source))


def _in_processes(
    config: Config, basis: str, work: Iterable[Work], jobs: int
) -> Iterator[Preparation]:
    import sitegen.prepare  # noqa: F401 (loaded once here, and not in every fork)

    batches = _batches(work)
    ready = list(islice(batches, min(jobs, MOST_READY)))
    workers = jobs if len(ready) == MOST_READY else len(ready)
    waiting: deque[tuple[int, Future[list[Preparation]]]] = deque()
    ahead = 0
    with _processes(workers) as executor:
        for batch in chain(ready, batches):
            size = sum(map(_size, batch))
            while len(waiting) > jobs and ahead + size > AHEAD_BYTES:
                done, future = waiting.popleft()
                yield from future.result()
                ahead -= done
            with _interrupts_held_back():
                future = executor.submit(_prepare_batch, config, basis, batch)
            waiting.append((size, future))
            ahead += size
        while waiting:
            yield from waiting.popleft()[1].result()


@contextmanager
def drawing(cards: Mapping[str, Card], jobs: int) -> Iterator[Iterator[tuple[str, bytes]]]:
    """Begin to draw cards; gives the name and the picture of each, in their order.

    Many are drawn beside other work, in processes of their own; few when they are asked for.

    Raises:
        SitegenError: a process died.
    """
    if jobs < 2 or len(cards) < WORTHWHILE:
        yield ((name, picture) for name, card in cards.items() for picture in _draw([card]))
        return
    items = list(cards.values())
    starts = range(0, len(items), CARDS_AT_A_TIME)
    with _processes(min(jobs, len(starts))) as executor:

        def submit(start: int) -> Future[list[bytes]]:
            with _interrupts_held_back():
                return executor.submit(_draw, items[start : start + CARDS_AT_A_TIME])

        waiting = deque(map(submit, starts[:CARDS_AHEAD]))
        pictures = _in_turn(waiting, map(submit, starts[CARDS_AHEAD:]))
        yield zip(cards, pictures, strict=True)


def _in_turn(
    waiting: deque[Future[list[bytes]]], later: Iterator[Future[list[bytes]]]
) -> Iterator[bytes]:
    """What is drawn, in order; for each batch that is taken one more is begun."""
    while waiting:
        done = waiting.popleft().result()
        waiting.extend(islice(later, 1))
        yield from done


def _draw(cards: Sequence[Card]) -> list[bytes]:
    # Imported late: fonts and Pillow are much to load, and most builds draw nothing.
    from sitegen.cards.draw import draw

    return [draw(card) for card in cards]


@contextmanager
def _processes(number: int) -> Iterator[ProcessPoolExecutor]:
    executor = ProcessPoolExecutor(number, mp_context=_context(), initializer=_begin_process)
    try:
        yield executor
    except BrokenProcessPool as error:
        raise SitegenError(
            "a process of the build died",
            hint="the machine may be out of memory; try again with --jobs 1",
        ) from error
    finally:
        executor.shutdown(cancel_futures=True)


def _batches(work: Iterable[Work]) -> Iterator[list[Work]]:
    batch: list[Work] = []
    size = 0
    for item in work:
        batch.append(item)
        size += _size(item)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(item: Work) -> int:
    data = item[1]
    return data.size if isinstance(data, Piece) else len(data)


def _prepare_batch(config: Config, basis: str, batch: Sequence[Work]) -> list[Preparation]:
    return [
        the_preparer(config, basis).prepare(source, data, load_proofs(source))
        for source, data in batch
    ]


@lru_cache(maxsize=1)
def the_preparer(config: Config, basis: str) -> Preparer:  # noqa: ARG001
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
