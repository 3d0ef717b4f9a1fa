"""`sitegen convert`: files that can be edited, and nothing that is overwritten unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import exported, read, spoken, write_site
from test_sources import CHATS, TALK

from sitegen.cli import run

MESSAGES = [("Ada", "one"), ("Brook", "two")]


def test_a_file_is_written_and_reads_back_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_site(tmp_path, {"talk.md": exported(MESSAGES)})
    assert run(["convert", str(tmp_path / "talk.md"), str(tmp_path / "out.md")]) == 0
    assert "written" in capsys.readouterr().out
    assert spoken(read((tmp_path / "out.md").read_bytes())) == MESSAGES


def test_what_is_there_is_overwritten_only_by_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_site(tmp_path, {"talk.md": exported(MESSAGES), "out.md": "mine"})
    arguments = ["convert", str(tmp_path / "talk.md"), str(tmp_path / "out.md")]
    assert run(arguments) == 2
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "out.md").read_text() == "mine"
    assert run([*arguments, "--force", "-q"]) == 0
    assert spoken(read((tmp_path / "out.md").read_bytes())) == MESSAGES
    assert capsys.readouterr().out == ""
    assert {path.name for path in tmp_path.iterdir()} == {"talk.md", "out.md"}


def test_several_conversations_need_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_site(tmp_path, {"chats.md": CHATS})
    given = str(tmp_path / "chats.md")
    for out in ("-", str(tmp_path / "out.md")):
        assert run(["convert", given, out]) == 2
        assert "holds 2 conversations" in capsys.readouterr().err
    assert run(["convert", given, str(tmp_path / "out")]) == 0
    files = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in files] == [
        "chats-2025-04-02-08-15-00.md",
        "chats-2025-04-03-09-00-00.md",
    ]
    assert [spoken(read(path.read_bytes()))[0] for path in files] == [
        ("User", "one"),
        ("User", "two"),
    ]
    assert run(["convert", given, str(tmp_path / "out")]) == 2


def test_a_dash_is_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_site(tmp_path, {"talk.md": TALK})
    assert run(["convert", str(tmp_path / "talk.md"), "-"]) == 0
    said = spoken(read(capsys.readouterr().out))
    assert said[0] == ("Ada", "One.")
    assert {path.name for path in tmp_path.iterdir()} == {"talk.md"}


def test_the_rules_of_a_project_count(tmp_path: Path) -> None:
    rule = '[[sources]]\nfiles = "pods/**"\ntags = ["pier"]\n'
    write_site(tmp_path, {"sitegen.toml": rule, "content/pods/talk.md": TALK})
    given, out = tmp_path / "content/pods/talk.md", tmp_path / "out.md"
    assert run(["convert", str(given), str(out), "--root", str(tmp_path)]) == 0
    assert read(out.read_bytes()).tags == ("pier",)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "cannot be read"),
        ({"a.md": ""}, "holds no conversation"),
        ({"a.md": "---\na: [\n---\n"}, "not valid YAML"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], message: str
) -> None:
    write_site(tmp_path, files)
    assert run(["convert", str(tmp_path / "a.md"), str(tmp_path / "out.md")]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.md").exists()


def test_a_place_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_site(tmp_path, {"talk.md": TALK, "file": "x"})
    assert run(["convert", str(tmp_path / "talk.md"), str(tmp_path / "file/out")]) == 1
    assert "cannot be written" in capsys.readouterr().err
