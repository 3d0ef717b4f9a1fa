"""The other generators: how to get each, lay out its project and build it.

Each makes the same site as sitegen from the same conversations: an index, and one page for
each transcript with its messages in `article` elements and its code highlighted with
classes. No feeds, no search, no taxonomies. Their templates are in the folder `peers`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from benchmarks.cases import Project

__all__ = ["PEERS", "Peer", "Unavailable"]

TEMPLATES = Path(__file__).parent / "peers"
PATIENCE = 600
"""Seconds after which an installation is given up."""


class Unavailable(Exception):
    """A peer cannot be had on this machine; the message says why."""


class Peer(ABC):
    """One generator. Its programs and projects stay in a cache folder of its own."""

    name: ClassVar[str]
    """What selects it on the command line; its folder of templates and its corpus format."""
    layout: ClassVar[str]
    """The template of a transcript's page."""
    config: ClassVar[str]
    """The configuration file."""
    styles: ClassVar[str]
    """Where it expects the style sheet."""
    caches: ClassVar[tuple[str, ...]] = ()
    """What it keeps between builds."""

    def __init__(self, cache: Path) -> None:
        self.home = (cache / self.name).absolute()

    @abstractmethod
    def install(self) -> str:
        """Install it unless it is there, and return its version.

        Raises:
            Unavailable: it cannot be installed.
        """

    @abstractmethod
    def build(self) -> Sequence[str]:
        """The command that builds everything."""

    def rebuild(self) -> Sequence[str]:
        """The command that builds again over what is there, as fast as it knows how."""
        return self.build()

    def lay_out(self, corpus: Path) -> Project:
        """Make a project of the texts in `corpus`."""
        root = self.home / f"site-{corpus.name}"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(TEMPLATES / self.name, root)
        shutil.copytree(corpus, root / "content", dirs_exist_ok=True)
        (root / self.styles).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TEMPLATES / "style.css", root / self.styles)
        return Project(
            root,
            self.build(),
            self.rebuild(),
            root / self.layout,
            root / self.config,
            tuple(root / cache for cache in self.caches),
        )


class PyPIPeer(Peer):
    """A peer out of the Python package index, in a virtual environment of its own."""

    packages: ClassVar[tuple[str, ...]]
    """What to install; the first is the peer itself."""

    @property
    def scripts(self) -> Path:
        """The folder of the environment's programs."""
        return self.home / "venv" / ("Scripts" if sys.platform == "win32" else "bin")

    def install(self) -> str:
        if not self.scripts.is_dir():
            self.home.mkdir(parents=True, exist_ok=True)
            try:
                venv.create(self.home / "venv", with_pip=True)
            except (OSError, subprocess.CalledProcessError) as error:
                raise Unavailable(f"no virtual environment: {error}") from error
        # Also when the environment was there: an installation may have been broken off.
        self._python("-m", "pip", "install", "--quiet", *self.packages)
        ask = "import sys, importlib.metadata as m; print(m.version(sys.argv[1]))"
        return self._python("-c", ask, self.packages[0])

    def _python(self, *arguments: str) -> str:
        return _run([str(self.scripts / "python"), *arguments], self.home)


class Hugo(PyPIPeer):
    """https://gohugo.io (Go)."""

    name = "hugo"
    layout = "layouts/_default/single.html"
    config = "hugo.toml"
    styles = "static/style.css"
    caches = ("resources",)
    packages = ("hugo",)

    def build(self) -> Sequence[str]:
        """Run the program itself: the script of the package would cost a start of Python."""
        return (
            *(str(self._program()), "--noBuildLock", "--destination", "output"),
            *("--cacheDir", str(self.home / "cache")),
        )

    def _program(self) -> Path:
        found = sorted((self.home / "venv").rglob("hugo/binaries/hugo*"))
        if not found:
            raise Unavailable("the package has no program for this machine")
        return found[0]


class Pelican(PyPIPeer):
    """https://getpelican.com (Python)."""

    name = "pelican"
    layout = "theme/templates/article.html"
    config = "pelicanconf.py"
    styles = "theme/static/style.css"
    caches = ("cache",)
    packages = ("pelican", "markdown", "pygments")

    def build(self) -> Sequence[str]:
        return (str(self.scripts / "pelican"), "--quiet", "--settings", self.config, "content")

    def rebuild(self) -> Sequence[str]:
        """With its caches, which are off unless asked for."""
        return (
            *(*self.build(), "--extra-settings", "CACHE_CONTENT=true", "LOAD_CONTENT_CACHE=true"),
            *('CONTENT_CACHING_LAYER="generator"', 'CHECK_MODIFIED_METHOD="mtime"'),
        )


class MkDocs(PyPIPeer):
    """https://www.mkdocs.org (Python)."""

    name = "mkdocs"
    layout = "theme/main.html"
    config = "mkdocs.yml"
    styles = "content/style.css"
    packages = ("mkdocs", "pymdown-extensions", "pygments")

    def build(self) -> Sequence[str]:
        return (str(self.scripts / "mkdocs"), "build", "--quiet")

    def rebuild(self) -> Sequence[str]:
        """Only the pages whose source is newer; it warns that links to others may be wrong."""
        return (*self.build(), "--dirty")


class Eleventy(Peer):
    """https://www.11ty.dev (JavaScript)."""

    name = "eleventy"
    layout = "content/_includes/chat.njk"
    config = "eleventy.config.mjs"
    styles = "style.css"

    @property
    def package(self) -> Path:
        """Where npm puts it. Its projects stand beside, so that they find its modules."""
        return self.home / "node_modules" / "@11ty" / "eleventy"

    def install(self) -> str:
        for program in ("node", "npm"):
            if not shutil.which(program):
                raise Unavailable(f"{program} is not on the PATH")
        self.home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TEMPLATES / self.name / "package.json", self.home / "package.json")
        _run([shutil.which("npm") or "npm", "install", "--no-audit", "--no-fund"], self.home)
        about = json.loads((self.package / "package.json").read_text(encoding="utf-8"))
        return str(about["version"])

    def build(self) -> Sequence[str]:
        return (shutil.which("node") or "node", str(self.package / "cmd.cjs"), "--quiet")


class Zola(Peer):
    """https://www.getzola.org (Rust); in no package index, so taken if it is installed."""

    name = "zola"
    layout = "templates/page.html"
    config = "config.toml"
    styles = "static/style.css"

    def install(self) -> str:
        program = shutil.which("zola")
        if not program:
            raise Unavailable("zola is not on the PATH")
        self.home.mkdir(parents=True, exist_ok=True)
        return _run([program, "--version"], self.home).removeprefix("zola ")

    def build(self) -> Sequence[str]:
        program = shutil.which("zola") or "zola"
        return (program, "build", "--output-dir", "output", "--force")


PEERS: dict[str, type[Peer]] = {peer.name: peer for peer in (Hugo, Eleventy, Zola, Pelican, MkDocs)}


def _run(arguments: Sequence[str], folder: Path) -> str:
    """What a program says; Unavailable with its last line if it fails."""
    try:
        done = subprocess.run(
            arguments, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(str(error)) from error
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Unavailable(f"{Path(arguments[0]).name} failed: {lines[-1] if lines else 'silent'}")
    return done.stdout.strip()
