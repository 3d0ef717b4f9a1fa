"""The files of one build: which can stay, which are made, and how the next will know them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from sitegen.cache import CLOCK_GRAIN, Cache, CachedFile
from sitegen.keys import Key
from sitegen.model import Artifact, Kind
from sitegen.output import OutputFolder

__all__ = ["Ledger"]


class Ledger:
    """The files of one build, with the keys by which the next will know them."""

    def __init__(self, folder: OutputFolder, cache: Cache) -> None:
        self.folder = folder
        self.before = cache.files
        self.built = cache.built
        self.keys: dict[str, Key] = {}
        self.reasons: dict[str, str] = {}
        self.kept: set[tuple[str, str]] = set()
        """Path and owner: of two that want one path, only one has it."""

    def keep(self, path: str, kind: Kind, owner: str, key: Key) -> bool:
        """Keep the file of the last build if it would be made the same, and is there."""
        known = self.before.get(path)
        reason = key.difference(known.key if known else None)
        if known and not reason:
            if not self._is_untouched(path, known):
                reason = "the file in the output was changed"
            elif self.folder.keep(path, kind, owner, known.digest):
                self.keys[path] = key
                self.kept.add((path, owner))
                return True
        if path.endswith(".html"):  # The files beside a page are made for the same reasons.
            self.reasons[path] = reason or "the output folder is another one"
        return False

    def keep_outdated(self, path: str, kind: Kind, owner: str) -> bool:
        """Keep the file of the last build although it would be made otherwise by now."""
        known = self.before.get(path)
        return known is not None and self.keep(path, kind, owner, known.key)

    def _is_untouched(self, path: str, known: CachedFile) -> bool:
        """Whether nobody has changed a file since it was written.

        One that was changed just after the build has the same time where the clock of the
        file system is coarse or was set back; only its bytes can tell.
        """
        if self.folder.stamp(path) != (known.size, known.modified):
            return False
        if self.built - known.modified > CLOCK_GRAIN:
            return True
        return self.folder.digest_of(path) == known.digest

    def missing(self, files: Mapping[str, Key], kind: Kind, owner: str) -> bool:
        """Keep those of several files that can be kept; whether others have to be made."""
        kept = [self.keep(path, kind, owner, key) for path, key in files.items()]
        return not all(kept)

    def stage(self, artifact: Artifact, key: Key) -> bool:
        """Stage a file that was made in this build; whether its address was free."""
        self.keys[artifact.path] = key
        return self.folder.stage(artifact)

    def stage_all(self, artifacts: Iterable[Artifact], files: Mapping[str, Key]) -> None:
        """Stage those of several files that were not kept.

        If the address of the first is another's, so are those of the rest: one complaint
        is enough.
        """
        for artifact in artifacts:
            if (artifact.path, artifact.owner) in self.kept:
                continue
            if not self.stage(artifact, files[artifact.path]) and artifact.path == next(
                iter(files)
            ):
                return

    def remember(self, cache: Cache) -> None:
        """Keep in the cache what to know of the files in the next build, after the commit."""
        stamps = self.folder.stamps()
        cache.built = time.time_ns()
        cache.files = {
            path: CachedFile(self.keys[path], sha, *stamps[path])
            for path, sha in self.folder.digests().items()
            if path in self.keys and path in stamps
        }
