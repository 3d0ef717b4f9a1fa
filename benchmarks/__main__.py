"""The command line: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.cases import CASES
from benchmarks.corpus import Corpus
from benchmarks.measure import CommandFailed
from benchmarks.peers import PEERS
from benchmarks.report import as_json, as_markdown, fill_in
from benchmarks.scaling import COUNTS, FEW
from benchmarks.suite import Suite

README = Path(__file__).with_name("README.md")
NONE = "none"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, print it, and return the exit code."""
    asked = _parser().parse_args(arguments)
    quick = asked.quick
    chosen = [case for case in CASES if case.name in asked.cases]
    suite = Suite(asked.work, asked.runs or (1 if quick else 3), chosen, _say)
    sizes = asked.sizes or _sizes("50" if quick else "100,1000")
    failure = ""
    try:
        suite.run(
            [Corpus(count, kb or asked.mean_kb) for count, kb in sizes],
            asked.peers if asked.peers is not None else ([] if quick else list(PEERS)),
            asked.scaling if asked.scaling is not None else ([] if quick else COUNTS),
        )
    except CommandFailed as error:
        failure = str(error)  # What was measured before took long, and is shown all the same.
    tables = as_markdown(suite.results)
    print(tables, end="")
    if asked.json:
        asked.json.write_text(as_json(suite.results), encoding="utf-8")
    if failure:
        _say(f"error: {failure}")
        return 1
    if asked.write:
        fill_in(README, tables)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add(
        "--sizes",
        type=_sizes,
        metavar="N,N",
        help="how many transcripts; NxKB gives one a mean size of its own (default: 100,1000)",
    )
    add("--mean-kb", type=float, default=24.0, help="mean size of a transcript (default: 24)")
    add("--runs", type=_positive, help="measured runs of each command (default: 3)")
    add(
        "--peers",
        type=lambda text: _names(text, PEERS),
        metavar="NAME,NAME",
        help=f"of {', '.join(PEERS)}; or none (default: all)",
    )
    names = [case.name for case in CASES]
    add(
        "--cases",
        type=lambda text: _names(text, names),
        default=names,
        metavar="NAME,NAME",
        help=f"of {', '.join(names)} (default: all)",
    )
    add(
        "--scaling",
        type=_counts,
        metavar="N,N",
        help="sizes for the cost of a page as the archive grows; or none "
        f"(default: {','.join(map(str, COUNTS))})",
    )
    add(
        "--work",
        type=Path,
        default=Path("build/benchmarks"),
        metavar="DIR",
        help="for corpora, projects and peers; kept (default: build/benchmarks)",
    )
    add("--json", type=Path, metavar="FILE", help="write every run to this file")
    add("--write", action="store_true", help="put the tables into benchmarks/README.md")
    add("--quick", action="store_true", help="50 transcripts, one run, no peers, no scaling")
    return parser


def _names(text: str, known: Iterable[str]) -> list[str]:
    names = [] if text == NONE else text.split(",")
    if unknown := set(names) - set(known):
        raise argparse.ArgumentTypeError(
            f"unknown: {', '.join(sorted(unknown))} (known: {', '.join(known)})"
        )
    return names


def _counts(text: str) -> list[int]:
    counts = [] if text == NONE else [_positive(number) for number in text.split(",")]
    if counts and min(counts) <= FEW:
        raise argparse.ArgumentTypeError(f"must be more than {FEW}")
    return counts


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"not a number of at least 1: {text}")
    return int(text)


def _sizes(text: str) -> list[tuple[int, float | None]]:
    """Counts, each with a mean size of its own or None."""
    pairs = (size.partition("x") for size in text.split(","))
    return [(_positive(count), float(kb) if kb else None) for count, _, kb in pairs]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
