"""What the sources hold: known from the last build, or prepared now."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sitegen.attachments import Attachments
from sitegen.cache import CLOCK_GRAIN, CachedSource
from sitegen.config import Config
from sitegen.errors import Diagnostic, SourceError
from sitegen.keys import digest
from sitegen.model import Source
from sitegen.pool import Work, prepare_all
from sitegen.readers import Piece, digest_of, is_large, load, split
from sitegen.redact import origin_of
from sitegen.shelf import Shelf

if TYPE_CHECKING:
    from sitegen.prepare import Preparation
    from sitegen.site import Site

__all__ = ["Harvest", "Intake", "load_all", "parts_of"]

HELD_BYTES = 64_000_000
"""Bytes of sources that are held from when they are looked at until they are prepared."""

Say = Callable[[str, int, int], None]


@dataclass(slots=True)
class Harvest:
    """What the sources of one build were found to hold."""

    cached: dict[str, CachedSource] = field(default_factory=dict)
    """By the source's origin: all that are known, old and new."""
    sources: dict[str, Source] = field(default_factory=dict)
    """By origin: the files themselves."""
    prepared: Shelf = field(default_factory=Shelf)
    """By origin and entry key: those that were prepared in this build."""
    findings: list[Diagnostic] = field(default_factory=list)

    def take(self, origin: str, done: Preparation) -> None:
        """Take what a source, or a piece of it, was found to hold."""
        known = self.cached[origin]
        # Without the file's name, which the rules may hide; a file beside it has more of one.
        name = self.sources[origin].name
        said = tuple(
            replace(found, path=found.path[len(name) :] if found.path.startswith(name) else "")
            for found in done.diagnostics
        )
        self.cached[origin] = replace(
            known,
            entries=(*known.entries, *(item.entry for item in done.prepared)),
            diagnostics=(*known.diagnostics, *said),
            beside=(*known.beside, *done.beside),
        )
        for item in done.prepared:
            self.prepared.put((origin, item.entry.key), item)

    def forget(self, origin: str) -> None:
        """Let the next build read a source anew."""
        self.cached[origin] = replace(self.cached[origin], key="")

    def remarks(self) -> Iterator[Diagnostic]:
        """What was said of the sources that are known, now or in an earlier build."""
        for origin, known in self.cached.items():
            name = self.sources[origin].name
            yield from (replace(found, path=name + found.path) for found in known.diagnostics)

    def contents(self, site: Site) -> dict[str, str]:
        """By entry key, in the site's order: a digest of what the entry is made of."""
        found: dict[str, str] = {}
        for entry in site.entries:
            # Several may want one address, of which --keep-going leaves out all but one.
            before = [found[entry.key]] if entry.key in found else []
            known = self.cached[entry.origin]
            found[entry.key] = digest(*before, known.key, *known.beside)
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
        unknown: list[tuple[Source, bytes | None]] = []
        files = Attachments(str(self.config.content))
        held = 0
        for source in sources:
            origin = origin_of(source, self.config.redact)
            inputs.sources[origin] = source
            try:
                stamp, data = self._look(source)
                proofs = [self._look(proof)[0].digest for proof in source.proofs]
            except SourceError as error:
                inputs.findings.append(error.diagnostic())
                continue
            key = digest(basis, source.name, source.suffix, source.twin, stamp.digest, *proofs)
            known = cached.get(origin)
            if known and known.key == key and _leads_to_the_same(known, source, files):
                inputs.cached[origin] = known
                continue
            inputs.cached[origin] = CachedSource(key, (), ())
            held += len(data or b"")
            unknown.append((source, data if held <= HELD_BYTES else None))
        for source, done in self.prepare(unknown, basis, "read", inputs.findings):
            inputs.take(origin_of(source, self.config.redact), done)
        for source, data in unknown:
            # What was read again later may have changed in between.
            if data is None and not self.stamps[source.rel].is_of(source):
                inputs.forget(origin_of(source, self.config.redact))
        return inputs

    def _look(self, source: Source) -> tuple[_Stamp, bytes | None]:
        """The state of a source, and its bytes if they had to be read and are not many."""
        stamp = self.stamps.get(source.rel)
        if stamp and stamp.holds(source):
            return stamp, None
        read = time.time_ns()
        data = None if is_large(source) else load(source)
        state = None
        with contextlib.suppress(OSError):
            state = _state(source)
        sha = digest_of(source) if data is None else hashlib.sha256(data).hexdigest()
        stamp = _Stamp(sha, state, read)
        self.stamps[source.rel] = stamp
        return stamp, data

    def prepare(
        self,
        sources: Sequence[tuple[Source, bytes | None]],
        basis: str,
        stage: str,
        findings: list[Diagnostic],
    ) -> Iterator[tuple[Source, Preparation]]:
        """Prepare sources, and say under the name of a stage how far it is.

        Those whose bytes are not given are read when it is their turn, large ones in
        pieces, each of which comes by itself.
        """
        total = len(sources)
        taken: deque[Source] = deque()
        whole: list[Source] = []

        def work() -> Iterator[Work]:
            for source, data in sources:
                for part in parts_of(source, data, findings):
                    if isinstance(part, Piece) and part.read_record is None:
                        whole.append(source)  # Too large to be sent to another process.
                    else:
                        taken.append(source)
                        yield source, part

        results = prepare_all(
            self.config, basis, work(), self.jobs, lambda done: self.say(stage, done, total)
        )
        for done in results:
            yield taken.popleft(), done
        rest = [(source, Piece(None)) for source in whole]
        alone = prepare_all(self.config, basis, rest, 1, lambda _: None)
        yield from zip(whole, alone, strict=True)


def _leads_to_the_same(known: CachedSource, source: Source, files: Attachments) -> bool:
    """Whether the files beside a source are as they were."""
    for href, before in known.beside:
        found = files.find(source, href)
        if found is None or found.digest != before:
            return False
    return True


def parts_of(
    source: Source, data: bytes | None, findings: list[Diagnostic]
) -> Iterator[bytes | Piece]:
    """The bytes of a source, or its pieces; what cannot be read becomes a finding."""
    try:
        if data is not None:
            yield data
        elif is_large(source):
            yield from split(source)
        else:
            yield load(source)
    except SourceError as error:
        findings.append(error.diagnostic())


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A source as it was when it was last read, by which a builder need not read it again."""

    digest: str
    state: tuple[int, int, int] | None
    """Its length and its times of change; None if it was gone again."""
    read: int
    """When it was read, in nanoseconds since 1970."""

    def is_of(self, source: Source) -> bool:
        """Whether the file looks as it did when it was read."""
        with contextlib.suppress(OSError):
            return _state(source) == self.state
        return False

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
    looks = [os.stat(path) for path in (source.path, *source.parts)]  # noqa: PTH116
    return (
        sum(look.st_size for look in looks),
        max(look.st_mtime_ns for look in looks),
        max(look.st_ctime_ns for look in looks),
    )


def load_all(
    sources: Iterable[Source], findings: list[Diagnostic]
) -> Iterator[tuple[Source, bytes]]:
    """The sources with their bytes; those that cannot be read become findings."""
    for source in sources:
        try:
            yield source, load(source)
        except SourceError as error:
            findings.append(error.diagnostic())
