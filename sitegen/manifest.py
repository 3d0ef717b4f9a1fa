"""Which files of an output folder are ours, and which folders are no place for them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from sitegen.config import Config
from sitegen.errors import ConfigError, OutputError

__all__ = [
    "LOCK",
    "MANIFEST",
    "STAGE",
    "TOLERATED",
    "Digests",
    "make_manifest",
    "read_manifest",
    "refuse_unsafe",
]

MANIFEST = ".sitegen.json"
STAGE = ".sitegen-stage"
LOCK = ".sitegen.lock"
VERSION = 1

TOLERATED = frozenset([".gitignore", ".gitkeep", ".DS_Store", STAGE, LOCK])
"""What an output folder that we have not written to yet may hold."""

SUSPECT = re.compile(r"\.\.|^/|[\\:]")
"""What a path has that could lead out of the output folder on some system."""

Digests = Mapping[str, frozenset[str]]
"""Output path to the SHA-256 digests that the file may have: several while a commit is
under way or after one was killed."""


def refuse_unsafe(config: Config) -> None:
    """Refuse an output folder in which a mistake would cost someone their files.

    Raises:
        ConfigError: why, and what to do.
    """
    hint = 'set `paths.output` to a folder of its own, such as "output"'
    name = config.output.as_posix()
    try:
        output = config.output.resolve()
    except (OSError, RuntimeError) as error:
        raise ConfigError(f"the output folder {name} is a link to itself", hint=hint) from error
    if output in (_home(), Path(output.anchor)):
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
    try:
        inside = {entry.name for entry in os.scandir(output)}
    except FileNotFoundError:
        return
    except NotADirectoryError as error:
        raise ConfigError(f"the output folder {name} is a file", hint=hint) from error
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror}", path=name) from error
    if ".git" in inside:
        raise ConfigError(f"the output folder {name} is a Git repository", hint=hint)
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
            if SUSPECT.search(name):
                for path_of in (PurePosixPath(name), PureWindowsPath(name)):
                    if ".." in path_of.parts or path_of.anchor:
                        raise ValueError(name)
        return {name: frozenset(digests.split()) for name, digests in files.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(
            "the manifest of the output folder is damaged",
            path=path.as_posix(),
            hint="delete the output folder and build again",
        ) from error


def make_manifest(files: Digests) -> bytes:
    """The bytes of a manifest, equal for equal files."""
    table = {path: " ".join(sorted(digests)) for path, digests in files.items()}
    document = {"generator": "sitegen", "version": VERSION, "files": table}
    # With `indent` the encoder would be the slow one; a line each keeps differences readable.
    text = json.dumps(document, ensure_ascii=False, separators=(",\n", ": "), sort_keys=True) + "\n"
    return text.encode(errors="surrogatepass")  # Names that are not UTF-8; `loads` takes them.


def _home() -> Path | None:
    """The home folder; None for an account that has none, as in some containers."""
    try:
        return Path.home().resolve()
    except RuntimeError:
        return None
