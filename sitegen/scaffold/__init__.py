"""Begins a project: settings, a sample, and a workflow that publishes, never over a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit

from sitegen import __version__
from sitegen.config import CONFIG_FILES, Config, load_config
from sitegen.errors import ConfigError, OutputError

__all__ = ["WORKFLOW", "Beginning", "Left", "begin", "requirement"]

FILES = Path(__file__).parent / "files"
SAMPLE = "the-lamp-and-the-ledger.md"
SETTINGS = CONFIG_FILES[0]
WORKFLOW = ".github/workflows/pages.yml"
"""Where GitHub looks for it."""

REQUIREMENT = re.compile(r"sitegen @ git\+https://[\w./:~-]+@[0-9a-f]{7,64}", re.ASCII)
"""What may stand between quotes in a shell, in a file that GitHub runs."""

PLAIN_PATH = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*")
"""A folder that YAML, a shell and git take for what it is."""


@dataclass(frozen=True, slots=True)
class Left:
    """A file that was not written."""

    path: str
    """Relative to the project folder, `/`-separated."""
    reason: str
    """Why, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What was made of a folder."""

    root: Path
    """The project folder, absolute."""
    written: tuple[str, ...]
    """Files that were written, relative to the project folder, `/`-separated."""
    left: tuple[Left, ...]
    """Files that were left as they are."""
    content: str
    """The content folder, relative to the project folder."""
    is_installable: bool
    """Whether the workflow can install the sitegen that wrote it: False if that came from a
    folder of this machine."""


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    template: str
    hint: str
    """What to do where there is such a file already."""


def begin(folder: str | Path, *, dry_run: bool = False) -> Beginning:
    """Write what a project needs into a folder, which is made if there is none.

    What exists already is left as it is. A folder that holds conversations gets no sample; a
    project that has its settings elsewhere no `sitegen.toml`. If a file cannot be written, those
    before it stay: the next time they are left, and the rest is written.

    Raises:
        ConfigError: there is a file of that name, or the settings that are there are broken.
        OutputError: the disk refuses, or a folder on the way leads out of the project.
    """
    root = Path(folder).absolute()
    if root.exists() and not root.is_dir():
        raise ConfigError(f"{folder} is not a folder", hint="name a folder, or one to be made")
    config = load_config(root) if root.is_dir() else None
    content = config.paths.content if config else "content"
    output = _plain(config.paths.output if config else "output")
    required = requirement()
    words = {"@OUTPUT@": output, "@REQUIREMENT@": required or f"sitegen=={__version__}"}
    written, left = [], []
    for file in _files(content, output):
        if reason := _why_not(root, file, config):
            left.append(Left(file.path, reason))
            continue
        text = (FILES / file.template).read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(word, value)
        if not dry_run:
            _write(root, file.path, text.encode())
        written.append(file.path)
    return Beginning(root, tuple(written), tuple(left), content, bool(required))


def _files(content: str, output: str) -> Iterator[_File]:
    yield _File(SETTINGS, "sitegen.toml", "")
    yield _File(f"{content}/{SAMPLE}", f"content/{SAMPLE}", "")
    yield _File(".gitignore", "gitignore", f"it should name /{output}/ and /.sitegen/")
    yield _File(WORKFLOW, "pages.yml", "")


def _plain(output: str) -> str:
    """The output folder as the workflow names it."""
    if not PLAIN_PATH.fullmatch(output):
        raise ConfigError(
            f'`paths.output`: "{output}" cannot be named in {WORKFLOW}',
            hint="choose a folder in the project, of letters, digits, `-`, `_` and `.`",
        )
    return output


def _why_not(root: Path, file: _File, config: Config | None) -> str:
    """Why a file is left as it is; empty if it can be written."""
    path = root / file.path
    if path.is_symlink() or path.exists():
        return f"it exists; {file.hint}" if file.hint else "it exists"
    if config is None:
        return ""
    if file.path == SETTINGS and config.file:
        return f"the settings are in {Path(config.file).name}"
    if file.path.endswith(SAMPLE) and not PLAIN_PATH.fullmatch(config.paths.content):
        return "the content folder may be another project's too: no sample is needed"
    if file.path.endswith(SAMPLE) and path.parent.is_dir() and any(path.parent.iterdir()):
        return "the folder is not empty: no sample is needed"
    return ""


def _write(root: Path, name: str, data: bytes) -> None:
    """Write a new file; never over one, never through a link out of the project."""
    path = root / name
    try:
        root.mkdir(parents=True, exist_ok=True)
        real = root.resolve()
        above = next(p for p in path.parents if p.exists())
        if not above.resolve().is_relative_to(real):
            raise OutputError(f"{name} would be written outside of {root}: {above} leads there")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{name} cannot be written: {reason}") from error


def requirement() -> str:
    """What pip needs to install this very sitegen elsewhere; empty if it cannot.

    Source: PEP 610. What came from an index has no `direct_url.json`.
    """
    try:
        origin = distribution("sitegen").read_text("direct_url.json")
    except PackageNotFoundError:
        return ""
    if origin is None:
        return f"sitegen=={__version__}"
    try:
        said = json.loads(origin)
        address, commit = str(said["url"]), str(said["vcs_info"]["commit_id"])
    except (ValueError, KeyError, TypeError):
        return ""
    if urlsplit(address).username:  # It may be a token.
        return ""
    found = f"sitegen @ git+{address}@{commit}"
    return found if REQUIREMENT.fullmatch(found) else ""
