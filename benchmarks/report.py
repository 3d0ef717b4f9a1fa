"""Results as Markdown tables for people and as JSON for programs."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.measure import Comparison, Measurement
from benchmarks.scaling import MEAN_KB, Point
from sitegen import __version__

__all__ = ["Results", "Row", "Skipped", "as_json", "as_markdown", "fill_in"]

BEGIN, END = "<!-- results -->", "<!-- end of results -->"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One generator in one case on one corpus."""

    corpus: Corpus
    """What was built."""
    generator: str
    """`sitegen`, or a peer's name and version."""
    case: str
    """The case's title."""
    used: Measurement
    """What it cost."""
    output: int
    """Bytes of the site."""
    against: Comparison | None = None
    """sitegen and this peer in turn; None in sitegen's own rows."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was asked for and could not be measured."""

    what: str
    """Which."""
    reason: str
    """Why."""


def _machine() -> str:
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, sitegen {__version__}"
    )


@dataclass(slots=True)
class Results:
    """All that a run of the benchmarks found."""

    rows: list[Row] = field(default_factory=list)
    """In the order measured."""
    scaling: list[Point] = field(default_factory=list)
    """Cost a page by size of the archive."""
    skipped: list[Skipped] = field(default_factory=list)
    """What is missing, and why."""
    machine: str = field(default_factory=_machine)
    """What the figures hold for."""
    day: str = field(default_factory=lambda: dt.date.today().isoformat())
    """When they were taken."""


def as_markdown(results: Results) -> str:
    """Everything as tables."""
    parts = [f"Measured on {results.day}: {results.machine}."]
    by_corpus = sorted(
        results.rows, key=lambda row: (row.corpus.mean_kb, row.corpus.count), reverse=True
    )
    for corpus, rows in itertools.groupby(by_corpus, key=lambda row: row.corpus):
        parts.append(f"### {corpus.count:,} transcripts of {corpus.mean_kb:g} kB")
        parts.append(_table(RESULT_HEAD, map(_result_line, rows)))
    if results.scaling:
        parts.append(f"### Cost of a page as the archive grows ({MEAN_KB:g} kB, cold)")
        parts.append(_table(SCALING_HEAD, _scaling_lines(results.scaling)))
    if results.skipped:
        parts.append("### Not measured")
        parts.append("\n".join(f"- {item.what}: {item.reason}" for item in results.skipped))
    return "\n\n".join(parts) + "\n"


def as_json(results: Results) -> str:
    """Everything, single runs included."""
    table = asdict(results)
    for row, values in zip(results.rows, table["rows"], strict=True):
        used = row.used
        values["median"] = {"cpu": used.cpu, "wall": used.wall, "peak": used.peak}
        if row.against:
            values["ratio"] = {"cpu": row.against.cpu, "wall": row.against.wall}
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def fill_in(readme: Path, markdown: str) -> None:
    """Put the tables between the two marks of a file."""
    text = readme.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{readme} lacks the lines {BEGIN} and {END}")
    readme.write_text(f"{head}{begin}\n\n{markdown}\n{end}{tail}", encoding="utf-8")


RESULT_HEAD = (
    *("generator", "case", "CPU s", "wall s", "peak MiB", "output MB"),
    *("sitegen's CPU to its", "sitegen's wall to its"),
)
WORDS = ("generator", "case")
"""Columns that hold no numbers."""

SCALING_HEAD = ("transcripts", "CPU ms a page", "wall ms a page", "CPU to the first", "peak MiB")


def _result_line(row: Row) -> Sequence[str]:
    used, against = row.used, row.against
    return (
        *(row.generator, row.case, f"{used.cpu:.2f}", f"{used.wall:.2f}"),
        *(f"{used.peak / MIB:.0f}", f"{row.output / 1e6:.1f}"),
        *((f"{against.cpu:.2f}", f"{against.wall:.2f}") if against else ("", "")),
    )


def _scaling_lines(points: Sequence[Point]) -> Iterator[Sequence[str]]:
    for point in points:
        yield (
            *(f"{point.count:,}", f"{point.cpu * 1000:.2f}", f"{point.wall * 1000:.2f}"),
            *(f"{point.cpu / points[0].cpu:.2f}", f"{point.peak / MIB:.0f}"),
        )


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = ["---" if name in WORDS else "---:" for name in head]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *lines))
