"""Many sources at once: the same bytes for any number of processes, and none left behind."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from helpers import exported, tree, write_site
from running import PATIENT, SITEGEN

from sitegen import build, pool
from sitegen.cache import site_key
from sitegen.config import load_config
from sitegen.errors import LayoutError, SitegenError
from sitegen.model import Source
from sitegen.pool import WORTHWHILE, Work, prepare_all

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")

CODE = "```python\n" + "def f(x: int) -> str:\n    return f'{x!r}'  # why\n" * 40 + "```\n"


def project(root: Path, number: int, repeat: int = 1) -> Path:
    files = {}
    for n in range(number):
        said = [("Ada", f"I am {n}. $x^{n}$\n\n" + CODE * repeat), (f"B{n % 7}", "*So* you are.")]
        day = f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}"
        files[f"content/{n % 3}/talk {n}.md"] = exported(said, f"Talk {n}", started=day)
    return write_site(root, files)


def work(number: int, text: str = "") -> list[Work]:
    """Sources that need not exist."""
    text = text or exported([("Ada", CODE)])
    return [
        (Source(f"/nowhere/{n}.md", f"{n}.md", f"content/{n}.md"), text.encode())
        for n in range(number)
    ]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several batches, as there are of a real archive."""
    monkeypatch.setattr(pool, "BATCH_BYTES", 20_000)


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many processes were started at most, for each time that any were."""
    found: list[int] = []

    class Spy(ProcessPoolExecutor):
        def __init__(self, workers: int, **options: Any) -> None:
            found.append(workers)
            super().__init__(workers, **options)

    monkeypatch.setattr(pool, "ProcessPoolExecutor", Spy)
    return found


@pytest.mark.usefixtures("small_batches")
def test_site_is_the_same_for_any_number_of_processes(tmp_path: Path, starts: list[int]) -> None:
    root = project(tmp_path, WORTHWHILE + 10)
    # One source with a warning: findings come back from the processes too.
    write_site(root, {"content/plain.md": "No messages here.\n"})
    sites, reports = [], []
    for jobs in (1, 2, 4):
        reports.append(build(root, output=tmp_path / f"site {jobs}", jobs=jobs))
        sites.append(tree(tmp_path / f"site {jobs}"))
    assert starts == [2, 2, 4, 4]  # To read and render, and to draw cards.
    assert sites[0] == sites[1] == sites[2]
    assert len({(r.written, r.diagnostics, r.reasons, r.messages) for r in reports}) == 1
    assert [finding.path for finding in reports[1].diagnostics] == ["content/plain.md"]


@pytest.mark.parametrize(
    ("number", "jobs", "expected"),
    [(WORTHWHILE - 1, 4, []), (WORTHWHILE, 1, []), (WORTHWHILE, 2, [2]), (WORTHWHILE, 1000, [3])],
)
def test_processes_are_started_only_where_they_are_worth_while(
    starts: list[int],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    jobs: int,
    expected: list[int],
) -> None:
    text = exported([("Ada", "x")])
    monkeypatch.setattr(pool, "BATCH_BYTES", len(text) * 20)
    done: list[int] = []
    config = load_config(Path(__file__).parents[1])
    results = list(prepare_all(config, "basis", work(number, text), jobs, done.append))
    assert len(results) == number
    assert done == list(range(1, number + 1))
    assert starts == expected


@pytest.mark.usefixtures("small_batches")
def test_results_come_in_the_order_of_the_work() -> None:
    config = load_config(Path(__file__).parents[1])
    sources = work(WORTHWHILE)
    found = prepare_all(config, "basis", sources, 2, lambda _done: None)
    names = [preparation.prepared[0].entry.source for preparation in found]
    assert names == [source for source, _ in sources]


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_fails_in_a_process_is_said_as_if_it_had_failed_here(
    tmp_path: Path, jobs: int
) -> None:
    root = project(tmp_path, WORTHWHILE)
    write_site(root, {"layouts/partials/messages.html": "{#- Own. -#}\n\n{{ nothing.there }}\n"})
    with pytest.raises(LayoutError) as caught:
        build(root, jobs=jobs)
    assert (caught.value.path, caught.value.line) == ("layouts/partials/messages.html", 3)
    assert "nothing" in caught.value.message
    assert not (tmp_path / "output").exists()
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("small_batches")
def test_new_layout_reaches_the_processes(tmp_path: Path) -> None:
    root = project(tmp_path, WORTHWHILE)
    for text in ("one", "two"):
        write_site(root, {"layouts/partials/messages.html": f"{{#- Own. -#}}<p>{text}</p>"})
        build(root, jobs=2)
        assert f"<p>{text}</p>".encode() in (tmp_path / "output/0/talk-0.html").read_bytes()


@linux
@pytest.mark.usefixtures("small_batches")
def test_process_that_dies_ends_the_build_with_a_remedy() -> None:
    config = load_config(Path(__file__).parents[1])
    results = prepare_all(config, "basis", work(3_000), 2, lambda _done: None)
    failures: list[SitegenError] = []

    def consume() -> None:
        next(results)
        for child in multiprocessing.active_children():
            assert child.pid
            os.kill(child.pid, signal.SIGKILL)
        try:
            list(results)
        except SitegenError as error:
            failures.append(error)

    thread = threading.Thread(target=consume, daemon=True)
    thread.start()
    thread.join(PATIENT)
    assert not thread.is_alive(), "it hangs"
    (failure,) = failures
    assert "died" in failure.message
    assert "--jobs 1" in failure.hint
    assert multiprocessing.active_children() == []


def test_number_of_processes_is_at_least_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pool.available_jobs() >= 1
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert pool.available_jobs() == 1


def test_basis_of_the_settings_is_known_by_the_processes(tmp_path: Path) -> None:
    """One preparer serves as long as the settings and layouts are the same."""
    root = project(tmp_path, 1)
    config = load_config(root)
    basis = site_key(config, (config.layouts,))
    assert pool.the_preparer(config, basis) is pool.the_preparer(load_config(root), basis)
    assert pool.the_preparer(config, "other") is not pool.the_preparer(config, basis)


# The command, as a process of its own

PROC = Path("/proc")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that keeps two processes busy for seconds, of which a test lets few pass."""
    return project(tmp_path_factory.mktemp("large"), 80, repeat=60)


@contextmanager
def building(root: Path) -> Iterator[subprocess.Popen[str]]:
    command = [*SITEGEN, "build", "-j", "2", "--json", "--root", str(root)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENT)


def wait_for(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENT
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.001)


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that one has started and that leave Ctrl-C to it."""
    found = []
    try:
        pids = (PROC / f"{process.pid}/task/{process.pid}/children").read_text().split()
        for pid in pids:
            status = (PROC / pid / "status").read_text().split("\n")
            (ignored,) = (line.split()[1] for line in status if line.startswith("SigIgn:"))
            if int(ignored, 16) >> (signal.SIGINT - 1) & 1:
                found.append(int(pid))
    except FileNotFoundError:
        pass
    return found


def members(group: int) -> list[str]:
    """The processes of a process group that have not ended."""
    found = []
    for entry in PROC.iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(entry.name)
    return found


@linux
def test_interrupt_ends_every_process_and_writes_nothing(large: Path) -> None:
    with building(large) as process:
        wait_for(lambda: len(children(process)) == 2)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENT)
        assert process.returncode == 130
        assert (out, err.strip()) == ("", "interrupted")
        assert members(process.pid) == []
    assert {path.name for path in large.iterdir()} == {"content"}


@linux
def test_killed_process_fails_the_command_with_a_remedy(large: Path) -> None:
    with building(large) as process:
        wait_for(lambda: len(children(process)) == 2)
        os.kill(children(process)[0], signal.SIGKILL)
        out, err = process.communicate(timeout=PATIENT)
        assert process.returncode == 1
        assert "a process of the build died" in err
        assert "--jobs 1" in err
        assert json.loads(out)["ok"] is False
        assert members(process.pid) == []
    assert {path.name for path in large.iterdir()} == {"content"}
