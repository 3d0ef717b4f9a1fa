"""Transcripts side by side: which, in which order, what stands beside what, what is marked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from helpers import built, exported, write_site
from html_check import Page, faults
from hypothesis import given
from hypothesis import strategies as st

from sitegen import build
from sitegen.align import align_rows, common_places
from sitegen.cli import run
from sitegen.config import load_config
from sitegen.errors import BuildError, ConfigError
from sitegen.markup.differences import compare_bodies
from sitegen.verify import verify_folder

ONE = exported(
    [
        ("Ada", "Good evening."),
        ("Bo", "Is it? I had *not* looked at the sky."),
        ("Ada", "It is raining on both of us."),
        ("Bo", "One of us has a hat."),
    ],
    "First",
    started="2025-03-04 10:00:00",
)
TWO = exported(
    [
        ("Ada", "Good evening."),
        ("Bo", "Is it? I had *not* looked at the clock."),
        ("Ada", "Something else entirely, and <b>no</b> rain."),
    ],
    "Second",
    started="2025-03-04 09:00:00",
)
STAPLE = "---\ntitle: Both\nstaple: [one.md, r/two]\n---\n\nRead *this* first."
FILES = {"content/one.md": ONE, "content/r/two.md": TWO, "content/pages/both.md": STAPLE}


def kinds(page: Page) -> list[str]:
    """What is said of each row."""
    return [row.attributes["aria-label"].partition(": ")[2] for row in page.find(role="group")]


# What stands beside what

signs = st.lists(st.sampled_from("abc"), max_size=12)


@given(st.lists(signs, min_size=2, max_size=4))
def test_every_turn_is_in_one_row_and_in_order(sides: list[list[str]]) -> None:
    rows = align_rows(sides, [[sign.upper() for sign in side] for side in sides])
    assert all(len(row) == len(sides) for row in rows)
    assert all(any(place is not None for place in row) for row in rows)
    for number, side in enumerate(sides):
        places = [row[number] for row in rows if row[number] is not None]
        assert places == list(range(len(side)))


@given(signs, signs)
def test_what_is_common_is_common_and_as_much_as_can_be(one: list[str], other: list[str]) -> None:
    found = common_places(one, other)
    assert found is not None
    assert all(one[i] == other[j] for i, j in found)
    assert found == sorted(set(found))
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    lengths = {(0, 0): 0}
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            near = [lengths.get((i - 1, j), 0), lengths.get((i, j - 1), 0)]
            if i and j and one[i - 1] == other[j - 1]:
                near.append(lengths[i - 1, j - 1] + 1)
            lengths[i, j] = max(near)
    assert len(found) == lengths[len(one), len(other)]


def test_a_message_that_one_side_has_more_stands_alone() -> None:
    rows = align_rows([["a", "x", "b"], ["a", "b"]], [["A", "B", "A"], ["A", "A"]])
    assert rows == [(0, 0), (1, None), (2, 1)]


def test_turns_of_one_speaker_stand_beside_each_other() -> None:
    rows = align_rows([["1", "2", "3"], ["4", "5"]], [["A", "B", "A"], ["B", "A"]])
    assert rows == [(0, None), (1, 0), (2, 1)]


def test_of_different_speakers_turns_go_by_their_place() -> None:
    rows = align_rows([["1", "2"], ["3", "4", "5"]], [["A", "B"], ["C", "D", "C"]])
    assert rows == [(0, 0), (1, 1), (None, 2)]


def test_too_much_is_not_compared_but_aligned() -> None:
    one, other = [f"a{n}" for n in range(1500)], [f"b{n}" for n in range(1500)]
    assert common_places(one, other) is None
    assert align_rows([one, other], [one, other])[-1] == (1499, 1499)
    assert common_places(one, [*one[:700], "x", *one[700:]]) is not None


# What is marked

words = st.lists(
    st.sampled_from(["one", "two", "a&amp;b", "<b>x</b>", '<a title="1 > 0">l</a>', "<br>"]),
    max_size=12,
).map(" ".join)


@given(words, words)
def test_marks_change_nothing_but_themselves(one: str, other: str) -> None:
    found = compare_bodies(one, other, 1_000_000)
    for body, before in zip(found.bodies, (one, other), strict=True):
        assert re.sub(r'<mark class="differs">|</mark>', "", body) == before
        assert body.count("<mark") == body.count("</mark>")


def test_words_that_differ_are_marked_in_runs() -> None:
    found = compare_bodies("<p>I was a small boat</p>", "<p>I was one <i>small</i> boat</p>", 100)
    assert found.kind == "changed"
    assert found.bodies[0] == '<p>I was <mark class="differs">a</mark> small boat</p>'
    assert '<mark class="differs">one</mark> <i>small</i>' in found.bodies[1]


def test_what_has_little_in_common_is_not_marked_nor_is_what_is_long() -> None:
    found = compare_bodies("a b c d e f", "a u v w x y", 100)
    assert (found.kind, found.bodies) == ("other", ("a b c d e f", "a u v w x y"))
    assert compare_bodies("a b c d", "e f g h", 10).kind == "long"


def test_formulas_and_pictures_are_left_whole() -> None:
    one = "<p>so and so <math><mi>x</mi></math> is</p>"
    other = "<p>so and so <math><mi>y</mi></math> was</p>"
    found = compare_bodies(one, other, 100)
    assert "<math><mi>x</mi></math>" in found.bodies[0]
    assert '<mark class="differs">was</mark>' in found.bodies[1]


# The page


def test_two_transcripts_are_one_page_the_earlier_first(tmp_path: Path) -> None:
    site = built(write_site(tmp_path, FILES))
    page = Page(site["both.html"])
    assert [h.text for h in page.find("h2")][:2] == ["A Second", "B First"]
    ids = [article.attributes["id"] for article in page.find("article")]
    assert ids == ["a-m1", "b-m1", "a-m2", "b-m2", "a-m3", "b-m3", "b-m4"]
    links = [link.attributes["href"] for link in page.find("a", class_="permalink")]
    assert links[:2] == ["r/two.html#m1", "one.html#m1"]
    assert kinds(page) == [
        *("the same on all sides", "worded differently", "different", "not on all sides")
    ]
    html = site["both.html"].decode()
    assert "The beginning is the same on all sides: 1 message" in html
    assert html.count('<mark class="differs">') == 2
    assert '<mark class="differs">clock.</mark>' in html
    assert "<em>this</em>" in html
    assert "&lt;b&gt;no&lt;/b&gt;" in html
    for name in ("one", "r/two"):
        record = site[f"{name}/provenance.json"].decode()
        digest = re.findall(r'"([0-9a-f]{64})"', record.partition('"commitments"')[0])[-1]
        assert digest in html
    assert "4 March 2025, 09:00 UTC" in html
    assert faults(site) == []
    assert verify_folder(tmp_path / "output", config=load_config(tmp_path)).findings == ()


def test_three_transcripts_and_folders_as_addresses(tmp_path: Path) -> None:
    files = {
        **FILES,
        "content/r/three.md": ONE.replace("2025-03-04", "2024-03-04"),
        "content/pages/x/both.md": "---\nstaple:\n- two\n- content/r/three.md\n- one\n---\n# All",
        "sitegen.toml": '[pages]\nurls = "directory"',
    }
    site = built(write_site(tmp_path, files))
    page = Page(site["x/both/index.html"])
    assert [h.text for h in page.find("h2")][:3] == ["A First", "B Second", "C First"]
    assert page.find("a", class_="permalink")[0].attributes["href"] == "../../r/three/#m1"
    assert "nothing on this side" in site["x/both/index.html"].decode()
    assert faults(site, index=True) == []


def test_pictures_of_a_transcript_are_found_from_the_page_too(tmp_path: Path) -> None:
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da"
        "63fcffff3f030005fe02fea7350581840000000049454e44ae426082"
    )
    files: dict[str, str | bytes] = {**FILES, "content/r/dot.png": picture}
    files["content/r/two.md"] = TWO.replace("entirely", "![a dot](dot.png)")
    site = built(write_site(tmp_path, files))
    (image,) = Page(site["both.html"]).find("img")
    assert image.attributes["src"] in site
    assert image.attributes["src"].startswith("r/two/")


@pytest.mark.parametrize(
    ("staple", "line", "message", "hint"),
    [
        ("[one.md, tow]", 2, '`staple`: "tow" is no transcript', 'did you mean "two"?'),
        ("\n- one.md\n- r/tow.md", 4, '`staple`: "r/tow.md" is no transcript', "r/two.md"),
        ("[one.md]", 2, "`staple` needs two transcripts or more", ""),
        ("[one.md, one]", 2, "`staple` needs two transcripts or more", ""),
        ("[one, two, one.md]", 2, "`staple` names one.md twice", ""),
        ("[one, off.md]", 2, '`staple`: "off.md" is not published', ""),
        ("[one, off]", 2, '`staple`: "off" is not published', ""),
        (
            "[one, talks.json]",
            2,
            '"talks.json" may be any of 2 transcripts',
            "name one: talks.json#",
        ),
    ],
)
def test_what_cannot_be_stapled_is_an_error_with_its_line(
    staple: str, line: int, message: str, hint: str, tmp_path: Path
) -> None:
    talk = '{"conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Ho"}]}'
    files = {
        **FILES,
        "content/off.md": f"---\ndraft: true\n---\n{ONE}",
        "content/talks.json": f"[{talk},{talk}]",
        "content/pages/both.md": f"---\nstaple: {staple}\n---\n# Both",
    }
    with pytest.raises(BuildError) as failure:
        build(write_site(tmp_path, files))
    (found,) = failure.value.diagnostics
    assert message in found.message
    assert hint in found.hint
    assert (found.path, found.line) == ("content/pages/both.md", line)
    report = build(tmp_path, keep_going=True)
    assert not report.is_whole
    assert not (tmp_path / "output/both.html").exists()


def test_the_introduction_and_too_many_are_refused(tmp_path: Path) -> None:
    names = [f"t{n}" for n in range(5)]
    files = {f"content/{name}.md": ONE for name in names}
    files["content/pages/index.md"] = "---\nstaple: [t0, t1]\n---\nHello"
    files["content/pages/all.md"] = f"---\nstaple: [{', '.join(names)}]\n---\n# All"
    with pytest.raises(BuildError) as failure:
        build(write_site(tmp_path, files))
    assert [found.message for found in failure.value.diagnostics] == [
        "`staple` names 5 transcripts; 4 fit side by side",
        "the text of the index cannot staple transcripts",
    ]


def test_a_draft_is_stapled_only_where_drafts_are_shown(tmp_path: Path) -> None:
    files = {**FILES, "content/one.md": f"---\ndraft: true\n---\n{ONE}"}
    with pytest.raises(BuildError):
        build(write_site(tmp_path, files))
    assert "both.html" in built(tmp_path, drafts=True)


def test_what_is_hidden_is_hidden_here_too(tmp_path: Path) -> None:
    files = {
        "content/kim@example.org.md": ONE.replace("the sky", "kim@example.org"),
        "content/r/two.md": TWO.replace("Good", "kim@example.org, good"),
        "content/pages/both.md": "---\nstaple: [kim@example.org.md, two]\n---\n# Both",
        "sitegen.toml": "[redact]\nemails = true",
    }
    site = built(write_site(tmp_path, files))
    for path, content in site.items():
        assert b"kim@example" not in content, path
    html = site["both.html"].decode()
    assert html.count("redacted: e-mail") >= 2
    assert "All digests are of what is published" in html


@pytest.mark.parametrize("urls", ["file", "directory"])
@pytest.mark.parametrize(
    ("pattern", "instead", "said"),
    [
        (r"It is raining", "It is snowing", "message 3 (Ada) differs from the record"),
        (r">Ada</h3>", ">Eve</h3>", "has another speaker on the page"),
        (r'(?s)<article class="turn v2" id="a-m2".*?</article>', "", "message 2 (Bo) is missing"),
        (r'href="[^"]*#m4"', 'href="elsewhere.html#m4"', "of which there is no record"),
        (
            r"(?<=<dt>Chain of messages</dt><dd><code>)[0-9a-f]",
            "x",
            "does not show the last digest",
        ),
    ],
)
def test_verify_finds_what_was_altered_on_the_page(
    pattern: str, instead: str, said: str, urls: str, tmp_path: Path
) -> None:
    built(write_site(tmp_path, {**FILES, "sitegen.toml": f'[pages]\nurls = "{urls}"'}))
    output = tmp_path / "output"
    assert verify_folder(output).findings == ()
    path = output / ("both.html" if urls == "file" else "both/index.html")
    html, count = re.subn(pattern, instead, path.read_text("utf-8"), count=1)
    assert count == 1
    path.write_text(html, "utf-8")
    found = [d.message for d in verify_folder(output).findings if d.path.startswith("both")]
    assert any(said in message for message in found), found


@pytest.mark.parametrize(
    ("edits", "is_made"),
    [
        ({"content/one.md": ONE.replace("raining", "snowing")}, True),
        ({"content/pages/both.md": STAPLE.replace("Read", "See")}, True),
        ({"content/other.md": ONE.replace("raining", "snowing")}, False),
        ({"sitegen.toml": '[participants."Ada"]\nalias = "Eve"'}, True),
    ],
)
def test_the_page_is_made_again_when_a_side_changes(
    edits: dict[str, str], is_made: bool, tmp_path: Path
) -> None:
    built(write_site(tmp_path, {**FILES, "content/other.md": ONE}))
    write_site(tmp_path, edits)
    report = build(tmp_path)
    assert ("both.html" in dict(report.reasons)) is is_made
    again = built(tmp_path)
    assert again["both.html"] == built(tmp_path, output=tmp_path / "clean")["both.html"]
    assert build(tmp_path).written == ()


# Without a project


def test_files_are_compared_without_a_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    write_site(tmp_path, {"x/one.md": ONE, "y/one.md": TWO})
    assert run(["compare", "x/one.md", "y/one.md", "-o", "out"]) == 0
    assert capsys.readouterr().out.splitlines() == ["out/comparison.html"]
    page = Page((tmp_path / "out/comparison.html").read_bytes())
    assert [h.text for h in page.find("h2")][:2] == ["A Second", "B First"]
    assert verify_folder(tmp_path / "out").findings == ()
    assert run(["compare", "x/one.md", "y/one.md"]) == 0
    place = Path(capsys.readouterr().out.splitlines()[-1])
    assert place.name == "comparison.html"
    assert place.is_file()


@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        (["x/one.md"], 2, "there are no two files to compare"),
        (["x/one.md", "x/../x/one.md"], 2, "there are no two files to compare"),
        (["x/one.md", "gone.md"], 1, "gone.md: error: cannot be read"),
    ],
)
def test_what_cannot_be_compared_is_said(
    files: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(write_site(tmp_path, {"x/one.md": ONE}))
    assert run(["compare", *files, "-o", "out"]) == code
    assert said in capsys.readouterr().err


SEVERAL = json.dumps(
    [
        {
            "title": title,
            "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": said}],
        }
        for title, said in [("Tides", "Ho"), ("Lamps", "Hum"), ("Ropes", "Ha")]
    ]
)


@pytest.mark.parametrize(
    ("files", "titles"),
    [
        (["chats.json#chats-1", "chats.json#chats-3"], ["A Tides", "B Ropes"]),
        (["./chats.json#chats-2", "one.md"], ["A First", "B Lamps"]),
    ],
)
def test_one_conversation_of_several_is_compared(
    files: list[str], titles: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_site(tmp_path, {"chats.json": SEVERAL, "one.md": ONE}))
    assert run(["compare", *files, "-o", "out"]) == 0
    page = Page((tmp_path / "out/comparison.html").read_bytes())
    assert sorted(h.text for h in page.find("h2"))[:2] == titles


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("chats.json", "name one: chats.json#chats-1, chats.json#chats-2, chats.json#chats-3"),
        ("chats.json#tide", 'chats.json publishes no transcript "tide"'),
        ("gone.json#tide", "gone.json: error: cannot be read"),
    ],
)
def test_which_of_several_is_meant_must_be_said(
    second: str,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(write_site(tmp_path, {"chats.json": SEVERAL, "one.md": ONE}))
    assert run(["compare", "one.md", second, "-o", "out"]) == 1
    assert said in capsys.readouterr().err


def test_a_page_staples_conversations_of_one_file(tmp_path: Path) -> None:
    page = "---\nstaple: [chats.json#chats-1, 'content/chats.json#chats-3']\n---\n"
    site = built(write_site(tmp_path, {"content/chats.json": SEVERAL, "content/pages/p.md": page}))
    assert sorted(h.text for h in Page(site["p.html"]).find("h2"))[:2] == ["A Tides", "B Ropes"]


def test_a_short_record_beside_a_long_one_keeps_every_turn() -> None:
    long = [f"{n}" for n in range(5_000)]
    short = ["7", "1700", "x", "4321", "4999"]
    speakers = [["Ada"] * 5_000, ["Ada"] * 5]
    for signs, names in (([long, short], speakers), ([short, long], speakers[::-1])):
        rows = align_rows(signs, names)
        for side, sign in enumerate(signs):
            places = [row[side] for row in rows if row[side] is not None]
            assert places == list(range(len(sign)))
        both = [(a, b) for a, b in rows if a is not None and b is not None]
        same = [(a, b) for a, b in both if signs[0][a] == signs[1][b]]
        assert len(same) == 4


def test_a_text_and_its_data_are_compared(tmp_path: Path) -> None:
    from sitegen.compare import compare

    talk = '{"conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Ho"}]}'
    write_site(tmp_path, {"a.md": exported([("User", "Hi")]), "a.json": f"[{talk}]"})
    paths = [str(tmp_path / "a.md"), str(tmp_path / "a.json")]
    done = compare(load_config(tmp_path), paths, str(tmp_path / "out"))
    assert done.page.is_file()
    with pytest.raises(ConfigError):
        compare(load_config(tmp_path), paths, str(tmp_path))
