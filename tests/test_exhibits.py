"""What lies beside a transcript's page: its source, as a file and line by line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from helpers import built, exported, source, write_site
from html_check import Page

from sitegen import build
from sitegen.canonical import message_lines, to_markdown
from sitegen.config import load_config
from sitegen.errors import Severity
from sitegen.markup.source import MAX_SHOWN, render_source
from sitegen.model import Message, Text, Transcript
from sitegen.verify import verify_folder

NASTY = "</li></ol><script>alert(1)</script> \x00 & \"'"
HELLO = exported([("Ada", "Hello"), ("Bo", NASTY)], "Talk")


def test_the_source_is_published_byte_for_byte(tmp_path: Path) -> None:
    odd = HELLO.replace("\n", "\r\n").encode("utf-16")
    site = built(write_site(tmp_path, {"content/a.md": HELLO, "content/r/b.txt": odd}))
    assert site["a/source.txt"] == HELLO.encode()
    assert site["r/b/source.txt"] == odd


def test_every_line_of_the_source_has_an_address(tmp_path: Path) -> None:
    text = f"---\ntitle: T\n---\n{HELLO}"
    site = built(write_site(tmp_path, {"content/r/a.md": text}))
    page = Page(site["r/a/source.html"])
    assert page.one("ol", class_="lines")
    items = [item for item in page.find("li") if "ol" in item.parents]
    assert [item.attributes["id"] for item in items] == [f"L{n}" for n in range(1, len(items) + 1)]
    assert len(items) == len(text.splitlines())
    links = page.find("a", class_="of")
    assert [link.attributes["href"] for link in links] == [f"../../r/a.html#m{n}" for n in (1, 2)]
    assert [link.text for link in links] == ["1", "2"]
    for number, name in enumerate(("Ada", "Bo"), 1):
        line = next(n for n, t in enumerate(text.splitlines(), 1) if t == f"### {name}")
        assert items[line - 1].text == f"{number}### {name}"
    assert b"<script>alert" not in site["r/a/source.html"]
    assert "␀".encode() in site["r/a/source.html"]


def test_the_page_leads_to_its_source_and_back(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "sitegen.toml": '[pages]\nurls = "directory"'})
    site = built(tmp_path)
    assert b'href="../a/source/"' in site["a/index.html"]
    assert b'href="../a/source.txt"' in site["a/index.html"]
    assert b'href="../../a/source.txt"' in site["a/source/index.html"]
    assert b'href="../../a/"' in site["a/source/index.html"]
    assert verify_folder(tmp_path / "output").findings == ()


def test_without_raw_no_source_is_published(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "sitegen.toml": "[pages]\nraw = false"})
    site = built(tmp_path)
    assert not {"a/source.txt", "a/source.html"} & set(site)
    assert b"source.txt" not in site["a.html"]
    assert verify_folder(tmp_path / "output").findings == ()
    write_site(tmp_path, {"sitegen.toml": ""})
    assert {"a/source.txt", "a/source.html"} <= set(built(tmp_path))
    write_site(tmp_path, {"sitegen.toml": "[pages]\nraw = false"})
    assert built(tmp_path) == site


def line_links(page: bytes) -> list[tuple[str, str]]:
    return [(a.text, a.attributes["href"]) for a in Page(page).find("a", class_="line-of")]


def target(site: dict[str, bytes], page: str, number: int) -> str:
    """The text of a line of a page of lines, and that it leads back to its message."""
    (line,) = Page(site[page]).find("li", id=f"L{number}")
    return line.text


def test_each_message_leads_to_its_line_and_the_line_back(tmp_path: Path) -> None:
    text = f"---\ntitle: T\n---\n{HELLO}"
    site = built(write_site(tmp_path, {"content/r/a.md": text, "content/plain.md": "Words"}))
    first, second = line_links(site["r/a.html"])
    number = text.split("\n").index("### Ada") + 1
    assert first == (f"Line {number}", f"../r/a/source.html#L{number}")
    assert second[1].startswith("../r/a/source.html#L")
    assert target(site, "r/a/source.html", number) == "1### Ada"
    assert target(site, "r/a/source.html", int(second[0].split()[1])) == "2### Bo"
    assert [name for name, _ in line_links(site["plain.html"])] == ["Line 1"]


def test_messages_of_data_lead_to_their_lines_in_the_canonical_form(tmp_path: Path) -> None:
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]
    text = json.dumps({"messages": said})  # All on one line.
    site = built(write_site(tmp_path, {"content/a.json": text}))
    lines = [int(name.split()[1]) for name, _ in line_links(site["a.html"])]
    shown = [target(site, "a/source.html", line) for line in lines]
    assert [line[:5] for line in shown] == ["1### ", "2### "]


def test_where_no_lines_are_shown_no_message_leads_to_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "sitegen.toml": "[pages]\nraw = false"})
    assert line_links(built(tmp_path)["a.html"]) == []
    monkeypatch.setattr("sitegen.markup.source.MAX_SHOWN", 10)
    write_site(tmp_path, {"sitegen.toml": ""})
    site = built(tmp_path)
    assert b"It is too long to be shown here" in site["a/source.html"]
    assert line_links(site["a.html"]) == []


def test_a_source_that_is_too_long_is_not_shown() -> None:
    assert render_source("x" * (MAX_SHOWN + 1), {}) == ""
    assert render_source("", {}) == '<li id="L1"></li>'


def test_marks_beyond_the_text_are_passed_over() -> None:
    assert render_source("a\nb\n", {0: (1, "x"), 3: (2, "y")}).count("<a") == 0


@pytest.mark.parametrize("name", ["a/provenance.json", "a/source.txt", "a/source.html"])
def test_a_file_that_was_deleted_or_changed_is_made_again(name: str, tmp_path: Path) -> None:
    before = built(write_site(tmp_path, {"content/a.md": HELLO, "content/b.md": HELLO}))
    (tmp_path / "output" / name).unlink()
    report = build(tmp_path)
    assert report.written == (name,)
    (tmp_path / "output" / name).write_bytes(b"mine")
    assert built(tmp_path) == before


def test_two_transcripts_of_one_address_are_complained_of_once(tmp_path: Path) -> None:
    hello = exported([("Ada", "Hello")])
    write_site(tmp_path, {"content/a.md": hello, "content/a.txt": hello})
    report = build(tmp_path, keep_going=True)
    assert [finding.path for finding in report.diagnostics] == ["content/a.txt"]


def test_a_source_with_names_that_are_not_shown_is_not_published(tmp_path: Path) -> None:
    toml = '[participants."Ada"]\nalias = "Interviewee"'
    write_site(tmp_path, {"content/a.md": HELLO})
    before = built(tmp_path)
    assert "a/source.txt" in before
    write_site(tmp_path, {"sitegen.toml": toml})
    site = built(tmp_path)
    assert "a/source.txt" not in site
    for path, content in site.items():
        assert b"Ada" not in content, path
    assert b"It is not published as it is" in site["a.html"]
    config = load_config(tmp_path)
    assert verify_folder(tmp_path / "output", config=config).findings == ()


def test_what_is_published_instead_of_a_source_has_addresses_for_its_lines(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/a.md": HELLO, "sitegen.toml": "[redact]\nemails = true"})
    site = built(tmp_path)
    assert "a/source.txt" not in site
    page = Page(site["a/source.html"])
    lines = site["a/transcript.md"].decode().splitlines()
    items = [item for item in page.find("li") if "ol" in item.parents]
    assert len(items) == len(lines)
    links = page.find("a", class_="of")
    assert [link.attributes["href"] for link in links] == [f"../a.html#m{n}" for n in (1, 2)]
    for number, name in enumerate(("Ada", "Bo"), 1):
        assert items[lines.index(f"### {name}")].text == f"{number}### {name}"
    assert b"The source is not published as it is" in site["a/source.html"]
    assert b'href="a/source.html"' in site["a.html"]


def test_where_no_form_is_published_its_lines_are(tmp_path: Path) -> None:
    toml = "[redact]\nemails = true\n[exports]\ntranscripts = false"
    site = built(write_site(tmp_path, {"content/a.md": HELLO, "sitegen.toml": toml}))
    assert "a/transcript.md" not in site
    assert b"transcript.md" not in site["a/source.html"] + site["a.html"]
    assert b'id="L12"' in site["a/source.html"]
    assert verify_folder(tmp_path / "output", config=load_config(tmp_path)).findings == ()


@pytest.mark.parametrize(
    "texts", [["one"], ["---", "----", "-----  "], ["", "a\n\n------\n\nb", "x"], []]
)
def test_messages_of_a_canonical_text_are_found_by_their_lines(texts: list[str]) -> None:
    messages = tuple(Message(n, f"N{n}", (Text(text),)) for n, text in enumerate(texts, 1))
    whole = Transcript(source(), "dialogue", "a", "T", messages, preamble="---\n\nBefore")
    text = to_markdown(whole)
    lines = text.split("\n")
    found = message_lines(text, len(messages))
    assert [lines[n - 1] for n in found] == [f"### N{n}" for n in range(1, len(texts) + 1)]


def test_the_canonical_form_has_a_digest_that_is_shown_and_checked(tmp_path: Path) -> None:
    site = built(write_site(tmp_path, {"content/a.md": HELLO}))
    digest = hashlib.sha256(site["a/transcript.md"]).hexdigest()
    record = json.loads(site["a/provenance.json"])
    assert record["canonical"] == {"sha256": digest}
    assert digest.encode() in site["a.html"]
    output = tmp_path / "output"
    (output / "a/transcript.md").write_bytes(site["a/transcript.md"] + b"more")
    found = [f"{d.path}: {d.message}" for d in verify_folder(output).findings]
    assert "a/transcript.md: was altered: the record has another digest of it" in found
    (output / "a/transcript.md").write_bytes(site["a/transcript.md"])
    (output / "a.html").write_bytes(site["a.html"].replace(digest.encode(), b"0" * 64))
    found = [f"{d.path}: {d.message}" for d in verify_folder(output).findings]
    assert any("does not show the digest of the canonical form" in line for line in found)


def test_a_redacted_site_is_what_its_sources_give(tmp_path: Path) -> None:
    said = [("Ada", "Write to ada@example.org."), ("kim@example.org", "*ok* `x@example.org`")]
    files = {
        "content/kim@example.org.md": exported(said),
        "content/lee@example.org.md": "---\nslug: lee\n---\n" + exported([*said, ("Ada", "Bye")]),
        "sitegen.toml": "[redact]\nemails = true",
    }
    site = built(write_site(tmp_path, files))
    name = next(path for path in site if path.endswith("/transcript.md"))
    assert b"Write to [redacted: e-mail]." in site[name]
    assert b"[redacted: e-mail]" in site[name.replace(".md", ".txt")]
    page = next(d for p, d in site.items() if p == name.replace("/transcript.md", ".html"))
    assert b"All digests are of what is published" in page
    config = load_config(tmp_path)
    assert verify_folder(tmp_path / "output", config=config).findings == ()
    write_site(tmp_path, {"content/kim@example.org.md": exported([*said, ("Ada", "No")])})
    (found,) = verify_folder(tmp_path / "output", config=config).findings
    assert found.severity is Severity.ERROR
