"""`sitegen init`: what it writes, what it leaves, and that its next steps work as printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers import exported, tree, write_site

import sitegen.scaffold
from sitegen import __version__, build
from sitegen.cli.run import run
from sitegen.errors import ConfigError, OutputError
from sitegen.scaffold import WORKFLOW, begin, requirement

SAMPLE = "content/the-lamp-and-the-ledger.md"
ALL = ("sitegen.toml", SAMPLE, ".gitignore", WORKFLOW)


@pytest.mark.parametrize("name", ["new", "deep/down/here", "a folder", "."])
def test_an_empty_folder_gets_all_and_builds_without_a_warning(name: str, tmp_path: Path) -> None:
    root = tmp_path / name
    done = begin(root)
    assert done.written == ALL
    assert done.left == ()
    assert set(tree(root)) == set(ALL)
    report = build(root, strict=True, base_url="https://example.org/repo/")
    assert report.diagnostics == ()
    assert (report.transcripts, report.messages) == (1, 6)
    assert b"sample" in (root / "output/the-lamp-and-the-ledger.html").read_bytes()


def test_twice_changes_nothing(tmp_path: Path) -> None:
    begin(tmp_path)
    before = tree(tmp_path)
    done = begin(tmp_path)
    assert done.written == ()
    assert [one.path for one in done.left] == list(ALL)
    assert "it should name /output/ and /.sitegen/" in done.left[2].reason
    assert tree(tmp_path) == before


def test_files_that_exist_stay_and_conversations_get_no_sample(tmp_path: Path) -> None:
    own = {
        ".gitignore": "mine\n",
        "content/talk.md": exported([("Ada", "One."), ("Brook", "Two.")]),
        "notes.txt": "Mine.\n",
    }
    write_site(tmp_path, own)
    done = begin(tmp_path)
    assert done.written == ("sitegen.toml", WORKFLOW)
    assert {one.path: one.reason.partition(":")[0] for one in done.left} == {
        SAMPLE: "the folder is not empty",
        ".gitignore": "it exists; it should name /output/ and /.sitegen/",
    }
    after = tree(tmp_path)
    assert {name: after[name].decode() for name in own} == own
    assert build(tmp_path, strict=True).transcripts == 1


def test_settings_that_are_there_count(tmp_path: Path) -> None:
    settings = '[tool.sitegen.paths]\ncontent = "texts"\noutput = "public/site"\n'
    write_site(tmp_path, {"pyproject.toml": settings})
    done = begin(tmp_path)
    assert done.written == ("texts/the-lamp-and-the-ledger.md", ".gitignore", WORKFLOW)
    assert [(one.path, one.reason) for one in done.left] == [
        ("sitegen.toml", "the settings are in pyproject.toml")
    ]
    assert "/public/site/\n" in (tmp_path / ".gitignore").read_text()
    assert "path: public/site\n" in (tmp_path / WORKFLOW).read_text()
    assert build(tmp_path, strict=True).transcripts == 1


def test_a_content_folder_elsewhere_gets_no_sample(tmp_path: Path) -> None:
    root = write_site(tmp_path / "p", {"sitegen.toml": '[paths]\ncontent = "../shared"\n'})
    assert [one.path for one in begin(root).left][1:] == ["../shared/" + Path(SAMPLE).name]
    assert not (tmp_path / "shared").exists()


@pytest.mark.parametrize("output", ["../out", "a b", "$(x)", "/srv/www", '"', "x: y", "-x"])
def test_an_output_folder_that_a_workflow_cannot_name_is_refused(
    output: str, tmp_path: Path
) -> None:
    write_site(tmp_path, {"sitegen.toml": f"[paths]\noutput = {json.dumps(output)}\n"})
    with pytest.raises(ConfigError, match="cannot be named"):
        begin(tmp_path)
    assert set(tree(tmp_path)) == {"sitegen.toml"}


def test_broken_settings_are_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    write_site(tmp_path, {"sitegen.toml": "[sight]\n"})
    with pytest.raises(ConfigError, match="unknown table"):
        begin(tmp_path)
    assert set(tree(tmp_path)) == {"sitegen.toml"}


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    done = begin(tmp_path / "new", dry_run=True)
    assert done.written == ALL
    assert not (tmp_path / "new").exists()


def test_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    write_site(tmp_path, {"file": "x", "project/.github": "x"})
    with pytest.raises(ConfigError, match="not a folder"):
        begin(tmp_path / "file")
    with pytest.raises(OutputError, match=re.escape(WORKFLOW)):
        begin(tmp_path / "project")
    assert (tmp_path / "project/.github").read_text() == "x"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "project"
    outside.mkdir()
    root.mkdir()
    (root / ".github").symlink_to(outside)
    (root / ".gitignore").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="outside of"):
        begin(root)
    assert list(outside.iterdir()) == []
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_written_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("everything can be written here")
    tmp_path.chmod(0o555)
    try:
        assert run(["init", str(tmp_path)]) == 1
    finally:
        tmp_path.chmod(0o755)
    assert "sitegen.toml cannot be written: Permission denied" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_refusing_disk_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_arguments: Any, **_named: Any) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert run(["init", str(tmp_path / "new")]) == 1
    assert "cannot be written: Read-only file system" in capsys.readouterr().err


# What the workflow installs


class Installed:
    def __init__(self, origin: str | None) -> None:
        self.origin = origin

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return self.origin


COMMIT = "0123456789abcdef0123456789abcdef01234567"


def vcs(url: str, commit: str = COMMIT) -> str:
    return json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}})


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, f"sitegen=={__version__}"),
        (vcs("https://host/a/b.git"), f"sitegen @ git+https://host/a/b.git@{COMMIT}"),
        ('{"url": "file:///home/me/sitegen", "dir_info": {"editable": true}}', ""),
        (vcs("https://token@host/a/b"), ""),
        (vcs('https://host/a"; rm -rf ~; "'), ""),
        (vcs("https://host/a", "$(id)"), ""),
        (vcs("ssh://git@host/a"), ""),
        (vcs("https://host/${{ secrets.X }}"), ""),
        ("not JSON", ""),
        ("[]", ""),
    ],
)
def test_workflow_installs_the_sitegen_that_wrote_it(
    origin: str | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitegen.scaffold, "distribution", lambda _name: Installed(origin))
    assert requirement() == expected
    done = begin(tmp_path)
    assert done.is_installable == bool(expected)
    step = yaml.safe_load((tmp_path / WORKFLOW).read_text())["jobs"]["build"]["steps"][3]
    wanted = expected or f"sitegen=={__version__}"
    assert step == {"run": f'python -m pip install "{wanted}"'}


def test_a_checkout_that_is_not_installed_has_no_requirement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> Installed:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(sitegen.scaffold, "distribution", missing)
    assert requirement() == ""


def test_workflow_has_least_permissions_and_the_versions_of_our_own(tmp_path: Path) -> None:
    begin(tmp_path)
    text = (tmp_path / WORKFLOW).read_text()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["build"]
    assert workflow["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert workflow[True]["push"] == {"branches": ["main"]}
    (upload,) = (
        step for step in workflow["jobs"]["build"]["steps"] if "upload" in step.get("uses", "")
    )
    assert upload["with"] == {"path": "output", "include-hidden-files": True}
    own = (Path(__file__).parents[1] / ".github/workflows/pages.yml").read_text()
    used = re.findall(r"^ +(?:- )?uses: (\S+)", text, re.MULTILINE)
    assert len(used) == 5
    assert set(used) == set(re.findall(r"uses: (\S+)", own))
    # Woken, the lines about the attestation are a workflow too.
    woken = yaml.safe_load(
        re.sub(
            r"^( +)# (?=( *)(- uses|permissions:|contents:|id-token:|"
            r"attestations:|with:|subject-path:))",
            r"\1",
            text,
            flags=re.MULTILINE,
        )
    )
    job = woken["jobs"]["build"]
    assert job["permissions"] == {"contents": "read", "id-token": "write", "attestations": "write"}
    assert job["steps"][5]["with"] == {"subject-path": "output/SHA256SUMS"}


def test_comments_in_the_settings_are_settings(tmp_path: Path) -> None:
    begin(tmp_path)
    file = tmp_path / "sitegen.toml"
    asleep = re.compile(r"^# (?=\[|\w+ = |\"John)", re.MULTILINE)
    text = file.read_text(encoding="utf-8")
    assert len(asleep.findall(text)) > 10
    file.write_text(asleep.sub("", text), encoding="utf-8")
    assert build(tmp_path, strict=True).diagnostics == ()


# The command


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str, Path], str]:
    """A function that runs a line as a person would type it; `sitegen` is this one."""
    if os.name == "nt":
        pytest.skip("needs a POSIX shell")
    command = tmp_path / "bin/sitegen"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sitegen "$@"\n')
    command.chmod(0o755)
    me = {
        f"GIT_{who}_{what}": "a@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": root, **me, **quiet}

    def call(line: str, folder: Path) -> str:
        done = subprocess.run(
            ["sh", "-ec", line], cwd=folder, env=environment, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
        return done.stdout

    return call


@pytest.mark.parametrize("name", ["archive", "an archive's folder"])
def test_next_steps_work_as_printed(
    name: str, tmp_path: Path, shell: Callable[[str, Path], str]
) -> None:
    said = shell(f'sitegen init "{name}"', tmp_path)
    steps = re.findall(r"^    (.+)$", said, re.MULTILINE)
    assert [step.split()[0] for step in steps] == ["cd", *["sitegen"] * 3, *["git"] * 3]
    assert steps.pop(1) == "sitegen serve"  # Lasts until Ctrl-C; other tests run it.
    shell("\n".join(steps), tmp_path)
    committed = shell("git ls-files", tmp_path / name).split()
    assert sorted(committed) == sorted(ALL)
    assert (tmp_path / name / "output/index.html").is_file()


def test_command_says_what_it_left_and_succeeds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path), "-q"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["init", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert [f"left {name}: it exists" in said for name in ALL] == [True] * len(ALL)
    assert "written" not in said
    assert run(["init", str(tmp_path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["written"] == []
    assert [one["path"] for one in report["left"]] == list(ALL)
    assert run(["init", str(tmp_path / "sitegen.toml")]) == 2
