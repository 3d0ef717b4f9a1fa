"""What the documentation must name: every command, flag and configuration key."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sitegen.cli import app
from sitegen.config import NAMED_SECTIONS, SECTIONS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = README + "".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("**/*.md"))
)
KEYS = [
    (section, field.name)
    for section, kind in SECTIONS.items()
    for field in dataclasses.fields(kind)
]
EXIT_CODES = (0, 1, 2, 130)


def flags() -> Iterator[tuple[str, str]]:
    for name, command in [("", app), *app.commands.items()]:
        for option in command.params:
            if isinstance(option, click.Option):
                yield from ((name, flag) for flag in option.opts)


def examples() -> Iterator[str]:
    """The TOML of the README that is a configuration of sitegen."""
    for block in re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        if any(f"[{section}]" in block or f"[{section}." in block for section in SECTIONS):
            yield block


@pytest.mark.parametrize("command", sorted(app.commands))
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"\bsitegen {command}\b", DOCS)


@pytest.mark.parametrize(("command", "flag"), sorted(set(flags())))
def test_every_flag_is_documented(command: str, flag: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", DOCS), f"{command} {flag}"


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_configuration_key_is_in_the_example_of_the_readme(section: str, key: str) -> None:
    assert any(key in tomllib.loads(block).get(section, {}) for block in examples())


def test_every_key_of_the_examples_exists() -> None:
    blocks = list(examples())
    assert blocks
    for block in blocks:
        for section, values in tomllib.loads(block).items():
            assert section in SECTIONS or section in NAMED_SECTIONS
            for key in values if section in SECTIONS else ():
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
    default = getattr(SECTIONS[section](), key)
    for block in examples():
        value = tomllib.loads(block).get(section, {}).get(key, default)
        assert type(value) is type(default)


@pytest.mark.parametrize("code", EXIT_CODES)
def test_every_exit_code_is_documented(code: int) -> None:
    assert re.search(rf"(?i)exit[^\n]*(\n[^\n]+){{0,8}}?\b{code}\b", DOCS)


def test_environment_variable_is_documented() -> None:
    assert "SITEGEN_BASE_URL" in DOCS
