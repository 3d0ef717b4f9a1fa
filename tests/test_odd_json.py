"""Exports in which any value is another than it should be: read, or refused with a reason."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from helpers import reading
from planting import Base, bases, values

ODD = (
    *("null", "true", "0", "-1", '""', "[]", "{}", "[[[[[]]]]]", '{"a": {"a": null}}'),
    *('[null, 1, "x", {}]', "[" * 90 + "]" * 90, "[" * 50_000, '{"a":' * 50_000),
    *("1e999", "-1e999", "1e308", "1e-400", "NaN", "-Infinity", "9" * 400, "9" * 5000),
    *("-" + "9" * 25, "253402300800", "-62135596801", "8640000000000001"),
    *('"\\ud800"', '"\\udfff\\ud83d"', '"\\u0000"', '"-1"', '"1e400"', '"١٢"'),
    *('"9999-99-99T99:99:99Z"', '"0000-01-01T00:00:00Z"', '"2025-01-01T00:00:00+99:99"'),
    *('"9999-12-31T23:59:59-23:59"', '"0001-01-01T00:00:00+23:59"', '"x": 1, "x"'),
)
"""Values as they stand in a file, valid or not."""

HERE = "@@here@@"
JSON = [name for name, base in bases().items() if all(values(data) for _, data in base.members)]
EVERY_NTH = 60
"""The suite tries one of so many; the rest is tried at night."""


def places(value: Any) -> Iterator[tuple[str | int, ...]]:
    """The path to every value in a value, and to itself."""
    yield ()
    items: Any = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, item in items:
        yield from ((key, *path) for path in places(item))


def changed(value: Any, path: tuple[str | int, ...]) -> Any:
    """A value with a mark at a path."""
    if not path:
        return HERE
    copied = copy.copy(value)
    copied[path[0]] = changed(value[path[0]], path[1:])
    return copied


def spoilt(base: Base) -> Iterator[bytes]:
    """The file with each of the odd values in each place."""
    for name, data in base.members:
        records = values(data) or []
        for number, record in enumerate(records):
            for path in places(record):
                some = [*records[:number], changed(record, path), *records[number + 1 :]]
                text = "\n".join(map(json.dumps, some))
                for odd in ODD:
                    made = text.replace(f'"{HERE}"', odd, 1).encode()
                    yield base.packed({name: made})


def read_all(name: str, first: int, step: int) -> int:
    base = bases()[name]
    count = 0
    for data in islice(spoilt(base), first, None, step):
        found = reading(data, base.file)
        assert found.transcripts or found.diagnostics
        count += 1
    return count


def test_formats_of_json_are_tried() -> None:
    assert len(JSON) > 25


@pytest.mark.parametrize("name", JSON)
def test_odd_value_is_read_or_refused(name: str) -> None:
    assert read_all(name, len(name), EVERY_NTH) > 5


@pytest.mark.nightly
@pytest.mark.parametrize("name", JSON)
def test_every_odd_value_is_read_or_refused(name: str) -> None:
    assert read_all(name, 0, 1) > 300


@pytest.mark.parametrize("odd", ["9" * 400, "9" * 5000, "1e999", "NaN", "-1"])
def test_time_that_is_none_is_left_out(odd: str) -> None:
    """An integer of JSON may have any length; a time cannot."""
    line = '{"type": "user", "uuid": "a", "sessionId": "s", "timestamp": TIME, "message": '
    line += '{"role": "user", "content": "x"}}\n'
    found = reading((line + line).replace("TIME", odd), "a.jsonl")
    assert [message.at for t in found.transcripts for message in t.messages] in (
        [None],
        [None] * 2,
        [],
    )
    assert found.transcripts or found.diagnostics
