"""The benchmarks measure what they say; how fast anything is, no test asserts."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import pytest
from helpers import reading, spoken, tree

from benchmarks import report
from benchmarks.cases import CASES, Project, edit_layout, edit_transcript, find_fault
from benchmarks.corpus import FORMATS, Corpus, as_transcript, make_conversation, write_corpus
from benchmarks.measure import (
    MEASURABLE,
    CommandFailed,
    Comparison,
    Measurement,
    Task,
    Usage,
    compare,
    run,
)
from benchmarks.sitegen_runs import flags_in, missing_flag

PYTHON = (sys.executable, "-c")
measures = pytest.mark.skipif(not MEASURABLE, reason="the system tells no costs")


def usage(cpu: float, wall: float, peak: int = 1) -> Usage:
    return Usage(cpu, wall, peak)


def test_corpus_is_the_same_every_time_and_everywhere(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_corpus(Corpus(3, 4.0), "transcript", tmp_path / name, jobs=1)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    # A change here means that figures of before and after cannot be compared.
    text = as_transcript(make_conversation(0, 24.0))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "951890fe9a7cf514"


def test_corpora_of_different_counts_nest(tmp_path: Path) -> None:
    for count in (2, 3):
        write_corpus(Corpus(count, 4.0), "hugo", tmp_path / str(count), jobs=1)
    assert tree(tmp_path / "2").items() < tree(tmp_path / "3").items()


def test_all_formats_hold_the_same_messages() -> None:
    talk = make_conversation(7, 8.0)
    for render, _ in FORMATS.values():
        text = render(talk)
        places = [text.index(f"### {who}\n\n{body}\n") for who, body in talk.messages]
        assert places == sorted(places)


@pytest.mark.parametrize("index", range(12))
def test_transcripts_parse_with_the_count_that_they_declare(index: int) -> None:
    talk = make_conversation(index, 8.0)
    found = reading(as_transcript(talk))
    (transcript,) = found.transcripts
    assert not found.diagnostics
    assert transcript.declared_messages == len(transcript.messages) == len(talk.messages)
    assert spoken(transcript) == list(talk.messages)


def test_median_is_taken_run_by_run() -> None:
    measured = Measurement((usage(1, 9, 30), usage(5, 2, 10), usage(3, 4, 20)))
    assert (measured.cpu, measured.wall, measured.peak) == (3, 4, 20)


def test_ratio_is_taken_pair_by_pair() -> None:
    ours = Measurement((usage(1, 1), usage(10, 10), usage(3, 3)))
    theirs = Measurement((usage(2, 4), usage(20, 40), usage(3, 3)))
    compared = Comparison(ours, theirs)
    assert (compared.cpu, compared.wall) == (0.5, 0.25)


@measures
def test_compared_commands_run_in_turn(tmp_path: Path) -> None:
    turns: list[str] = []

    def task(name: str) -> Task:
        write = f"open('said', 'a').write({name!r})"
        return Task((*PYTHON, write), tmp_path, lambda turn: turns.append(f"{name}{turn}"))

    compared = compare(task("A"), task("B"), runs=2)
    assert turns == ["A0", "B0", "A1", "B1", "A2", "B2"]
    assert (tmp_path / "said").read_text() == "ABABAB"
    assert len(compared.ours.runs) == len(compared.theirs.runs) == 2


@measures
def test_cost_includes_the_children(tmp_path: Path) -> None:
    child = "b = bytearray(60_000_000); b[::4096] = b'x' * len(b[::4096]); sum(range(10**6))"
    alone = run((*PYTHON, "pass"), tmp_path)
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    both = run((*PYTHON, parent), tmp_path)
    assert both.peak > 60_000_000
    assert alone.cpu > 0
    assert alone.wall > 0


@measures
def test_failed_command_is_not_a_measurement(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"ended with 3: it is broken"):
        run((*PYTHON, "import sys; print('it is broken'); sys.exit(3)"), tmp_path)
    with pytest.raises(CommandFailed, match="no-such-program"):
        run(("no-such-program",), tmp_path)


def project(root: Path) -> Project:
    write_corpus(Corpus(3, 4.0), "transcript", root / "content", jobs=1)
    layout, config = root / "layout.html", root / "config.toml"
    layout.write_text("<p>revision 0</p>")
    return Project(root, (), (), layout, config)


def test_every_edit_differs_and_the_transcript_stays_whole(tmp_path: Path) -> None:
    site = project(tmp_path)
    before = tree(site.content)
    seen = set()
    for turn in range(3):
        edit_transcript(site, turn)
        edit_layout(site, turn)
        (changed,) = (after for name, after in tree(site.content).items() if after != before[name])
        assert not reading(changed).diagnostics
        seen.add((changed, site.layout.read_text()))
    assert len(seen) == 3


def test_cold_case_leaves_only_the_sources(tmp_path: Path) -> None:
    site = project(tmp_path)
    before = tree(tmp_path)
    (site.output / "deep").mkdir(parents=True)
    CASES[0].prepare(site, 0)
    assert CASES[0].from_scratch
    assert not site.output.exists()
    assert tree(tmp_path) == before


def test_site_that_leaves_something_out_is_not_compared(tmp_path: Path) -> None:
    site = project(tmp_path)
    for source in sorted(site.content.iterdir()):
        page = site.output / source.stem / "index.html"
        page.parent.mkdir(parents=True)
        count = source.read_bytes().count(b"\n### ")
        page.write_text('<article class="message">' * count + "<code><i><span>")
    assert not find_fault(site)
    page.write_text("<code><span>")
    assert "messages" in find_fault(site)
    shutil.rmtree(page.parent)
    assert find_fault(site) == "made 2 pages of 3 transcripts"


def test_cases_whose_flag_is_missing_are_known() -> None:
    flags = flags_in(
        "Options:\n  -j, --jobs N   Processes; see --force.\n  --json         Report.\n"
    )
    assert flags == {"-j", "--jobs", "--json"}
    missing = {case.name: missing_flag(case, flags) for case in CASES if case.extra}
    assert missing == {"cold-j1": "", "force": "--force"}


def test_results_go_between_the_marks_of_the_readme(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    shutil.copyfile(Path(report.__file__).with_name("README.md"), readme)
    results = report.Results(machine="a machine", day="2025-01-01")
    used = Measurement((usage(2, 3, 1024 * 1024),))
    compared = Comparison(used, Measurement((usage(4, 4),)))
    corpus = Corpus(1000, 24.0)
    results.rows.append(report.Row(corpus, "peer 1.0", "cold", used, 5_000_000, compared))
    results.skipped.append(report.Skipped("zola", "is not here"))
    for _ in range(2):  # The second time over the first.
        report.fill_in(readme, report.as_markdown(results))
    text = readme.read_text(encoding="utf-8")
    assert text.count("| peer 1.0 | cold | 2.00 | 3.00 | 1 | 5.0 | 0.50 | 0.75 |") == 1
    assert "### 1,000 transcripts of 24 kB" in text
    assert "- zola: is not here" in text
    assert text.startswith("# Benchmarks")
    assert '"ratio": {' in report.as_json(results)
