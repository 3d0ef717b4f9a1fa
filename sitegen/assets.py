"""Static files to fingerprinted artifacts, and the map from their names to their paths."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sitegen.errors import ConfigError
from sitegen.model import Artifact, Kind

__all__ = ["Assets", "builtin_layouts", "load_assets"]

STYLES = "css"
"""The folder whose style sheets become one, in the order of their names."""

BUNDLE = "style.css"
"""The one style sheet of every page."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The static files of a site."""

    artifacts: tuple[Artifact, ...]
    """The files, each with a digest of its content in its name."""
    paths: Mapping[str, str]
    """Name (`style.css`) to path in the output (`assets/style.0a1b2c3d.css`)."""


def builtin_layouts() -> Path:
    """The layouts that come with sitegen: in the wheel beside the code, else in the checkout."""
    beside = Path(__file__).parent / "layouts"
    return beside if beside.is_dir() else Path(__file__).parents[1] / "layouts"


def load_assets(own_layouts: Path, styles: str = "") -> Assets:
    """Read the built-in static files and the project's own, which replace them file by file.

    `styles` stands before all other style sheets.

    Raises:
        ConfigError: a file cannot be read.
    """
    files: dict[str, tuple[Path, str]] = {}
    for folder, owner in ((builtin_layouts(), "layouts"), (own_layouts, own_layouts.name)):
        for path in _files(folder / "static"):
            name = path.relative_to(folder / "static").as_posix()
            files[name] = (path, f"{owner}/static/{name}")
    contents = {name: (_read(path, owner), owner) for name, (path, owner) in files.items()}
    # A project's own style.css comes last: it is there to have the last word.
    parts = rf"{STYLES}/[^/]+\.css|{re.escape(BUNDLE)}"
    names = [name for name in sorted(contents) if re.fullmatch(parts, name)]
    if names:
        sheets = [
            *([styles.encode()] if styles else []),
            *(contents.pop(name)[0] for name in names),
        ]
        bundle = b"\n".join(sheet.strip() for sheet in sheets) + b"\n"
        contents[BUNDLE] = (bundle, f"layouts/static/{STYLES}")
    artifacts = [_artifact(name, content, owner) for name, (content, owner) in contents.items()]
    artifacts.sort(key=lambda artifact: artifact.path)
    called = {_path(name, content): name for name, (content, _) in contents.items()}
    paths = {called[artifact.path]: artifact.path for artifact in artifacts}
    return Assets(tuple(artifacts), paths)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder and those in it, without hidden ones and links."""
    if not folder.is_dir():
        return
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", path=folder.as_posix()) from error
    for path in found:
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def _read(path: Path, owner: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", path=owner) from error


def _path(name: str, content: bytes) -> str:
    """The file's name with the digest before its ending; no part begins with `_`."""
    path = PurePosixPath(re.sub(r"(^|/)(?=_)", r"\1x", name))
    digest = hashlib.sha256(content).hexdigest()[:8]
    return f"assets/{path.with_name(f'{path.stem}.{digest}{path.suffix}')}"


def _artifact(name: str, content: bytes, owner: str) -> Artifact:
    return Artifact(_path(name, content), content, Kind.ASSET, owner)
