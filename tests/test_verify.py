"""Checking a site: what was altered in it is found and named."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import exported, tree, write_site
from hostile import project

from sitegen import build
from sitegen.cli import run
from sitegen.config import load_config
from sitegen.errors import Severity
from sitegen.provenance.checksums import make_checksums
from sitegen.verify import verify_folder, verify_site
from sitegen.verify.page import read_page
from sitegen.verify.text import agrees, disagreement

Site = dict[str, bytes]

TALK = [
    ("Wren", "Good evening to all of you, and to the lighthouse in particular."),
    ("Orrery", "It is *kind* of you to notice it. See [the chart](https://example.org/chart 'c')."),
    ("Wren", "1. the lamp\n2. the stairs\n\n```python\nlamp = 7  # of nine\n```"),
    ("Orrery", "| part | count |\n|---|---|\n| stair | 112 |\n\nAnd $x^2$ of fog & rain."),
    ("Wren", ""),
    ("Orrery", "Then we are agreed, more or less, about the foghorn."),
    ("Wren", "灯台の話はここまでです。"),
    ("Orrery", "Ends."),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("verified")
    files = {
        "content/a.md": exported(TALK, "Wren ↔ Orrery", ended="2025-03-04 10:00:00"),
        "content/r/b.md": exported([("Ada", "Hello there"), ("Bo", "Hello back")], "Ada ↔ Bo"),
        "content/pages/about.md": "# About\n\nText",
    }
    build(write_site(root, files))
    return tree(root / "output")


def errors(site: Site) -> list[str]:
    return [
        f"{finding.path}: {finding.message}"
        for finding in verify_site(site).findings
        if finding.severity is Severity.ERROR
    ]


def summed(site: Site) -> Site:
    """The site with its list of digests made again, as somebody would who covers tracks."""
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in site.items()}
    del digests["SHA256SUMS"]
    return {**site, "SHA256SUMS": make_checksums(digests)}


def test_a_built_site_is_as_published(site: Site) -> None:
    verdict = verify_site(site)
    assert verdict.findings == ()
    assert (len(verdict.records), verdict.messages, verdict.files) == (2, 10, len(site))


# At random

Change = Callable[[random.Random, Site], tuple[Site, str]]
"""Alters a site and says what a finding must name."""


def listed_files(site: Site) -> list[str]:
    return sorted(path for path in site if not path.startswith(".") and path != "SHA256SUMS")


def flip_a_byte(rng: random.Random, site: Site) -> tuple[Site, str]:
    path = rng.choice([p for p in listed_files(site) if site[p]])
    data = bytearray(site[path])
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return {**site, path: bytes(data)}, f"{path}: was altered"


def drop_a_file(rng: random.Random, site: Site) -> tuple[Site, str]:
    path = rng.choice(listed_files(site))
    return {p: data for p, data in site.items() if p != path}, f"{path}: is missing"


def add_a_file(rng: random.Random, site: Site) -> tuple[Site, str]:
    path = rng.choice(["x.html", "a/extra.txt", "r/b/source.html.bak", ".htaccess", "sha256sums"])
    return {**site, path: b"x"}, f"{path}: is extra"


def swap_two_files(rng: random.Random, site: Site) -> tuple[Site, str]:
    while True:
        one, two = rng.sample(listed_files(site), 2)
        if site[one] != site[two]:
            return {**site, one: site[two], two: site[one]}, f"{one}: was altered"


def alter_the_list(rng: random.Random, site: Site) -> tuple[Site, str]:
    lines = site["SHA256SUMS"].decode().splitlines(keepends=True)
    line = lines.pop(rng.randrange(len(lines)))
    path = line[66:].rstrip("\n")
    return {**site, "SHA256SUMS": "".join(lines).encode()}, f"{path}: is extra"


def in_record(change: Callable[[random.Random, list[Any]], int], what: str) -> Change:
    """A change of the messages of a record, the list of digests made again."""

    def altered(rng: random.Random, site: Site) -> tuple[Site, str]:
        path = rng.choice(["a/provenance.json", "r/b/provenance.json"])
        record = json.loads(site[path])
        number = change(rng, record["messages"])
        fresh = summed({**site, path: json.dumps(record, ensure_ascii=False).encode()})
        return fresh, rf"{path}: message {number}\b[^:]* {what}"

    return altered


def flip(rng: random.Random, messages: list[Any]) -> int:
    place = rng.choice([n for n, m in enumerate(messages) if "markdown" in m["blocks"][0]])
    block = messages[place]["blocks"][0]
    text = block["markdown"]
    at = rng.randrange(len(text))
    block["markdown"] = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
    return place + 1


def rename(rng: random.Random, messages: list[Any]) -> int:
    place = rng.randrange(len(messages))
    messages[place]["speaker"] = "Mallory"
    return place + 1


def re_date(rng: random.Random, messages: list[Any]) -> int:
    place = rng.randrange(len(messages))
    messages[place]["at"] = f"2025-03-0{rng.randrange(1, 9)}T10:00:00+00:00"
    return place + 1


def drop(rng: random.Random, messages: list[Any]) -> int:
    place = rng.randrange(len(messages))
    del messages[place]
    return place + 1


def drop_and_count_anew(rng: random.Random, messages: list[Any]) -> int:
    place = rng.randrange(len(messages) - 1)
    del messages[place]
    for number, message in enumerate(messages, 1):
        message["number"] = number
    return place + 1


def swap(rng: random.Random, messages: list[Any]) -> int:
    one, two = sorted(rng.sample(range(len(messages)), 2))
    messages[one], messages[two] = messages[two], messages[one]
    return one + 1 if two == one + 1 else one + 2


def swap_and_count_anew(rng: random.Random, messages: list[Any]) -> int:
    one, two = sorted(rng.sample(range(len(messages)), 2))
    messages[one], messages[two] = messages[two], messages[one]
    messages[one]["number"], messages[two]["number"] = one + 1, two + 1
    return one + 1


def add(rng: random.Random, messages: list[Any]) -> int:
    number = len(messages) + 1
    speaker = rng.choice(["Mallory", "Wren"])
    messages.append({"number": number, "speaker": speaker, "blocks": []})
    return number


def double(rng: random.Random, messages: list[Any]) -> int:
    place = rng.randrange(len(messages))
    messages.insert(place + 1, dict(messages[place]))
    return place + 1


def on_page(change: Callable[[random.Random, list[str]], tuple[int, str]]) -> Change:
    """A change of the messages on a page, the list of digests made again."""

    def altered(rng: random.Random, site: Site) -> tuple[Site, str]:
        path = rng.choice(["a.html", "r/b.html"])
        html = site[path].decode()
        articles = re.findall(r"<article class=\"message.*?</article>\n", html, re.DOTALL)
        head, tail = html.split(articles[0])[0], html.split(articles[-1])[1]
        number, what = change(rng, articles)
        fresh = summed({**site, path: (head + "".join(articles) + tail).encode()})
        return fresh, rf"{path}: message {number}\b[^:]* {what}"

    return altered


def flip_shown(rng: random.Random, articles: list[str]) -> tuple[int, str]:
    """Another letter or digit, in text that is shown as written."""
    places = [
        (number, match.start())
        for number, article in enumerate(articles)
        for match in re.finditer(r"(?<=>)[^<]*", article)
        if '<div class="body"' in article[: match.start()]
    ]
    letters = [
        (number, at)
        for number, start in places
        for at in range(start, start + len(re.match(r"[^<]*", articles[number][start:])[0]))  # type: ignore[index]
        if articles[number][at].isalnum()
        and "<math" not in articles[number][:at]
        and '"blank"' not in articles[number]
        and "&" not in articles[number][at - 4 : at]
    ]
    number, at = rng.choice(letters)
    other = "9" if articles[number][at] != "9" else "8"
    articles[number] = articles[number][:at] + other + articles[number][at + 1 :]
    return number + 1, "differs"


def drop_shown(rng: random.Random, articles: list[str]) -> tuple[int, str]:
    place = rng.randrange(len(articles))
    del articles[place]
    return place + 1, "is missing"


def add_shown(rng: random.Random, articles: list[str]) -> tuple[int, str]:
    number = len(articles) + 1
    articles.append(rng.choice(articles[-1:]).replace(f'id="m{number - 1}"', f'id="m{number}"'))
    return number, "is not in the record"


def rename_shown(rng: random.Random, articles: list[str]) -> tuple[int, str]:
    place = rng.randrange(len(articles))
    articles[place] = re.sub(r"(Wren|Orrery|Ada|Bo)</h3>", "Mallory</h3>", articles[place])
    return place + 1, "has another speaker"


def swap_shown(rng: random.Random, articles: list[str]) -> tuple[int, str]:
    place = rng.randrange(len(articles) - 1)
    articles[place], articles[place + 1] = articles[place + 1], articles[place]
    return place + 2, "is out of order"


CHANGES: dict[str, Change] = {
    **{
        change.__name__: change
        for change in (flip_a_byte, drop_a_file, add_a_file, swap_two_files, alter_the_list)
    },
    "a text": in_record(flip, "was altered"),
    "a speaker": in_record(rename, "was altered"),
    "a time": in_record(re_date, "was altered"),
    "a message less": in_record(drop, "is missing"),
    "a message less, unnoticed": in_record(drop_and_count_anew, "was altered"),
    "two exchanged": in_record(swap, "is out of order"),
    "two exchanged, unnoticed": in_record(swap_and_count_anew, "was altered"),
    "a message more": in_record(add, "is extra"),
    "a message twice": in_record(double, "is there twice"),
    "a letter on the page": on_page(flip_shown),
    "a message less on the page": on_page(drop_shown),
    "a message more on the page": on_page(add_shown),
    "another speaker on the page": on_page(rename_shown),
    "two exchanged on the page": on_page(swap_shown),
}
TIMES = -(-1_000 // len(CHANGES))
"""A thousand in all."""


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_altered_is_found_and_named(name: str, site: Site) -> None:
    for seed in range(TIMES):
        altered, expected = CHANGES[name](random.Random(f"{name} {seed}"), dict(site))
        found = errors(altered)
        pattern = expected if "message" in expected else re.escape(expected)
        assert any(re.match(pattern, error) for error in found), (seed, expected, found)


# The rest of a record


def test_the_head_is_part_of_the_chain(site: Site) -> None:
    record = json.loads(site["a/provenance.json"])
    record["head"]["started"] = "2024-03-04T09:12:00+00:00"
    altered = summed({**site, "a/provenance.json": json.dumps(record).encode()})
    error, shown = errors(altered)
    assert error.startswith("a/provenance.json: the head (title, times, participants, preamble)")
    assert shown == "a.html: says another time than its record: started"


def test_a_chain_made_anew_is_seen_on_the_page(site: Site) -> None:
    from sitegen.provenance.chain import canonical_json, chain_digests

    record = json.loads(site["a/provenance.json"])
    record["messages"][5]["blocks"][0]["markdown"] = "We agree on nothing."
    texts = list(map(canonical_json, record["messages"]))
    record["chain"] = chain_digests(canonical_json(record["head"]), texts)
    found = errors(summed({**site, "a/provenance.json": json.dumps(record).encode()}))
    assert found[:3] == [
        "a/transcript.json: message 6 (Orrery) differs from the record",
        "a/transcript.txt: message 6 (Orrery) differs from the record",
        "a.html: does not show the last digest of its record",
    ]
    assert found[3].startswith("a.html: message 6 (Orrery) differs from the record: the page ")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "is not a record: "),
        (b"[]", "is not a record of the format"),
        (b"\xff", "is not a record: "),
        (b'{"format":"sitegen-chain-1","format":"sitegen-chain-1"}', "a name is there twice"),
        (b'{"format":"sitegen-chain-1"}', "has no source or no head"),
        (b"[" * 100_000, "is not a record: "),
    ],
)
def test_a_record_that_is_none_is_said_to_be_none(data: bytes, message: str, site: Site) -> None:
    found = errors(summed({**site, "a/provenance.json": data}))
    assert any(e.startswith("a/provenance.json: ") and message in e for e in found)
    assert "a.html: has messages but no provenance.json" in found


def test_a_page_without_its_record_and_a_record_without_its_page_are_found(site: Site) -> None:
    alone = {p: d for p, d in site.items() if p not in ("a/provenance.json", "r/b.html")}
    assert errors(summed(alone)) == [
        "r/b/provenance.json: has a record but no page",
        "a.html: has messages but no provenance.json",
    ]


def test_the_published_source_is_that_of_the_record(site: Site) -> None:
    altered = summed({**site, "a/source.txt": site["a/source.txt"] + b" "})
    assert errors(altered) == [
        "a/source.txt: was altered: the record has another digest of it",
        "a/source.html: line 66 is missing",
    ]


@pytest.mark.parametrize(
    ("sums", "message"),
    [
        (None, "SHA256SUMS: is missing: the list of digests of all files"),
        (b"x\n", "SHA256SUMS: is not a digest and a path"),
        (b"", "404.html: is extra: SHA256SUMS does not list it"),
    ],
)
def test_a_broken_list_of_digests_is_found(sums: bytes | None, message: str, site: Site) -> None:
    altered = {p: d for p, d in site.items() if p != "SHA256SUMS"}
    if sums is not None:
        altered["SHA256SUMS"] = sums
    assert message in errors(altered)


def test_files_may_be_there_on_request(site: Site) -> None:
    more = {**site, "CNAME": b"example.org", "stats/1.html": b""}
    assert not verify_site(more).is_whole
    assert verify_site(more, ["CNAME", "stats/*"]).findings == ()


# Pages as they are


def test_hostile_text_does_not_raise_false_alarm(tmp_path: Path) -> None:
    build(write_site(tmp_path, project()))
    verdict = verify_folder(tmp_path / "output")
    wrong = [str(finding) for finding in verdict.findings if finding.severity is Severity.ERROR]
    # One text uses up all stand-ins for dollar signs, one an address that is shown otherwise.
    assert len(wrong) <= 3, wrong
    assert verdict.messages > 500


def test_the_demo_archive_is_compared_word_for_word(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    build(root, output=tmp_path / "output")
    assert verify_folder(tmp_path / "output", config=load_config(root)).findings == ()


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("a *b* **c** ~~d~~ `e`", "a b c d e"),
        ("un*frigg*able caf&eacute; &amp; &#65;", "unfriggable café & A"),
        ("`&eacute;`", "&eacute;"),
        ("[a](https://b.example/(x) 'c') ![d](e.png)", "a"),
        ("[a][b]\n\n[b]: https://c.example", "a"),
        ("[a](javascript:b)", "a javascript:b"),
        ("1. a\n2. b\n- [x] c", "a b c"),
        ("```python title=x\na\n```", "a"),
        ("$x$ a $$y$$ \\(z\\)", " a "),
        ("$5 and $6", "$5 and $6"),
        ("> [!NOTE]\n> a", "a"),
        ("\\*a\\* 1\\. b", "*a* 1. b"),
        ("", ""),
    ],
)
def test_text_that_a_page_may_show(markdown: str, shown: str) -> None:
    assert agrees(shown, markdown)


@pytest.mark.parametrize(
    ("markdown", "shown", "found"),
    [
        ("a quick fox", "a quick ox", "the page lacks “fox”"),
        ("a quick fox", "a quick fox jumps", "the page has “jumps”"),
        ("a quick fox", "a quick quick fox", "the page has more"),
        ("fox [a](b)", "fax a", "the page has “fax”"),
    ],
)
def test_text_that_a_page_may_not_show(markdown: str, shown: str, found: str) -> None:
    assert not agrees(shown, markdown)
    assert disagreement(shown, markdown) == found


@pytest.mark.parametrize("sign", ["![", "](", "$", "\\(", "\\[", "`", "<a:", "[a]:", "&"])
def test_no_text_takes_long(sign: str) -> None:
    assert not agrees("x", sign * 20_000 + "y")


def test_what_is_not_the_message_is_no_text_of_it() -> None:
    html = (
        '<h1>T</h1><article class="message hue-1" id="m1"><header><h3>A</h3><time datetime="t">1'
        '</time><time datetime="PT1.5S">0:01</time><a class="permalink" href="#m1">1</a></header>'
        '<p class="reply">In reply to <a href="#m9">B, 9</a></p><div class="body"><p>x<br>y</p>'
        '<details class="more"><summary>3 more lines</summary></details><details>z</details>'
        "<math><mi>q</mi></math></div><ul class=marks><li>edited</li></ul></article>"
        "<article id='m2'>no</article>"
    )
    page = read_page(html)
    (article,) = page.articles
    assert page.titles == ["T"]
    assert (article.number, article.heading, article.at, article.offset) == (1, "A", "t", 1.5)
    assert (article.reply, article.marks, article.folded) == ("#m9", "edited", "z")
    assert article.text == "xy"


# Against the sources, by the command


@pytest.fixture
def project_folder(tmp_path: Path) -> Path:
    files = {
        "sitegen.toml": '[site]\ntimezone = "Europe/Berlin"',
        "content/a.md": exported(TALK, "Wren ↔ Orrery"),
        "content/b.md": exported([("Ada", "Hello")], "Ada"),
        "content/secret.md": "---\ndraft: true\n---\n" + exported([("Ada", "Hush")], "Ada"),
    }
    build(write_site(tmp_path, files))
    return tmp_path


def verified(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = run(["verify", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def edits() -> Iterator[tuple[str, Callable[[Path], object], list[str]]]:
    def text(old: str, new: str) -> Callable[[Path], object]:
        def edit(root: Path) -> object:
            path = root / "content/a.md"
            return path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

        return edit

    digest = "content/a.md: has another digest than the source that was published"
    where = "a/provenance.json: message"
    yield "a text", text("kind", "rude"), [digest, f"{where} 2 (Orrery) differs from the source"]
    yield "a name", text("### Wren", "### Orrery"), [digest, f"{where} 1 (Wren) differs"]
    yield "a time", text("09:12", "09:13"), [digest, "a/provenance.json: says another time"]
    yield "layout", text("# Wren", "\n# Wren"), [digest]
    yield (
        "a message more",
        lambda root: (root / "content/a.md").write_text(exported([*TALK, ("Wren", "P. S.")])),
        [digest, "a/provenance.json: "],
    )
    yield (
        "a source less",
        lambda root: (root / "content/b.md").unlink(),
        ["b/provenance.json: is of a source that is not there: b.md"],
    )
    yield (
        "a source more",
        lambda root: (root / "content/c.md").write_text(exported([("Ada", "New")], "New")),
        ["content/c.md: is missing in the site: New"],
    )


@pytest.mark.parametrize(
    ("name", "edit", "expected"), [*edits()], ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_site_is_compared_with_its_sources(
    name: str,
    edit: Callable[[Path], object],
    expected: list[str],
    project_folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = ["--root", str(project_folder)]
    assert verified(capsys, *root, "--sources")[0] == 0
    edit(project_folder)
    assert verified(capsys, *root)[0] == 0, "the site is as it was"
    code, told = verified(capsys, *root, "--sources")
    assert code == 1
    assert not told["ok"]
    found = [f"{one['path']}: {one['message']}" for one in told["diagnostics"]]
    assert len(found) == len(expected) == told["differences"], name
    for error, start in zip(found, expected, strict=True):
        assert error.startswith(start)


def test_a_copy_anywhere_is_checked_without_a_project(
    project_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    copy = project_folder / "output"
    assert run(["verify", str(copy)]) == 0
    out = capsys.readouterr()
    assert re.fullmatch(r"\d+ files, 2 transcripts, 9 messages: all as published\n", out.out)
    (copy / "a.html").unlink()
    assert run(["verify", str(copy)]) == 1
    out = capsys.readouterr()
    assert "a.html: error: is missing" in out.err
    assert out.out.endswith(": 2 differences\n")
    assert run(["verify", str(copy), "-q", "--ignore", "x"]) == 1
    assert capsys.readouterr().out == ""


def test_a_folder_that_is_none_is_a_misuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", str(tmp_path / "nowhere")]) == 2
    assert "there is no folder" in capsys.readouterr().err
