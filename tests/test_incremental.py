"""Building again: whatever was edited, the site is that of a clean build, and cheaply so."""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

import jinja2
import pytest
from helpers import built, exported, tree, write_site
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sitegen import build, intake, pool, readers
from sitegen.builder import Builder
from sitegen.config import Override, load_config
from sitegen.errors import BuildError, Diagnostic
from sitegen.keys import STATIC
from sitegen.markup.prose import ProseRenderer
from sitegen.model import Report
from sitegen.prepare import Preparer

LEFT = "no longer part of the site, but changed since it was built; left alone"

# Any edits at all


@dataclass(frozen=True)
class Talk:
    """A transcript before it is written."""

    title: str = "One"
    day: str = "2025-01-01"
    people: tuple[str, ...] = ("Ada", "Bo")
    tags: str = ""
    draft: bool = False
    body: str = "Hello"

    def text(self) -> str:
        front = f"---\ntags: [{self.tags}]\ndraft: {str(self.draft).lower()}\n---\n"
        said = [(name, f"I am {name}. {self.body}") for name in self.people]
        return front + exported(said, self.title, started=self.day)


BROKEN = "---\ntitle: [\n---\n"
NAMES = st.sampled_from(["a.md", "b.md", "C c.md", "x/a.md", "x/y/é.txt", "a.txt", "X/a.txt"])
FIELDS: Mapping[str, Sequence[object]] = {
    "title": ["One", "Two", "<b>Three</b>"],
    "day": ["2024-02-29", "2025-01-01", "2025-01-01 10:00:00", ""],
    "people": [("Ada", "Bo"), ("Bo",), ("ada", "Ada", "<i>")],
    "tags": ["", "sea", "'c#', sea", "Sea"],
    "draft": [False, True],
    "body": ["Hello", "A `code` and *more*.\n\n```python\nx = 1\n```", "Hallo"],
}
CHANGES = st.one_of(
    *(st.tuples(st.just(name), st.sampled_from(values)) for name, values in FIELDS.items())
)
TALKS = st.builds(Talk, **{name: st.sampled_from(values) for name, values in FIELDS.items()})

OWN_FOOTER = '{% extends "default/base.html" %}{% block footer %}own{% endblock %}'
LAYOUTS: Mapping[str, Sequence[str]] = {
    "base.html": [
        OWN_FOOTER,
        OWN_FOOTER.replace("own", "other"),
        OWN_FOOTER.replace("own", '{% include "note.txt" ignore missing %}'),
        OWN_FOOTER.replace("own", '{% include "static/sign.svg" ignore missing %}'),
    ],
    "note.txt": ["a note", "two notes"],
    "partials/card.html": ["{#- Own. -#}<li>{{ entry.title }} {{ entry.words }}</li>"],
    "partials/messages.html": [
        "{#- Own. -#}{% for m in messages %}<p>{{ m.speaker }} {{ m.html }}</p>{% endfor %}"
    ],
    "static/css/own.css": ["p { color: red }", "p { color: blue }"],
    "static/sign.svg": ["<svg/>", "<svg></svg>"],
    "static/deep/_x.txt": ["x"],
    ".hidden.html": ["nothing"],
}
PAGES: Mapping[str, Sequence[str]] = {
    "about.md": ["# About\n\nUs", "# About\n\nThem", "# Why\n\nUs", "---\ndraft: true\n---\n# A\n"],
    "deep/er.md": ["# Deeper\n\nText"],
    "index.md": ["Welcome", "*Welcome*"],
    "both.md": ["---\nstaple: [a.md, x/a.md]\n---\n# Both", "---\nstaple: [b, c-c]\n---\n# Both"],
}
CONFIGS = [
    *("", '[site]\ntitle = "Other"', '[site]\ndescription = "Of talks"'),
    *('[site]\nbase_url = "https://b.org/r/"', '[site]\nlanguage = "de"\nauthor = "Me"'),
    *('[pages]\nurls = "directory"', '[markup]\nengine = "markdown"'),
    *('[site]\ntimezone = "Asia/Tokyo"', "[pages]\nindex_size = 2"),
]
WAYS = st.sampled_from(["output", "watched"])
OFTEN = st.sampled_from([True, True, False])
"""Whether to build after an edit; several edits can come between two builds."""


class Killed(BaseException):
    """What stands for the end of the process."""


@contextmanager
def killed_at(number: int) -> Iterator[None]:
    """End the build at the n-th file that is moved into the output."""
    replace = Path.replace
    moves = 0

    def move(self: Path, target: Path) -> Path:
        nonlocal moves
        moves += 1
        if moves > number:
            raise Killed
        return replace(self, target)

    with patch.object(Path, "replace", move), suppress(Killed):
        yield


def chosen(files: Mapping[str, Sequence[str]]) -> st.SearchStrategy[tuple[str, str | None]]:
    """One of the files, with one of its texts or None for its deletion."""
    return st.one_of(
        *(
            st.tuples(st.just(name), st.sampled_from([*texts, None]))
            for name, texts in files.items()
        )
    )


class Workshop(RuleBasedStateMachine):
    """A project that is edited and built, both as the command and as `watch` build it."""

    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp())
        self.root = self.base / "project"
        self.talks: dict[str, Talk | None] = {}
        self.flags: dict[str, Override] = {}
        self.builder: Builder | None = None
        self.dirty = False

    @initialize(talks=st.lists(TALKS, min_size=1, max_size=3))
    def begin(self, talks: list[Talk]) -> None:
        write_site(self.root, {"content/z.md": Talk("Last", "2023-01-01").text()})
        for name, talk in zip(["a.md", "x/a.md", "b.md"], talks, strict=False):
            self.put(name, talk)

    # What a person does

    def put(self, name: str, talk: Talk | None) -> None:
        self.talks[name] = talk
        write_site(self.root, {f"content/{name}": talk.text() if talk else BROKEN})
        self.dirty = True

    @rule(name=NAMES, talk=TALKS, then=OFTEN)
    def write(self, name: str, talk: Talk, then: bool) -> None:
        self.put(name, talk)
        self.after(then)

    @precondition(lambda self: any(self.talks.values()))
    @rule(data=st.data(), change=CHANGES, then=OFTEN)
    def change(self, data: st.DataObject, change: tuple[str, Any], then: bool) -> None:
        whole = sorted(name for name, talk in self.talks.items() if talk)
        name = data.draw(st.sampled_from(whole))
        talk = self.talks[name]
        assert talk
        self.put(name, dataclasses.replace(talk, **{change[0]: change[1]}))
        self.after(then)

    @rule(name=NAMES)
    def break_one(self, name: str) -> None:
        self.put(name, None)
        self.after(True)

    @precondition(lambda self: self.talks)
    @rule(data=st.data(), goal=NAMES, then=OFTEN)
    def rename(self, data: st.DataObject, goal: str, then: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.talks)))
        path = self.root / "content" / goal
        path.parent.mkdir(parents=True, exist_ok=True)
        (self.root / "content" / name).replace(path)
        self.talks[goal] = self.talks.pop(name)
        self.after(then)

    @precondition(lambda self: self.talks)
    @rule(data=st.data(), then=OFTEN)
    def delete(self, data: st.DataObject, then: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.talks)))
        del self.talks[name]
        (self.root / "content" / name).unlink()
        self.after(then)

    @precondition(lambda self: self.talks)
    @rule(data=st.data(), seconds=st.sampled_from([None, 1e9, 2e9]))
    def touch(self, data: st.DataObject, seconds: float | None) -> None:
        name = data.draw(st.sampled_from(sorted(self.talks)))
        os.utime(self.root / "content" / name, None if seconds is None else (seconds, seconds))
        self.after(True)

    @rule(layout=chosen(LAYOUTS), then=OFTEN)
    def lay_out(self, layout: tuple[str, str | None], then: bool) -> None:
        self.put_or_delete(f"layouts/{layout[0]}", layout[1], then)

    @rule(page=chosen(PAGES), then=OFTEN)
    def author(self, page: tuple[str, str | None], then: bool) -> None:
        self.put_or_delete(f"content/pages/{page[0]}", page[1], then)

    @rule(text=st.sampled_from(CONFIGS), then=OFTEN)
    def configure(self, text: str, then: bool) -> None:
        self.put_or_delete("sitegen.toml", text, then)

    @rule(name=st.sampled_from(["drafts", "keep_going"]), on=st.booleans(), then=OFTEN)
    def flag(self, name: str, on: bool, then: bool) -> None:
        self.flags[name] = on
        self.after(then)

    def put_or_delete(self, name: str, text: str | None, then: bool) -> None:
        if text is None:
            (self.root / name).unlink(missing_ok=True)
        else:
            write_site(self.root, {name: text})
        self.after(then)

    # What happens to the files that are sitegen's own

    @rule(
        data=st.data(),
        how=st.sampled_from(["empty", "cut", "flip", "noise", "foreign", "gone", "folder"]),
    )
    def spoil_caches(self, data: st.DataObject, how: str) -> None:
        for path in sorted((self.root / ".sitegen").glob("cache-*")):
            content = path.read_bytes()
            path.unlink()
            place = data.draw(st.integers(0, len(content) - 1))
            if how == "folder":
                path.mkdir()
            elif how == "foreign":
                path.write_bytes(self.foreign_cache())
            elif how == "noise":
                path.write_bytes(data.draw(st.binary(max_size=99)))
            elif how == "flip":
                flipped = bytes([content[place] ^ 1])
                path.write_bytes(content[:place] + flipped + content[place + 1 :])
            elif how != "gone":
                path.write_bytes(content[: place if how == "cut" else 0])
        self.builder = None
        self.after(True)
        for path in (self.root / ".sitegen").glob("cache-*"):
            if path.is_dir():
                path.rmdir()

    def foreign_cache(self) -> bytes:
        other = self.base / "other"
        if not other.exists():
            write_site(other, {"content/a.md": Talk("Foreign").text()})
            build(other)
        (path,) = (other / ".sitegen").glob("cache-*")
        return path.read_bytes()

    @rule(
        data=st.data(),
        way=WAYS,
        how=st.sampled_from(["more", "other", "empty", "gone"]),
        then=OFTEN,
    )
    def spoil_output(self, data: st.DataObject, way: str, how: str, then: bool) -> None:
        folder = self.root / way
        files = [path for path in tree(folder) if not path.startswith(".sitegen")]
        if not files:
            return
        path = folder / data.draw(st.sampled_from(files))
        content = path.read_bytes()
        later = path.stat().st_mtime + 10
        if how == "gone":
            path.unlink()
        else:
            other = content.swapcase() if content.swapcase() != content else b"?"
            path.write_bytes({"more": content + b"!", "other": other, "empty": b""}[how])
            os.utime(path, (later, later))
        self.after(then)

    @rule(number=st.integers(0, 30), way=WAYS)
    def kill(self, number: int, way: str) -> None:
        with killed_at(number), suppress(BuildError):
            self.make(way)

    @rule()
    def restart(self) -> None:
        self.builder = None

    # What must come of it

    def after(self, then: bool) -> None:
        self.dirty = True
        if then:
            self.build()

    @rule()
    def build(self) -> None:
        """Build in both ways, and clean; all three must agree."""
        self.dirty = False
        clean = self.base / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        before = {way: tree(self.root / way) for way in ("output", "watched")}
        results = {way: self.outcome(way) for way in ("output", "watched")}
        pool.the_preparer.cache_clear()
        try:
            report = build(self.root, output=clean, force=True, **self.flags)
        except BuildError as error:
            for way, (_, findings) in results.items():
                assert findings == error.diagnostics, way
                assert tree(self.root / way) == before[way]
            return
        expected = tree(clean)
        for way, (done, findings) in results.items():
            assert done, findings
            assert findings == report.diagnostics, way
            assert tree(self.root / way) == expected, way
            assert done.written == tuple(sorted(p for p in expected if p in done.written)), (
                "what was written is of the site"
            )

    def outcome(self, way: str) -> tuple[Report | None, tuple[Diagnostic, ...]]:
        """Build in one way; then delete what had to be left, as one is told to."""
        try:
            report = self.make(way)
        except BuildError as error:
            return None, error.diagnostics
        left = [finding for finding in report.diagnostics if finding.message == LEFT]
        for finding in left:
            path = self.root / way / finding.path.split("/", 1)[1]
            path = path if path.exists() else Path(finding.path)
            path.unlink()
            with suppress(OSError):
                path.parent.rmdir()
        return report, tuple(f for f in report.diagnostics if f.message != LEFT)

    def make(self, way: str) -> Report:
        if way == "output":
            return build(self.root, **self.flags)
        config = load_config(self.root, output=self.root / "watched", **self.flags)
        if self.builder is None or self.builder.config != config:
            self.builder = Builder(config, cache=self.builder.cache if self.builder else None)
        report = self.builder.build()
        self.builder.save()
        return report

    @invariant()
    def nothing_is_left_lying_about(self) -> None:
        for way in ("output", "watched"):
            for name in (".sitegen-stage", ".sitegen.lock"):
                assert not (self.root / way / name).exists()

    def teardown(self) -> None:
        try:
            if self.dirty:
                self.build()
        finally:
            shutil.rmtree(self.base)


EXAMPLES = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 12
TestWorkshop = Workshop.TestCase
TestWorkshop.settings = settings(max_examples=EXAMPLES, stateful_step_count=15)


# Why a page is made anew

CONTENT = "its content changed"
AROUND = "a neighbour or a term changed"
FRAME = "the settings, the layouts or the navigation changed"
EDITED = "the file in the output was changed"

TALKS_OF_ARCHIVE = {
    "a": Talk("A", "2025-01-01", ("Ada", "Bo"), "sea"),
    "b": Talk("B", "2025-01-02", ("Ada", "Cy")),
    "c": Talk("C", "2024-01-03", ("Cy",), "sea"),
    "d": Talk("D", "2024-01-02", ("Cy", "Dee"), "night"),
    "e": Talk("E", "2024-01-01", ("Dee",)),
}
"""From the newest: b a c d e."""

LISTS_OF_A = ("index", "participants/ada", "participants/bo", "tags/sea", "years/2025")
ALL_TERMS = (
    *("participants/ada", "participants/bo", "participants/cy", "participants/dee"),
    *("tags/night", "tags/sea", "years/2024", "years/2025"),
)
LISTINGS = (
    *("404", "about", "index", "search", "participants/index", "tags/index", "years/index"),
    *ALL_TERMS,
)
ALL_PAGES = (*TALKS_OF_ARCHIVE, *LISTINGS)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Five transcripts and a page, built."""
    files = {f"content/{name}.md": talk.text() for name, talk in TALKS_OF_ARCHIVE.items()}
    files |= {"content/pages/about.md": "# About\n\nUs"}
    files |= {"layouts/static/css/own.css": "p { color: red }"}
    write_site(tmp_path, files)
    build(tmp_path)
    return tmp_path


def retold(root: Path, name: str, **changes: Any) -> None:
    talk = dataclasses.replace(TALKS_OF_ARCHIVE[name], **changes)
    write_site(root, {f"content/{name}.md": talk.text()})


def is_beside(path: str) -> bool:
    """Whether it is one of the files in the folder of a transcript's name."""
    return path.endswith(("/provenance.json", "/source.txt", "/source.html"))


def why(pages: Sequence[str], reason: str) -> dict[str, str]:
    return {f"{page}.html": reason for page in pages}


EDITS: dict[str, tuple[Callable[[Path], object], dict[str, str]]] = {
    "nothing": (lambda _root: None, {}),
    "touch": (lambda root: os.utime(root / "content/a.md", (1e9, 1e9)), {}),
    "one body": (
        lambda root: retold(root, "a", body="Hallo"),
        why(("a", *LISTS_OF_A), CONTENT),
    ),
    "a title": (
        lambda root: retold(root, "a", title="Other"),
        why(("a", *LISTS_OF_A), CONTENT) | why(("b", "c"), AROUND),
    ),
    "another tag of one": (
        lambda root: retold(root, "a", tags="night"),
        why(("a", *LISTS_OF_A, "tags/night", "tags/index"), CONTENT),
    ),
    "a new tag": (
        lambda root: retold(root, "a", tags="sea, star"),
        why(LISTINGS, AROUND)
        | why(("a", *LISTS_OF_A, "tags/index"), CONTENT)
        | why(("tags/star",), "new"),
    ),
    "an order": (
        lambda root: retold(root, "a", day="2025-01-03"),
        why(("a", *LISTS_OF_A), CONTENT)
        | why(("b", "c", "participants/ada"), AROUND)
        | why(("participants/ada",), CONTENT),
    ),
    "a new transcript": (
        lambda root: write_site(
            root, {"content/f.md": Talk("F", "2025-01-03", ("Bo",), "sea").text()}
        ),
        why(("f",), "new")
        | why(("b",), AROUND)
        | why(("index", "participants/bo", "participants/index", "tags/sea", "tags/index"), CONTENT)
        | why(("years/2025", "years/index", "about"), CONTENT),
    ),
    "a transcript less": (
        lambda root: (root / "content/e.md").unlink(),
        why(("d",), AROUND)
        | why(("index", "participants/dee", "participants/index"), CONTENT)
        | why(("years/2024", "years/index", "about"), CONTENT),
    ),
    "a transcript's new name": (
        lambda root: (root / "content/e.md").replace(root / "content/g.md"),
        why(("g",), "new")
        | why(("d",), AROUND)
        # An authored page may link to any file, which now has a page, or none.
        | why(("index", "participants/dee", "years/2024", "about"), CONTENT),
    ),
    "a draft": (
        lambda root: retold(root, "e", draft=True),
        why(("d",), AROUND)
        | why(("index", "participants/dee", "participants/index"), CONTENT)
        | why(("years/2024", "years/index", "about"), CONTENT),
    ),
    "text of an authored page": (
        lambda root: write_site(root, {"content/pages/about.md": "# About\n\nThem"}),
        why(("about",), CONTENT),
    ),
    "title of an authored page": (
        lambda root: write_site(root, {"content/pages/about.md": "# Why\n\nUs"}),
        why(ALL_PAGES, FRAME),
    ),
    "an introduction": (
        lambda root: write_site(root, {"content/pages/index.md": "Welcome"}),
        why(("index", "about"), CONTENT),
    ),
    "a layout": (
        lambda root: write_site(root, {"layouts/base.html": OWN_FOOTER}),
        why(ALL_PAGES, FRAME),
    ),
    "a file that a layout may include": (
        lambda root: write_site(root, {"layouts/note.txt": "x"}),
        why(ALL_PAGES, FRAME),
    ),
    "an editor's own file beside the layouts": (
        lambda root: write_site(root, {"layouts/.base.html.swp": "x", "layouts/base.html~": "x"}),
        {},
    ),
    "a setting": (
        lambda root: write_site(root, {"sitegen.toml": '[site]\ntitle = "T"'}),
        why(ALL_PAGES, FRAME),
    ),
    "a style sheet": (
        lambda root: write_site(root, {"layouts/static/css/own.css": "p { color: blue }"}),
        why(ALL_PAGES, STATIC),
    ),
    "a new static file": (
        lambda root: write_site(root, {"layouts/static/x.svg": "<svg/>"}),
        why(ALL_PAGES, STATIC),
    ),
    "a page edited by hand": (
        lambda root: (root / "output/a.html").write_bytes(b"mine"),
        why(("a",), EDITED),
    ),
    "a listing deleted by hand": (
        lambda root: (root / "output/tags/sea.html").unlink(),
        why(("tags/sea",), EDITED),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_edit_makes_exactly_the_pages_that_depend_on_it(archive: Path, name: str) -> None:
    edit, expected = EDITS[name]
    edit(archive)
    report = build(archive)
    reasons = dict(report.reasons)
    assert {path: reason for path, reason in reasons.items() if not is_beside(path)} == expected
    # What lies beside a page is made anew with its text, and only with the page.
    made = {f"{path.partition('/')[0]}.html" for path in reasons if is_beside(path)}
    assert made <= set(expected)
    changed = {path for path, reason in expected.items() if reason in (CONTENT, "new")}
    assert changed & {f"{name}.html" for name in (*TALKS_OF_ARCHIVE, "f", "g")} <= made
    assert {
        path for path in report.written if path.endswith(".html") and not is_beside(path)
    } <= set(expected)
    clean = built(archive, output=archive / "clean")
    assert tree(archive / "output") == clean


def test_first_build_makes_every_page_because_it_is_new(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": TALKS_OF_ARCHIVE["a"].text()})
    reasons = dict(build(tmp_path).reasons)
    assert set(reasons.values()) == {"new"}
    assert {"a.html", "index.html", "tags/sea.html", "404.html"} <= set(reasons)


def test_forced_build_makes_every_page_and_writes_none(archive: Path) -> None:
    report = build(archive, force=True)
    assert set(why(ALL_PAGES, "new")) <= set(dict(report.reasons))
    assert report.written == ()


def fail(*_arguments: object, **_named: object) -> NoReturn:
    raise AssertionError("done although nothing had changed")


def state(folder: Path) -> dict[Path, tuple[int, int]]:
    """What would show that a file or folder was written anew."""
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.rglob("*")}


@pytest.mark.parametrize("lasting", [False, True], ids=["command", "watch"])
def test_build_without_a_change_renders_nothing_and_writes_nothing(
    archive: Path, monkeypatch: pytest.MonkeyPatch, lasting: bool
) -> None:
    builder = Builder(load_config(archive))
    builder.build()
    before = state(archive / "output")
    monkeypatch.setattr(jinja2.Template, "render", fail)
    monkeypatch.setattr(Preparer, "prepare", fail)
    monkeypatch.setattr(ProseRenderer, "render", fail)
    report = builder.build() if lasting else build(archive)
    assert (report.reasons, report.written, report.removed) == ((), (), ())
    assert report.unchanged == len(tree(archive / "output")) - 1
    assert state(archive / "output") == before


def test_one_changed_transcript_is_the_only_one_that_is_prepared(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[str] = []
    prepare = Preparer.prepare

    def spy(self: Preparer, source: Any, data: bytes, proofs: Any) -> Any:
        prepared.append(source.rel)
        return prepare(self, source, data, proofs)

    monkeypatch.setattr(Preparer, "prepare", spy)
    retold(archive, "c", body="Hallo")
    build(archive)
    assert prepared == ["c.md"]
    prepared.clear()
    retold(archive, "c", title="Other")
    build(archive)
    assert sorted(prepared) == ["a.md", "c.md", "d.md"]


# A builder that lasts


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are read."""
    found: list[str] = []
    load = readers.load

    def spy(source: Any) -> bytes:
        found.append(source.rel)
        return load(source)

    monkeypatch.setattr(intake, "load", spy)
    return found


def test_source_that_was_just_changed_is_read_again(archive: Path, reads: list[str]) -> None:
    """Its clock may be too coarse to tell whether it has changed since."""
    builder = Builder(load_config(archive))
    builder.build()
    reads.clear()
    os.utime(archive / "content/a.md", (4e9, 4e9))
    builder.build()
    assert "a.md" in reads


def test_source_that_has_long_been_as_it_is_is_not_read_again(
    archive: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "CLOCK_GRAIN", -(10**18))
    builder = Builder(load_config(archive))
    builder.build()
    assert {f"{name}.md" for name in TALKS_OF_ARCHIVE} <= set(reads)
    reads.clear()
    builder.build()
    assert [rel for rel in reads if not rel.startswith("pages/")] == []
    retold(archive, "a", body="Now longer")
    builder.build()
    assert "a.md" in reads
    assert "b.md" not in reads


def test_another_file_of_the_same_length_and_date_is_noticed(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "CLOCK_GRAIN", -(10**18))
    source, other = archive / "content/a.md", archive / "other.md"
    other.write_bytes(source.read_bytes().replace(b"Hello", b"Hallo"))
    for path in (source, other):
        os.utime(path, (1e9, 1e9))
    builder = Builder(load_config(archive))
    builder.build()
    other.replace(source)
    assert source.stat().st_mtime == 1e9
    assert "a.html" in builder.build().written
    assert b"Hallo" in (archive / "output/a.html").read_bytes()


def test_layout_changes_reach_a_builder_that_lasts(archive: Path) -> None:
    builder = Builder(load_config(archive))
    for text in ("one", "two", "one"):
        write_site(archive, {"layouts/base.html": OWN_FOOTER.replace("own", text)})
        builder.build()
        assert f"{text}".encode() in (archive / "output/a.html").read_bytes()
    (archive / "layouts/base.html").unlink()
    builder.build()
    assert tree(archive / "output") == built(archive, output=archive / "clean")


def test_static_file_that_a_layout_includes_reaches_a_builder_that_lasts(archive: Path) -> None:
    include = OWN_FOOTER.replace("own", '{% include "static/sign.svg" %}')
    write_site(archive, {"layouts/base.html": include, "layouts/static/sign.svg": "<svg>1</svg>"})
    builder = Builder(load_config(archive))
    builder.build()
    write_site(archive, {"layouts/static/sign.svg": "<svg>2</svg>"})
    builder.build()
    assert b"<svg>2</svg>" in (archive / "output/a.html").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_link_that_leads_nowhere_among_the_layouts_is_no_matter(archive: Path) -> None:
    """Emacs keeps such a link while a file is edited."""
    (archive / "layouts/.#base.html").symlink_to("me@here.1")
    (archive / "layouts/base.html~").symlink_to("gone")
    (archive / "layouts/other.html").symlink_to("gone")
    assert build(archive).written == ()


def test_failed_build_changes_nothing_and_is_made_good_by_the_next(archive: Path) -> None:
    builder = Builder(load_config(archive))
    builder.build()
    before = tree(archive / "output")
    retold(archive, "b", body="Hallo")
    write_site(archive, {"content/a.md": BROKEN})
    for _ in range(2):
        with pytest.raises(BuildError):
            builder.build()
        assert tree(archive / "output") == before
    retold(archive, "a")
    assert dict(builder.build().reasons)["b.html"] == CONTENT
    assert tree(archive / "output") == built(archive, output=archive / "clean")


def test_warnings_are_given_again_although_their_source_is_not_read_anew(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": "Plain text.\n", "content/b.md": Talk().text()})
    first = build(tmp_path)
    assert [finding.path for finding in first.diagnostics] == ["content/a.md"]
    assert build(tmp_path).diagnostics == first.diagnostics
    with pytest.raises(BuildError) as caught:
        build(tmp_path, strict=True)
    assert caught.value.diagnostics == first.diagnostics


# Two that want one address, with --keep-going


def test_of_two_with_one_address_the_first_is_shown_as_it_is_now(tmp_path: Path) -> None:
    first, second = Talk("First", body="One"), Talk("Second", body="Two")
    write_site(tmp_path, {"content/a.md": first.text(), "content/a.txt": second.text()})
    assert b"First" in built(tmp_path, keep_going=True)["a.html"]
    changed = dataclasses.replace(first, body="Changed")
    write_site(tmp_path, {"content/a.md": changed.text()})
    assert b"Changed" in built(tmp_path, keep_going=True)["a.html"]


def test_of_two_with_one_address_the_first_has_it_although_only_the_second_changed(
    tmp_path: Path,
) -> None:
    second = Talk("Second")
    files = {"content/strasse.md": Talk("First").text(), "content/straße.md": second.text()}
    before = built(write_site(tmp_path, files), keep_going=True)
    assert "strasse.html" in before
    changed = dataclasses.replace(second, title="Changed")
    write_site(tmp_path, {"content/straße.md": changed.text()})
    after = built(tmp_path, keep_going=True)
    assert "strasse.html" in after
    assert after == built(tmp_path, keep_going=True, output=tmp_path / "clean")


def test_of_two_with_one_address_the_second_is_named_by_every_build(tmp_path: Path) -> None:
    """Also by one that keeps the page of the first as it is."""
    files = {
        "content/x/a.md": exported([("Ada", "One.")]),
        "content/X/a.txt": exported([("B", "2")]),
    }
    write_site(tmp_path, files)
    if len(list((tmp_path / "content").iterdir())) < 2:
        pytest.skip("this file system takes them for one")
    said = [
        [(found.path, found.message) for found in build(tmp_path, keep_going=True).diagnostics]
        for _ in range(3)
    ]
    assert said[0] == said[1] == said[2]
    assert "wants the address x/a.html" in said[0][0][1]
