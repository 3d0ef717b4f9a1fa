"""Lists the content folder: what will be read, in a fixed order, never out of the folder."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sitegen.errors import ConfigError, Diagnostic, Severity
from sitegen.model import Source
from sitegen.text import visible

__all__ = ["DAY", "PAGES", "PEOPLE", "Listing", "is_data", "is_text", "list_sources"]

PAGES = "pages/"
"""Where authored pages are, unless the configuration says otherwise."""

PEOPLE = ("users.json", "org_users.json")
DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
"""By these files an export of Slack is known; each of its days is one."""

PROOF_ENDINGS = (".ots", ".tsr")
"""Time-stamps, which belong to the file whose name they have."""

TEXT_ENDINGS = (".md", ".markdown", ".txt", ".vtt", ".srt")
AIDER = ".aider.chat.history.md"
"""The one hidden name that is read: aider gives it to every history."""
DATA_ENDINGS = (".json", ".jsonl", ".ndjson", ".zip", ".eval")

EXPORT_FILES = frozenset(
    [
        *PEOPLE,
        *("channels.json", "groups.json", "dms.json", "mpims.json", "integration_logs.json"),
        *("canvases.json", "content_flags.json", "lists.json", "huddle_transcripts.json"),
        "file_conversations.json",
    ]
)
"""What stands beside the channels' folders in an export of Slack."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a content folder, sorted by path."""

    transcripts: tuple[Source, ...]
    """Files that hold conversations."""
    pages: tuple[Source, ...]
    """Authored pages."""
    diagnostics: tuple[Diagnostic, ...]
    """What was passed over, and why."""


def list_sources(content: Path, root: Path, pages: str = PAGES) -> Listing:
    """List the files of `content`; those whose path in it begins with `pages` are pages.

    Names that begin with a dot (but for aider's history) and editors' backups (`~`) are
    passed over in silence, other endings with a note, symbolic links that lead out of the
    folder and folders that are links (they can run in circles) with a warning.

    Raises:
        ConfigError: the folder does not exist or cannot be read, or that of the pages lies
            outside of it.
    """
    if pages.startswith("/") or ".." in pages.split("/"):
        raise ConfigError(
            f'`paths.pages`: "{pages.rstrip("/")}" is not a folder in the content folder',
            hint='write its path in there, such as "pages"; "." for all of it',
        )
    if not content.is_dir():
        raise ConfigError(
            f"the content folder {display_name(content, root)} does not exist",
            hint="make it and put transcripts into it, or set `paths.content` in sitegen.toml",
        )
    walker = _Walker(content, root)
    walker.walk(content, "")
    found = walker.with_proofs()
    return Listing(
        _told_apart([source for source in found if not source.rel.startswith(pages)]),
        tuple(s for s in found if s.rel.startswith(pages) and not is_data(s.rel)),
        tuple(walker.findings) + walker.passed_over(),
    )


def is_data(name: str) -> bool:
    """Whether a file is data by its ending, and so may be something else than a conversation."""
    return name.lower().endswith(DATA_ENDINGS)


def is_text(name: str) -> bool:
    """Whether a file is a text by its ending, and so a transcript or an authored page."""
    return name.lower().endswith(TEXT_ENDINGS)


def _told_apart(sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources, those of data with a suffix where another has the same name before its dot."""
    stems = {source.rel: source.rel.rpartition(".")[0].casefold() for source in sources}
    texts = {stems[source.rel]: source.rel for source in sources if not is_data(source.rel)}
    seen = set(texts)
    told = []
    for source in sources:
        if is_data(source.rel):
            stem, ending = stems[source.rel], source.rel.rpartition(".")[2].lower()
            suffix = ending if stem in seen else ""
            source = replace(source, suffix=suffix, twin=texts.get(stem, ""))
            seen.add(stem)
        told.append(source)
    return tuple(told)


def display_name(path: Path, root: Path) -> str:
    """How messages name a path: relative to the project folder where it is inside."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


class _Walker:
    def __init__(self, content: Path, root: Path) -> None:
        self.name = display_name(content, root)
        self.real = content.resolve()
        self.files: list[Source] = []
        self.proofs: list[Source] = []
        self.findings: list[Diagnostic] = []
        self.other: Counter[str] = Counter()
        self.taken: set[str] = set()
        """Paths of files that are part of a source of many."""

    def walk(self, folder: Path | str, prefix: str) -> None:
        """Collect the files of one folder and of those in it."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            if not prefix:
                raise ConfigError(f"the content folder cannot be read: {error.strerror}") from error
            self._find(Severity.ERROR, f"cannot be read: {error.strerror}", prefix.rstrip("/"))
            return
        self._channels(entries, prefix)
        for entry in entries:
            hidden = entry.name.startswith(".") and entry.name != AIDER
            if hidden or entry.name.endswith("~"):
                continue
            rel = prefix + entry.name
            if visible(entry.name) != entry.name:
                # Pages, feeds and the cache could not hold such a name.
                self._find(
                    Severity.WARNING,
                    "passed over: its name is not UTF-8 or holds control characters",
                    visible(rel),
                    "rename it",
                )
                continue
            if entry.is_symlink() and not self._may_follow(entry, rel):
                continue
            if entry.is_dir(follow_symlinks=False):
                self.walk(entry.path, rel + "/")
            else:
                self._file(entry, rel)

    def _channels(self, entries: Sequence[os.DirEntry[str]], prefix: str) -> None:
        """Collect the channels of a folder that is an unpacked export of Slack."""
        heads = [e for e in entries if e.name in EXPORT_FILES and self._is_own(e, prefix)]
        if not any(entry.name in PEOPLE for entry in heads):
            return
        root = str(Path(heads[0].path).parent)
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False) or visible(entry.name) != entry.name:
                continue
            rel = prefix + entry.name
            days = self._days(entry.path, rel + "/")
            if days:
                parts = (*(head.path for head in heads), *days)
                name = f"{self.name}/{rel}"
                self.files.append(Source(entry.path, rel, name, root=root, parts=parts))
                self.taken.update(parts)

    def _days(self, folder: str, prefix: str) -> list[str]:
        """The files of days in a channel's folder, in order."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return []  # The walk will say so.
        return [e.path for e in entries if DAY.fullmatch(e.name) and self._is_own(e, prefix)]

    def _is_own(self, entry: os.DirEntry[str], prefix: str) -> bool:
        """Whether an entry is a file, of this content folder even if it is a link."""
        if entry.is_symlink() and not self._may_follow(entry, prefix + entry.name):
            return False
        return Path(entry.path).is_file()

    def _file(self, entry: os.DirEntry[str], rel: str) -> None:
        if entry.path in self.taken:
            return
        stem, dot, ending = entry.name.rpartition(".")
        ending = (dot + ending).lower() if stem and dot else ""
        if ending in PROOF_ENDINGS:
            self.proofs.append(Source(entry.path, rel, f"{self.name}/{rel}"))
        elif ending not in (*TEXT_ENDINGS, *DATA_ENDINGS):
            self.other[ending or "no ending"] += 1
        elif entry.is_file(follow_symlinks=False) or Path(entry.path).is_file():
            self.files.append(Source(entry.path, rel, f"{self.name}/{rel}"))
        else:
            # A pipe would be read for ever; a link may lead nowhere or in a circle.
            self._find(Severity.ERROR, "cannot be read: not a file", rel, "delete it")

    def _may_follow(self, entry: os.DirEntry[str], rel: str) -> bool:
        if Path(entry.path).is_dir():
            self._find(
                Severity.WARNING, "a link to a folder is not followed", rel, "copy the folder here"
            )
            return False
        target = Path(os.path.realpath(entry.path))  # Unlike `resolve`, bears circles.
        if not target.is_relative_to(self.real):
            self._find(
                Severity.WARNING,
                "a link that leads out of the content folder is not followed",
                rel,
                "copy the file here",
            )
            return False
        return True

    def _find(self, severity: Severity, message: str, rel: str, hint: str = "") -> None:
        self.findings.append(Diagnostic(severity, message, f"{self.name}/{rel}", hint=hint))

    def with_proofs(self) -> list[Source]:
        """The files in order, each with the time-stamps that lie beside it."""
        files = sorted(self.files, key=lambda source: source.rel)
        if not self.proofs:
            return files
        known: dict[str, list[str]] = {}
        for source in files:
            # `talk.md.ots` as the tools name it, or `talk.ots` as a person would.
            known[source.rel] = [source.rel]
            known.setdefault(source.rel.rpartition(".")[0], []).append(source.rel)
        own: dict[str, list[Source]] = {}
        for proof in sorted(self.proofs, key=lambda proof: proof.rel):
            match known.get(proof.rel.rpartition(".")[0], []):
                case [rel]:
                    own.setdefault(rel, []).append(proof)
                case []:
                    self._find(
                        Severity.WARNING,
                        "a time-stamp of no transcript",
                        proof.rel,
                        "name it as the transcript, with this ending after it",
                    )
                case several:
                    self._find(
                        Severity.WARNING,
                        f"a time-stamp of one of several: {', '.join(several)}",
                        proof.rel,
                        "name it as the file, with this ending after it",
                    )
        return [replace(source, proofs=tuple(own.get(source.rel, ()))) for source in files]

    def passed_over(self) -> tuple[Diagnostic, ...]:
        """One note for each ending that sitegen does not read."""
        return tuple(
            Diagnostic(
                Severity.NOTE,
                f"{count} file{'s' if count > 1 else ''} ({ending}) not read: "
                "not a transcript that sitegen knows",
                self.name,
            )
            for ending, count in sorted(self.other.items())
        )
