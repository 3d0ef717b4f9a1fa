"""The command: exit codes, what is said where, and what it costs to ask its version."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import click
import pytest
from helpers import exported, tree, write_site
from html_check import Page

from sitegen import __version__
from sitegen.cli import app, run

HELLO = exported([("Ada", "Hello"), ("Brook", "Hello to you")])
BROKEN = "---\ntitle: [\n---\n"
EMPTY = ""

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and terminals")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one transcript, in which the command is run."""
    monkeypatch.chdir(tmp_path)
    return write_site(tmp_path, {"content/a.md": HELLO})


def call(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    command = [sys.executable, "-m", "sitegen", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", **more)


# Exit codes

EXITS: list[tuple[int, dict[str, str], tuple[str, ...]]] = [
    (0, {}, ("build",)),
    (0, {}, ("clean",)),
    (0, {"content/b.md": EMPTY}, ("build",)),
    (1, {"content/b.md": BROKEN}, ("build", "--keep-going")),
    (0, {}, ("--version",)),
    (0, {}, ("--help",)),
    (1, {"content/b.md": BROKEN}, ("build",)),
    (1, {"content/b.md": EMPTY}, ("build", "--strict")),
    (1, {"content/a.txt": HELLO}, ("build",)),
    (2, {}, ("build", "--nope")),
    (2, {}, ("build", "surplus")),
    (2, {}, ("nope",)),
    (2, {}, ("build", "--root", "nowhere")),
    (2, {}, ("build", "--config", "nowhere.toml")),
    (2, {}, ("build", "--output", "content")),
    (2, {}, ("build", "--base-url", "not an address")),
    (2, {"sitegen.toml": "[site]\ntitel = 1"}, ("build",)),
    (2, {"sitegen.toml": "["}, ("build",)),
    (2, {"sitegen.toml": '[paths]\ncontent = "nowhere"'}, ("build",)),
    (2, {"layouts/404.html": "{% if %}"}, ("build",)),
    (2, {"output/mine.txt": ""}, ("build",)),
    (2, {"output/mine.txt": ""}, ("clean",)),
    (2, {"output/.sitegen.json": "{"}, ("build",)),
]


@pytest.mark.parametrize(("code", "files", "arguments"), EXITS)
def test_exit_code_tells_what_is_wrong(
    project: Path, code: int, files: dict[str, str], arguments: tuple[str, ...]
) -> None:
    write_site(project, files)
    assert run(arguments) == code


@pytest.mark.usefixtures("project")
def test_exit_code_reaches_the_shell() -> None:
    assert call("build", "-q").returncode == 0
    assert call("build", "--nope").returncode == 2


@posix
def test_ctrl_c_ends_the_build_with_130_and_leaves_the_site_as_it_was(project: Path) -> None:
    run(["build", "-q"])
    before = tree(project / "output")
    # A layout that says where the build is and then waits to be interrupted.
    write_site(project, {"layouts/404.html": "changed"})
    script = textwrap.dedent(
        """
        import sys, time
        from sitegen import cli, output
        stage = output.OutputFolder.stage

        def wait(self, artifact):
            stage(self, artifact)
            if artifact.path == "404.html":
                print("here", flush=True)
                time.sleep(60)

        output.OutputFolder.stage = wait
        sys.argv = ["sitegen", "build"]
        cli.main()
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=project,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert tree(project / "output") == before


@posix
def test_reader_of_the_output_may_go_away(project: Path) -> None:
    write_site(project, {f"content/{n}.md": HELLO for n in range(300)})
    process = subprocess.Popen(
        [sys.executable, "-m", "sitegen", "build", "-v", "-u", "https://b.org/"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=project,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), errors) == (0, b"")
    assert (project / "output/index.html").exists()


@posix
def test_reader_that_goes_away_does_not_hide_a_failure(project: Path) -> None:
    write_site(project, {"content/b.md": BROKEN})
    process = subprocess.Popen(
        [sys.executable, "-m", "sitegen", "build", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=project,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 1
    assert b"Traceback" not in errors


# What it says


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"sitegen {__version__}\n"


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", [[], *([name] for name in app.commands)])
def test_help_names_every_option_with_what_it_does(
    capsys: pytest.CaptureFixture[str], command: list[str], flag: str
) -> None:
    assert run([*command, flag]) == 0
    shown = capsys.readouterr().out
    if not command:
        for name, one in app.commands.items():
            assert name in shown
            assert one.help
        return
    for option in app.commands[command[0]].params:
        if isinstance(option, click.Argument):
            assert str(option.metavar) in shown
            continue
        assert any(name in shown for name in option.opts), option
        assert getattr(option, "help", None), option


@pytest.mark.parametrize(
    ("files", "arguments", "out", "err"),
    [
        (
            {},
            ["build"],
            r"1 transcript, 2 messages\n\d+ files written, 0 unchanged, 0 removed in [\d.]+ s\n"
            r"The site is in output.: open index.html there\n",
            "",
        ),
        (
            {},
            ["build", "-n"],
            r"1 transcript, 2 messages\n"
            r"\d+ files would be written, 0 unchanged, 0 removed in [\d.]+ s\n",
            "",
        ),
        ({}, ["build", "-q"], "", ""),
        ({"content/b.md": EMPTY}, ["build", "-q"], "", ""),
        (
            {"content/b.md": EMPTY, "content/c.pdf": ""},
            ["build"],
            "(?s).*",
            r"content/b\.md: warning: the file is empty; no page was made\n"
            r"  Hint: fill it or delete it\n",
        ),
        (
            {"content/c.pdf": ""},
            ["build", "-v"],
            r"(?s)made .*made a\.html: new\n.*written \.nojekyll\n.*written a\.html\n.*",
            r"content: note: 1 file \(\.pdf\) not read: .*\n"
            r"note: the site's address is not known: .*\n  Hint: set `site\.base_url`, .*\n",
        ),
        (
            {"content/b.md": EMPTY, "content/c.md": BROKEN},
            ["build"],
            "",
            r"content/b\.md: warning: .*\n  Hint: .*\n"
            r"content/c\.md:3: error: front matter is not valid YAML: .*\n  Hint: .*\n"
            r"1 error; nothing was written\n",
        ),
        (
            {"content/b.md": EMPTY, "content/c.md": BROKEN},
            ["build", "-q"],
            "",
            r"content/c\.md:3: error: .*\n  Hint: .*\n1 error; nothing was written\n",
        ),
        (
            {"sitegen.toml": "[site]\n\ntitel = 1"},
            ["build"],
            "",
            r"sitegen\.toml:3: error: unknown key `site\.titel`\n  Hint: did you mean `title`\?\n",
        ),
        ({}, ["clean"], r"0 files removed from output\n", ""),
        ({}, ["clean", "-n"], r"0 files would be removed from output\n", ""),
        ({}, ["clean", "-q"], "", ""),
    ],
)
def test_command_says_just_what_is_needed(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    arguments: list[str],
    out: str,
    err: str,
) -> None:
    write_site(project, files)
    run(arguments)
    said = capsys.readouterr()
    assert re.fullmatch(out, said.out), said.out
    assert re.fullmatch(err, said.err), said.err


def test_clean_lists_what_it_removed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["build", "-q"])
    files = [path for path in tree(project / "output") if path != ".sitegen.json"]
    assert run(["clean", "-v"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == [f"removed {path}" for path in sorted(files)]
    assert lines[-1] == f"{len(files)} files removed from output"
    assert tree(project / "output") == {}


def test_nothing_but_text_goes_into_a_pipe(project: Path) -> None:
    write_site(project, {"content/b.md": EMPTY, "content/c.pdf": ""})
    done = call("build", "-v", cwd=project, env={**os.environ, "TERM": "xterm-256color"})
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert "warning: " in done.stderr


def on_terminal(project: Path, **environment: str) -> str:
    """What a person sees of a build that fails."""
    import pty

    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sitegen", "build"],
        stdout=side,
        stderr=side,
        stdin=subprocess.DEVNULL,
        cwd=project,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(side)
    seen = b""
    while True:
        try:
            chunk = os.read(main, 65536)
        except OSError:  # Linux's way to say that the other side is closed.
            break
        if not chunk:
            break
        seen += chunk
    os.close(main)
    assert process.wait(timeout=60) == 1
    return seen.decode()


@posix
def test_terminal_gets_colours_unless_they_are_not_wanted(project: Path) -> None:
    write_site(project, {"content/b.md": BROKEN})
    assert "\x1b[31m" in on_terminal(project)
    plain = on_terminal(project, NO_COLOR="1")
    assert "content/b.md:3: error: " in plain
    assert re.search(r"\x1b\[[0-9;]*m", plain) is None


@posix
def test_file_name_cannot_command_the_terminal(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_site(project, {"content/\x1b[2Jb.md": EMPTY})
    run(["build"])
    assert "\x1b" not in capsys.readouterr().err


@posix
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("flag", ["-v", "--json"])
def test_console_of_any_encoding_can_show_the_report(
    project: Path, encoding: str, flag: str
) -> None:
    write_site(project, {"content/問答 café.md": HELLO, "content/ü.md": EMPTY})
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", "build", flag],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        cwd=project,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    if flag == "--json":
        assert "問答-café.html" in json.loads(done.stdout)["written"]


# JSON


def test_json_reports_a_success(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_site(project, {"content/b.md": EMPTY})
    assert run(["build", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is True
    assert (report["transcripts"], report["messages"]) == (1, 2)
    assert set(report["written"]) | {".sitegen.json"} == set(tree(project / "output"))
    assert (report["unchanged"], report["removed"]) == (0, [])
    assert report["diagnostics"] == [
        {
            "severity": "warning",
            "message": "the file is empty; no page was made",
            "path": "content/b.md",
            "line": 0,
            "hint": "fill it or delete it",
        }
    ]


@pytest.mark.parametrize(
    ("files", "arguments", "places"),
    [
        (
            {"content/b.md": BROKEN, "content/c.md": BROKEN},
            ["build"],
            [("content/b.md", 3), ("content/c.md", 3)],
        ),
        ({"content/a.txt": HELLO}, ["build"], [("content/a.txt", 0)]),
        ({"content/b.md": EMPTY}, ["build", "--strict"], [("content/b.md", 0)]),
        ({"sitegen.toml": "[site]\ntitel = 1"}, ["build"], [("sitegen.toml", 2)]),
        ({"sitegen.toml": "[site]\ntitel = 1"}, ["clean"], [("sitegen.toml", 2)]),
        ({"layouts/404.html": "{% if %}"}, ["build", "-q"], [("layouts/404.html", 1)]),
        ({"output/mine.txt": ""}, ["build"], [("", 0)]),
    ],
)
def test_json_reports_every_failure(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    arguments: list[str],
    places: list[tuple[str, int]],
) -> None:
    write_site(project, files)
    assert run([*arguments, "--json"]) in (1, 2)
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is False
    assert report["error"]
    assert [(finding["path"], finding["line"]) for finding in report["diagnostics"]] == places


def test_json_reports_what_clean_removed_and_left(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["build", "-q"])
    (project / "output/a.html").write_text("edited")
    assert run(["clean", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert "index.html" in report["removed"]
    assert "a.html" not in report["removed"]
    assert [finding["path"] for finding in report["diagnostics"]] == ["output/a.html"]


# Options


@pytest.mark.parametrize(
    ("flag", "environment", "file", "used"),
    [
        ("https://f.org", "https://e.org", "https://c.org", "https://f.org/"),
        ("", "https://e.org", "https://c.org", "https://e.org/"),
        ("", "", "https://c.org", "https://c.org/"),
        ("https://f.org", "", "", "https://f.org/"),
        ("", "https://e.org/", "", "https://e.org/"),
    ],
)
def test_flag_beats_environment_beats_file(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    flag: str,
    environment: str,
    file: str,
    used: str,
) -> None:
    if environment:
        monkeypatch.setenv("SITEGEN_BASE_URL", environment)
    if file:
        write_site(project, {"sitegen.toml": f'[site]\nbase_url = "{file}"'})
    assert run(["build", "-q", *(["--base-url", flag] if flag else [])]) == 0
    index = Page((project / "output/index.html").read_bytes())
    assert index.one("link", rel="canonical").attributes["href"] == used


def test_dry_run_touches_nothing(project: Path) -> None:
    before = sorted(project.rglob("*"))
    assert run(["build", "-n"]) == 0
    assert sorted(project.rglob("*")) == before
    run(["build", "-q"])
    built = tree(project)
    write_site(project, {"content/b.md": HELLO})
    assert run(["build", "--dry-run"]) == 0
    assert run(["clean", "--dry-run"]) == 0
    assert tree(project / "output") == {
        name.removeprefix("output/"): content
        for name, content in built.items()
        if name.startswith("output/")
    }


@pytest.mark.parametrize("flag", ["-D", "--drafts"])
def test_drafts_are_published_on_request(project: Path, flag: str) -> None:
    write_site(project, {"content/b.md": f"---\ndraft: true\n---\n{HELLO}"})
    run(["build", "-q"])
    assert not (project / "output/b.html").exists()
    run(["build", "-q", flag])
    assert (project / "output/b.html").exists()


@pytest.mark.parametrize("flag", ["-o", "--output"])
def test_output_is_relative_to_where_one_stands(project: Path, flag: str) -> None:
    write_site(project, {"x/content/a.md": HELLO})
    assert run(["build", "-q", "--root", "x", flag, "site"]) == 0
    assert (project / "site/index.html").exists()
    assert not (project / "x/output").exists()
    assert run(["clean", "-q", "--root", "x", flag, "site"]) == 0
    assert not (project / "site/index.html").exists()


@pytest.mark.parametrize("flag", ["-c", "--config"])
def test_another_configuration_file_can_be_named(project: Path, flag: str) -> None:
    write_site(project, {"other.toml": '[site]\ntitle = "Other"'})
    assert run(["build", "-q", flag, "other.toml"]) == 0
    assert Page((project / "output/index.html").read_bytes()).texts("h1") == ["Other"]


def test_root_is_another_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "elsewhere").mkdir()
    monkeypatch.chdir(project / "elsewhere")
    assert run(["build", "-q", "--root", ".."]) == 0
    assert (project / "output/index.html").exists()


# What it costs

HEAVY = ("jinja2", "pygments", "markdown", "msgspec", "rich", "yaml", "comrak", "nh3", "starlette")


@pytest.mark.parametrize(
    "code",
    [
        "import sitegen",
        "import sitegen.cli; sitegen.cli.run(['--version'])",
        "import sitegen.cli; sitegen.cli.run(['--help'])",
        "import sitegen.cli; sitegen.cli.run(['build', '--nope'])",
        "import sitegen.model, sitegen.errors",
    ],
)
def test_nothing_heavy_is_imported_before_there_is_work(code: str) -> None:
    script = f"import sys\n{code}\nprint('|', *(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.rpartition("|")[2].split() == []


def test_build_into_a_pipe_does_not_import_what_draws_the_progress_bar(project: Path) -> None:
    script = "import sys, sitegen.cli; sitegen.cli.run(['build']); print('rich' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=project,
    )
    assert done.stdout.splitlines()[-1] == "False"
