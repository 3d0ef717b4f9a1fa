"""What the documentation must name: every command, flag and configuration key."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from sitegen.cli import app
from sitegen.config import LISTS, NAMED_SECTIONS, SECTIONS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = README + "".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("**/*.md"))
)
TABLES = {**SECTIONS, **LISTS}
KEYS = [
    (section, field.name) for section, kind in TABLES.items() for field in dataclasses.fields(kind)
]
NAMED = [
    (section, field.name)
    for section, kind in NAMED_SECTIONS.items()
    for field in dataclasses.fields(kind)
]
ALL_TABLES = (*TABLES, *NAMED_SECTIONS)
EXIT_CODES = (0, 1, 2, 130)


def flags() -> Iterator[tuple[str, str]]:
    for name, command in [("", app), *app.commands.items()]:
        for option in command.params:
            if isinstance(option, click.Option):
                yield from ((name, flag) for flag in option.opts)


def examples() -> Iterator[str]:
    """The TOML of the README that is a configuration of sitegen."""
    for block in re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        if any(f"[{table}]" in block or f"[{table}." in block for table in ALL_TABLES):
            yield block


def tables(block: str) -> dict[str, Any]:
    """The tables of a block; of those that come more than once, the first."""
    return {
        section: values[0] if isinstance(values, list) else values
        for section, values in tomllib.loads(block).items()
    }


@pytest.mark.parametrize("command", sorted(app.commands))
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"\bsitegen {command}\b", DOCS)


@pytest.mark.parametrize(("command", "flag"), sorted(set(flags())))
def test_every_flag_is_documented(command: str, flag: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", DOCS), f"{command} {flag}"


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_configuration_key_is_in_the_example_of_the_readme(section: str, key: str) -> None:
    assert any(key in tables(block).get(section, {}) for block in examples())


@pytest.mark.parametrize(("section", "key"), NAMED)
def test_every_key_of_a_named_table_is_in_an_example(section: str, key: str) -> None:
    tables = [t for b in examples() for t in tomllib.loads(b).get(section, {}).values()]
    assert any(key in table for table in tables)


def test_every_key_of_the_examples_exists() -> None:
    blocks = list(examples())
    assert blocks
    for block in blocks:
        for section, values in tables(block).items():
            if section in NAMED_SECTIONS:
                for table in values.values():
                    assert {(section, key) for key in table} <= set(NAMED)
                continue
            assert section in TABLES
            for key in values:
                assert (section, key) in KEYS


@pytest.mark.parametrize(("section", "kind"), NAMED_SECTIONS.items())
def test_every_key_of_a_named_table_is_in_an_example_with_the_right_type(
    section: str, kind: type
) -> None:
    shown = [
        table for block in examples() for table in tomllib.loads(block).get(section, {}).values()
    ]
    assert shown
    for table in shown:
        expected = {field.name: type(field.default) for field in dataclasses.fields(kind)}
        assert {key: type(value) for key, value in table.items()} == expected


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_example_shows_a_value_of_the_right_type(section: str, key: str) -> None:
    required = {"files": "**"} if section in LISTS else {}
    default = getattr(TABLES[section](**required), key)
    for block in examples():
        shown = tables(block).get(section, {}).get(key, default)
        value = list(shown) if isinstance(shown, tuple) else shown
        assert type(value) is (list if isinstance(default, tuple) else type(default))


@pytest.mark.parametrize("code", EXIT_CODES)
def test_every_exit_code_is_documented(code: int) -> None:
    assert re.search(rf"(?i)exit[^\n]*(\n[^\n]+){{0,8}}?\b{code}\b", DOCS)


def test_environment_variable_is_documented() -> None:
    assert "SITEGEN_BASE_URL" in DOCS
