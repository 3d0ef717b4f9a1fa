"""The wheel: holds all that a build needs, and builds the same site outside the checkout."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest
from helpers import tree

from sitegen import __version__, build

ROOT = Path(__file__).parents[1]
SCRIPTS, EXE = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed"
)


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pip", *arguments], capture_output=True, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout, built from a copy so that nothing is left in it."""
    copy, target = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in ("sitegen", "layouts"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    options = ("--no-deps", "--no-build-isolation", "--wheel-dir", str(target))
    done = pip("wheel", *options, str(copy))
    assert done.returncode == 0, done.stderr
    (path,) = target.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment in which only the wheel was installed."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=False)
    python = str(home / SCRIPTS / f"python{EXE}")
    # The same versions as here, so that the same bytes may be expected.
    constraints = home / "constraints.txt"
    versions = {d.metadata["Name"]: d.version for d in distributions()}
    versions.pop("sitegen", None)
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in versions.items()))
    if pip("--python", python, "install", "-c", str(constraints), str(wheel)).returncode:
        # No index can be reached: borrow the dependencies of the tests.
        done = pip("--python", python, "install", "--no-deps", "--no-index", str(wheel))
        assert done.returncode == 0, done.stderr
        packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(home)}))
        borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)))
    return home


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_holds_the_code_and_the_layouts_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    code = {f"sitegen/{name}" for name in files(ROOT / "sitegen")}
    layouts = {f"sitegen/layouts/{name}" for name in files(ROOT / "layouts")}
    assert names == code | layouts
    assert {"sitegen/py.typed", "sitegen/layouts/base.html"} <= names
    assert wheel.name == f"sitegen-{__version__}-py3-none-any.whl"


def test_installed_wheel_builds_the_same_site_as_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "content", project / "content")
    shutil.copy(ROOT / "sitegen.toml", project)
    environment = {key: value for key, value in os.environ.items() if key[:6] != "PYTHON"}

    def call(*command: str) -> str:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", cwd=tmp_path, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    python = str(installed / SCRIPTS / f"python{EXE}")
    place = call(python, "-c", "import sitegen; print(sitegen.__file__)").strip()
    assert Path(place).is_relative_to(installed)
    command = str(installed / SCRIPTS / f"sitegen{EXE}")
    call(command, "build", "--strict", "--root", str(project))
    own = build(project, output=tmp_path / "own")
    assert len(own.written) > 40
    assert tree(project / "output") == tree(tmp_path / "own")
