"""Redaction: what a rule hits is in no byte of the site and of the cache; the rest stays."""

from __future__ import annotations

import dataclasses
import gzip
import html
import io
import re
import shutil
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from helpers import built, exported, read, tree, write_site
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planting import bases, places

from sitegen import build
from sitegen.config import load_config
from sitegen.errors import BuildError
from sitegen.markup import MessageRenderer, seen_texts
from sitegen.markup.prose import ProseRenderer
from sitegen.markup.withheld import show_labels
from sitegen.model import Page, Source, Text
from sitegen.redact.rewrite import Redactor
from sitegen.redact.transcripts import TranscriptRedactor
from sitegen.rules.settings import RedactConfig

RULES = RedactConfig(
    words=("Zanzibar",),
    literals=("hush-hush",),
    patterns=(r"ticket-\d+",),
    names={"John Smith": "Wren", "Jürgen": "Otto"},
    emails=True,
    phones=True,
    ip_addresses=True,
    home_paths=True,
)
TOML = r"""
[redact]
words = ["Zanzibar"]
literals = ["hush-hush"]
patterns = ['ticket-\d+']
emails = true
phones = true
ip_addresses = true
home_paths = true

[redact.names]
"John Smith" = "Wren"
"Jürgen" = "Otto"
"""
redactor = TranscriptRedactor(RULES)


def shown(markdown: str, engine: str = "commonmark") -> str:
    """The HTML of a message body under the rules."""
    renderer = MessageRenderer(engine, labels=redactor.labels)  # type: ignore[arg-type]
    return str(renderer.render([Text(redactor.markdown(markdown))])[0].html)


def mark(kind: str) -> str:
    return f'<span class="redacted">[redacted: {kind}]</span>'


# Labels in rendered Markdown

MAIL = mark("e-mail")
BODIES = {
    "john@x.org": f"<p>{MAIL}</p>",
    "**john@x.org**": f"<p><strong>{MAIL}</strong></p>",
    "jo**hn**@x.org": f"<p>{MAIL}</p>",
    "**jo**hn@x.org": f"<p><strong>{MAIL}</strong></p>",
    "jo**hn@x.org** a": f"<p><strong>{MAIL}</strong> a</p>",
    "`john@x.org`": f"<p><code>{MAIL}</code></p>",
    "`jo`hn@x.org": f"<p><code>{MAIL}</code></p>",
    "# A john@x.org": f"<h4>A {MAIL}</h4>",
    "john@x.org: is no definition": f"<p>{MAIL}: is no definition</p>",
    "john@x.org(no link)": f"<p>{MAIL}(no link)</p>",
    "[me](mailto:john@x.org)": f'<p>me <code class="target">mailto:{MAIL}</code></p>',
    "[john@x.org](https://x.org)": f">{MAIL}</a></p>",
    "https://x.org/u/john%40x.org/p": f"<p>https://x.org/u/{MAIL}/p</p>",
    "![john@x.org](https://x.org/a.png)": f">{MAIL}</a></p>",
    "![a](https://x.org/john@x.org.png)": f'<code class="target">https://x.org/{MAIL}</code></p>',
    "$a = \\text{john@x.org}$": f'<code class="math">a = \\text{{{MAIL}}}</code>',
    "| a |\n|---|\n| john@x.org |": f"<td>{MAIL}</td>",
    "<b>john@x.org</b>": f"&lt;b&gt;{MAIL}&lt;/b&gt;",
    "```python\nx = 'john@x.org'\n```": f"'{MAIL}'</span>",
    "```python\njohn@x.org = 1\n```": f"<code>{MAIL} = <span",
    "```js\nconst john@x.org = 1\n```": f"{MAIL}",
    "```john@x.org\nx\n```": f'<div class="code-head">{MAIL}</div>',
    "[a](https://x.org 'john@x.org')": 'title="redacted-e-mail"',
    "at 10.0.0.7 or +49 170 1234567": f"at {mark('IP address')} or {mark('phone number')}</p>",
    "cd /home/jsmith/x": f"<p>cd /home/{mark('user')}/x</p>",
    "ticket-17, hush-hush": f"<p>{mark('text')}, {mark('text')}</p>",
    "> John\n> Smith's": "<p>Wren's</p>",
    "https://x.org/John_Smith/x": 'href="https://x.org/Wren/x"',
}


@pytest.mark.parametrize("markdown", BODIES)
def test_label_stands_where_the_text_stood(markdown: str) -> None:
    assert BODIES[markdown] in shown(markdown)
    assert redactor.labels.stem not in shown(markdown)


@pytest.mark.parametrize("markdown", BODIES)
def test_no_token_is_left_by_the_other_engine(markdown: str) -> None:
    page = shown(markdown, "markdown")
    assert redactor.labels.stem not in page
    assert redactor.is_clean(seen_texts(page))


@pytest.mark.parametrize("markdown", BODIES)
def test_no_token_is_left_in_authored_text(markdown: str) -> None:
    page = ProseRenderer(labels=redactor.labels).render(redactor.markdown(markdown))
    assert redactor.labels.stem not in page
    assert "john" not in page.lower()


def test_text_that_no_rule_hits_is_as_it_was() -> None:
    text = "Some *text*, `code`, [a](https://x.org) & 50 % of a_b_c; é, 漢, 12:34, v1.2.3.4\n\n> q"
    assert redactor.markdown(text) == redactor.plain(text) == text


def test_label_says_nothing_that_is_itself_hidden() -> None:
    assert Redactor(RedactConfig(words=("mail",), emails=True)).plain("a@b.org") == "[redacted]"
    assert Redactor(RedactConfig(literals=("red",))).plain("hundred") == "hund[…]"
    assert Redactor(RedactConfig(literals=("…", "red"))).plain("red") == "█████"


def test_pattern_that_hits_its_own_token_comes_to_an_end() -> None:
    everything = Redactor(RedactConfig(patterns=(r"\w+",)))
    assert re.fullmatch(r"\S+ \S+", everything.markdown("two words"))
    assert "two" not in everything.plain("two words")


def test_stand_in_that_makes_a_new_hit_is_hidden_too() -> None:
    rules = RedactConfig(names={"Bob": "Ann Lee"}, literals=("Lee Smith",))
    assert Redactor(rules).plain("Bob Smith") == "Ann [redacted: text]"


def test_pseudonym_of_two_words_does_not_break_an_address() -> None:
    page = Redactor(RedactConfig(names={"Bob": "Ann Lee"})).markdown("[Bob](https://x.org/Bob/1)")
    assert page == "[Ann Lee](https://x.org/Ann-Lee/1)"


def test_markup_in_a_label_is_escaped() -> None:
    labels = Redactor(RULES).labels
    labels.of_token[labels.tokens["text"]] = "<b>"
    assert "&lt;b&gt;" in show_labels(labels.tokens["text"], labels)


# Every field


FIELDS = """---
title: {0} on the line
slug: talk-{0}
date: 2025-01-02
summary: Of {0}, in short.
note: "A **note** on {0}, and [{0}](https://x.org/{0})."
tags: ["{0}", other]
labels: ["{0}"]
participants: [{{name: "{0}", role: "{0}", model: "m/{0}"}}]
"about {0}": "{0}"
nested: {{a: ["{0}"]}}
---
# Title

**Asked:** {0}

Before {0} begins.

---

### {0}

I am {0}.

---

### Brook

You are `{0}`.

---
"""


@pytest.mark.parametrize(
    ("text", "stand_in"),
    [
        ("Zanzibar", "[redacted: text]"),
        ("hush-hush", "[redacted: text]"),
        ("ticket-99", "[redacted: text]"),
        ("John Smith", "Wren"),
        ("Jürgen", "Otto"),
        ("john@example.org", "[redacted: e-mail]"),
    ],
)
def test_every_field_is_rewritten(text: str, stand_in: str) -> None:
    (found,) = redactor.transcripts(
        [
            read(
                FIELDS.replace("{{", "{").replace("}}", "}").replace("{0}", text),
                f"in {text}/{text}.md",
            )
        ]
    )
    assert text not in repr(found)
    assert found.title == f"{stand_in} on the line"
    assert found.participants[0].name == found.messages[0].speaker == stand_in
    assert (found.participants[0].role, found.tags) == (stand_in, (stand_in, "other"))
    assert found.labels == (stand_in,)
    assert dict(found.extra)["Asked"] == stand_in
    assert found.source.rel == f"in {stand_in}/{stand_in}.md"
    assert found.source.path == ""


def test_two_names_of_one_person_become_one_voice() -> None:
    rules = RedactConfig(names={"Ann Lee": "Wren", "ann": "Wren"})
    talk = read(exported([("Ann Lee", "a"), ("ann", "b"), ("Bo", "c")], "Talk"))
    (found,) = TranscriptRedactor(rules).transcripts([talk])
    assert [person.name for person in found.participants] == ["Wren", "Bo"]
    assert [message.speaker for message in found.messages] == ["Wren", "Wren", "Bo"]


def test_colour_of_a_voice_is_that_of_its_pseudonym() -> None:
    rules = RedactConfig(names={"Ann Lee": "Wren"})
    hidden = read(exported([("Ann Lee", "a")], "Talk"))
    plain = read(exported([("Wren", "a")], "Talk"))
    (found,) = TranscriptRedactor(rules).transcripts([hidden])
    assert found.participants == plain.participants


def test_file_name_that_is_an_address_is_hidden_in_its_slug() -> None:
    (found,) = redactor.transcripts([read(exported([("A", "x")]), "mail from john@example.org.md")])
    assert found.slug == "mail-from-redacted-e-mail"


def test_page_is_rewritten() -> None:
    source = Source(
        "/x/pages/John Smith/John Smith.md",
        "pages/John Smith/John Smith.md",
        "content/pages/John Smith/John Smith.md",
    )
    page = redactor.page(
        Page(source, "john-smith/john-smith", "Zanzibar", "John Smith: john@x.org", "Jürgen")
    )
    assert (page.slug, page.title, page.summary) == ("wren/wren", "[redacted: text]", "Otto")
    assert "ohn" not in repr(page)


# Whole sites


def leaks(root: Path, texts: list[str], output: str = "output") -> list[str]:
    """The files in which any of the texts is, in any case, form and encoding."""
    files = {f"{output}/{name}": data for name, data in tree(root / output).items()}
    files |= {f"cache/{name}": data for name, data in tree(root / ".sitegen").items()}
    found = []
    for name, data in files.items():
        # The search index is packed, and packed fragments begin with a mark of Pagefind's.
        raw = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode(errors="replace")
        words = re.sub(r"<[^>]*>", "", raw)
        forms = [
            name,
            raw,
            words,
            html.unescape(raw),
            html.unescape(words),
            unquote(html.unescape(raw)),
        ]
        everything = "\n".join(unicodedata.normalize("NFC", form) for form in forms).casefold()
        found += [
            f"{name}: {text}"
            for text in texts
            if unicodedata.normalize("NFC", text).casefold() in everything
        ]
    return found


PLANTED = [
    "Zanzibar",
    "hush-hush",
    "ticket-99",
    "John Smith",
    "john-smith",
    "Jürgen",
    "john@example.org",
]


def test_nothing_is_left_in_the_site_or_the_cache(tmp_path: Path) -> None:
    files = {"sitegen.toml": TOML}
    for index, text in enumerate(PLANTED):
        talk = FIELDS.replace("{{", "{").replace("}}", "}").replace("{0}", text)
        files[f"content/in {text}/{index} {text}.md"] = talk.replace(
            f"slug: talk-{text}", f"slug: {index}-{text}"
        )
        files[f"content/pages/{index}/{text}.md"] = (
            f"# {text}\n\n## On {text}\n\n[{text}](https://x.org/{quote(text)})\n"
        )
    files["content/pages/index.md"] = "# John Smith\n\nWritten by Jürgen.\n"
    build(write_site(tmp_path, files))
    assert (tmp_path / "output/participants/wren.html").exists()
    assert leaks(tmp_path, PLANTED) == []
    assert str(tmp_path) not in "".join(str(data) for data in tree(tmp_path / ".sitegen").values())


def test_files_beside_a_page_hold_labels(tmp_path: Path) -> None:
    talk = exported([("John Smith", "Write to `john@x.org`."), ("Bo", "hush-hush")])
    root = write_site(tmp_path, {"sitegen.toml": TOML, "content/a.md": talk})
    build(root)
    beside = [path for path in (root / "output/a").iterdir() if path.suffix != ".png"]
    texts = {path.name: path.read_text() for path in beside}
    assert "Write to `[redacted: e-mail]`." in texts["transcript.md"]
    stem = Redactor(load_config(root).redact).labels.stem
    assert leaks(root, [stem, "john", "hush-hush"]) == []


def test_what_is_said_of_a_source_names_it_and_is_cached_without(tmp_path: Path) -> None:
    talk = exported([("A", "x")]).replace("2025-03-04 09:12:00", "Zanzibar day")
    root = write_site(tmp_path, {"sitegen.toml": TOML, "content/John Smith.md": talk})
    for report in (build(root), build(root)):
        (warning,) = report.diagnostics
        assert warning.path == "content/John Smith.md"
        assert warning.message == '"[redacted: text] day" is not a date'
    assert leaks(root, ["John Smith", "Zanzibar"]) == []


def test_building_again_is_as_cheap_and_as_right(tmp_path: Path) -> None:
    files = {
        "sitegen.toml": TOML,
        "content/John Smith.md": exported([("John Smith", "Hi, Jürgen.")]),
    }
    root = write_site(tmp_path, files)
    build(root)
    assert build(root).reasons == ()
    write_site(root, {"content/b.md": exported([("Jürgen", "Hi.")], started="2024-01-01")})
    again = build(root)
    assert "wren.html" in {path for path, _ in again.reasons}
    assert built(root, output=root / "clean", force=True) == tree(root / "output")


def test_rule_that_is_added_makes_every_page_anew(tmp_path: Path) -> None:
    root = write_site(tmp_path, {"content/John Smith.md": exported([("John Smith", "Hi.")])})
    build(root)
    assert leaks(root, ["john smith"])
    write_site(root, {"sitegen.toml": TOML})
    report = build(root)
    assert "john-smith.html" in report.removed
    assert leaks(root, ["john smith", "john-smith"]) == []


def test_collision_names_the_real_files(tmp_path: Path) -> None:
    talk = exported([("A", "x")])
    files = {"sitegen.toml": TOML, "content/zanzibar.md": talk, "content/hush-hush.md": talk}
    with pytest.raises(BuildError) as caught:
        build(write_site(tmp_path, files))
    (finding,) = (d for d in caught.value.diagnostics if "address" in d.message)
    assert {"content/zanzibar.md", "content/hush-hush.md"} == {
        finding.path, *re.findall(r"content/[\w-]+\.md", finding.message + finding.hint)
    }  # fmt: skip


def test_what_markdown_joins_fails_the_build(tmp_path: Path) -> None:
    talk = exported([("A", "fine"), ("B", "[john@](https://x.org)example.org")])
    root = write_site(
        tmp_path,
        {"sitegen.toml": TOML, "content/a.md": talk, "content/b.md": exported([("A", "x")])},
    )
    with pytest.raises(BuildError) as caught:
        build(root)
    (finding,) = caught.value.diagnostics
    assert (finding.path, finding.line) == ("content/a.md", 14)
    assert finding.message.startswith("message 2 shows what `redact` hides")
    build(root, keep_going=True)
    assert not (root / "output/a.html").exists()
    assert (root / "output/b.html").exists()


def test_page_that_markdown_joins_fails_the_build(tmp_path: Path) -> None:
    files = {"content/a.md": exported([("A", "x")]), "content/pages/p.md": "[john@](x)example.org"}
    with pytest.raises(BuildError) as caught:
        build(write_site(tmp_path, {"sitegen.toml": TOML, **files}))
    assert caught.value.diagnostics[0].path == "content/pages/p.md"


def test_excerpt_between_marks_is_clean(tmp_path: Path) -> None:
    """The excerpt has a space where the page has a mark."""
    talk = exported([("A", "This is John<b>Smith</b>, **John**Smith; a long enough beginning.")])
    root = write_site(tmp_path, {"sitegen.toml": TOML, "content/a.md": talk})
    build(root)
    assert leaks(root, ["john smith"]) == []


def test_outline_is_clean_where_it_is_cut(tmp_path: Path) -> None:
    """A cut can make a whole name of a part: `John Smithson` is `John Smith…` then."""
    starts = ["x" * length + " John Smithson, who is another" for length in range(30, 56)]
    talk = exported([("A", start) for start in starts])
    root = write_site(tmp_path, {"sitegen.toml": TOML, "content/a.md": talk})
    build(root)
    assert "John Smithson" in (root / "output/a.html").read_text()
    assert not re.search(r"John Smith(?![a-z])", (root / "output/a.html").read_text())


def test_aliases_of_the_configuration_are_hidden_too(tmp_path: Path) -> None:
    known = '[participants."John Smith"]\nalias = "Zanzibar"\nmodel = "m/hush-hush"\n'
    talk = exported([("John Smith", "Hi."), ("Bo", "Ho.")])
    root = write_site(tmp_path, {"sitegen.toml": known + TOML, "content/a.md": talk})
    build(root)
    assert leaks(root, ["John Smith", "Zanzibar", "hush-hush"]) == []


def test_processes_of_their_own_redact_too(tmp_path: Path) -> None:
    files = {f"content/{n} John Smith.md": exported([("John Smith", f"Hi {n}")]) for n in range(60)}
    root = write_site(tmp_path, {"sitegen.toml": TOML, **files})
    build(root, jobs=2)
    assert leaks(root, ["john smith", "john-smith"]) == []


# What stands beside pages: names of files, addresses, metadata, packed texts


def test_address_that_is_made_of_a_name_with_marks_in_it_is_hidden(tmp_path: Path) -> None:
    """`John (Smith)` is no hit, but its address is."""
    talk = "---\ntags: [John (Smith)]\nlabels: [John (Smith)]\n---\n" + exported([("A", "x")])
    build(write_site(tmp_path, {"sitegen.toml": TOML, "content/John (Smith).md": talk}))
    assert leaks(tmp_path, ["john-smith"]) == []


def test_heading_whose_id_would_tell_fails_the_build(tmp_path: Path) -> None:
    files = {"content/a.md": exported([("A", "x")]), "content/pages/p.md": "## John (Smith)\n"}
    with pytest.raises(BuildError) as caught:
        build(write_site(tmp_path, {"sitegen.toml": TOML, **files}))
    assert caught.value.diagnostics[0].path == "content/pages/p.md"


def test_explanation_of_a_label_is_hidden_too(tmp_path: Path) -> None:
    said = '[labels.found]\nexplanation = "Found by John Smith in Zanzibar."\n'
    said += '[participants.A]\nurl = "https://x.org/hush-hush"\n'
    talk = "---\nlabels: [found]\n---\n" + exported([("A", "x")])
    build(write_site(tmp_path, {"sitegen.toml": said + TOML, "content/a.md": talk}))
    assert "Found by Wren" in (tmp_path / "output/labels/found.html").read_text()
    assert leaks(tmp_path, ["John Smith", "Zanzibar", "hush-hush"]) == []


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def picture(kind: bytes, data: bytes) -> bytes:
    """A PNG with a chunk of its own."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk)) + name + chunk + bytes(4)
        for name, chunk in ((b"IHDR", header), (kind, data))
    )


SECRET = b"By John Smith. " + b"x" * 90
HIDING = {
    "plain.bin": b"\0\1" + SECRET,
    "json.py": rb'"\u004aohn Smith"',
    "entity.svg": b"<svg>&#74;ohn Smith</svg>",
    "odd.bin": b"\0" + "John Smith".encode("utf-16-le"),
    "big.bin": b"\0\0" + "John Smith".encode("utf-16-be"),
    "text.png": picture(b"tEXt", b"Author\0John Smith"),
    "ztxt.png": picture(b"zTXt", b"Author\0\0" + zlib.compress(SECRET)),
    "itxt.png": picture(b"iTXt", b"Author\0\1\0en\0Author\0" + zlib.compress(SECRET)),
    "word.docx": archive(**{"word/document.xml": SECRET}),
    "inner.epub": archive(a=archive(b=gzip.compress(SECRET))),
    "name.odt": archive(**{"John Smith.txt": b"x"}),
    "paper.pdf": b"%PDF-1.4\nstream\n" + zlib.compress(SECRET) + b"\nendstream",
    "John (Smith).bin": b"\0",
}
OPAQUE = {
    "locked.7z": b"7z\xbc\xaf\x27\x1c" + bytes(20),
    "broken.docx": archive(a=SECRET)[:60],
    "bomb.gz": gzip.compress(gzip.compress(bytes(80_000_000), 1), 1),
    "deep.docx": archive(a=archive(a=archive(a=archive(a=archive(a=b"x"))))),
}
HARMLESS = {
    "good.bin": b"\0 nothing",
    "good.png": picture(b"zTXt", b"Author\0\0" + zlib.compress(b"Somebody")),
    "good.docx": archive(a=b"John", b=b"Smith"),
    "good.pdf": b"%PDF-1.4\nstream\n" + zlib.compress(b"words") + b"\nendstream",
}


def test_files_that_hold_what_is_hidden_however_they_are_packed_are_not_copied(
    tmp_path: Path,
) -> None:
    given_files = {**HIDING, **OPAQUE, **HARMLESS}
    talk = exported([("A", "".join(f"![x](<{name}>)\n\n" for name in given_files)), ("B", "x")])
    files = {f"content/{name}": data for name, data in given_files.items()}
    report = build(write_site(tmp_path, {"sitegen.toml": TOML, "content/a.md": talk, **files}))
    copied = {path.name.rsplit("-", 1)[0] for path in (tmp_path / "output/a").glob("*-*.*")}
    assert copied == {"good"}
    said = [found.message for found in report.diagnostics if "not copied" in found.message]
    assert len([text for text in said if "holds what `redact` hides" in text]) == len(HIDING)
    assert len([text for text in said if "nobody can look" in text]) == len(OPAQUE)
    assert build(tmp_path).reasons == ()


def test_time_stamp_whose_service_is_hidden_is_not_published(tmp_path: Path) -> None:
    folder = Path(__file__).parent / "fixtures" / "provenance"
    files = {
        f"content/{name}": (folder / name).read_bytes() for name in ("stamped.md", "stamped.tsr")
    }
    toml = '[redact]\nwords = ["Tidewater Test"]\n'
    report = build(write_site(tmp_path, {"sitegen.toml": toml, **files}))
    assert leaks(tmp_path, ["Tidewater Test"]) == []
    (finding,) = (d for d in report.diagnostics if "time-stamp `.tsr` holds" in d.message)
    assert finding.path == "content/stamped.md"


@pytest.mark.parametrize(
    "written",
    [
        *("Zan\u180bzibar", "Zan\U000e0100zibar", "Zan\u2065zibar", "Zan\u3164zibar"),
        *(r'{"a": "\nZanzibar\n"}', r'"\\nZanzibar"', r"\u005aanzibar", r'"John\nSmith"'),
        *("GROSS", "Groß", "gross", "GRO\u1e9e"),
        *(r"c:\users\jsmith\x", r"\\wsl$\D\home\jsmith\x", r"\/home\/jsmith\/x"),
        *("john@example.xn--p1ai", "john@example.org-like", r"\njohn@example.org"),
        *(r"\n203.0.113.77", r"\n+49 170 9876543", r"\n-home-jsmith-x"),
    ],
)
def test_ways_to_write_what_is_hidden(written: str) -> None:
    rules = dataclasses.replace(RULES, names={**RULES.names, "Groß": "Ada"})
    shown = Redactor(rules).plain(written).lower()
    assert not re.search("zibar|smith|gro[sß\u1e9e]|@example|203|987", shown)
    plain = Redactor(rules).markdown(written).lower()
    assert not re.search("zibar|smith|gro[sß\u1e9e]|@example|203|987", plain)


HIDDEN_EVERYWHERE = ["Zanzibar", "hush-hush", "ticket-99", "John Smith", "john@example.org"]


def test_nothing_is_left_of_what_stands_in_any_place_of_any_format(tmp_path: Path) -> None:
    """Each place of each sample is a text with something to hide."""
    files: dict[str, str | bytes] = {"sitegen.toml": TOML}
    for folder, name in enumerate(bases()):
        base = bases()[name]
        texts = {
            place: f"w{number} {HIDDEN_EVERYWHERE[(folder + number) % 5]} {number}"
            for number, place in enumerate(places(name))
        }
        files[f"content/{folder}/{base.file}"] = base.planted(texts)
    report = build(write_site(tmp_path, files), keep_going=True)
    assert report.transcripts > 60
    assert [d for d in report.diagnostics if d.severity == "error"] == []
    assert leaks(tmp_path, [*HIDDEN_EVERYWHERE, "john-smith"]) == []
    stem = Redactor(load_config(tmp_path).redact).labels.stem
    assert leaks(tmp_path, [stem]) == []


# Any transcript


LITERAL = "qwxhidden"
WORD = "Vexmoor"
NAME = "Tamsin Okoro"
EMAIL = "vexed.person@mail.example"
HIDDEN = {
    "literal": LITERAL,
    "word": WORD,
    "name": NAME,
    "email": EMAIL,
    "pattern": "zq-4711",
    "ip": "203.0.113.77",
    "phone": "+49 170 9876543",
}
PROPERTY_TOML = f"""
[redact]
words = ["{WORD}"]
literals = ["{LITERAL}"]
patterns = ['(?i)zq-\\d+']
emails = true
phones = true
ip_addresses = true
[redact.names]
"{NAME}" = "Otto"
"""

PLAIN = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab *_`~[]()<>&#%|$\\!-:/.\"'\n{}+="),
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]),
    ),
    max_size=30,
)


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """A hidden text, perhaps in another case, form or encoding, and marks in it."""
    text = draw(st.sampled_from(sorted(HIDDEN.values())))
    text = draw(st.sampled_from([text, text, text.upper(), text.lower()]))
    how = draw(st.sampled_from(["", "", "nfd", "percent", "entity", "bold", "invisible", "code"]))
    at = draw(st.integers(1, len(text) - 1))
    if how == "percent":
        return quote(text, safe="")
    if how == "entity":
        return text[: at - 1] + f"&#{ord(text[at - 1])};" + text[at:]
    if how == "bold":
        return (
            f"{text[:at]}**{text[at:]}**" if draw(st.booleans()) else f"**{text[:at]}**{text[at:]}"
        )
    if how == "invisible":
        return f"{text[:at]}\u200b{text[at:]}"
    return {"nfd": unicodedata.normalize("NFD", text), "code": f"`{text}`"}.get(how, text)


@st.composite
def planted(draw: st.DrawFn) -> str:
    """Any text with hidden ones in it, set off so that words are words."""
    before, after = draw(PLAIN), draw(PLAIN)
    gaps = st.sampled_from([" ", "\n", " (", ", ", " *", " [", " | ", " <"])
    ends = st.sampled_from([" ", ", ", ") ", "* ", "](x) "])
    return f"{before}{draw(gaps)}{draw(disguised())}{draw(ends)}{after}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def quoted(text: str) -> str:
    """A text as a YAML string on one line."""
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def sites(draw: st.DrawFn) -> dict[str, str]:
    """The files of a small project with something to hide in every place."""
    name = draw(st.sampled_from(sorted(HIDDEN.values())))
    keys = ["title", "summary", "note", "where"]
    front = "".join(f"{key}: {quoted(draw(planted()))}\n" for key in keys if draw(st.booleans()))
    front += f"tags: [{quoted(draw(planted()))}]\nlabels: [{quoted(draw(planted()))}]\n"
    front += f"slug: {quoted('s ' + name)}\n" if draw(st.booleans()) else ""
    said = [(draw(st.sampled_from([NAME, "Bo", WORD])), draw(planted())) for _ in range(3)]
    talk = f"---\n{front}---\n" + exported(said, one_line(draw(planted())) or "x")
    page = f"# {one_line(draw(planted()))}\n\n{draw(planted())}\n"
    return {
        "sitegen.toml": PROPERTY_TOML,
        f"content/of {name}/on {name}.md": talk,
        f"content/pages/by {name}.md": page,
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sites())
def test_hidden_text_is_in_no_byte_of_the_site_or_the_cache(files: dict[str, str]) -> None:
    root = Path(tempfile.mkdtemp())
    try:
        build(write_site(root, files), keep_going=True)
        assert leaks(root, list(HIDDEN.values())) == []
        stem = Redactor(load_config(root).redact).labels.stem
        assert leaks(root, [stem]) == []
    except BuildError:
        assert not list((root / "output").glob("*.html"))
    finally:
        shutil.rmtree(root)


@given(planted())
def test_rewriting_twice_changes_nothing(text: str) -> None:
    once = redactor.plain(text)
    assert redactor.plain(once) == once
    marked = redactor.markdown(text)
    assert redactor.markdown(marked) == marked
