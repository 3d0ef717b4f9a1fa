"""Artifacts to files, as one transaction; the only room that writes or deletes.

Everything is staged beside the output first, then moved into place file by file in an
order in which no page ever points at something that is not there yet. The manifest
knows every file that is ours; nothing else is ever deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType

from filelock import FileLock, Timeout

from sitegen.config import Config
from sitegen.errors import ConfigError, Diagnostic, OutputError, Severity
from sitegen.model import Artifact, Kind

__all__ = ["Commit", "OutputFolder", "clean"]

MANIFEST = ".sitegen.json"
STAGE = ".sitegen-stage"
LOCK = ".sitegen.lock"
VERSION = 1

TOLERATED = frozenset([".gitignore", ".gitkeep", ".DS_Store", STAGE, LOCK])
"""What an output folder that we have not written to yet may hold."""

MODE = 0o644

Digests = Mapping[str, frozenset[str]]
"""Output path to the SHA-256 digests that the file may have: several while a commit is
under way or after one was killed."""


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

    @property
    def root(self) -> Path:
        """The folder."""
        return self.config.output

    def __enter__(self) -> OutputFolder:
        refuse_unsafe(self.config)
        with _as_output_error(self.root):
            if not self.dry_run:
                self.root.mkdir(parents=True, exist_ok=True)
                self._acquire()
        try:
            self.known = read_manifest(self.root)
            if not self.dry_run:
                shutil.rmtree(self.root / STAGE, ignore_errors=True)
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
            shutil.rmtree(self.root / STAGE, ignore_errors=True)
            self._release()

    def stage(self, artifact: Artifact) -> None:
        """Take an artifact into the transaction; its bytes wait beside the output.

        Raises:
            OutputError: the disk is full or cannot be written.
        """
        key = unicodedata.normalize("NFC", artifact.path).casefold()
        if key in self.claims:
            self._collide(artifact, self.claims[key])
            return
        digest = hashlib.sha256(artifact.content).hexdigest()
        staged = None
        if not self._is_current(artifact):
            staged = self.root / STAGE / str(len(self.claims))
            if not self.dry_run:
                self._write(staged, artifact.content)
        self.claims[key] = _Claim(artifact.path, artifact.owner, artifact.kind, digest, staged)

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
        return Commit(
            tuple(sorted(claim.artifact for claim in changed)),
            len(claims) - len(changed),
            tuple(stale),
            tuple(left),
        )

    def _move(self, changed: list[_Claim], fresh: Digests, stale: list[str]) -> None:
        manifest = self.root / MANIFEST
        with _as_output_error(self.root):
            # The final manifest is staged first: from here on no byte need be written
            # but the note of what is under way, by which a killed commit is known.
            final = self._write(self.root / STAGE / "manifest", _manifest(fresh))
            if changed or stale:
                either = {
                    path: self.known.get(path, frozenset()) | fresh.get(path, frozenset())
                    for path in {*self.known, *fresh}
                }
                self._write(self.root / STAGE / "under-way", _manifest(either)).replace(manifest)
            for claim in changed:
                target = self.root / claim.artifact
                self._make_folder(target.parent)
                assert claim.staged is not None
                claim.staged.replace(target)
            for path in stale:
                (self.root / path).unlink(missing_ok=True)
            self._remove_empty_folders(stale)
            if not manifest.is_file() or manifest.read_bytes() != final.read_bytes():
                final.replace(manifest)

    def _stale(self, fresh: Digests) -> tuple[list[str], list[Diagnostic]]:
        """Our files that this build does not have; those that someone changed are left."""
        stale, left = [], []
        for path in sorted(set(self.known) - set(fresh)):
            file = self.root / path
            if file.is_symlink() or not file.is_file():
                continue
            if hashlib.sha256(file.read_bytes()).hexdigest() in self.known[path]:
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
        target = self.root / artifact.path
        if target.is_symlink():
            return False
        try:
            return (
                target.stat().st_size == len(artifact.content)
                and target.read_bytes() == artifact.content
            )
        except OSError:
            return False

    def _write(self, path: Path, content: bytes) -> Path:
        with _as_output_error(self.root):
            path.parent.mkdir(exist_ok=True)
            with path.open("wb") as file:
                file.write(content)
            path.chmod(MODE)
        return path

    def _make_folder(self, folder: Path) -> None:
        """Make a folder of the output, and refuse to go through a link that leads out."""
        if folder == self.root:
            return
        self._make_folder(folder.parent)
        if folder.is_symlink():
            raise OutputError(
                "is a link; the site is not written through it",
                path=folder.as_posix(),
                hint="delete the link",
            )
        folder.mkdir(exist_ok=True)

    def _remove_empty_folders(self, paths: list[str]) -> None:
        parents = {parent for path in paths for parent in PurePosixPath(path).parents}
        for parent in sorted(parents - {PurePosixPath()}, reverse=True):
            with contextlib.suppress(OSError):
                (self.root / parent).rmdir()

    def _collide(self, artifact: Artifact, claim: _Claim) -> None:
        self.collisions.append(
            Diagnostic(
                Severity.ERROR,
                f"wants the address {artifact.path}, which {claim.owner} has already",
                artifact.owner,
                hint="rename one of the files, or give one a `slug:` in its front matter",
            )
        )

    def _acquire(self) -> None:
        path = self.root / LOCK
        lock = FileLock(path, timeout=0, mode=MODE)
        try:
            lock.acquire()
        except Timeout:
            holder = ""
            with contextlib.suppress(OSError):
                holder = path.read_text().strip()
            raise OutputError(
                f"another build is writing here{f' ({holder})' if holder else ''}",
                path=self.root.as_posix(),
                hint="wait until it ends",
            ) from None
        self.lock = lock
        with contextlib.suppress(OSError):
            path.write_text(f"process {os.getpid()}\n")

    def _release(self) -> None:
        if self.lock is not None:
            with contextlib.suppress(OSError):
                (self.root / LOCK).unlink()
            self.lock.release()
            self.lock = None


def refuse_unsafe(config: Config) -> None:
    """Refuse an output folder in which a mistake would cost someone their files.

    Raises:
        ConfigError: why, and what to do.
    """
    output = config.output.resolve()
    hint = 'set `paths.output` to a folder of its own, such as "output"'
    name = config.output.as_posix()
    if output in (Path.home().resolve(), Path(output.anchor)):
        raise ConfigError(f"the output folder {name} is your home or the root", hint=hint)
    for what, folder in (
        ("project", config.root.resolve()),
        ("content", config.content.resolve()),
        ("layouts", config.layouts.resolve()),
    ):
        if folder.is_relative_to(output):
            raise ConfigError(f"the output folder {name} holds the {what} folder", hint=hint)
        if what != "project" and output.is_relative_to(folder):
            raise ConfigError(f"the output folder {name} is in the {what} folder", hint=hint)
    if (output / ".git").exists():
        raise ConfigError(f"the output folder {name} is a Git repository", hint=hint)
    if output.exists() and not output.is_dir():
        raise ConfigError(f"the output folder {name} is a file", hint=hint)
    try:
        inside = {entry.name for entry in os.scandir(output)} if output.is_dir() else set()
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror}", path=name) from error
    if MANIFEST not in inside and not inside <= TOLERATED:
        raise ConfigError(
            f"the output folder {name} is not empty and was not made by sitegen",
            hint="empty it, or choose another with --output",
        )


def read_manifest(root: Path) -> Digests:
    """The files that earlier builds made, with the digests that each may have.

    Raises:
        ConfigError: the manifest is damaged, so that ours cannot be told from others' files.
    """
    path = root / MANIFEST
    if not path.exists():
        return {}
    try:
        files = json.loads(path.read_bytes())["files"]
        for name in files:
            parts = PurePosixPath(name)
            if ".." in parts.parts or parts.is_absolute() or "\\" in name or ":" in name:
                raise ValueError(name)
        return {name: frozenset(digests.split()) for name, digests in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            "the manifest of the output folder is damaged",
            path=path.as_posix(),
            hint="delete the output folder and build again",
        ) from error


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
        if not config.dry_run:
            with _as_output_error(config.output):
                (config.output / MANIFEST).unlink(missing_ok=True)
    return commit


def _manifest(files: Digests) -> bytes:
    table = {path: " ".join(sorted(digests)) for path, digests in files.items()}
    document = {"generator": "sitegen", "version": VERSION, "files": table}
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


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
