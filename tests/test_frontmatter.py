"""The head of a file: what it may hold, what it must not, and where it is wrong."""

from __future__ import annotations

import pytest
import yaml
from helpers import problems, read, reading, spoken
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.errors import SourceError
from sitegen.readers.frontmatter import FrontMatter, split_front_matter


def split(text: str) -> FrontMatter:
    return split_front_matter(text, "content/a.md")


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        ("", {}),
        ("\n\n", {}),
        ("title: One\n", {"title": "One"}),
        ("# by hand\n# twice\ntitle: One\n", {"title": "One"}),
        ("\n  \ntitle: One\n", {"title": "One"}),
        ('"title": One\n', {"title": "One"}),
        ("og:title: One\n", {"og:title": "One"}),
        ("題名: 灯台\n", {"題名": "灯台"}),
        ("a: 1.10\nb: no\nc: 2025-10-26\n", {"a": "1.10", "b": "no", "c": "2025-10-26"}),
        ("a: 0x1F\nb:\n", {"a": "0x1F", "b": ""}),
        ("tags: [a, 'b, c']\n", {"tags": ["a", "b, c"]}),
        (f"wide: [{', '.join(['[x]'] * 30)}]\n", {"wide": [["x"]] * 30}),
        ("note: |\n  one\n\n  two\n", {"note": "one\n\ntwo\n"}),
        ("who: &x {name: Ada}\nagain: *x\n", {"who": {"name": "Ada"}, "again": {"name": "Ada"}}),
        ("run: !!python/object/apply:os.abort []\n", {"run": []}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("closing", ["---", "...", "--- \t"])
def test_values_stay_the_text_that_was_written(
    head: str, fields: dict[str, object], closing: str
) -> None:
    front = split(f"--- \n{head}{closing}\nbody\n---\n")
    assert front.fields == fields
    assert front.body == "body\n---\n"
    assert front.offset == head.count("\n") + 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no front matter\n---\na: b\n---\n",
        " ---\na: b\n---\n",
        "----\na: b\n---\n",
        "---",
        "---\n",
        "---\n\nA rule, then prose.\n\n---\n\nMore.\n",
        "---\n\n# Ada ↔ Brook\n\n**Started:** 2025-03-04\n\n---\n",
        "---\n\n### Ada\n\nhere: what I said\n\n---\n\n### Brook\n\nyes\n",
        "---\n- a list\n- of two\n---\n",
        "---\n12:30: lunch [\n---\n",
        "---\n{unclosed\n---\n",
    ],
)
def test_a_rule_is_not_front_matter(text: str) -> None:
    assert split(text) == FrontMatter({}, text, 0, {})


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("---\ntitle: x\nbody\n", 1, "front matter is not closed"),
        ("---\ntitle: x\nb: [1, 2\nc: d\n---\n", 4, "not valid YAML"),
        ("---\ntitle: A: B\n---\n", 2, "mapping values are not allowed"),
        ("---\ntitle: x\n\tb: c\n---\n", 3, "not valid YAML"),
        ("---\ntitle: x\nb: 'open\n---\n", 3, "not valid YAML"),
        ("---\ntitle: x\nb: *nobody\n---\n", 3, "undefined alias"),
        ("---\ntitle: x\nb: &a [*a]\n---\n", 3, "recursive"),
        ("---\ntitle: x\n? [a, b]\n: c\n---\n", 3, "unhashable key"),
        ("---\ntitle: x\nb: \x01\n---\n", 3, "control character"),
        ("---\ntitle: x\nb: y\ntitle: z\n---\n", 4, "`title` twice"),
        ("---\ntitle: x\n" + "b: y\n" * 20_000 + "---\n", 2, "over 64,000 bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        split(text)
    assert caught.value.line == line
    assert caught.value.path == "content/a.md"
    assert "\n" not in caught.value.message


LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("head", "line", "message"),
    [
        (LAUGHS, 5, "more than 20 aliases"),
        ("a: x\nb: " + "[" * 200 + "]" * 200 + "\n", 3, "more than 20 levels"),
        ("a: x\nb: " + "{c: " * 200 + "}" * 200 + "\n", 3, "more than 20 levels"),
    ],
)
def test_bombs_are_refused_before_they_are_built(
    head: str, line: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise AssertionError("the bomb was built")

    monkeypatch.setattr(yaml, "load", explode)
    with pytest.raises(SourceError, match=message) as caught:
        split(f"---\n{head}---\n")
    assert caught.value.line == line


def test_each_key_knows_its_line() -> None:
    front = split("---\n# why\ntitle: x\nnote: |\n  tags: no\n'tags': [a]\nb : c\n---\n")
    assert front.lines == {"title": 3, "note": 4, "tags": 6, "b": 7}


@given(st.text(st.characters(blacklist_categories=["Cs"])))
@example("a: b\n---\n? - x\n: y")
@example("a: &a [*a, *a]")
@example("a: !<x> %")
@example("a: b\n<<: {c: d}")
def test_any_head_is_read_or_refused(text: str) -> None:
    for head in (text, "title: " + text, "title: x\n" + text):
        try:
            front = split(f"---\n{head}\n---\nbody")
        except SourceError as error:
            assert error.line >= 1
        else:
            assert all(isinstance(key, str) for key in front.fields)


YAML_VALUES = st.recursive(
    st.text() | st.integers() | st.booleans() | st.none() | st.floats() | st.dates(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=8,
)
FIELDS = (
    *("title", "slug", "date", "summary", "note", "tags", "labels", "participants", "draft"),
    *("language", "url", "Titel"),
)


@given(st.dictionaries(st.sampled_from(FIELDS), YAML_VALUES, min_size=1))
def test_any_yaml_value_of_any_key_is_taken_or_warned_of(fields: dict[str, object]) -> None:
    head = yaml.safe_dump(fields, allow_unicode=True)
    found = reading(f"---\n{head}---\n# Ada ↔ Brook\n\n---\n\n### Ada\n\nhello\n\n---\n")
    if found.transcripts:
        assert spoken(found.transcripts[0]) == [("Ada", "hello")]
        assert found.transcripts[0].title.strip()
        assert found.transcripts[0].slug
    else:
        assert [kind for kind, _, _ in problems(found)].count("error") == 1


DIALOGUE = """# Ada ↔ Brook

**Started:** 2025-03-04 09:12:00
**Tags:** old

---

### Ada

hello

---

### Brook

hello you

---
"""


def test_every_key_overrides_what_the_text_says() -> None:
    transcript = read(
        """---
title: "A  new: title"
slug: Own Name
date: 2024-01-02 03:04
summary: One sentence.
note: |
  *Found* in a drawer.

  Twice.
tags: [sea, sea, "a, b"]
labels: excerpt, unverifiable
participants:
  - {name: Brook, role: keeper, model: brook-2}
  - Ada
draft: yes
language: pt-BR
origin: the drawer
shelf: [3, left]
---
"""
        + DIALOGUE
    )
    assert transcript.title == "A new: title"
    assert transcript.slug == "own-name"
    assert str(transcript.started) == "2024-01-02 03:04:00+00:00"
    assert transcript.summary == "One sentence."
    assert transcript.note == "*Found* in a drawer.\n\nTwice."
    assert transcript.tags == ("sea", "a, b")
    assert transcript.labels == ("excerpt", "unverifiable")
    assert [(p.name, p.role, p.model) for p in transcript.participants] == [
        ("Ada", "", ""),
        ("Brook", "keeper", "brook-2"),
    ]
    assert transcript.draft is True
    assert transcript.language == "pt-BR"
    assert transcript.extra == (
        ("Heading", "Ada ↔ Brook"),
        ("origin", "the drawer"),
        ("shelf", "3, left"),
    )
    assert transcript.messages[0].line == 27


def test_without_keys_the_text_has_its_say() -> None:
    transcript = read("---\nshelf: 3\n---\n" + DIALOGUE)
    assert transcript.title == "Ada ↔ Brook"
    assert transcript.slug == "a"
    assert str(transcript.started) == "2025-03-04 09:12:00+00:00"
    assert transcript.tags == ("old",)
    assert (transcript.summary, transcript.note, transcript.labels) == ("", "", ())
    assert (transcript.draft, transcript.language) == (False, "")


@pytest.mark.parametrize(
    ("date", "started"),
    [
        ("2025-03-04", "2025-03-04 09:12:00+00:00"),
        ("2025-03-05", "2025-03-05 00:00:00+00:00"),
        ("2025-03-04 10:00", "2025-03-04 10:00:00+00:00"),
    ],
)
def test_a_day_alone_does_not_drop_the_hour_that_the_text_gives(date: str, started: str) -> None:
    assert str(read(f"---\ndate: {date}\n---\n{DIALOGUE}").started) == started


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("titel: x", "`titel` has no meaning here", "did you mean `title`?"),
        ("Tags: [x]", "`Tags` has no meaning here", "did you mean `tags`?"),
        ("particpants: [x]", "`particpants` has no meaning here", "did you mean `participants`?"),
        ("title: [x]", "`title` is not a text", "quotes"),
        ("tags: {a: b}", "`tags` is not a list", "write `tags: [one, two]`"),
        ("draft: perhaps", '"perhaps" is neither true nor false', ""),
        ("language: en_GB", '"en_GB" is not a language tag', 'such as "en"'),
        ("date: last week", '"last week" is not a date', "2025-10-26 17:12"),
    ],
)
def test_a_key_that_does_not_fit_is_warned_of_at_its_line(
    line: str, message: str, hint: str
) -> None:
    found = reading(f"---\nshelf: 3\n{line}\n---\n{DIALOGUE}")
    (finding,) = found.diagnostics
    assert (finding.severity, finding.line, finding.path) == ("warning", 3, "content/a.md")
    assert message in finding.message
    assert hint in finding.hint
    assert len(found.transcripts[0].messages) == 2


def test_keys_unlike_any_field_are_metadata_in_silence() -> None:
    found = reading(f"---\nweather: rain\nshelf: 3\n---\n{DIALOGUE}")
    assert problems(found) == []


@pytest.mark.parametrize(
    ("value", "draft"),
    [("true", True), ("Yes", True), ("on", True), ("false", False), ("no", False), ("", False),
     ("perhaps", True)],
)  # fmt: skip
def test_a_draft_is_withheld_when_in_doubt(value: str, draft: bool) -> None:
    assert read(f"---\ndraft: {value}\n---\n{DIALOGUE}").draft is draft


@pytest.mark.parametrize(
    "value",
    [
        "[Brook, Ada]",
        "Brook, Ada",
        "{Brook: keeper, Ada: ''}",
        "{Brook: {role: keeper}, Ada: {}}",
        "[{name: Brook, role: keeper}, {name: Ada}, {role: nobody}, '']",
    ],
)
def test_participants_come_as_lists_or_mappings(value: str) -> None:
    text = f"---\nparticipants: {value}\n---\n### Ada\n\nhi\n\n---\n\n### Aside\n\nfrom Ada\n"
    transcript = read(text + "\n---\n\n### Brook\n\nyes\n")
    assert [p.name for p in transcript.participants] == ["Ada", "Brook"]
    assert transcript.participants[1].role == ("keeper" if "keeper" in value else "")


def test_a_broken_head_gives_one_error_and_no_transcript() -> None:
    found = reading("---\ntitle: [x\n---\n" + DIALOGUE)
    assert found.transcripts == ()
    ((severity, line, message),) = problems(found)
    assert (severity, line) == ("error", 2)
    assert "not valid YAML" in message
