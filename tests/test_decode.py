"""Bytes to text: any bytes, nothing lost unsaid, every line where it was."""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.readers.decode import decode

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(data: bytes) -> tuple[str, list[tuple[int, str]]]:
    text, found = decode(data, "a.md")
    assert all(str(finding.severity) == "warning" and finding.path == "a.md" for finding in found)
    return text, [(finding.line, finding.message) for finding in found]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"plain\n", "plain\n"),
        ("é 灯 🌊".encode(), "é 灯 🌊"),
        (codecs.BOM_UTF8 + b"x", "x"),
        ("# é 🌊\r\n".encode("utf-16"), "# é 🌊\n"),
        (codecs.BOM_UTF16_BE + "灯\n".encode("utf-16-be"), "灯\n"),
        (b"a\r\nb\rc\nd\r\r\ne", "a\nb\nc\nd\n\ne"),
        ("vertical \u2028 stays".encode(), "vertical \u2028 stays"),
        (b"tab\tstays", "tab\tstays"),
    ],
)
def test_clean_text_is_read_in_silence(data: bytes, text: str) -> None:
    assert decoded(data) == (text, [])


CP1252 = "not UTF-8; read as Windows-1252"
ONE_CONTROL = "1 control character, shown as symbols"


@pytest.mark.parametrize(
    ("data", "text", "found"),
    [
        (b"ok\n\x93caf\xe9\x94 \x80", "ok\n“café” €", [(2, CP1252)]),
        (b"a\r\nb\r\n\xe9", "a\nb\né", [(3, CP1252)]),
        (b"a\rb\r\xe9", "a\nb\né", [(3, CP1252)]),
        (codecs.BOM_UTF8 + b"\n\n\xe9", "\n\né", [(3, CP1252)]),
        (
            b"\x81\xe9",
            "\x81é",
            [(1, CP1252), (1, ONE_CONTROL)],
        ),
        (b"\xff\xfeodd", "ÿþodd", [(1, CP1252)]),
        (
            b"\xff\xfe\x00\xd8",
            "ÿþ\x00Ø",
            [(1, CP1252), (1, ONE_CONTROL)],
        ),
        (b"a\nb\x00\x01", "a\nb\x00\x01", [(2, "2 control characters, shown as symbols")]),
        (
            b"one\n\x1b[1m\x1b[34mTwo\x1b[0m",
            "one\nTwo",
            [(2, "3 terminal sequences (colours, cursor moves) removed")],
        ),
        (
            b"\x1b]8;;https://x.org\x07link\x1b]8;;\x1b\\",
            "link",
            [(1, "2 terminal sequences (colours, cursor moves) removed")],
        ),
        (
            b"\x1b]0;never ended\nnext\x07",
            "0;never ended\nnext\x07",
            [
                (1, "1 terminal sequence (colours, cursor moves) removed"),
                (2, ONE_CONTROL),
            ],
        ),
        (b"\x1b", "\x1b", [(1, ONE_CONTROL)]),
    ],
)
def test_what_is_amiss_is_read_and_said(
    data: bytes, text: str, found: list[tuple[int, str]]
) -> None:
    assert decoded(data) == (text, found)


PIECES = st.lists(
    st.sampled_from(
        [b"\r", b"\n", b"\r\n", b"\x1b[", b"\x1b]", b"\x07", b"\x1b\\", b"1;2m", b"\xef\xbb\xbf"]
    )
    | st.binary(max_size=8)
).map(b"".join)


@given(PIECES | st.binary())
@example(b"\x1b]0;\nlost?\x07")
@example(b"\xff\xfe\n\x00")
def test_any_bytes_are_read_and_keep_their_lines(data: bytes) -> None:
    text, _ = decoded(data)
    assert "\r" not in text
    text.encode()  # Nothing that cannot be written again.
    if not data.startswith(UTF16_MARKS):
        assert text.count("\n") == len(re.findall(rb"\r\n?|\n", data))


@given(st.text(st.characters(blacklist_characters="\r", blacklist_categories=["Cs"])))
def test_the_kind_of_line_end_does_not_matter(text: str) -> None:
    expected = decoded(text.encode())
    assert decoded(text.replace("\n", "\r\n").encode()) == expected
    assert decoded(text.replace("\n", "\r").encode()) == expected


@given(st.text(st.characters(blacklist_characters="\r\x1b\ufeff", blacklist_categories=["Cs"])))
def test_the_encoding_does_not_matter(text: str) -> None:
    assert decode(text.encode("utf-16"), "a")[0] == text
    assert decode(text.encode("utf-8-sig"), "a")[0] == text
    assert decode(text.encode(), "a")[0] == text


@given(st.binary())
def test_bytes_that_are_not_utf8_lose_nothing(data: bytes) -> None:
    """Every byte of a Windows-1252 file is one character, so that it can be restored."""
    data = b"\x80" + re.sub(rb"[\r\x1b]", b"", data)
    text, _ = decoded(data)
    assert len(text) == len(data)
