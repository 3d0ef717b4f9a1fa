"""Altered sites whose list of digests was made again: what they hold no longer fits together."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import exported, tree, write_site

from sitegen import build
from sitegen.errors import Severity
from sitegen.provenance.checksums import make_checksums
from sitegen.verify import verify_folder, verify_site

Site = dict[str, bytes]

TALK = exported(
    [("Ada", "Is the *foghorn* yours?"), ("Bo", "It is & was.\n\n| a | b |\n|---|---|\n| c | d |")],
    "Ada ↔ Bo",
)
CHAT = """\
[25/03/2025, 09:12:00] Ada: Have you seen the lamp
[25/03/2025, 09:12:30] Bo: It is in the pantry
[25/03/2025, 09:14:10] Ada: Then all is well
"""
CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Ada>Good evening from the harbour.

00:00:05.500 --> 00:00:09.000
<v Bo>Good evening to all of you.
"""
DISCORD = {
    "guild": {"id": "1", "name": "Harbour"},
    "channel": {"id": "2", "type": "GuildTextChat", "name": "lamps"},
    "messages": [
        {
            "id": str(number),
            "type": "Reply" if number == 12 else "Default",
            "timestamp": f"2025-03-04T09:{number}:00+00:00",
            "timestampEdited": "2025-03-04T10:00:00+00:00" if number == 11 else None,
            "content": text,
            "author": {"id": name, "name": name, "nickname": name},
            "attachments": [],
            "embeds": [],
            "reactions": [],
            **({"reference": {"messageId": "10", "channelId": "2"}} if number == 12 else {}),
        }
        for number, name, text in [(10, "Ada", "Who?"), (11, "Bo", "You"), (12, "Bo", "I mean it")]
    ],
}
FILES: dict[str, str | bytes] = {
    "content/talk.md": "---\nlabels: [excerpt, of the sea]\n---\n"
    + TALK.replace("---\n\n### Ada", "Found in a drawer.\n\n---\n\n### Ada", 1),
    "content/café/chat.txt": CHAT,
    "content/captions.vtt": CAPTIONS,
    "content/discord.json": json.dumps(DISCORD),
    "content/pages/both.md": "---\nstaple: [talk.md, captions.vtt]\n---\nBoth.",
}
CHAT_PAGE = "café/chat"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("forged")
    report = build(write_site(root, FILES))
    assert len(report.written) > 20
    return root / "output"


@pytest.fixture(scope="module")
def site(output: Path) -> Site:
    return tree(output)


def summed(site: Site) -> Site:
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in site.items()}
    digests.pop("SHA256SUMS", None)
    return {**site, "SHA256SUMS": make_checksums(digests)}


def errors(site: Site) -> list[str]:
    found = verify_site(site).findings
    return [f"{one.path}: {one.message}" for one in found if one.severity is Severity.ERROR]


def test_times_places_in_recordings_replies_and_marks_are_as_published(site: Site) -> None:
    verdict = verify_site(site)
    assert verdict.findings == ()
    assert verdict.messages == 10
    assert b"In reply to" in site["discord.html"]
    assert b"edited" in site["discord.html"]
    assert b"PT5.5S" in site["captions.html"]


@pytest.mark.parametrize(
    ("path", "old", "new", "error"),
    [
        ("talk.html", "Ada ↔ Bo</h1>", "Eva ↔ Bo</h1>", "has another title than its record"),
        ("talk.html", "Found in a drawer", "Found in a vault", "the text before the first message"),
        ("talk.html", ">excerpt<", ">complete<", "does not show the label “excerpt” of its record"),
        ("talk.html", '<time datetime="2025', '<time datetime="2024', "says another time than"),
        ("talk.html", ">Bo</h3>", ">Bo the liar</h3>", "message 2 (Bo) has another speaker"),
        ("talk.html", "</h3>", "</h3><b>lies:</b>", "message 1 (Ada) has another speaker"),
        ("talk.html", "It is &amp; was.", "It is.", "message 2 (Bo) differs"),
        ("talk.html", "yours?</p>", "yours?</p><nav>Mine.</nav>", "message 1 (Ada)"),
        ("talk.html", "yours?</p>", "yours?</p><p class=chrome>Mine</p>", "message 1 (Ada)"),
        ("talk.html", "yours?</p>", "yours?</p><p class=blank>Mine</p>", "message 1 (Ada)"),
        ("talk.html", "yours?</p>", "yours?<details open>Mine</details>", "message 1 (Ada)"),
        ("talk.html", "</article>", "</article><p>Mine.</p>", "has text among the messages"),
        ("talk.html", "</article>", "</article><p class=x>M</p>", "has text among the messages"),
        (f"{CHAT_PAGE}.html", '="2025-03-25T09:12:3', '="2025-03-25T09:12:4', "message 2 (Bo) has"),
        ("captions.html", "PT5.5S", "PT6.5S", "message 2 (Bo) has another time"),
        ("discord.html", 'href="#m1">Ada, 1', 'href="#m2">Bo, 2', "message 3 (Bo) answers"),
        ("discord.html", "<li>edited", "<li>deleted", "message 2 (Bo) is marked otherwise"),
        ("both.html", "Good evening to", "Good morning to", "message 2 (Bo) differs"),
        ("both.html", "PT5.5S", "PT6.5S", "message 2 (Bo) has another time"),
        ("talk/transcript.json", "foghorn", "fog", "message 1 (Ada) differs from the record"),
        ("talk/transcript.json", '"excerpt"', '"whole"', "has other labels than the record"),
        ("talk/transcript.json", '"Ada ↔ Bo"', '"A"', "has another title than the record"),
        (f"{CHAT_PAGE}/transcript.json", '"at":"2025', '"at":"2024', "message 1 (Ada) differs"),
        ("talk/transcript.json", '"messages"', '"massages"', "is not a transcript"),
        ("talk/transcript.txt", "foghorn", "fog", "message 1 (Ada) differs from the record"),
        ("talk/transcript.txt", "[2] Bo", "[2] Al", "message 2 (Bo) differs"),
        ("talk/transcript.md", "foghorn", "fog", "was altered: the record has another digest"),
        ("talk/source.txt", "foghorn", "fog", "was altered: the record has another digest"),
        ("talk/source.html", "foghorn", "fog", "line 15 differs from the file"),
        ("talk/source.html", '<li id="L14">', '<li id="L15">', "line 14 differs from the file"),
        ("talk/source.html", "</ol>", '<li id="L99">x</li>\n</ol>', "line 2"),
        ("discord/source.html", "Who?", "You?", "line "),
    ],
)  # fmt: skip
def test_what_is_altered_in_one_place_does_not_fit_the_others(
    path: str, old: str, new: str, error: str, site: Site
) -> None:
    data = site[path].decode()
    assert old in data
    found = errors(summed({**site, path: data.replace(old, new, 1).encode()}))
    assert any(one.startswith(f"{path}: {error}") for one in found), found


@pytest.mark.parametrize("seed", range(120))
def test_any_letter_that_a_page_shows_of_a_transcript_is_compared(seed: int, site: Site) -> None:
    rng = random.Random(seed)
    path = rng.choice(["talk.html", f"{CHAT_PAGE}.html", "captions.html", "both.html"])
    html = site[path].decode()
    bodies = [m.span(1) for m in re.finditer(r'<div class="body"[^>]*>(.*?)</div>', html, re.S)]
    start, end = rng.choice(bodies)
    text = [m for m in re.finditer(r"(?<=[>])[^<>&]+", html[start:end]) if m[0].strip()]
    match = rng.choice(text)
    places = [n for n, char in enumerate(match[0]) if char.isalnum()]
    at = start + match.start() + rng.choice(places)
    forged = html[:at] + ("7" if html[at] != "7" else "8") + html[at + 1 :]
    found = errors(summed({**site, path: forged.encode()}))
    assert any(re.match(rf"{path}: message \d+ \(.*\) differs", one) for one in found), found


def test_without_the_sources_a_forgery_made_throughout_is_not_found(site: Site) -> None:
    """What docs/provenance.md says that it cannot find."""
    from sitegen.provenance.chain import canonical_json, chain_digests

    forged = {
        path: data.replace(b"foghorn", b"lighthouse")
        for path, data in site.items()
        if not path.startswith("pagefind/")
    }
    record = json.loads(forged["talk/provenance.json"])
    texts = [canonical_json(message) for message in record["messages"]]
    chain = chain_digests(canonical_json(record["head"]), texts)
    pairs = list(zip(record["chain"], chain, strict=True))
    for name, member in (("source.txt", "source"), ("transcript.md", "canonical")):
        new = hashlib.sha256(forged[f"talk/{name}"]).hexdigest()
        pairs.append((record[member]["sha256"], new))
    for path in forged:
        for old, new in pairs:
            forged[path] = forged[path].replace(old.encode(), new.encode())
    assert forged["talk.html"] != site["talk.html"]
    assert errors(summed(forged)) == []


# Folders as they come


def copied(output: Path, to: Path) -> Path:
    return shutil.copytree(output, to / "copy")


def first_errors(folder: Path) -> list[str]:
    return [f"{one.path}: {one.message}" for one in verify_folder(folder).findings]


def test_a_built_site_is_accepted_by_coreutils(output: Path, tmp_path: Path) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("sha256sum is not installed")
    copy = copied(output, tmp_path)
    command = [tool, "-c", "--strict", "--quiet", "SHA256SUMS"]
    run = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    (copy / "talk/transcript.txt").write_bytes(b"")
    run = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert run.returncode == 1
    assert "talk/transcript.txt: FAILED" in run.stdout


def test_a_list_whose_line_ends_were_changed_is_one_difference(
    output: Path, tmp_path: Path
) -> None:
    copy = copied(output, tmp_path)
    sums = (copy / "SHA256SUMS").read_bytes()
    (copy / "SHA256SUMS").write_bytes(sums.replace(b"\n", b"\r\n"))
    assert first_errors(copy) == ["SHA256SUMS: has other line ends than it was written with"]


@pytest.mark.parametrize(
    "rename", [str.upper, lambda name: unicodedata.normalize("NFD", name)], ids=["case", "NFD"]
)
def test_a_file_under_another_form_of_its_name_is_named(rename: Callable[[str], str]) -> None:
    sums = f"{hashlib.sha256(b'x').hexdigest()}  é.txt\n".encode()
    found = errors({"SHA256SUMS": sums, rename("é.txt"): b"x"})
    assert found[0].startswith("é.txt: is missing under this name, but as ")
    assert found[1].endswith(": is extra: SHA256SUMS does not list it")


def test_what_is_no_file_is_named_and_never_waited_for(output: Path, tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    copy = copied(output, tmp_path)
    (copy / "talk.html").unlink()
    os.mkfifo(copy / "talk.html")
    (copy / "404.html").unlink()
    (copy / "404.html").symlink_to("nowhere")
    (copy / "up").symlink_to("..", target_is_directory=True)
    found = first_errors(copy)
    assert found[:3] == [
        f"{name}: is not a file that can be read" for name in ("404.html", "talk.html", "up")
    ]
    assert "404.html: is missing" in found
    assert "talk/provenance.json: has a record but no page" in found


def test_an_empty_folder_is_no_site(tmp_path: Path) -> None:
    assert first_errors(tmp_path) == ["SHA256SUMS: is missing: the list of digests of all files"]
