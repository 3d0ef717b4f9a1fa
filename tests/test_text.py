"""Controls become symbols; everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.text import CONTROLS, has_controls, visible

CONTROLS_AND_NEIGHBOURS = "".join(
    map(chr, (*range(0x20), *range(0x7E, 0xA2), *range(0xFDCF, 0xFDF1), 0xD7FF, 0xD800, 0xDFFF))
) + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFD, 0xFFFE, 0xFFFF))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain, ünïcode 🌊", "plain, ünïcode 🌊"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\x00", "␀"),
        ("a\x1b[1mb", "a␛[1mb"),
        ("\x7f", "␡"),
        ("\x85", "⟨U+0085⟩"),
        ("\ufffe", "⟨U+FFFE⟩"),
        ("\U0010ffff", "⟨U+10FFFF⟩"),
        pytest.param("\udcff", "⟨U+DCFF⟩", id="lone surrogate"),
        ("zero\u200bwidth \u202e", "zero\u200bwidth \u202e"),
    ],
)
def test_controls_are_shown_as_symbols(written: str, shown: str) -> None:
    assert visible(written) == shown


@given(st.text(st.characters()) | st.text(CONTROLS_AND_NEIGHBOURS, max_size=2))
def test_what_is_shown_can_be_written_and_holds_no_controls(text: str) -> None:
    shown = visible(text)
    assert not CONTROLS.search(shown)
    assert has_controls(text) is (shown != text)
    assert shown.encode().decode() == shown
