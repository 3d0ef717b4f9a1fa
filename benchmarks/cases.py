"""The situations in which a build is measured, the same for every generator.

A case edits files of a project before each run. Every edit differs from all before it, so
that no cache can know the result.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Task

__all__ = ["CASES", "Case", "Project", "find_fault", "make_task", "output_bytes"]

REVISION = re.compile(r"revision \d+")
"""What an edit of a layout or a configuration changes; it stands in each of them."""

NOTE = re.compile(r"Revised \d+ times\. ")
NAME = re.compile(r"\d{6}_[0-9a-f]{16}\.")
PAGE = re.compile(r"/\d{6}[-_][0-9a-f]{16}(?:/index)?\.html$")
"""The page of a transcript of the corpus, whatever the generator's addresses are like."""

SPEAKER = b"\n### "
MESSAGE = re.compile(rb'<article class="message[" ]')
HIGHLIGHTED = re.compile(rb"<code[^>]*>(?:(?!</code>).)*?<span", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Project:
    """A generator's project folder with a corpus in it, ready to be built."""

    root: Path
    """Where the commands run."""
    build: Sequence[str]
    """The command that builds everything."""
    rebuild: Sequence[str]
    """The command that builds again over what is there, with caches if it has them."""
    layout: Path
    """The template of a transcript's page."""
    config: Path
    """The configuration file."""
    caches: tuple[Path, ...] = ()
    """Files and folders beside the output that a cold build must not find."""

    @property
    def content(self) -> Path:
        """The folder with the transcripts."""
        return self.root / "content"

    @property
    def output(self) -> Path:
        """The folder with the site."""
        return self.root / "output"


@dataclass(frozen=True, slots=True)
class Case:
    """One situation."""

    name: str
    """What selects it on the command line."""
    title: str
    """What the table calls it."""
    prepare: Callable[[Project, int], None]
    """Brings a project into the situation before the run of that number."""
    from_scratch: bool = False
    """Whether nothing of an earlier build is there."""
    with_peers: bool = False
    """Whether peers are measured in it too."""
    extra: tuple[str, ...] = ()
    """Further arguments; the case is sitegen's alone, and skipped if it lacks the first."""


def make_task(case: Case, project: Project) -> Task:
    """The measurable task of a case in a project."""
    command = project.build if case.from_scratch else project.rebuild
    return Task((*command, *case.extra), project.root, lambda turn: case.prepare(project, turn))


def forget(project: Project, _turn: int) -> None:
    """Delete the output and the caches."""
    for path in (project.output, *project.caches):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def keep(_project: Project, _turn: int) -> None:
    """Change nothing."""


def edit_transcript(project: Project, turn: int) -> None:
    """Put a new sentence before the last message of the transcript in the middle."""
    paths = _transcripts(project)
    path = paths[len(paths) // 2]
    text = NOTE.sub("", path.read_bytes().decode())
    body = text.index("\n\n", text.rindex("\n### ")) + 2
    path.write_bytes(f"{text[:body]}Revised {turn} times. {text[body:]}".encode())


def edit_layout(project: Project, turn: int) -> None:
    """Change a word in the template of a transcript's page."""
    _revise(project.layout, turn)


def edit_config(project: Project, turn: int) -> None:
    """Change the title of the site."""
    _revise(project.config, turn)


def _revise(path: Path, turn: int) -> None:
    text = path.read_bytes().decode()
    path.write_bytes(REVISION.sub(f"revision {turn + 1}", text).encode())


CASES = (
    Case("cold", "cold", forget, from_scratch=True, with_peers=True),
    Case("cold-j1", "cold, one process", forget, from_scratch=True, extra=("-j", "1")),
    Case("nochange", "nothing changed", keep, with_peers=True),
    Case("onechange", "one transcript changed", edit_transcript, with_peers=True),
    Case("layout", "layout changed", edit_layout),
    Case("config", "configuration changed", edit_config),
    Case("force", "nothing changed, --force", keep, extra=("--force",)),
)


def find_fault(project: Project) -> str:
    """Why a built site is not the one that is compared; empty if it is.

    A generator that leaves out pages, messages or the highlighting is fast for nothing.
    """
    pages = [path for path in project.output.rglob("*.html") if PAGE.search(path.as_posix())]
    sources = _transcripts(project)
    if len(pages) != len(sources):
        return f"made {len(pages)} pages of {len(sources)} transcripts"
    html = b"".join(path.read_bytes() for path in pages)
    source = b"".join(path.read_bytes() for path in sources)
    shown, written = len(MESSAGE.findall(html)), source.count(SPEAKER)
    if shown != written:
        return f"shows {shown} of {written} messages"
    if b"\n```" in source and not HIGHLIGHTED.search(html):
        return "does not highlight code"
    return ""


def _transcripts(project: Project) -> list[Path]:
    return sorted(path for path in project.content.iterdir() if NAME.match(path.name))


def output_bytes(project: Project) -> int:
    """The size of the site."""
    return sum(path.stat().st_size for path in project.output.rglob("*") if path.is_file())
