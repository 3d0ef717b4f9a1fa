"""What holds for the fixtures of every format: model, page, damage, what they are known by."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from conftest import Golden
from described import describe, page_of
from helpers import reading
from hypothesis import given
from hypothesis import strategies as st
from parsed import Parsed
from samples import SAMPLES

from sitegen.readers.decode import TERMINAL
from sitegen.readers.texts import TEXT_FORMATS

FOLDER = Path(__file__).parent / "golden"
DESCRIBED = ("captions", "logs", "whatsapp")
"""Folders whose models are described in the same way; the others' tests have their own."""
FIXTURES = [
    path
    for kind in (*DESCRIBED, "chats", "dialogue")
    for path in sorted((FOLDER / kind).iterdir())
    if not path.name.endswith((".model.txt", ".html"))
]
each_fixture = pytest.mark.parametrize(
    "path", FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}"
)


@each_fixture
def test_it_is_read_as_its_model_and_its_page_say(path: Path, golden: Golden) -> None:
    data, name = path.read_bytes(), f"{path.parent.name}/{path.stem}"
    golden.check(f"{name}.html", page_of(data, path.name))
    if path.parent.name in DESCRIBED:
        golden.check(f"{name}.model.txt", describe(reading(data, path.name)))


@each_fixture
def test_nothing_of_it_comes_to_life(path: Path) -> None:
    page = Parsed((path.parent / f"{path.stem}.html").read_text(encoding="utf-8"))
    assert page.unbalanced == []
    assert page.others == []
    assert not {"script", "iframe", "object", "style", "form"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
    for address in page.values("href", "src"):
        lines = re.fullmatch(r"(?:\.\./)*[\w/-]+/source\.html#L\d+", address)
        allowed = ("#m", "https://", "http://", "mailto:", "data:image/png")
        assert lines or address.startswith(allowed)


@given(st.sampled_from(FIXTURES), st.integers(0, 4000), st.integers(0, 30), st.binary(max_size=20))
def test_a_damaged_file_is_read_or_said_to_be_broken(
    path: Path, start: int, length: int, junk: bytes
) -> None:
    data = path.read_bytes()
    found = reading(data[:start] + junk + data[start + length :], path.name)
    assert found.transcripts or found.diagnostics


def test_every_format_says_what_of_the_file_it_was_known_by() -> None:
    seen = set()
    files = [(path.name, path.read_bytes()) for path in FIXTURES]
    for name, data in (*files, *SAMPLES.values()):
        found = reading(data, name)
        seen |= {transcript.format for transcript in found.transcripts}
        if not found.transcripts:
            continue
        assert found.reason, name
        text = TERMINAL.sub("", data.decode("utf-8-sig", "replace")).casefold()
        for part in re.findall("`([^`]+)`", found.reason):
            assert all(piece in text for piece in part.casefold().split("…")), (name, part)
    assert seen >= set(TEXT_FORMATS) - {"canonical"}
    assert len(seen) >= 36


def longest_list(value: object) -> list[object]:
    """The list in a value that takes most room, of which no other holds it."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return value
    inner = list(value.values()) if isinstance(value, dict) else value
    lists = [longest_list(item) for item in inner] if isinstance(inner, list) else []
    return max(lists, key=lambda found: len(str(found)), default=[])


@pytest.mark.parametrize(
    "path", [path for path in FIXTURES if path.suffix == ".json"], ids=lambda path: path.stem
)
def test_a_megabyte_of_json_takes_no_time(path: Path) -> None:
    """A quadratic step would take an hour."""
    if path.stem.endswith(("empty", "truncated")):
        pytest.skip("there is nothing to repeat")
    value = json.loads(path.read_text(encoding="utf-8"))
    items = longest_list(value)
    items *= 1_000_000 // len(json.dumps(items)) + 1
    begun = time.perf_counter()
    assert len(reading(json.dumps(value), path.name).transcripts) > 0
    assert time.perf_counter() - begun < 120
