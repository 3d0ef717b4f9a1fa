"""The model format: every reading of it that is right, and nothing lost when one is not."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from conftest import Golden
from helpers import exported, problems, read, reading, spoken, warnings
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sitegen.model import Transcript, text_of
from sitegen.readers.decode import decode
from sitegen.readers.dialogue import title_names
from sitegen.readers.frontmatter import split_front_matter
from sitegen.readers.reading import Reading

# --- Golden files: one fixture, one model ------------------------------------------

FIXTURES = Path(__file__).parent / "golden" / "dialogue"
SHOWN = (
    *("format", "slug", "title", "started", "ended", "declared_messages", "tags", "labels"),
    *("draft", "language", "summary", "note", "preamble"),
)


def described(found: Reading) -> str:
    """A reading as text that a person can compare."""
    lines = [f"{finding}" for finding in found.diagnostics]
    for transcript in found.transcripts:
        lines += [f"{name}: {getattr(transcript, name)!r}" for name in SHOWN]
        lines += [f"participant: {person}" for person in transcript.participants]
        lines += [f"extra: {key!r} = {value!r}" for key, value in transcript.extra]
        for message in transcript.messages:
            lines.append(f"\n#{message.number} {message.speaker!r}, line {message.line}")
            text = "".join(text_of(block) for block in message.blocks)
            lines += [f"  {line!r}" for line in text.split("\n")]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.md")), ids=lambda path: path.stem)
def test_fixtures_are_read_as_their_models_say(path: Path, golden: Golden) -> None:
    found = reading(path.read_bytes(), path.name)
    golden.check(f"dialogue/{path.stem}.model.txt", described(found))


def test_there_are_fixtures() -> None:
    assert len(list(FIXTURES.glob("*.md"))) >= 10


# --- The corpus of real files, where it is at hand ---------------------------------

ORACLE = Path(
    os.environ.get("SITEGEN_ORACLE")
    or Path(__file__).parents[2] / "shared" / "transcripts" / "attractors"
)


@pytest.mark.skipif(not ORACLE.is_dir(), reason="no corpus: set SITEGEN_ORACLE")
def test_real_files_are_read_byte_for_byte() -> None:
    pairs = [(path, path.with_suffix(".json")) for path in sorted(ORACLE.rglob("*.md"))]
    assert pairs
    for path, truth in pairs:
        found = reading(path.read_bytes(), path.name)
        said = json.loads(truth.read_text(encoding="utf-8"))["messages"]
        assert problems(found) == [], path.name
        assert spoken(found.transcripts[0]) == [
            (message["speaker"], message["content"]) for message in said
        ], path.name


# --- The exporter's own grammar ----------------------------------------------------

HARD_LINES = st.sampled_from(
    [
        *("---", "----", "--- ", "***", "===", "- --"),
        *("### Notes", "### Step 1", "# Top", "#### Ada", "**Ada:**", "**Messages:** 3"),
        *("```", "```md", "~~~", "````", "    ```", "$$", "<details>", "<!--"),
        *("", " ", "\t", "\u3000", "|a|b|", "> ### Ada", "### Ada!", "### Adam"),
    ]
)
LINES = HARD_LINES | st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n\x1b"), max_size=12
)
BODIES = st.lists(LINES, max_size=12).map("\n".join)
NAMES = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Z"], blacklist_characters="↔"),
    min_size=1,
    max_size=10,
) | st.sampled_from(["Kimi K2", "4o", "qwen3-next", "🌊", "A: b", "a (b)", "---", "###"])


def boundary(names: tuple[str, str]) -> re.Pattern[str]:
    """What a body must not hold if it is to be told from the end of a message."""
    speakers = "|".join(map(re.escape, names))
    heading = rf"### +(?:{speakers})[ \t]*(?:\n\s*(?:\n|\Z)|\Z)"
    return re.compile(rf"^-{{3,}}[ \t]*\n(?:\s*\n)+{heading}", re.MULTILINE)


@given(
    st.tuples(NAMES, NAMES),
    st.lists(BODIES, max_size=8),
    st.sampled_from(["", ": on bread", " (take 2)"]),
    st.booleans(),
)
@example(
    ("Ada", "Brook"),
    ["", " ", "\n\n", "---", "---\n\n### Notes\n\nx\n\n---\n\n### Notes"],
    "",
    True,
)
@example(("A: b", "C (d)"), ["---\n\n### A", "x"], ": e", True)
@example(("Ada", "Ada"), ["x\n", "\nx", "```\nopen", "### Ada"], "", True)
def test_what_the_exporter_wrote_comes_back(
    names: tuple[str, str], bodies: list[str], topic: str, counted: bool
) -> None:
    said = [(names[index % 2], body) for index, body in enumerate(bodies)]
    assume(not any(boundary(names).search(f"{body}\n\n") for body in bodies))
    text = exported(said, f"{names[0]} ↔ {names[1]}{topic}")
    if not counted:
        # Without a count the two names alone tell; so both have to speak.
        assume(len({name for name, _ in said}) == len(set(names)) and not topic)
        text = re.sub(r"\*\*Messages:\*\* \d+\n", "", text, count=1)
    found = reading(text)
    assert spoken(found.transcripts[0]) == said
    assert not [message for message in warnings(found) if "control" not in message]


def test_the_count_settles_what_quotes_a_true_boundary_in_a_fence() -> None:
    said = [
        ("Ada", "Their file looks so:\n\n```md\n### Ada\n\nhello\n\n---\n\n### Brook\n\nhi\n```"),
        ("Brook", "I see."),
    ]
    assert spoken(read(exported(said))) == said


# --- Titles, names, counts ---------------------------------------------------------

TWO = [("Ada", "one"), ("Brook", "two")]
NOTES = "one\n\n---\n\n### Notes\n\n- a\n\n---\n\n### Notes\n\n- b"
FALSE_VOICE = [("Ada", NOTES), ("Brook", "two")]
NAMELESS = exported(FALSE_VOICE, "A talk")
BLANK = [("Ada", " "), ("Brook", "")]
THREE = [("Ada", "one"), ("Brook", "two"), ("Cy", "three"), ("Ada", "four")]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Ada ↔ Brook", ("Ada", "Brook")),
        ("Ada↔Brook↔Cy", ("Ada", "Brook", "Cy")),
        ("Ada ↔ ", ("Ada",)),
        ("Ada and Brook", ()),
        ("↔", ()),
        ("", ()),
    ],
)
def test_a_title_names_its_speakers(title: str, names: tuple[str, ...]) -> None:
    assert title_names(title) == names


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(exported(FALSE_VOICE), FALSE_VOICE, id="names of the title"),
        pytest.param(exported(FALSE_VOICE, "Ada ↔ Brook: notes"), FALSE_VOICE, id="subtitle"),
        pytest.param(exported(FALSE_VOICE, "Late tea: Ada ↔ Brook"), FALSE_VOICE, id="supertitle"),
        pytest.param(exported(FALSE_VOICE, "Ada (tea) ↔ Brook (rye)"), FALSE_VOICE, id="asides"),
        pytest.param(
            exported([("A: b", "x"), ("C", "y")], "A: b ↔ C"), [("A: b", "x"), ("C", "y")],
            id="a colon in a name",
        ),
        pytest.param(
            exported([("🌊", "x"), ("灯 台", "y")], "🌊 ↔ 灯 台"), [("🌊", "x"), ("灯 台", "y")],
            id="names of any script",
        ),
        pytest.param(
            exported([("Ada", "x"), ("Ada", "y")], "Ada ↔ Ada"), [("Ada", "x"), ("Ada", "y")],
            id="the same name on both sides",
        ),
        pytest.param(
            exported([*TWO, ("Brook", "more")]), [*TWO, ("Brook", "more")],
            id="one speaker twice in a row",
        ),
        pytest.param(exported(THREE, "Ada ↔ Brook ↔ Cy"), THREE, id="three voices"),
        pytest.param(exported(THREE, "A talk"), THREE, id="no names in the title, but a count"),
        pytest.param(
            NAMELESS.replace("---", "**Participants:** Ada, Brook\n\n---", 1),
            FALSE_VOICE, id="participants header",
        ),
        pytest.param(
            NAMELESS.replace("**Messages:** 2", "**Agents**: Ada & Brook"),
            FALSE_VOICE, id="agents header, no count",
        ),
        pytest.param(
            "---\nparticipants: [Ada, Brook]\n---\n" + exported(FALSE_VOICE, "X ↔ Y"),
            FALSE_VOICE, id="front matter beats the title",
        ),
        pytest.param(exported(BLANK), BLANK, id="blank"),
        pytest.param(exported([("Ada", " ")]), [("Ada", " ")], id="one voice"),
        pytest.param(exported([]), [], id="zero messages"),
        pytest.param(exported([]).rstrip("\n- "), [], id="zero messages and no rule"),
        pytest.param(exported(TWO).removesuffix("\n\n---\n\n"), TWO, id="no final separator"),
        pytest.param(exported(TWO).removesuffix("\n"), TWO, id="final newline lost"),
        pytest.param("\n\n" + exported(TWO), TWO, id="leading blank lines"),
        pytest.param("---\n\n" + exported(TWO), TWO, id="a rule before everything"),
        pytest.param(
            "# Ada ↔ Brook\n\n### Ada\n\none\n\n### Brook\n\ntwo\n",
            TWO, id="no separators, no head",
        ),
        pytest.param(
            "# Ada ↔ Brook\n\n### Ada\n\none\n \n\n\n### Brook\n\ntwo\n",
            [("Ada", "one\n "), ("Brook", "two")], id="no separators, a last line of one space",
        ),
        pytest.param(
            "# Ada ↔ Brook\n\n**Messages:** 2\n\n---\n\n### Ada\n\none\n\n### Brook\n\ntwo\n",
            TWO, id="no separators, a count",
        ),
        pytest.param(
            "### Ada\n\none\n\n---\n\n### Ada\n\ntwo\n",
            [("Ada", "one"), ("Ada", "two")], id="no head",
        ),
        pytest.param(exported(TWO).replace("\n", "\r\n"), TWO, id="CRLF"),
        pytest.param(exported(TWO).replace("\n", "\r"), TWO, id="CR"),
        pytest.param(exported(TWO).replace("\n\n", "\r\n\n"), TWO, id="mixed line ends"),
        pytest.param("\ufeff" + exported(TWO), TWO, id="byte order mark"),
        pytest.param(exported(TWO).replace("### Ada", "###  Ada \t"), TWO, id="loose heading"),
        pytest.param(exported(TWO).replace("\n---\n", "\n----- \n"), TWO, id="long rules"),
    ],
)  # fmt: skip
def test_messages_are_told_apart(text: str, said: list[tuple[str, str]]) -> None:
    found = reading(text)
    assert problems(found) == []
    assert spoken(found.transcripts[0]) == said


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-16", []), ("utf-8-sig", []), ("cp1252", ["not UTF-8; read as Windows-1252"])],
)
def test_other_encodings_are_read(encoding: str, expected: list[str]) -> None:
    said = [("Zoë", "“naïve”"), ("Ada", "yes")]
    text = exported(said, "Zoë, Ada", count=2)
    found = reading(text.encode(encoding))
    assert spoken(found.transcripts[0]) == said
    assert warnings(found) == expected


def test_terminal_colours_are_removed_and_nul_is_kept_and_both_are_said() -> None:
    found = reading(exported([("Ada", "a\x1b[1mb\x1b[0m"), ("Brook", "c\x00d")]))
    assert spoken(found.transcripts[0]) == [("Ada", "ab"), ("Brook", "c\x00d")]
    assert [(line, message.split(",")[0]) for _, line, message in problems(found)] == [
        (10, "2 terminal sequences (colours"),
        (16, "1 control character"),
    ]


@pytest.mark.parametrize(
    ("text", "said", "declared", "counted"),
    [
        pytest.param(exported(TWO, count=3), TWO, 3, 2, id="one too many declared"),
        pytest.param(exported(TWO, count=0), TWO, 0, 2, id="none declared"),
        pytest.param(
            exported(TWO, count=4)[:-22], [("Ada", "one")], 4, 1, id="cut off in a heading"
        ),
        pytest.param(
            exported([*TWO, ("Ada", "long enough")])[:-14],
            [*TWO, ("Ada", "long")], 3, 3, id="cut off in a body",
        ),
        pytest.param(exported(FALSE_VOICE, count=9), FALSE_VOICE, 9, 2, id="a false voice"),
    ],
)  # fmt: skip
def test_a_wrong_count_is_said_with_both_numbers(
    text: str, said: list[tuple[str, str]], declared: int, counted: int
) -> None:
    found = reading(text)
    (transcript,) = found.transcripts
    if declared == counted:
        assert problems(found) == []
        assert spoken(transcript) == said
    else:
        expected = f"the header declares {declared} messages, {counted} were found"
        assert problems(found) == [("warning", 4, expected)]
        assert transcript.messages[0].speaker == "Ada"
    assert transcript.declared_messages == declared
    assert [name for name, _ in spoken(transcript)] == [name for name, _ in said]


def test_text_below_a_count_of_zero_is_kept() -> None:
    transcript = read("# Ada ↔ Brook\n\n**Messages:** 0\n\n---\n\n### Cy\n\nhello\n\n---\n")
    assert transcript.messages == ()
    assert transcript.preamble == "### Cy\n\nhello"


@pytest.mark.parametrize("value", ["many", "-2", "1,024", "٣", "9" * 12])
def test_a_count_that_is_no_number_is_warned_of_and_shown(value: str) -> None:
    found = reading(exported(TWO).replace("**Messages:** 2", f"**Messages:** {value}"))
    assert problems(found) == [("warning", 4, f'"{value}" is not a count of messages')]
    assert spoken(found.transcripts[0]) == TWO
    assert found.transcripts[0].extra == (("Messages", value),)


# --- The head ----------------------------------------------------------------------

HEAD = """
# Ada ↔ Brook: on bread \t

A word before it all.

**Started:** 2025-03-04 09:12:00
**Ended**: 2025-03-04T10:00:00+02:00
**Messages:** 1
**Tags:** bread, rye , bread,
**Temperature:** 0.7
**Empty:**
**Temperature:** 0.9

# Another title

More words.

---

Between the rules.

---

### Ada

hello
"""


def test_the_head_is_read_line_by_line() -> None:
    transcript = read(HEAD, timezone="Asia/Tokyo")
    assert transcript.title == "Ada ↔ Brook: on bread"
    assert str(transcript.started) == "2025-03-04 09:12:00+09:00"
    assert str(transcript.ended) == "2025-03-04 10:00:00+02:00"
    assert transcript.declared_messages == 1
    assert transcript.tags == ("bread", "rye")
    assert transcript.extra == (("Temperature", "0.7"), ("Empty", ""), ("Temperature", "0.9"))
    assert [line for line in transcript.preamble.split("\n") if line] == [
        "A word before it all.",
        "# Another title",
        "More words.",
        "Between the rules.",
    ]
    assert transcript.messages[0].line == 24
    assert transcript.format == "dialogue"


def test_a_header_that_comes_again_is_shown() -> None:
    head = "**Started:** 2025-03-04\n**started:** 2025-03-05\n**Messages:** 1\n**Messages:** 7\n"
    transcript = read(f"# Ada ↔ Brook\n\n{head}\n---\n\n### Ada\n\nhello\n")
    assert str(transcript.started) == "2025-03-04 00:00:00+00:00"
    assert transcript.declared_messages == 1
    assert transcript.extra == (("started", "2025-03-05"), ("Messages", "7"))


@pytest.mark.parametrize("name", ["Started", "Ended"])
def test_a_bad_date_is_warned_of_and_shown(name: str) -> None:
    text = f"# Ada ↔ Brook\n\n**{name}:** Tuesday\n\n---\n\n### Ada\n\nhello\n"
    found = reading(text)
    assert problems(found) == [("warning", 3, '"Tuesday" is not a date')]
    assert found.transcripts[0].extra == ((name, "Tuesday"),)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("**Messages:** 1\n\n---\n\n### Ada\n\nhello\n", "a"),
        ("### Ada\n\nx\n\n---\n\n### Brook\n\ny\n\n---\n\n### Ada\n\nz\n", "Ada ↔ Brook"),
        ("# Ada\x00 ↔ Brook\n\n---\n\n### Brook\n\nhi\n", "Ada␀ ↔ Brook"),
    ],
)
def test_a_title_is_found_where_none_is_written(text: str, title: str) -> None:
    assert read(text).title == title


# --- Size --------------------------------------------------------------------------


def test_many_messages_and_much_text_are_read_whole() -> None:
    line = "The tide came in, and went out again, and nobody minded. "
    said = [(("Ada", "Brook")[n % 2], f"{n} {line * 35}") for n in range(5_000)]
    text = exported(said)
    assert len(text) > 10_000_000
    found = reading(text)
    assert problems(found) == []
    assert spoken(found.transcripts[0]) == said


BLANKS = " " * 500_000


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("word " * 200_000, id="words"),
        pytest.param(f"**Key:** a{BLANKS}b", id="header"),
        pytest.param(f"**{'x' * 500_000}:** b", id="long key"),
        pytest.param(f"#{BLANKS}", id="empty title"),
        pytest.param(f"#{BLANKS}x{BLANKS}y", id="title"),
        pytest.param(f"### a{BLANKS}\u3000", id="speaker"),
        pytest.param(f"---{BLANKS}x", id="rule"),
        pytest.param("`" * 1_000_000, id="fence"),
        pytest.param("\x1b[" + "0" * 500_000 + BLANKS, id="terminal"),
    ],
)
@pytest.mark.parametrize("place", ["head", "body", "document", "front matter"])
def test_one_endless_line_is_no_trouble(line: str, place: str) -> None:
    """A pattern that tries every split of a run would not come back from these."""
    text = {
        "head": f"# Ada ↔ Brook\n\n{line}\n\n---\n\n### Ada\n\nhello\n",
        "body": f"# Ada ↔ Brook\n\n---\n\n### Ada\n\n{line}\n\n---\n",
        "document": f"{line}\n",
        "front matter": f"---\n{line}\n---\n\nhello\n",
    }[place]
    found = reading(text)
    (transcript,) = found.transcripts
    assert "document" in transcript.format or transcript.messages[0].speaker == "Ada"


# --- Nothing is lost ---------------------------------------------------------------


def kept(transcript: Transcript) -> str:
    """Every place in which a line of the source may have ended up."""
    return "\n".join(
        [
            transcript.title,
            transcript.preamble,
            transcript.note,
            transcript.summary,
            *transcript.tags,
            *(f"{key}: {value}" for key, value in transcript.extra),
            *(text for _, text in spoken(transcript)),
        ]
    )


STRUCTURE = re.compile(
    r"\s*|-{3,}[ \t]*"  # Blank lines and rules.
    r"|\*\*(?:Started|Ended|Messages)\s*(?::\*\*|\*\*:).*"  # Headers with fields of their own.
)

PARTS = st.sampled_from(
    [
        *("# Ada ↔ Brook", "# Ada ↔ Brook: rye", "# A walk", "# ", "**Messages:** 2"),
        *("**Messages:** 0", "**Messages:** x", "**Started:** 2025-03-04", "**Ended:** late"),
        *("**Tags:** one", "**Mood:** calm", "**Participants:** Ada, Cy", "plain words"),
        *("---", "---", "", "", "", "### Ada", "### Brook", "### Cy", "```", "~~~ x", "***"),
        *("title: One", "shelf: 3", "\x00", "\x1b[1m", " ", "> quote"),
    ]
)
FILES = st.lists(PARTS | st.text(max_size=8), max_size=30).map("\n".join)


@given(FILES)
@example("# Ada ↔ Brook\n\n**Messages:** 0\n\n---\n\n### Cy\n\nhello\n\n---")
@example("---\n\n# Ada ↔ Brook\n\n**Started:** 2025-03-04\n\n---\n\n### Ada\n\nhi")
@example("# Ada ↔ Brook\n\n**Started:** 2025-03-04\n**Started:** 2025-03-05\n\n### Ada\n\nhi")
def test_every_line_is_kept_or_spoken_of(text: str) -> None:
    found = reading(text)
    lines, _ = decode(text.encode(errors="replace"), "a.md")
    if not found.transcripts:
        assert problems(found)
        return
    assume(not split_front_matter(lines, "a.md").fields)  # Its values have rules of their own.
    (transcript,) = found.transcripts
    assume(transcript.format in ("dialogue", "document"))  # For others see test_chats.
    headings = {message.line for message in transcript.messages if message.speaker}
    text_kept = kept(transcript)
    for number, line in enumerate(lines.split("\n"), 1):
        if number in headings:
            assert line.startswith("### ")
        elif not STRUCTURE.fullmatch(line):
            content = re.sub(r"^\*\*(\w+):\*\*", r"\1:", line).strip()
            content = re.sub(r"^#[ \t]+|^Tags: ", "", content)
            assert content in text_kept or line in text_kept, (line, text_kept)


@given(st.binary() | FILES.map(lambda text: text.encode("utf-8", "replace")), st.booleans())
def test_any_bytes_are_read_without_an_exception(data: bytes, wide: bool) -> None:
    found = reading(b"\xff\xfe" + data if wide else data)
    assert found.transcripts or problems(found)
    for transcript in found.transcripts:
        assert [message.number for message in transcript.messages] == list(
            range(1, len(transcript.messages) + 1)
        )


@given(FILES.filter(lambda text: "\r" not in text))
def test_line_ends_do_not_change_the_reading(text: str) -> None:
    data = text.encode("utf-8", "replace")
    assert reading(data.replace(b"\n", b"\r\n")) == reading(data)
    assert reading(data.replace(b"\n", b"\r")) == reading(data)
