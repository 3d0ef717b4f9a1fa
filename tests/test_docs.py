"""What the documentation must name: every command, flag and configuration key."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from helpers import tree

from sitegen import build
from sitegen.check import check_site
from sitegen.cli import app
from sitegen.config import LISTS, NAMED_SECTIONS, SECTIONS, load_config

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


# The pages of docs/


PAGES = sorted((ROOT / "docs").glob("*.md"))
GUIDES = ("getting-started", "configuration", "formats", "theming", "deployment", "faq")


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that the documentation is."""
    root = tmp_path_factory.mktemp("documentation") / "docs"
    hidden = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(ROOT / "docs", root, ignore=hidden)
    return root


def generated() -> Mapping[str, str]:
    place = ROOT / "docs" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate_docs", place)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: Mapping[str, str] = module.pages()
    return pages


def test_generated_pages_are_current() -> None:
    made = generated()
    assert set(made) == {"configuration.md", "layouts.md"}
    for name, text in made.items():
        current = (ROOT / "docs" / name).read_bytes().decode()
        assert current == text, f"run python docs/generate.py: {name} is out of date"


@pytest.mark.parametrize(("section", "key"), [*KEYS, *NAMED])
def test_every_key_has_a_row_with_a_meaning(section: str, key: str) -> None:
    page = generated()["configuration.md"]
    table = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert table
    row = re.search(rf"^\| `{key}` \| (.+) \| (.+) \| (.+) \|$", table[1], re.MULTILINE)
    assert row
    assert len(row[3]) > 10


def test_documentation_is_a_site_whose_links_all_lead_somewhere(docs: Path) -> None:
    report = build(docs, strict=True)
    site = tree(docs.parent / "build/docs")
    assert {finding.severity for finding in report.diagnostics} == {"note"}
    assert {f"{page.stem}.html" for page in PAGES} <= set(site)
    assert b"empty so far" not in site["index.html"]
    for name in (*GUIDES, "layouts", "provenance", "reliability"):
        assert f'href="{name}.html"'.encode() in site["index.html"].partition(b"<main")[2]
    found = check_site(load_config(docs), {})
    assert [str(finding) for finding in found.diagnostics if finding.severity != "note"] == []
    assert found.links > 100


@pytest.mark.parametrize("path", [ROOT / "README.md", *PAGES], ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(path: Path) -> None:
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"\w+:|#", target):
            assert (path.parent / target.partition("#")[0]).is_file(), target


@pytest.mark.parametrize("name", GUIDES)
def test_readme_links_to_the_guides(name: str) -> None:
    assert f"](docs/{name}.md)" in README


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_examples_of_settings_can_be_parsed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for language, block in re.findall(r"^```(toml|yaml)\n(.*?)^```", text, re.M | re.S):
        if language == "toml":
            assert tomllib.loads(block)
        else:
            assert all(isinstance(part, dict) for part in yaml.safe_load_all(block) if part)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_in_the_documentation_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    spans = [
        *re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S),
        *re.findall(r"`([^`\n]+)`", text),
    ]
    for line in "\n".join(spans).splitlines():
        called = re.match(r"sitegen (\w+)(.*)", line)
        if called:
            assert called[1] in app.commands, line
            known = {flag for param in app.commands[called[1]].params for flag in param.opts}
            known |= {f for param in app.commands[called[1]].params for f in param.secondary_opts}
            for flag in re.findall(r"(?<=\s)--?[a-z][a-z-]*", called[2].partition(" #")[0]):
                assert flag in known, line


def test_the_pictures_of_the_readme_are_those_that_are_made_and_say_what_they_show() -> None:
    place = ROOT / "docs" / "pictures.py"
    spec = importlib.util.spec_from_file_location("pictures", place)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["pictures"] = module  # A dataclass looks for its module.
    spec.loader.exec_module(module)
    made = {f"docs/pictures/{picture.name}.webp" for picture in module.PICTURES}
    shown = dict(re.findall(r'<img src="([^"]+)"[^>]* alt="([^"]+)"', README))
    assert set(shown) == made
    assert all(len(alt) > 40 for alt in shown.values())
    for path in made:
        data = (ROOT / path).read_bytes()
        assert data[:4] + data[8:12] == b"RIFFWEBP"
        assert len(data) < 100_000
    assert {(p.size, p.scheme) for p in module.PICTURES} == {
        (size, scheme)
        for size, scheme in (
            *((module.DESKTOP, "light"), (module.DESKTOP, "dark")),
            *((module.PHONE, "light"), (module.PHONE, "dark")),
        )
    }
