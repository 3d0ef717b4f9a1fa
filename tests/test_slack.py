"""Slack's export, unpacked or packed: channels, threads, names; and archives that mean harm."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import Golden
from described import describe, page_of
from helpers import built, problems, reading, spoken, write_site
from hypothesis import given
from hypothesis import strategies as st

from sitegen.builder import Builder
from sitegen.config import load_config
from sitegen.model import Source
from sitegen.readers import list_sources, load
from sitegen.readers.mrkdwn import mrkdwn_runs
from sitegen.readers.reading import read_transcripts
from sitegen.readers.rich import join_runs

EXPORT = Path(__file__).parent / "golden" / "slack" / "export"


def packed(folder: Path, prefix: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.json")):
            archive.writestr(prefix + path.relative_to(folder).as_posix(), path.read_bytes())
    return buffer.getvalue()


def zipped(**files: Any) -> bytes:
    """An archive of JSON; `__` in a name is a slash."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files.items():
            archive.writestr(name.replace("__", "/") + ".json", json.dumps(value))
    return buffer.getvalue()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    shutil.copytree(EXPORT, tmp_path / "content" / "work")
    return tmp_path


def sources(root: Path) -> dict[str, Source]:
    found = list_sources(root / "content", root)
    assert found.diagnostics == ()
    return {source.rel: source for source in found.transcripts}


def test_a_folder_is_a_transcript_for_each_channel(site: Path, golden: Golden) -> None:
    found = sources(site)
    assert list(found) == ["work/D024", "work/general"]
    for rel, source in found.items():
        data = load(source)
        name = rel.rpartition("/")[2]
        golden.check(f"slack/{name}.model.txt", describe(read_transcripts(data, source, "UTC")))
        golden.check(f"slack/{name}.html", page_of(data, source))


@pytest.mark.parametrize("prefix", ["", "Work export/"])
def test_an_archive_holds_the_same(site: Path, prefix: str) -> None:
    found = reading(packed(EXPORT, prefix), "work.zip")
    assert [t.slug for t in found.transcripts] == ["work-d024", "work-general"]
    for rel, transcript in zip(sources(site).values(), found.transcripts, strict=True):
        (unpacked,) = read_transcripts(load(rel), rel, "UTC").transcripts
        assert unpacked.messages == transcript.messages
        assert unpacked.title == transcript.title


def test_other_files_of_an_export_are_read_as_what_they_are(site: Path) -> None:
    write_site(site, {"content/work/general/notes.md": "# A ↔ B\n\n---\n\n### A\n\nhi\n\n---\n"})
    assert list(sources(site)) == ["work/D024", "work/general", "work/general/notes.md"]


def test_without_the_names_each_day_is_a_transcript_of_its_own(site: Path) -> None:
    (site / "content/work/users.json").unlink()
    found = list_sources(site / "content", site).transcripts
    day = next(source for source in found if source.rel.endswith("2025-05-01.json"))
    (transcript,) = read_transcripts(load(day), day, "UTC").transcripts
    assert transcript.format == "slack"
    assert transcript.messages[0].speaker in ("", "U1")


def test_every_file_of_a_channel_is_watched(site: Path) -> None:
    builder = Builder(load_config(site))
    builder.build()
    page = site / "output" / "work" / "general.html"
    assert builder.build().written == ()
    for name, old, new in [
        ("general/2025-05-02.json", "for all", "for everyone"),
        ("users.json", "ana of the pier", "ana at the quay"),
        ("channels.json", "lamps", "lanterns"),
    ]:
        path = site / "content" / "work" / name
        path.write_text(path.read_text().replace(old, new))
        builder.build()
        assert new in page.read_text()
    (site / "content/work/general/2025-05-02.json").unlink()
    builder.build()
    assert "for everyone" not in page.read_text()
    day = [{"type": "message", "ts": "1746300000.0001", "user": "U2", "text": "a third day"}]
    write_site(site, {"content/work/general/2025-05-03.json": json.dumps(day)})
    builder.build()
    assert "a third day" in page.read_text()
    builder.save()
    kept = {p.name: p.read_bytes() for p in (site / "output").rglob("*.html")}
    built(site, force=True)
    assert kept == {p.name: p.read_bytes() for p in (site / "output").rglob("*.html")}


def test_a_broken_day_is_an_error_with_its_name(site: Path) -> None:
    write_site(site, {"content/work/general/2025-05-02.json": '[{"type": "mess'})
    source = sources(site)["work/general"]
    ((severity, _, _),) = problems(found := read_transcripts(load(source), source, "UTC"))
    assert severity == "error"
    assert found.diagnostics[0].path == "content/work/general/general/2025-05-02.json"


def test_links_out_of_the_folder_are_no_part_of_a_channel(site: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('[{"type": "message", "ts": "1.0", "text": "secret"}]')
    (site / "content/work/general/2025-05-09.json").symlink_to(secret)
    found = list_sources(site / "content", site)
    general = next(source for source in found.transcripts if source.rel == "work/general")
    assert b"secret" not in load(general)
    assert "leads out of the content folder" in found.diagnostics[0].message


# --- Text --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("<@U1> <@U2> <@U3|cy>", "@Ana @U2 @cy"),
        ("<#C1> <#C2|quay> <#C3>", "#general #quay #C3"),
        ("<!here> <!subteam^S1|@crew> <!date^1^{date}|May>", "@here @crew May"),
        ("*b*", "**b**"),
        ("_i_ ~s~", "*i* ~~s~~"),
        ("`*x*`", "`*x*`"),
        ("a*b*c 2 * 3", "a*b*c 2 * 3"),
        ("<https://a.example|x>", "[x](<https://a.example>)"),
        ("<javascript:alert(1)|x>", "x (javascript:alert&#40;1))"),
        ("&gt; q\nz", "> q\n\nz"),
        ("```\nx\n```", "```\nx\n```\n"),
    ],
)
def test_mrkdwn(text: str, markdown: str) -> None:
    runs = mrkdwn_runs(text, {"U1": "Ana"}, {"C1": "general"})
    assert join_runs(runs).markdown.replace("alert(1)", "alert&#40;1)") == markdown


@given(st.text(st.sampled_from("ab *_~`<>@#!|&;\n^"), max_size=40))
def test_mrkdwn_loses_no_word(text: str) -> None:
    runs = mrkdwn_runs(text, {}, {})
    letters = [char for char in text if char in "ab"]
    shown = [char for run in runs for char in run.text + run.about if char in "ab"]
    assert len(shown) >= len([c for c in letters if c == "b"]) - text.count("|") * 40
    if "<" not in text:
        assert shown == letters


# --- Archives that mean harm -------------------------------------------------------

DAY = [{"type": "message", "ts": "1746093600.000100", "user": "U1", "text": "hi"}]


def errors(data: bytes) -> list[str]:
    found = reading(data, "a.zip")
    assert found.transcripts == ()
    return [message for severity, _, message in problems(found) if severity == "error"]


def test_a_bomb_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("general/2025-05-01.json", b"[" + b" " * 30_000_000 + b"]")
    assert errors(bomb.getvalue()) == ["unpacks to more than may be"]


def test_a_size_that_lies_is_found_out() -> None:
    data = packed(EXPORT)
    place = data.rindex(b"PK\x01\x02")
    lying = data[: place + 24] + (5).to_bytes(4, "little") + data[place + 28 :]
    assert reading(lying, "a.zip").diagnostics


def test_a_packing_that_is_not_known_is_an_error_with_a_remedy() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("general/2025-05-01.json", json.dumps(DAY))
    assert errors(buffer.getvalue()) == ["is packed in a way that cannot be read here"]


def test_an_archive_of_something_else_is_passed_over() -> None:
    assert problems(reading(zipped(a=1), "a.zip")) == [
        ("note", 0, "not read: an archive, but of no export that sitegen knows")
    ]
    assert reading(zipped(), "a.zip").transcripts == ()


def test_a_whatsapp_export_is_read_as_it_was_packed() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("_chat.txt", "[31/01/24, 10:00:00] Ana: <attached: a.jpg>\n")
        archive.writestr("a.jpg", b"x")
    found = reading(buffer.getvalue(), "Night Ferry.zip")
    assert spoken(found.transcripts[0]) == [("Ana", "a.jpg")]
    assert found.transcripts[0].slug == "night-ferry"
    assert [severity for severity, _, _ in problems(found)] == ["note"]


def test_paths_in_an_archive_lead_nowhere() -> None:
    found = reading(zipped(**{"..__..__evil__2025-05-01": DAY}), "a.zip")
    assert [transcript.slug for transcript in found.transcripts] == ["a-evil"]


@given(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=20))
def test_a_damaged_archive_is_read_or_said_to_be_broken(
    start: int, length: int, junk: bytes
) -> None:
    data = packed(EXPORT)
    found = reading(data[:start] + junk + data[start + length :], "a.zip")
    assert found.transcripts or found.diagnostics


@given(st.integers(0, 3000))
def test_an_archive_that_is_cut_off_is_an_error(length: int) -> None:
    data = packed(EXPORT)
    if 4 < length < len(data):
        assert errors(data[:length])


def test_inspect_logs_are_archives_too() -> None:
    folder = Path(__file__).parent / "golden" / "logs"
    log = json.loads((folder / "inspect.json").read_text(encoding="utf-8"))
    samples = log.pop("samples")
    first = zipped(header=log, **{"samples__q-1_epoch_1": samples[0]})
    found = reading(first, "run.eval")
    whole = reading((folder / "inspect.json").read_bytes(), "run.json").transcripts[0]
    assert found.transcripts[0].messages == tuple(
        type(m)(**{name: getattr(m, name) for name in m.__slots__} | {"line": 0})
        for m in whole.messages
    )
    started = zipped(_journal__start=log, **{"samples__q-1_epoch_1": samples[0]})
    assert ("warning", 0, "the run did not finish; its samples so far are shown") in problems(
        reading(started, "run.eval")
    )
    assert spoken(reading(started, "run.eval").transcripts[0])
