"""How the cost of a page grows with the archive: it should not.

What a build costs whatever its size (the start of Python, the imports, the layouts, the
lexers of the languages that occur) would hide growth: at a hundred pages it is a large part,
at ten thousand none. So the cost of a build of a few transcripts is taken off first. All
sizes run in turn, so that a slow spell of the machine does not pass for growth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.cases import CASES, Project, make_task
from benchmarks.corpus import Corpus
from benchmarks.measure import Measurement, in_turn

__all__ = ["COUNTS", "FEW", "MEAN_KB", "Point", "measure_scaling"]

COUNTS = (100, 1_000, 10_000)
MEAN_KB = 4.0
"""Short transcripts: what grows with their number stands out."""

FEW = 20
"""Transcripts of the build that stands for start-up: enough to need every lexer."""

LEAST_RUNS = 5
"""The smaller sizes are differences of short times."""


@dataclass(frozen=True, slots=True)
class Point:
    """The cost of a page in a cold build of one size."""

    count: int
    """How many transcripts."""
    cpu: float
    """CPU seconds a page, start-up taken out."""
    wall: float
    """Wall seconds a page, start-up taken out."""
    peak: int
    """Bytes that the largest process held."""


def measure_scaling(
    counts: Sequence[int], make_project: Callable[[Corpus], Project], runs: int
) -> list[Point]:
    """Cold builds of each size, as cost a page."""

    tasks = [make_task(CASES[0], make_project(Corpus(n, MEAN_KB))) for n in (FEW, *counts)]
    few, *rest = in_turn(tasks, max(runs, LEAST_RUNS))
    return [_point(count, few, whole) for count, whole in zip(counts, rest, strict=True)]


def _point(count: int, few: Measurement, whole: Measurement) -> Point:
    more = count - FEW
    cpu, wall = (whole.cpu - few.cpu) / more, (whole.wall - few.wall) / more
    return Point(count, cpu, wall, whole.peak)
