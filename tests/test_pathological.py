"""No text hangs a build or fills the memory, wherever in a source it stands."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs processes that are forked and measured", allow_module_level=True)

from pathological import BLOCKS, COUNT, HEADS, MARKS, Cost, cases, cost, exports, texts, warm_up
from planting import formats

SECONDS, MEGABYTES = 20, 400
"""Bounds that only a text passes that is no longer read in linear time or space. Each case
takes about a second and 100 MB at most where nothing else runs; docs/reliability.md has all."""

ALL = dict(cases())
DAILY = {
    *(f"commonmark: 100,000 of {mark}" for mark in MARKS),
    *(f"commonmark: {name}" for name in BLOCKS),
    *(f"{place}: 100,000 of [a](" for place in HEADS),
    *(f"{place}: 100,000 of <" for place in ("title", "name", "tags", "header", "metadata")),
    *("commonmark: 100,000 bytes of a@b.c ", "markdown: 100,000 bytes of a@b.c "),
    *("page: nested formulas", "note: 100,000 of [", "plain: nested brackets"),
    *(name for name in ALL if name.startswith(("front matter: ", "JSON: "))),
}
"""What every run of the suite tries; the rest is tried at night."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("pathological")
    warm_up(folder)
    yield folder


def is_bearable(taken: Cost | None) -> bool:
    """Whether a case ended, and within the bounds."""
    return taken is not None and taken.seconds < SECONDS and taken.megabytes < MEGABYTES


def test_cases_are_many_and_all_that_are_named_exist() -> None:
    assert len(texts()) > 80
    assert len(ALL) > 1000
    assert set(ALL) >= DAILY


@pytest.mark.parametrize("name", sorted(DAILY))
def test_text_is_read_in_time_and_space(name: str, folder: Path) -> None:
    taken = cost(ALL[name], folder, SECONDS)
    assert is_bearable(taken), taken


def _one_a_format() -> dict[str, str]:
    """A field of each format with a mark, so that all fields and marks come in turn."""
    fields: dict[str, list[str]] = {}
    for name in EXPORTS:
        fields.setdefault("".join(sorted(formats(name.partition(", ")[0]))), []).append(name)
    return {
        found[number % len(found)]: MARKS[number % len(MARKS)]
        for number, found in enumerate(fields.values())
    }


EXPORTS = exports()
A_DAY = _one_a_format()


@pytest.mark.parametrize("name", A_DAY)
def test_text_of_any_format_is_read_in_time_and_space(name: str, folder: Path) -> None:
    taken = cost(EXPORTS[name](A_DAY[name] * COUNT), folder, SECONDS)
    assert is_bearable(taken), taken


@pytest.mark.nightly
@pytest.mark.parametrize("name", EXPORTS)
def test_every_field_of_every_format_is_read_in_time_and_space(name: str, folder: Path) -> None:
    for mark in MARKS:
        taken = cost(EXPORTS[name](mark * COUNT), folder, SECONDS)
        assert is_bearable(taken), (mark, taken)


@pytest.mark.nightly
@pytest.mark.parametrize("name", sorted(set(ALL) - DAILY))
def test_every_text_is_read_in_time_and_space(name: str, folder: Path) -> None:
    taken = cost(ALL[name], folder, SECONDS)
    assert is_bearable(taken), taken


def test_measure_tells_a_hang_and_a_hog(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pathological

    hog: list[bytes] = []
    monkeypatch.setattr(pathological, "build_in_memory", lambda _: hog.append(b"x" * 500_000_000))
    taken = cost({}, folder, SECONDS)
    assert taken is not None
    assert not is_bearable(taken)

    def hang(_folder: Path) -> None:
        while True:
            pass

    monkeypatch.setattr(pathological, "build_in_memory", hang)
    assert cost({}, folder, 1) is None
