"""Runs the cases: sitegen by itself, then against each peer in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import sitegen_runs
from benchmarks.cases import Case, Project, find_fault, make_task, output_bytes
from benchmarks.corpus import Corpus, write_corpus
from benchmarks.measure import CommandFailed, compare, measure
from benchmarks.peers import PEERS, Peer, Unavailable
from benchmarks.report import Results, Row, Skipped
from benchmarks.scaling import measure_scaling

__all__ = ["Suite"]


@dataclass(slots=True)
class Suite:
    """One run of the benchmarks."""

    work: Path
    """Where corpora, projects and peers are kept."""
    runs: int
    """Measured runs of each command."""
    cases: Sequence[Case]
    """What to measure, in order."""
    say: Callable[[str], None]
    """Told what is being done, since it takes long."""
    results: Results = field(default_factory=Results)
    """What was found so far."""

    def run(
        self, corpora: Sequence[Corpus], peer_names: Sequence[str], counts: Sequence[int]
    ) -> None:
        """Measure everything; `results` grows as it goes on.

        Raises:
            CommandFailed: sitegen itself failed; a peer's failure is a result.
        """
        cases = self._possible_cases()
        shared = [case for case in cases if case.with_peers]
        peers = self._install(peer_names if shared else ())
        for corpus in corpora:
            ours = self._ours(corpus)
            for case in cases:
                self._measure_ours(corpus, case, ours)
            for peer, label in peers:
                self._measure_peer(corpus, shared, ours, peer, label)
        if counts:
            self.say(f"scaling: {', '.join(map(str, counts))}")
            self.results.scaling = measure_scaling(counts, self._ours, self.runs)

    def _possible_cases(self) -> list[Case]:
        flags = sitegen_runs.build_flags()
        possible = []
        for case in self.cases:
            if flag := sitegen_runs.missing_flag(case, flags):
                self._skip(f"sitegen, {case.title}", f"this version has no {flag}")
            else:
                possible.append(case)
        return possible

    def _install(self, names: Sequence[str]) -> list[tuple[Peer, str]]:
        """The peers that can be had, each with its name and version."""
        found = []
        for name in names:
            self.say(f"installing {name}")
            peer = PEERS[name](self.work / "peers")
            try:
                found.append((peer, f"{name} {peer.install()}"))
            except Unavailable as error:
                self._skip(name, str(error))
        return found

    def _corpus(self, corpus: Corpus, format_name: str) -> Path:
        folder = self.work / "corpora" / format_name / str(corpus)
        write_corpus(corpus, format_name, folder)
        return folder

    def _ours(self, corpus: Corpus) -> Project:
        root = (self.work / "sitegen" / str(corpus)).absolute()
        return sitegen_runs.lay_out(self._corpus(corpus, "transcript"), root)

    def _measure_ours(self, corpus: Corpus, case: Case, project: Project) -> None:
        self.say(f"{corpus}: sitegen, {case.title}")
        used = measure(make_task(case, project), self.runs)
        if fault := find_fault(project):
            raise CommandFailed(f"sitegen {fault}")
        self.results.rows.append(Row(corpus, "sitegen", case.title, used, output_bytes(project)))

    def _measure_peer(
        self, corpus: Corpus, cases: Sequence[Case], ours: Project, peer: Peer, label: str
    ) -> None:
        try:
            theirs = peer.lay_out(self._corpus(corpus, peer.name))
            for case in cases:
                self.say(f"{corpus}: sitegen and {label}, {case.title}")
                ratio = compare(make_task(case, ours), make_task(case, theirs), self.runs)
                if fault := find_fault(theirs):
                    self._skip(f"{label}, {corpus}", fault)
                    return
                size = output_bytes(theirs)
                self.results.rows.append(Row(corpus, label, case.title, ratio.theirs, size, ratio))
        except (CommandFailed, Unavailable) as error:
            self._skip(f"{label}, {corpus}", str(error))

    def _skip(self, what: str, reason: str) -> None:
        self.say(f"skipped: {what}: {reason}")
        self.results.skipped.append(Skipped(what, reason))
