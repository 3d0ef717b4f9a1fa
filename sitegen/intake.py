"""What the sources hold: known from the last build, or prepared now."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sitegen.cache import CachedSource
from sitegen.config import Config
from sitegen.errors import Diagnostic, SourceError
from sitegen.keys import digest
from sitegen.model import Source
from sitegen.pool import Work, prepare_all
from sitegen.readers import load

if TYPE_CHECKING:
    from sitegen.prepare import Preparation
    from sitegen.render import Prepared
    from sitegen.site import Site

__all__ = ["Harvest", "Intake", "load_all"]

CLOCK_GRAIN = 2_000_000_000
"""Nanoseconds: the coarsest times of change that a file system in use keeps."""

Say = Callable[[str, int, int], None]


@dataclass(slots=True)
class Harvest:
    """What the sources of one build were found to hold."""

    cached: dict[str, CachedSource] = field(default_factory=dict)
    """By the source's path: all that are known, old and new."""
    prepared: dict[tuple[str, str], Prepared] = field(default_factory=dict)
    """By source path and entry key: those that were prepared in this build."""
    findings: list[Diagnostic] = field(default_factory=list)

    def contents(self, site: Site) -> dict[str, str]:
        """By entry key, in the site's order: a digest of what the entry is made of."""
        found: dict[str, str] = {}
        for entry in site.entries:
            # Several may want one address, of which --keep-going leaves out all but one.
            before = [found[entry.key]] if entry.key in found else []
            found[entry.key] = digest(*before, self.cached[entry.source.rel].key)
        return found


class Intake:
    """Reads the sources of one build after another; remembers what has not changed."""

    def __init__(self, config: Config, jobs: int, say: Say) -> None:
        self.config = config
        self.jobs = jobs
        self.say = say
        self.stamps: dict[str, _Stamp] = {}

    def read(
        self, sources: Sequence[Source], basis: str, cached: Mapping[str, CachedSource]
    ) -> Harvest:
        """Read all sources and prepare those that are not known from the last build."""
        inputs = Harvest()
        keys: dict[str, str] = {}
        unknown: list[Work] = []
        for source in sources:
            try:
                stamp, data = self._look(source)
                key = keys[source.rel] = digest(basis, source.name, source.suffix, stamp.digest)
                known = cached.get(source.rel)
                if known and known.key == key:
                    inputs.cached[source.rel] = known
                else:
                    unknown.append((source, load(source) if data is None else data))
            except SourceError as error:
                keys.pop(source.rel, None)
                inputs.findings.append(error.diagnostic())
        for source, done in self.prepare(unknown, basis, "read"):
            entries = tuple(item.entry for item in done.prepared)
            inputs.cached[source.rel] = CachedSource(keys[source.rel], entries, done.diagnostics)
            inputs.prepared.update(((source.rel, item.entry.key), item) for item in done.prepared)
        # In the order of the sources, whichever of them were known.
        inputs.cached = {rel: inputs.cached[rel] for rel in keys}
        return inputs

    def _look(self, source: Source) -> tuple[_Stamp, bytes | None]:
        """The state of a source, and its bytes if it had to be read to know it."""
        stamp = self.stamps.get(source.rel)
        if stamp and stamp.holds(source):
            return stamp, None
        read = time.time_ns()
        data = load(source)
        state = None
        with contextlib.suppress(OSError):
            state = _state(source)
        stamp = _Stamp(hashlib.sha256(data).hexdigest(), state, read)
        self.stamps[source.rel] = stamp
        return stamp, data

    def prepare(
        self, work: Sequence[Work], basis: str, stage: str
    ) -> Iterator[tuple[Source, Preparation]]:
        """Prepare sources, and say under the name of a stage how far it is."""
        total = len(work)
        results = prepare_all(
            self.config, basis, work, self.jobs, lambda done: self.say(stage, done, total)
        )
        for (source, _), done in zip(work, results, strict=True):
            yield source, done


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A source as it was when it was last read, by which a builder need not read it again."""

    digest: str
    state: tuple[int, int, int] | None
    """Its length and its times of change; None if it was gone again."""
    read: int
    """When it was read, in nanoseconds since 1970."""

    def holds(self, source: Source) -> bool:
        """Whether the file is surely as it was.

        A file that was changed just before it was read may have been changed just after
        too, within the grain of the file system's clock.
        """
        try:
            state = _state(source)
        except OSError:
            return False
        return state == self.state and self.read - max(state[1:]) > CLOCK_GRAIN


def _state(source: Source) -> tuple[int, int, int]:
    """What changes with a file: also when another takes its place that has an old date."""
    status = os.stat(source.path)  # noqa: PTH116 (a Path costs more than the look)
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def load_all(sources: Iterable[Source], findings: list[Diagnostic]) -> Iterator[Work]:
    """The sources with their bytes; those that cannot be read become findings."""
    for source in sources:
        try:
            yield source, load(source)
        except SourceError as error:
            findings.append(error.diagnostic())
