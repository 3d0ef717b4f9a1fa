"""The locks of CI hold everything that the project needs, at versions that it allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["test"],
    *PROJECT["build-system"]["requires"],
]
LOCK = (ROOT / "requirements/ci.txt").read_text(encoding="utf-8")


def plain(name: str) -> str:
    """A name as the index compares them."""
    return re.sub(r"[-_.]+", "-", name).lower()


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


def locked() -> dict[str, list[tuple[int, ...]]]:
    """The versions of each package; several where systems differ."""
    found: dict[str, list[tuple[int, ...]]] = {}
    for name, number in re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", LOCK, re.MULTILINE):
        found.setdefault(plain(name), []).append(version(number))
    return found


@pytest.mark.parametrize("requirement", NEEDED)
def test_requirement_has_a_lower_bound_that_the_lock_meets(requirement: str) -> None:
    """If this fails after a change of pyproject.toml, run .ci/lock."""
    match = re.match(r"([\w.-]+)(?:\[[\w,]+\])?(?:>=|==)([\d.]+)", requirement)
    assert match, f"{requirement} has no lower bound"
    versions = locked().get(plain(match[1]))
    assert versions, f"{match[1]} is not locked: run .ci/lock"
    assert max(versions) >= version(match[2])


@pytest.mark.parametrize("name", ["ci.txt", "audit.txt"])
def test_everything_that_is_locked_has_its_hashes(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    packages = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
    assert len(packages) > 20
    for package in packages:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", package), package.split("\n")[0]
