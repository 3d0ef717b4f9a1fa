"""Artifacts to files, as one transaction; the only room that writes or deletes.

Everything is staged beside the output first, then moved into place file by file in an
order in which no page ever points at something that is not there yet. The manifest
knows every file that is ours; nothing else is ever deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType

from filelock import FileLock

from sitegen.bulk import Blob, digest_of, pieces_of
from sitegen.config import Config
from sitegen.errors import Diagnostic, OutputError, Severity
from sitegen.lock import hold, release
from sitegen.manifest import (
    LOCK,
    MANIFEST,
    STAGE,
    TOLERATED,
    Digests,
    make_manifest,
    read_manifest,
    refuse_unsafe,
)
from sitegen.model import Artifact, Kind

__all__ = ["Commit", "OutputFolder", "clean"]

MODE = 0o644


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit changed."""

    written: tuple[str, ...]
    """Paths created or changed, sorted."""
    unchanged: int
    """How many files were as they should be."""
    removed: tuple[str, ...]
    """Paths deleted, sorted."""
    diagnostics: tuple[Diagnostic, ...]
    """Files that were left although they are not of this build."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """An artifact that was staged."""

    artifact: str
    owner: str
    kind: Kind
    digest: str
    staged: Path | None
    """Where its new bytes wait; None if the file is as it should be."""


@dataclass(slots=True)
class OutputFolder:
    """The output folder of a build, held by a lock while it is used as a context.

    With `dry_run` it finds out what would change and touches nothing.
    """

    config: Config
    dry_run: bool = False
    claims: dict[str, _Claim] = field(default_factory=dict)
    """What was staged, by its path in folded case."""
    collisions: list[Diagnostic] = field(default_factory=list)
    """Artifacts that wanted a path that was taken."""
    known: Digests = field(default_factory=dict)
    """Files of the builds before."""
    lock: FileLock | None = None
    made: bool = False
    """True if the folder did not exist before."""
    before: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The plain files that were there: path to length and time of change."""

    @property
    def root(self) -> Path:
        """The folder."""
        return self.config.output

    def __enter__(self) -> OutputFolder:
        refuse_unsafe(self.config)
        with _as_output_error(self.root):
            if not self.dry_run:
                self.made = not self.root.exists()
                self.root.mkdir(parents=True, exist_ok=True)
                self.lock = hold(self.root / LOCK)
        try:
            self.known = read_manifest(self.root)
            self.before = dict(_survey(self.root, ""))
            if not self.dry_run:
                self._clear_stage()
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.dry_run:
            try:
                shutil.rmtree(self.root / STAGE, ignore_errors=True)
            finally:  # An interrupt here must not leave the lock.
                self._release()

    def stage(self, artifact: Artifact) -> bool:
        """Take an artifact into the transaction; False if its address is another's already.

        Raises:
            OutputError: the disk is full or cannot be written.
        """
        key = _folded(artifact.path)
        if key in self.claims:
            return self._collide(artifact, self.claims[key])
        digest = digest_of(artifact.content)
        staged = None
        if not self._is_current(artifact):
            if self._is_in_the_way(artifact.path):
                return False
            staged = self.root / STAGE / str(len(self.claims))
            if not self.dry_run:
                self._write(staged, artifact.content)
        self.claims[key] = _Claim(artifact.path, artifact.owner, artifact.kind, digest, staged)
        return True

    def keep(self, path: str, kind: Kind, owner: str, digest: str) -> bool:
        """Take a file into the transaction as it stands, if it is ours and nobody's else."""
        key = _folded(path)
        if key in self.claims or path not in self.before or digest not in self.known.get(path, ()):
            return False
        self.claims[key] = _Claim(path, owner, kind, digest, None)
        return True

    def place(self, path: str) -> Path:
        """Where the bytes are of a file that was taken into the transaction."""
        return self.claims[_folded(path)].staged or self.root / path

    def stamp(self, path: str) -> tuple[int, int] | None:
        """The length in bytes and the time of change in nanoseconds that a file had before."""
        return self.before.get(path)

    def stamps(self) -> dict[str, tuple[int, int]]:
        """The lengths and times of change of all files as they are after the commit."""
        fresh = {}
        for claim in self.claims.values():
            if claim.staged is None and claim.artifact in self.before:
                fresh[claim.artifact] = self.before[claim.artifact]
            else:
                with contextlib.suppress(OSError):
                    status = (self.root / claim.artifact).stat()
                    fresh[claim.artifact] = status.st_size, status.st_mtime_ns
        return fresh

    def digests(self) -> dict[str, str]:
        """Each path that was taken into the transaction, and the SHA-256 of its bytes."""
        return {claim.artifact: claim.digest for claim in self.claims.values()}

    def commit(self) -> Commit:
        """Move what was staged into place, delete what is no longer of the site.

        Raises:
            OutputError: a file cannot be moved; run the build again to complete it.
        """
        claims = sorted(self.claims.values(), key=lambda claim: (claim.kind, claim.artifact))
        fresh = {claim.artifact: frozenset([claim.digest]) for claim in claims}
        stale, left = self._stale(fresh)
        changed = [claim for claim in claims if claim.staged]
        if not self.dry_run:
            self._move(changed, fresh, stale)
        written = tuple(sorted(claim.artifact for claim in changed))
        return Commit(written, len(claims) - len(changed), tuple(stale), tuple(left))

    def _move(self, changed: list[_Claim], fresh: Digests, stale: list[str]) -> None:
        manifest = self.root / MANIFEST
        with _as_output_error(self.root):
            # The final manifest is staged first: from here on no byte need be written
            # but the note of what is under way, by which a killed commit is known.
            final = self._write(self.root / STAGE / "manifest", make_manifest(fresh))
            folders = sorted({claim.artifact.rpartition("/")[0] for claim in changed})
            for folder in folders:
                self._refuse_linked_folder(folder)
            if changed or stale:
                either = {
                    path: self.known.get(path, frozenset()) | fresh.get(path, frozenset())
                    for path in {*self.known, *fresh}
                }
                note = self._write(self.root / STAGE / "under-way", make_manifest(either))
                note.replace(manifest)
            for folder in folders:
                (self.root / folder).mkdir(parents=True, exist_ok=True)
            for claim in changed:
                assert claim.staged is not None
                claim.staged.replace(f"{self.root}/{claim.artifact}")
            for path in stale:
                (self.root / path).unlink(missing_ok=True)
            self._remove_empty_folders(set(self.known) - set(fresh))
            if not manifest.is_file() or manifest.read_bytes() != final.read_bytes():
                final.replace(manifest)

    def _stale(self, fresh: Digests) -> tuple[list[str], list[Diagnostic]]:
        """Our files that this build does not have; those that someone changed are left."""
        stale, left = [], []
        for path in sorted(set(self.known) - set(fresh)):
            if self._find_link(path) or not os.path.lexists(self.root / path):
                continue
            if self._is_other_spelling(path):
                continue
            if self.digest_of(path) in self.known[path]:
                stale.append(path)
            else:
                left.append(
                    Diagnostic(
                        Severity.WARNING,
                        "no longer part of the site, but changed since it was built; left alone",
                        f"{self.config.paths.output}/{path}",
                        hint="delete it yourself",
                    )
                )
        return stale, left

    def _is_current(self, artifact: Artifact) -> bool:
        before = self.before.get(artifact.path)  # No link leads to what is known there.
        if before is None or before[0] != len(artifact.content):
            return False
        try:
            with (self.root / artifact.path).open("rb") as file:
                pieces = pieces_of(artifact.content)
                return all(file.read(len(piece)) == piece for piece in pieces)
        except OSError:
            return False

    def digest_of(self, path: str) -> str:
        """The SHA-256 of a file as it stands in the folder; empty if it cannot be read."""
        try:
            return hashlib.sha256((self.root / path).read_bytes()).hexdigest()
        except OSError:
            return ""

    def _find_link(self, path: str) -> Path | None:
        """The symbolic link that a path of the output is or leads through, if any."""
        parts = [PurePosixPath(path), *PurePosixPath(path).parents] if path else []
        links = (self.root / part for part in parts[:-1] if (self.root / part).is_symlink())
        return next(links, None)

    def _is_other_spelling(self, path: str) -> bool:
        """Whether a file is one of this build by another name, as where case is folded."""
        claim = self.claims.get(_folded(path))
        if claim is None:
            return False
        try:
            return (self.root / path).samefile(self.root / claim.artifact)
        except OSError:
            return False

    def _is_in_the_way(self, path: str) -> bool:
        """Whether somebody else's file stands where one of ours should go; complains of it."""
        if path in self.known or not os.path.lexists(f"{self.root}/{path}"):
            return False
        self.collisions.append(
            Diagnostic(
                Severity.ERROR,
                "is in the way: the site has a page of that name, and sitegen did not write this",
                f"{self.config.paths.output}/{path}",
                hint="move the file away, or rename the page",
            )
        )
        return True

    def _clear_stage(self) -> None:
        """Make the staging folder anew; never write through what someone put in its place."""
        shutil.rmtree(self.root / STAGE, ignore_errors=True)
        with _as_output_error(self.root):
            (self.root / STAGE).mkdir()

    def _write(self, path: Path, content: Blob) -> Path:
        with _as_output_error(self.root):
            with path.open("wb") as file:
                file.writelines(pieces_of(content))
            path.chmod(MODE)
        return path

    def _refuse_linked_folder(self, folder: str) -> None:
        if link := self._find_link(folder):
            raise OutputError(
                "is a link; the site is not written through it",
                path=link.as_posix(),
                hint="delete the link",
            )

    def _remove_empty_folders(self, paths: Iterable[str]) -> None:
        parents = {parent for path in paths for parent in PurePosixPath(path).parents}
        for parent in sorted(parents - {PurePosixPath()}, reverse=True):
            with contextlib.suppress(OSError):
                (self.root / parent).rmdir()

    def _collide(self, artifact: Artifact, claim: _Claim) -> bool:
        self.collisions.append(
            Diagnostic(
                Severity.ERROR,
                f"wants the address {artifact.path}, which {claim.owner} has already",
                artifact.owner,
                hint="rename one of the files, or give one a `slug:` in its front matter",
            )
        )
        return False

    def _release(self) -> None:
        if self.lock is not None:
            release(self.lock)
            self.lock = None
            if self.made:
                with contextlib.suppress(OSError):
                    self.root.rmdir()  # Only if nothing was built.


def _survey(folder: Path | str, prefix: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every plain file below a folder that no link leads to, with its length and time."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != STAGE:
                    yield from _survey(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                yield prefix + entry.name, (status.st_size, status.st_mtime_ns)


def clean(config: Config) -> Commit:
    """Delete all that builds made, and nothing else.

    Raises:
        ConfigError: the folder is not one that sitegen made.
        OutputError: a file cannot be deleted.
    """
    if not config.output.exists():
        return Commit((), 0, (), ())
    with OutputFolder(config, dry_run=config.dry_run) as folder:
        commit = folder.commit()
        # While other files are there the manifest stays, as the sign that the folder is ours.
        alone = {entry.name for entry in config.output.iterdir()} <= TOLERATED | {MANIFEST}
        if alone and not config.dry_run:
            with _as_output_error(config.output):
                (config.output / MANIFEST).unlink(missing_ok=True)
    return commit


def _folded(path: str) -> str:
    """What paths have in common that some file system takes for one."""
    return unicodedata.normalize("NFC", path).casefold()


@contextlib.contextmanager
def _as_output_error(root: Path) -> Iterator[None]:
    """Turn what the system says into an error with a place and a remedy."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            path=str(error.filename or root),
            hint="make room or check the permissions, then build again; "
            "the site that was there is still whole",
        ) from error
