"""What a command costs as a whole process: start-up, work and all its children.

Other load moves wall time much and CPU time a little. So every command has a warm-up, the
median of several runs is what counts, and two commands that are compared run in turn
(A B A B …): what slows one run slows its neighbour too, and the ratio of the two holds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

__all__ = [
    "CommandFailed",
    "Comparison",
    "Measurement",
    "Task",
    "Usage",
    "compare",
    "in_turn",
    "measure",
]


MEASURABLE = hasattr(os, "wait4")
"""Whether the system tells the cost of one process; Windows does not."""


class CommandFailed(Exception):
    """A measured command did not end with 0; the message has the end of what it said."""


@dataclass(frozen=True, slots=True)
class Task:
    """A command, and what must be done before each of its runs."""

    arguments: Sequence[str]
    """The program and its arguments."""
    folder: Path
    """Its working folder."""
    prepare: Callable[[int], None]
    """Called before each run, outside the clock; 0 is the warm-up."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The cost of one run."""

    cpu: float
    """Seconds of user and system time, children included."""
    wall: float
    """Seconds from start to end."""
    peak: int
    """Bytes that the largest of its processes held at once.

    Where a process is made by copying its parent, as on Linux, this is never less than
    what this process itself holds (some 25 MB).
    """


@dataclass(frozen=True, slots=True)
class Measurement:
    """Several runs of one task."""

    runs: tuple[Usage, ...]
    """In the order in which they ran, without the warm-up."""

    @property
    def cpu(self) -> float:
        """The median of the CPU seconds."""
        return median(run.cpu for run in self.runs)

    @property
    def wall(self) -> float:
        """The median of the wall seconds."""
        return median(run.wall for run in self.runs)

    @property
    def peak(self) -> int:
        """The median of the peaks."""
        return round(median(run.peak for run in self.runs))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two tasks that ran in turn."""

    ours: Measurement
    """The first."""
    theirs: Measurement
    """The second."""

    @property
    def cpu(self) -> float:
        """The median over the pairs of our CPU seconds to theirs."""
        return self._ratio(lambda run: run.cpu)

    @property
    def wall(self) -> float:
        """The median over the pairs of our wall seconds to theirs."""
        return self._ratio(lambda run: run.wall)

    def _ratio(self, cost: Callable[[Usage], float]) -> float:
        pairs = zip(self.ours.runs, self.theirs.runs, strict=True)
        return median(cost(ours) / cost(theirs) for ours, theirs in pairs)


def measure(task: Task, runs: int) -> Measurement:
    """Run a task once for warm-up, then `runs` times.

    Raises:
        CommandFailed: a run did not end with 0.
    """
    return in_turn([task], runs)[0]


def compare(ours: Task, theirs: Task, runs: int) -> Comparison:
    """Run two tasks in turn, `runs` times each after a warm-up of both.

    Raises:
        CommandFailed: a run did not end with 0.
    """
    return Comparison(*in_turn([ours, theirs], runs))


def in_turn(tasks: Sequence[Task], runs: int) -> list[Measurement]:
    """Run several tasks round by round, after a round for warm-up.

    Raises:
        CommandFailed: a run did not end with 0.
    """
    rounds = [[_run(task, turn) for task in tasks] for turn in range(runs + 1)]
    return [Measurement(used) for used in zip(*rounds[1:], strict=True)]


def _run(task: Task, turn: int) -> Usage:
    task.prepare(turn)
    return run(task.arguments, task.folder)


def run(arguments: Sequence[str], folder: Path) -> Usage:
    """Run a command once and say what it cost.

    Raises:
        CommandFailed: it cannot be started, or did not end with 0.
    """
    if not MEASURABLE:
        raise CommandFailed("this system does not tell what a process cost")
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        try:
            process = subprocess.Popen(
                arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        except OSError as error:
            raise CommandFailed(f"{arguments[0]}: {error.strerror}") from error
        process.returncode, cpu, peak = _wait(process.pid)
        wall = time.perf_counter() - begun
        if process.returncode:
            said.seek(0)
            words = said.read()[-2000:].decode(errors="replace").strip()
            raise CommandFailed(
                f"{Path(arguments[0]).name} ended with {process.returncode}: {words}"
            )
    return Usage(cpu, wall, peak)


if sys.platform == "win32":

    def _wait(process: int) -> tuple[int, float, int]:
        raise NotImplementedError(process)

else:

    def _wait(process: int) -> tuple[int, float, int]:
        """The exit code, CPU seconds and peak bytes of a child and of its own children."""
        _, status, used = os.wait4(process, 0)
        unit = 1 if sys.platform == "darwin" else 1024
        code = os.waitstatus_to_exitcode(status)
        return code, used.ru_utime + used.ru_stime, used.ru_maxrss * unit
