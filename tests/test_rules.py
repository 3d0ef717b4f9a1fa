"""The rules of `[redact]`: what they hit in a text, what they leave, and which are refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers import write_site
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import load_config
from sitegen.errors import ConfigError
from sitegen.rules import contacts
from sitegen.rules.fold import fold
from sitegen.rules.linear import LinearPattern, PatternError
from sitegen.rules.matcher import Matcher
from sitegen.rules.settings import RedactConfig

Finder = Callable[[str], Iterator[tuple[int, int]]]


def hits(finder: Finder, text: str) -> list[str]:
    return [text[start:end] for start, end in finder(text)]


def found(rules: RedactConfig, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in Matcher(rules).find(text)]


# Contacts

EMAILS = {
    "john@example.org": "john@example.org",
    "<john.smith+tag@mail.example.co.uk>,": "john.smith+tag@mail.example.co.uk",
    "John.Smith@EXAMPLE.ORG.": "John.Smith@EXAMPLE.ORG",
    "jörg@müller.example": "jörg@müller.example",
    "mailto:o'neil@example.org?subject=x": "o'neil@example.org",
    "user@example.org:path": "user@example.org",
    "john [at] example [dot] org": "john [at] example [dot] org",
    "john(at)example.org": "john(at)example.org",
    "x_y@a.bc": "x_y@a.bc",
}
NO_EMAILS = [
    *("a @ b.org", "@mention", "x@localhost", "react@18.2.0", "git@github.com:a/b", "icon@2x.png"),
    *("a@b", "@@@@", "me@", "at [home]", "@decorator.name", "user@-x.org"),
]


@pytest.mark.parametrize("text", EMAILS)
def test_email_is_found(text: str) -> None:
    assert hits(contacts.emails, f"x: {text} y") == [EMAILS[text]]


@pytest.mark.parametrize("text", NO_EMAILS)
def test_no_email_is_found(text: str) -> None:
    assert hits(contacts.emails, text) == []


PHONES = [
    *("+49 170 1234567", "+49 (0) 170 1234567", "+1-415-555-2671", "+14155552671"),
    *("(415) 555-2671", "415-555-2671", "415.555.2671", "1-415-555-2671", "030 12345678"),
    *("020 7946 0958", "01 23 45 67 89", "(030) 1234567", "0049 170 1234567", "+81 3-1234-5678"),
]
NO_PHONES = [
    *(
        "2025-03-04",
        "2025-03-04 09:12:00",
        "1234567890",
        "3.14159265",
        "10,000,000",
        "192.168.1.20",
    ),
    *(
        "04.03.2025",
        "0.123 456",
        "x+12345678",
        "1-2-3",
        "page 12-14",
        "4111 1111 1111 1111",
        "+1 2",
    ),
]


@pytest.mark.parametrize("text", PHONES)
def test_phone_number_is_found(text: str) -> None:
    assert hits(contacts.phones, f"Call {text}, please") == [text]


@pytest.mark.parametrize("text", NO_PHONES)
def test_no_phone_number_is_found(text: str) -> None:
    assert hits(contacts.phones, f"It is {text} here") == []


ADDRESSES = [
    *("192.168.1.20", "8.8.8.8", "203.0.113.255", "2001:db8::1", "fe80::1ff:fe23:4567:890a"),
    *("2001:0db8:85a3:0000:0000:8a2e:0370:7334", "::ffff:12"),
]
NO_ADDRESSES = [
    *("127.0.0.1", "0.0.0.0", "::1", "::", "1.2.3", "1.2.3.4.5", "v1.2.3.4", "256.1.1.1"),
    *("std::vector", "a::b", "12:34:56", "dead::beef", "09:12", "x::1y", "2.10.0.1-beta.5.6.7.8x"),
]


@pytest.mark.parametrize("text", ADDRESSES)
def test_ip_address_is_found(text: str) -> None:
    assert hits(contacts.ip_addresses, f"at ({text}): ok") == [text]


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_no_ip_address_is_found(text: str) -> None:
    assert hits(contacts.ip_addresses, f"at {text} ok")[:1] in ([], ["2.10.0.1"])


HOMES = {
    "/home/jsmith/x": "jsmith",
    "cd /Users/j.smith.": "j.smith",
    "file:///home/jsmith/a.md": "jsmith",
    r"C:\Users\John Smith\Documents": "John Smith",
    r"C:\\Users\\jsmith\\x": "jsmith",
    "C:/Users/jsmith/x": "jsmith",
    "/mnt/c/Users/jsmith": "jsmith",
    "~/.claude/projects/-Users-jsmith-code": "jsmith",
    "'/home/jsmith'": "jsmith",
    "laptop:/home/jsmith/": "jsmith",
}


@pytest.mark.parametrize("text", HOMES)
def test_user_of_a_home_folder_is_found(text: str) -> None:
    assert hits(contacts.home_users, text) == [HOMES[text]]


@pytest.mark.parametrize(
    "text",
    [
        "https://x.org/home/page.html",
        "/Users/Shared/x",
        "/home/",
        "/homes/x",
        "the-home-page",
        "/home",
    ],
)
def test_no_user_is_found(text: str) -> None:
    assert hits(contacts.home_users, text) == []


HOSTILE = [
    "@",
    "a@",
    "a@b.",
    ".@",
    "[at]",
    "a [at] b ",
    "+1",
    "0 1",
    "1.",
    ":",
    "a:",
    "::1",
    "/home/",
    "\\Users\\",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_takes_long(text: str) -> None:
    """Each takes well under a second; what backtracks would take hours."""
    rules = RedactConfig(emails=True, phones=True, ip_addresses=True, home_paths=True)
    Matcher(rules).find(text * (100_000 // len(text)))


# Words, literals, names

SMITH = RedactConfig(names={"John Smith": "Wren"})


@pytest.mark.parametrize(
    "text",
    [
        *("John Smith", "JOHN SMITH", "john-smith", "John_Smith", "john.smith", "John  Smith"),
        *("John\nSmith", "John&nbsp;Smith", "John%20Smith", "John+Smith", "**John** Smith"),
        *("Jo**hn** Smith", "J&#111;hn Smith", r"John\ Smith", "Jo\u200bhn Smith"),
        *("John\n> Smith", "Jo<b>hn</b> Smith", "%4Aohn%20Smith", "`John` Smith"),
        *("J\u00adohn Smith", "\uff2aohn Smith", "Joh\uff4e \uff33mith"),
    ],
)  # fmt: skip
def test_name_is_found_however_it_is_written(text: str) -> None:
    (hit,) = Matcher(SMITH).find(f"({text}),")
    shown = f"({text}),"[hit.start : hit.end]
    assert shown.strip("*`") == text.strip("*`")


@pytest.mark.parametrize(
    "text", ["John Smithson", "Johnny Smith", "xJohn Smith", "John", "John and Smith", "JohnSmith"]
)
def test_name_is_not_found_within_others(text: str) -> None:
    assert found(SMITH, text) == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("rule", ["NFC", "NFD"])
def test_composition_does_not_matter(form: str, rule: str) -> None:
    def write(text: str, how: str) -> str:
        return unicodedata.normalize(how, text)  # type: ignore[arg-type]

    rules = RedactConfig(words=(write("Jürgen", rule),), literals=(write("안녕", rule),))
    assert len(found(rules, write("Hé Jürgen, 안녕하세요", form))) == 2


def test_word_ends_at_an_underscore_but_not_at_a_digit() -> None:
    rules = RedactConfig(words=("ann",))
    assert found(rules, "ann_lee ann2 Ann's Anna anń") == ["ann", "Ann"]


def test_word_of_a_script_without_spaces_has_no_edges() -> None:
    assert found(RedactConfig(words=("李明",)), "他叫李明。李明说") == ["李明", "李明"]


def test_literal_is_found_within_words() -> None:
    assert found(RedactConfig(literals=("gen",)), "Jürgen GENERAL ag&#101;nda") == [
        "gen",
        "GEN",
        "g&#101;n",
    ]


def test_letters_that_become_two_in_lower_case_do_not_shift_what_is_found() -> None:
    assert found(RedactConfig(literals=("abc",)), "İß straße ABC") == ["ABC"]


def test_overlapping_hits_become_one_of_the_larger_kind() -> None:
    rules = RedactConfig(words=("John",), names={"John Smith": "Wren"}, emails=True)
    (name, mail) = Matcher(rules).find("John Smith, john@x.org")
    assert (name.pseudonym, mail.kind, mail.pseudonym) == ("Wren", "e-mail", "")


# Patterns


def test_pattern_tells_places_in_characters() -> None:
    pattern = LinearPattern(r"(?i)ticket-\d+|漢")
    text = "é TICKET-12 \U0001f30a漢 ticket-3"
    assert [text[a:b] for a, b in pattern.spans(text)] == ["TICKET-12", "漢", "ticket-3"]


@given(st.text(alphabet="aé漢\U0001f30ab ", max_size=60))
def test_pattern_agrees_with_pythons_engine(text: str) -> None:
    import re

    assert list(LinearPattern("[ab漢]+").spans(text)) == [
        m.span() for m in re.finditer("[ab漢]+", text)
    ]


def test_pattern_that_would_backtrack_for_ever_does_not() -> None:
    assert list(LinearPattern("(a+)+$").spans("a" * 50_000 + "b")) == []


@pytest.mark.parametrize("text", ["(a", "(?=a)", r"(a)\1", "[z-a]", "a**"])
def test_pattern_that_re2_does_not_know_is_refused(
    text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(PatternError):
        LinearPattern(text)
    assert "re2.cc" not in capfd.readouterr().err


# Folding


@given(st.text(alphabet="ab*_`~&#;64%\\<>/\n é\u0301\u200bＡ", max_size=80))
def test_what_is_folded_is_traced_back(text: str) -> None:
    folded = fold(text)
    if folded is None:
        return
    places = [folded.trace(at, at + 1) for at in range(len(folded.text))]
    assert places == sorted(places)
    for (start, end), char in zip(places, folded.text, strict=True):
        assert 0 <= start < end <= len(text)
        if end - start == 1 and text[start:end].isascii() and text[start] not in "\\\n":
            assert text[start] == char


# Settings


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ('[redact]\nwords = ["a",\n "  "]\n', 2, "is empty", "hide everything"),
        ('[redact]\nliterals = [""]\n', 2, "is empty", "hide everything"),
        ('[redact]\nwords = ["--"]\n', 2, "is not a word", "`literals`"),
        ("[redact]\npatterns = [\n 'a+',\n '(b',\n]\n", 4, "missing )", "look-around"),
        ("[redact]\npatterns = ['(?=x)']\n", 2, "is not a pattern of RE2", "look-around"),
        ("[redact]\npatterns = ['a*']\n", 2, "matches the empty text", "`+`"),
        ('[redact.names]\n"A B" = "C*D"\n', 2, "cannot stand for it", "letters and digits"),
        ('[redact.names]\n"A B" = ""\n', 2, "cannot stand for it", "letters and digits"),
        ('[redact.names]\n"A B" = "[x](y)"\n', 2, "cannot stand for it", "letters and digits"),
        ('[redact.names]\n"Ann" = "Ann Lee"\n', 2, "is itself hidden", "another"),
        ('[redact]\nliterals = ["re"]\n[redact.names]\n"A" = "Wren"\n', 4, "is itself hidden", ""),
        ('[redact.names]\n"--" = "Wren"\n', 2, "is not a name", "literals"),
        ("[redact]\nemails = 1\n", 2, "`redact.emails`", ""),
        ("[redact]\nwords = 'x'\n", 2, "`redact.words`", ""),
        ("[redact]\nnames = ['x']\n", 2, "`redact.names`", ""),
        ("[redact]\nemail = true\n", 2, "unknown key", "did you mean `emails`?"),
    ],
)  # fmt: skip
def test_setting_that_makes_no_sense_is_refused(
    tmp_path: Path, text: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write_site(tmp_path, {"sitegen.toml": text}))
    assert message in caught.value.message
    assert (caught.value.path, caught.value.line) == ("sitegen.toml", line)
    assert hint in caught.value.hint


def test_nothing_is_hidden_unless_it_is_named(tmp_path: Path) -> None:
    assert not load_config(tmp_path).redact.is_on
    assert RedactConfig(names={"a": "b"}).is_on
    assert RedactConfig(phones=True).is_on
