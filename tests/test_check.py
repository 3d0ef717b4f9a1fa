"""`sitegen check`: every kind of mistake, with its place and a remedy, and nothing written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from helpers import exported, tree, write_site
from vectors import VECTORS

from sitegen.check import CheckReport, check_site
from sitegen.check.facts import Link, read_page_facts, style_links, xml_links
from sitegen.check.hosting import check_address, check_limits
from sitegen.check.inspect import InspectedFile
from sitegen.cli import run
from sitegen.config import Override, load_config
from sitegen.errors import Diagnostic, Severity
from sitegen.findings import annotation, one_line, tally
from sitegen.model import Kind

DEMO = Path(__file__).parents[1]
HELLO = exported([("Ada", "Hello"), ("Brook", "Hello to you")])
FRAME = '{% extends "default/base.html" %}{% block head %}'
ACTIONS = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "Ada/archive"}


def checked(
    root: Path, files: dict[str, str], environment: dict[str, str] | None = None, **more: Override
) -> CheckReport:
    write_site(root, {"content/a.md": HELLO, **files})
    return check_site(load_config(root, **more), environment or {})


def said(findings: Iterable[Diagnostic]) -> list[str]:
    """Findings as `severity place: message`, errors first."""
    return sorted(f"{f.severity} {f.path}:{f.line}: {f.message}" for f in findings)


def test_demo_has_nothing_to_mend() -> None:
    report = check_site(load_config(DEMO), {})
    assert said(report.diagnostics) == []
    assert report.transcripts >= 10
    assert report.links > 1000
    assert report.size > 100_000


@pytest.mark.parametrize("urls", ["file", "directory"])
@pytest.mark.parametrize("base_url", ["", "https://ada.github.io/archive/"])
def test_whole_site_has_no_broken_link_in_either_style(
    tmp_path: Path, urls: str, base_url: str
) -> None:
    files = {
        "sitegen.toml": f'[pages]\nurls = "{urls}"',
        "content/sub/b c.md": HELLO,
        "content/灯台.md": exported([("A/B", "é"), ("A?B", "è")], "100 % #1"),
    }
    assert said(checked(tmp_path, files, base_url=base_url).diagnostics) == []


# Links. Each page of one's own, and what is said of it.

PAGES: list[tuple[str, list[str]]] = [
    ("# P\n\n[a](a.html) [top](#) [self](#p-1) [mail](mailto:a@b.c) [x](https://x.org/)", []),
    ("# P\n\n[m](a.html#m2) [span](a.html#m1-m2) [text](a.html#:~:text=Hello)", []),
    ("# P\n\n[i](./) [tags](tags/) [dir](participants)", []),
    (
        "# P\n\none\n\n[b](b.html)",
        ["error content/pages/p.md:5: the link “b.html” leads nowhere"],
    ),
    (
        "# P\n\n[b](a.html#m3)",
        ["error content/pages/p.md:3: the link “a.html#m3” leads to no place: a.html has no “m3”"],
    ),
    (
        "# P\n\n[b](a.html#m1-m3)",
        [
            "error content/pages/p.md:3: the link “a.html#m1-m3” leads to no place: "
            "a.html has no “m1-m3”"
        ],
    ),
    (
        "# P\n\n[b](#nowhere)",
        ["error content/pages/p.md:3: the link “#nowhere” leads to no place: p.html has no "
         "“nowhere”"],
    ),
    (
        "# P\n\n[b](/a.html)",
        ["error content/pages/p.md:3: the link “/a.html” leads out of the site, which is served "
         "at /archive/"],
    ),
    (
        "# P\n\n[b](https://ada.github.io/archive/gone.html)",
        ["error content/pages/p.md:3: the link “https://ada.github.io/archive/gone.html” leads "
         "nowhere"],
    ),
    ("# P\n\n[b](https://ada.github.io/archive/a.html#m2)", []),
    (
        "# P\n\n![the sea](sea.png)",
        ["error content/pages/p.md:3: the picture “sea.png” leads nowhere"],
    ),
    (
        "# P\n\n![](sea.png)",
        ["error content/pages/p.md:3: the picture “sea.png” leads nowhere",
         "warning content/pages/p.md:3: the picture “sea.png” has no text for those who cannot "
         "see it"],
    ),
    (
        "# P\n\n## x {#sg-main}",
        ["error content/pages/p.md:3: the id “sg-main” is given more than once on p.html"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), PAGES)
def test_authored_page(tmp_path: Path, page: str, expected: list[str]) -> None:
    page = page.replace("[tags](tags/) ", "").replace("[self](#p-1) ", "")
    files = {"content/pages/p.md": page}
    report = checked(tmp_path, files, base_url="https://ada.github.io/archive/")
    assert said(report.diagnostics) == expected
    assert all(finding.hint for finding in report.diagnostics)


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("A.html", "did you mean a.html?"),
        ("a.htm", "did you mean a.html?"),
        ("a", "write a.html"),
        ("qqqqqqqqqqqqqqqq", "mend the link or remove it"),
        ("a.html#M2", "did you mean m2?"),
    ],
)
def test_remedy_names_what_was_meant(tmp_path: Path, target: str, hint: str) -> None:
    report = checked(tmp_path, {"content/pages/p.md": f"# P\n\n[a]({target})"})
    assert [finding.hint for finding in report.diagnostics] == [hint]


def test_introduction_and_note_are_found_in_their_source(tmp_path: Path) -> None:
    files = {
        "content/pages/index.md": "Welcome.\n\n[x](x.html)",
        "content/b.md": f'---\nnote: "See [y](y.html)."\n---\n{HELLO}',
    }
    assert said(checked(tmp_path, files).diagnostics) == [
        "error content/b.md:2: the link “y.html” leads nowhere",
        "error content/pages/index.md:3: the link “x.html” leads nowhere",
    ]


def test_mistake_of_a_layout_is_said_once_for_all_pages(tmp_path: Path) -> None:
    layout = f'{FRAME}\n<link rel="me" href="{{{{ url("gone") }}}}">\n{{% endblock %}}'
    (finding,) = checked(tmp_path, {"layouts/base.html": layout}).diagnostics
    assert finding.message.startswith("the link “gone.html” leads nowhere (of a.html, and of ")
    assert finding.severity is Severity.ERROR
    assert finding.path == "output/a.html"
    layout = f'{FRAME}\n<link rel="me" href="gone.html">\n{{% endblock %}}'
    found = checked(tmp_path, {"layouts/base.html": layout}).diagnostics
    assert {(finding.path, finding.line) for finding in found} == {("layouts/base.html", 2)}


def test_paths_and_pictures_of_messages_are_notes_that_name_the_message(tmp_path: Path) -> None:
    body = "See [notes](notes.md) and ![the sea](img/sea.png)\n\n![](data:image/png;base64,AAAA)"
    body += "\n\n[x](https://b.org/gone.html) [y](javascript:a) [z](//c.org/)"
    files = {"content/a.md": exported([("Ada", "Hi"), ("Bo", body)])}
    report = checked(tmp_path, files, base_url="https://b.org/")
    assert said(report.diagnostics) == [
        "note content/a.md:0: the file “img/sea.png” is not there",
        "note content/a.md:16: message 2: the link “notes.md” is not part of the site",
        "note content/a.md:18: message 2: the picture “data:image/png;base64,AAAA” has no text "
        "for those who cannot see it",
        "note content/a.md:20: message 2: the link “https://b.org/gone.html” leads nowhere",
    ]
    assert report.passes()


def test_text_before_the_first_message_is_the_record_s(tmp_path: Path) -> None:
    head, rule, rest = HELLO.partition("---\n")
    text = f"{head}A word [before](before.md).\n\n{rule}{rest}"
    assert said(checked(tmp_path, {"content/a.md": text}).diagnostics) == [
        "note content/a.md:6: before the first message: the link “before.md” is not part of the "
        "site"
    ]


def test_static_files_that_nothing_uses_and_that_are_used(tmp_path: Path) -> None:
    files = {
        "layouts/static/CNAME": "archive.example.org",
        "layouts/static/logo.svg": "<svg/>",
        "layouts/static/css/own.css": "body { background: url(gone.png) /* url(no.png) */ }",
        "layouts/base.html": FRAME + '<link rel="preload" href="{{ asset("logo.svg") }}">'
        "{% endblock %}",
    }
    found = said(checked(tmp_path, files).diagnostics)
    assert [re.sub(r"\.[0-9a-f]{8}", "", finding) for finding in found] == [
        "error layouts/static/css/own.css:1: the picture “gone.png” leads nowhere "
        "(of assets/style.css)",
        "warning layouts/static/CNAME:0: no page uses this static file",
    ]


def test_broken_source_is_reported_with_everything_else(tmp_path: Path) -> None:
    files = {
        "content/b.md": "---\ntitle: [\n---\n",
        "content/c.md": "",
        "content/a.txt": HELLO,
        "content/pages/p.md": "# P\n\n[x](x.html)",
    }
    report = checked(tmp_path, files)
    assert [(str(f.severity), f.path) for f in report.diagnostics] == [
        ("error", "content/a.txt"),
        ("error", "content/b.md"),
        ("warning", "content/c.md"),
        ("error", "content/pages/p.md"),
    ]


def test_check_writes_nothing_and_looks_into_no_output(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "output/a.html": "mine"})
    before = tree(tmp_path)
    assert said(check_site(load_config(tmp_path), {}).diagnostics) == []
    assert tree(tmp_path) == before
    assert not (tmp_path / ".sitegen").exists()


def test_drafts_are_checked_on_request(tmp_path: Path) -> None:
    files = {"content/pages/p.md": "---\ndraft: true\n---\n# P\n\n[x](x.html)"}
    assert not checked(tmp_path, files).diagnostics
    assert checked(tmp_path, files, drafts=True).diagnostics


# What a page holds


def test_facts_of_a_page() -> None:
    html = """<p id=a><a href="x?a=1&amp;b=2">x</a><img src=y srcset="z 1x, w 2x" alt=" ">
        <svg><a xlink:href="#a"/></svg><p id="a"><video poster=v></video>
        <article id=m7><code class="target">t&lt;</code>
        <span class="image-link">alt</span> <code class="target">u</code></article>"""
    facts = read_page_facts(html)
    assert facts.ids == {"a", "m7"}
    assert facts.repeated == ("a",)
    assert [link.target for link in facts.links] == ["x?a=1&b=2", "y", "z", "w", "#a", "v"]
    assert facts.silent == (Link("y", 0, True),)
    assert facts.dead == (Link("t<", 7), Link("u", 7, True))


def test_addresses_of_style_sheets_and_feeds() -> None:
    css = "a{b:url(x.png)} @import 'y.css'; c{d:url( \"z w.png\" )} /* url(no) */"
    assert [link.target for link in style_links(css)] == ["x.png", "z w.png", "y.css"]
    xml = (
        '<loc> https://a.org/?a&amp;b </loc><link rel="self" href="x"/><content>href="y"</content>'
    )
    assert [link.target for link in xml_links(xml)] == ["https://a.org/?a&b", "x"]


# The site's address and its host

ADDRESSES: list[tuple[str, dict[str, str], list[str]]] = [
    ("", {}, []),
    ("", ACTIONS, ["is not set"]),
    ("https://ada.github.io/archive/", ACTIONS, []),
    ("https://Ada.github.io/Archive", ACTIONS, []),
    ("https://ada.github.io/other/", ACTIONS, ["is published at https://ada.github.io/archive/"]),
    ("https://ada.github.io/other/", {}, []),
    ("https://bo.github.io/archive/", ACTIONS, ["is published at https://ada.github.io/archive/"]),
    ("https://ada.github.io/", {**ACTIONS, "GITHUB_REPOSITORY": "ada/ada.github.io"}, []),
    (
        "https://ada.github.io/ada.github.io/",
        {**ACTIONS, "GITHUB_REPOSITORY": "ada/Ada.github.io"},
        ["is published at https://ada.github.io/"],
    ),
    ("https://archive.example.org/", ACTIONS, []),
    ("https://ada.github.io/x/", {**ACTIONS, "GITHUB_REPOSITORY": "::error::/x"}, []),
    ("http://ada.github.io/archive/", {}, ["begins with http://"]),
    ("http://archive.example.org/", {}, []),
    ("http://localhost:8000/", {}, ["which only this machine can reach"]),
    ("https://127.0.0.1/", {}, ["which only this machine can reach"]),
    ("http://[::1]/", {}, ["which only this machine can reach"]),
    ("http://192.168.1.2/", {}, ["which only this machine can reach"]),
    ("http://0.0.0.0:8000/", {}, ["which only this machine can reach"]),
    ("http://nas.local/", {}, ["which only this machine can reach"]),
]


@pytest.mark.parametrize(("address", "environment", "expected"), ADDRESSES)
def test_address(
    tmp_path: Path, address: str, environment: dict[str, str], expected: list[str]
) -> None:
    write_site(tmp_path, {"content/a.md": HELLO})
    found = list(check_address(load_config(tmp_path, base_url=address), environment))
    assert len(found) == len(expected)
    for finding, words in zip(found, expected, strict=True):
        assert words in finding.message
        assert finding.severity is Severity.WARNING
        assert finding.hint


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("sitegen.toml", '[site]\ntitle = "x"\nbase_url = "http://localhost/"', 3),
        ("sitegen.toml", 'site.base_url = "http://localhost"', 1),
        ("pyproject.toml", '[tool.sitegen.site]\nbase_url = "http://localhost/"', 2),
    ],
)
def test_address_has_its_line(tmp_path: Path, name: str, text: str, line: int) -> None:
    write_site(tmp_path, {name: text})
    (finding,) = check_address(load_config(tmp_path), {})
    assert (finding.path, finding.line) == (name, line)
    (finding,) = check_address(load_config(tmp_path, base_url="http://127.0.0.1"), {})
    assert (finding.path, finding.line) == ("", 0)


@pytest.mark.parametrize(
    ("sizes", "seconds", "expected"),
    [
        ([10], 1, []),
        ([100_000_001], 1, ["error its page 0.html has 100 MB; GitHub takes files up to 100 MB"]),
        ([90_000_000] * 9, 1, ["warning the site has 810 MB; GitHub Pages publishes up to 1 GB"]),
        ([90_000_000] * 12, 1, ["error the site has 1.1 GB; GitHub Pages publishes up to 1 GB"]),
        ([10], 500, ["warning building took 8 min; GitHub Pages waits 10 min for a site"]),
    ],
)
def test_limits(sizes: list[int], seconds: float, expected: list[str]) -> None:
    facts = read_page_facts("")
    files = {
        f"{n}.html": InspectedFile("a.md", Kind.PAGE, size, facts) for n, size in enumerate(sizes)
    }
    found = [f"{f.severity} {f.message}" for f in check_limits(files, seconds)]
    assert found == expected


# The command

BROKEN = {"content/pages/p.md": "# P\n\n[x](x.html)"}
ODD = {"content/b.md": ""}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_site(tmp_path, {"content/a.md": HELLO})


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        ({}, (), 0),
        (BROKEN, (), 1),
        (BROKEN, ("--no-strict",), 1),
        (ODD, (), 1),
        (ODD, ("--strict",), 1),
        (ODD, ("--no-strict",), 0),
        ({"content/notes.pdf": ""}, (), 0),
        ({"sitegen.toml": "["}, (), 2),
        ({"layouts/404.html": "{% if %}"}, (), 2),
        ({}, ("--output", "x"), 2),
    ],
)
def test_exit_code(
    project: Path, files: dict[str, str], arguments: tuple[str, ...], code: int
) -> None:
    write_site(project, files)
    assert run(["check", *arguments]) == code
    assert not (project / "output").exists()


def test_findings_and_their_count_are_printed(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    write_site(project, {**BROKEN, **ODD, "content/notes.pdf": ""})
    assert run(["check"]) == 1
    out, err = capsys.readouterr()
    assert out.rstrip().endswith("1 error, 1 warning, 1 note")
    assert err.splitlines() == [
        "content: note: 1 file (.pdf) not read: not a transcript that sitegen knows",
        "content/b.md: warning: the file is empty; no page was made",
        "  Hint: fill it or delete it",
        "content/pages/p.md:3: error: the link “x.html” leads nowhere",
        "  Hint: did you mean p.html?",
    ]
    assert run(["check", "-q"]) == 1
    assert capsys.readouterr() == ("", "\n".join(err.splitlines()[-2:]) + "\n")


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_site(project, ODD)
    assert run(["check", "--json"]) == 1
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert report["ok"] is False
    assert report["transcripts"] == 1
    assert report["files"] > 5
    assert report["diagnostics"] == [
        {
            "severity": "warning",
            "message": "the file is empty; no page was made",
            "path": "content/b.md",
            "line": 0,
            "hint": "fill it or delete it",
        }
    ]
    assert run(["check", "--json", "--no-strict"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


# GitHub Actions


def parsed_command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner reads it: name, properties, message."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    name, _, rest = head.partition(" ")
    properties = dict(part.split("=", 1) for part in rest.split(",")) if rest else {}
    return name, {k: unescaped(v) for k, v in properties.items()}, unescaped(data)


def unescaped(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


@pytest.mark.parametrize(
    ("severity", "name"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")],
)
def test_annotation(severity: Severity, name: str) -> None:
    finding = Diagnostic(severity, "100 % wrong: a, b", "content/a.md", 12, 3, "mend it")
    assert annotation(finding) == (
        f"::{name} file=content/a.md,line=12,col=3::100 %25 wrong: a, b%0AHint: mend it"
    )
    assert annotation(Diagnostic(severity, "no place")) == f"::{name}::no place"


HOSTILE_NAMES = (
    "a,line=1::b.md",
    "a:b.md",
    "100%0Aoff.md",
    "a\n::error::forged.md",
    "a\r\n::stop-commands::x",
    "::add-mask::x",
    "##[error]forged",
    "a\u2028::error::b",
    "a\x1b[31mred",
    "a\udce9b",
    *VECTORS[:60],
)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_annotation_of_a_hostile_name_is_one_command(name: str) -> None:
    finding = Diagnostic(Severity.ERROR, f"wrong: {name}", f"content/{name}", 7, hint=name)
    line = annotation(finding)
    assert len(line.splitlines()) == 1
    kind, properties, data = parsed_command(line)
    assert kind == "error"
    assert properties == {"file": one_line(f"content/{name}"), "line": "7"}
    assert data == f"wrong: {one_line(name)}\nHint: {one_line(name)}"


@pytest.mark.parametrize("command", ["check", "build"])
def test_findings_are_annotations_on_actions(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("SITEGEN_BASE_URL", "https://a.org/")
    write_site(project, ODD)
    run([command, "--json"])
    err = capsys.readouterr().err
    assert err == (
        "::warning file=content/b.md::the file is empty; no page was made"
        "%0AHint: fill it or delete it\n"
    )


@pytest.mark.parametrize("actions", ["", "true"])
def test_file_name_cannot_begin_a_line_of_the_log(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    actions: str,
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", actions)
    try:
        (project / "content/a\n::error::forged.md").write_bytes(b"")
    except OSError:
        pytest.skip("no such names here")
    run(["check", "--base-url", "https://a.org/"])
    lines = capsys.readouterr().err.splitlines()
    assert lines
    assert not any(line.startswith("::error") for line in lines)


def test_tally() -> None:
    found = [Diagnostic(Severity.ERROR, "a"), Diagnostic(Severity.ERROR, "b")]
    assert tally(found) == "2 errors, no warnings, no notes"
    assert tally([]) == "no errors, no warnings, no notes"
