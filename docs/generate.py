"""Writes the pages of the documentation that say what the code says: `python docs/generate.py`."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from sitegen.config import LISTS, NAMED_SECTIONS, SECTIONS

__all__ = ["pages", "write"]

DOCS = Path(__file__).parent

INTRODUCTION = """\
# Configuration

`sitegen.toml` in the project folder, or `[tool.sitegen]` in `pyproject.toml`. Every key is
optional; an empty file, or none, builds. An unknown key is an error, with its line. A flag
(`--base-url`, `--output`) beats the environment (`SITEGEN_BASE_URL`), which beats the file, which
beats the default. `sitegen init` writes a file with comments.

This page is written by `docs/generate.py` from the code that reads the file.
"""

WORDS = {bool: "`true` or `false`", int: "a whole number", str: "a text"}


def pages() -> Mapping[str, str]:
    """The generated pages: the name of each, and its Markdown."""
    readme = DOCS.parent / "layouts" / "README.md"
    title, _, rest = readme.read_text(encoding="utf-8").partition("\n")
    note = "This page is `layouts/README.md` of sitegen, the reference to [Theming](theming.md)."
    return {
        "configuration.md": "\n".join(_configuration()),
        "layouts.md": f"{title}\n\n{note}\n{rest}",
    }


def write() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (DOCS / name).write_bytes(text.encode())


def _configuration() -> Iterator[str]:
    yield INTRODUCTION
    for name, kind in SECTIONS.items():
        yield from _table(name, f"[{name}]", kind)
    for name, kind in LISTS.items():
        yield from _table(name, f"[[{name}]]", kind)
    for name, kind in NAMED_SECTIONS.items():
        yield from _table(name, f'[{name}."Name"]', kind)


def _table(name: str, header: str, kind: type) -> Iterator[str]:
    """A table of the file; its heading is its name alone, so that links to it are simple."""
    said = inspect.cleandoc(kind.__doc__ or "").partition("`: ")[2]
    meanings, types = _docstrings(kind), get_type_hints(kind)
    yield f"## {name}\n"
    yield f"`{header}`: {said}\n"
    yield "| key | takes | default | meaning |"
    yield "|---|---|---|---|"
    for field in dataclasses.fields(kind):
        cells = (
            f"`{field.name}`",
            _takes(types[field.name]),
            _default(field),
            meanings[field.name],
        )
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def _docstrings(kind: type) -> Mapping[str, str]:
    """The docstring under each field, on one line."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                value=ast.Constant(value=str(text))
            ):
                found[name] = " ".join(text.split())
    return found


def _takes(kind: Any) -> str:
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " or ".join(f'`"{choice}"`' for choice in inside if choice)
    if origin is tuple:
        return "a list of texts"
    if origin is not None and issubclass(origin, Mapping):
        return "a table of texts"
    return WORDS[kind]


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return "`{}`"
    if field.default is dataclasses.MISSING:
        return "must be given"
    value = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{json.dumps(value, ensure_ascii=False)}`"


if __name__ == "__main__":
    write()
