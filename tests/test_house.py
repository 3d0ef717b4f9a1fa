"""The house rules: which room may know which, who prints, who writes, how long a room is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "sitegen"

ROOMS = (
    *(
        "errors",
        "text",
        "align",
        "keys",
        "bulk",
        "model",
        "rules",
        "allowlist",
        "palette",
        "settings",
        "tables",
        "config",
    ),
    *("labels", "urls", "pictures", "readers", "canonical", "convert", "attachments"),
    *("participants", "redact", "secrets", "strings", "formats", "markup"),
    *(
        "shape",
        "entry",
        "cards",
        "twins",
        "hues",
        "site",
        "stapled",
        "verify",
        "provenance",
        "facets",
        "company",
        "pagefind",
        "search",
        "timeline",
        "exhibits",
        "assets",
        "jsontext",
        "downloads",
        "cite",
        "render",
        "authored",
        "beside",
        "prepare",
        "pool",
        "feeds",
    ),
    *(
        "manifest",
        "lock",
        "output",
        "cache",
        "shelf",
        "intake",
        "ledger",
        "deck",
        "builder",
        "compare",
        "check",
        "watch",
        "serve",
    ),
    *("findings", "scaffold", "cli"),
)
"""Each room imports only from rooms before it."""

FREE = frozenset(["__init__", "__main__"])
"""The package's own doors: they hold no work."""

MODULES = sorted(PACKAGE.rglob("*.py"))
WRITING = frozenset(
    [
        *("write_text", "write_bytes", "writelines", "unlink", "rmdir", "mkdir", "chmod", "touch"),
        *("symlink_to", "hardlink_to", "rmtree", "makedirs", "removedirs", "rename", "renames"),
        *("copyfile", "copy2", "copytree", "move", "mkstemp", "mkdtemp", "NamedTemporaryFile"),
    ]
)
READING_MODES = frozenset(["r", "rb", "rt"])
MAX_LINES = 400

each_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix()
)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room_of(path: Path) -> str:
    """`readers` for `readers/dates.py`, `cli` for `cli.py`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import on line {node.lineno}"
            assert node.module
            yield node.module
            if node.module == "sitegen":
                yield from (f"sitegen.{alias.name}" for alias in node.names)


def calls(tree: ast.AST) -> Iterator[tuple[str, str, ast.Call]]:
    """What is called: the name before the dot (if it is a plain one), the name, the call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield "", node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                owner = node.func.value
                yield owner.id if isinstance(owner, ast.Name) else "?", node.func.attr, node


def test_there_is_something_to_check() -> None:
    assert {"errors", "readers", "markup", "output", "cli"} <= {room_of(path) for path in MODULES}


@each_module
def test_room_imports_only_rooms_above_it(path: Path) -> None:
    room = room_of(path)
    if room in FREE:
        return
    assert room in ROOMS, f"{room} has no place in the list of rooms"
    known = set(ROOMS[: ROOMS.index(room) + 1])
    named = {name.split(".")[1] for name in imports(parsed(path)) if name.startswith("sitegen.")}
    modules = named - {"__version__"}
    assert modules <= known, f"{room} may not import {sorted(modules - known)}"


@each_module
def test_jinja_is_used_only_by_render(path: Path) -> None:
    uses = any(name.split(".")[0] == "jinja2" for name in imports(parsed(path)))
    assert not uses or room_of(path) == "render"


@each_module
def test_only_the_command_prints_or_exits(path: Path) -> None:
    if room_of(path) == "cli":
        return
    for owner, name, call in calls(parsed(path)):
        assert (owner, name) not in {("", "print"), ("", "exit"), ("", "quit")}, call.lineno
        assert (owner, name) not in {("sys", "exit"), ("os", "_exit")}, call.lineno
        assert owner != "click", call.lineno
    assert "click" not in {name.split(".")[0] for name in imports(parsed(path))}


@each_module
def test_only_output_and_cache_write_or_delete_files(path: Path) -> None:
    # The cache has a folder of its own, the shelf and large files have files without a name, a
    # comparison that nobody gave a place has a folder; what Pagefind is asked goes into a pipe.
    own = ("bulk", "cache", "shelf", "pagefind", "compare")
    if room_of(path) in ("output", "lock", "convert", "scaffold", *own):
        return
    assert not {"shutil", "tempfile"} & set(imports(parsed(path)))
    for owner, name, call in calls(parsed(path)):
        assert name not in WRITING, f"{name} on line {call.lineno}"
        assert (owner, name) not in {("os", "remove"), ("os", "replace")}, call.lineno
        moves = name == "replace" and len(call.args) == 1 and not call.keywords
        assert not moves, f"a file is replaced on line {call.lineno}"
        if name == "open" and owner != "os":
            modes = [*call.args[0 if owner else 1 :], *(key.value for key in call.keywords)]
            for mode in modes:
                if isinstance(mode, ast.Constant):
                    assert mode.value in READING_MODES, f"open on line {call.lineno}"


@each_module
def test_model_room_uses_the_standard_library_alone(path: Path) -> None:
    if room_of(path) not in ("errors", "text", "model", "urls", "entry"):
        return
    foreign = {name.split(".")[0] for name in imports(parsed(path))} - {"sitegen"}
    assert foreign <= set(STANDARD), foreign


STANDARD = (
    *("__future__", "collections", "dataclasses", "datetime", "enum", "hashlib"),
    *("re", "typing", "unicodedata", "urllib", "functools", "itertools"),
)


@each_module
def test_module_says_why_it_exists_and_every_public_thing_what_it_does(path: Path) -> None:
    tree = parsed(path)
    assert ast.get_docstring(tree), "the module has no docstring"
    nodes: list[ast.Module | ast.ClassDef] = [tree]
    nodes += [node for node in tree.body if isinstance(node, ast.ClassDef) and is_public(node)]
    for node in nodes:
        for thing in node.body:
            if isinstance(thing, (ast.ClassDef, ast.FunctionDef)) and is_public(thing):
                assert ast.get_docstring(thing), f"{thing.name} has no docstring"


def is_public(thing: ast.ClassDef | ast.FunctionDef) -> bool:
    return not thing.name.startswith("_")


@each_module
def test_module_is_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES


@each_module
def test_module_exports_only_what_it_has(path: Path) -> None:
    tree = parsed(path)
    names = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            exported = ast.literal_eval(node.value)
            assert set(exported) <= names
            assert len(exported) == len(set(exported))


@pytest.mark.parametrize(
    "path", sorted((PACKAGE.parent / "layouts").rglob("*.html")), ids=lambda path: path.name
)
def test_layout_begins_with_what_it_gets_and_holds_no_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("{#-")
    for forbidden in ("<style", " style=", "<script>", " onclick=", "javascript:", "| safe"):
        assert forbidden not in text.lower()
