"""Colours: one for each participant on the whole site, readable, and a site's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers import built, exported, read, write_site
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import ParticipantConfig, load_config
from sitegen.entry import Entry, make_entry
from sitegen.errors import ConfigError
from sitegen.formats import Formats
from sitegen.hues import settle_hues, with_hues
from sitegen.palette import CONTRAST, GROUNDS, HUES, _contrast, is_color, voice_styles
from sitegen.participants import own_hues, own_voices, with_aliases


def talk(*names: str) -> Entry:
    """A transcript in which each of these says something."""
    transcript = read(exported([(name, f"I am {name}.") for name in names], "A talk"))
    return make_entry(transcript, ["some words"] * len(names), Formats())


def shown(entries: list[Entry], own: dict[str, int] | None = None) -> list[dict[str, int]]:
    hues = settle_hues(entries, own or {})
    return [
        {share.participant.name: share.participant.hue for share in with_hues(e, hues).shares}
        for e in entries
    ]


def test_two_who_speak_with_each_other_are_blue_and_amber() -> None:
    assert shown([talk("Ada", "Bo"), talk("Bo", "Cy"), talk("Cy", "Di")]) == [
        {"Ada": 0, "Bo": 1},
        {"Bo": 1, "Cy": 0},
        {"Cy": 0, "Di": 1},
    ]


def test_a_new_transcript_leaves_the_colours_of_the_others_alone() -> None:
    before = shown([talk("Ada", "Bo"), talk("Ada", "Cy")])
    after = shown([talk("Eve", "Flo"), talk("Ada", "Bo"), talk("Ada", "Cy")])
    assert after[1:] == before


def test_a_hue_of_the_configuration_is_kept_and_avoided_by_others() -> None:
    assert shown([talk("Ada", "Bo"), talk("Bo", "Cy")], {"Bo": 0}) == [
        {"Ada": 1, "Bo": 0},
        {"Bo": 0, "Cy": 1},
    ]


@given(st.lists(st.lists(st.sampled_from("ABCDEFGHIJKL"), min_size=1, unique=True), min_size=1))
def test_no_two_of_the_first_eight_voices_of_a_page_look_the_same(casts: list[list[str]]) -> None:
    for hues in shown([talk(*cast) for cast in casts]):
        first = list(hues.values())[:8]
        assert len(set(first)) == len(first)


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_any_colour_is_made_readable_in_both_schemes(color: str) -> None:
    rule = re.search(r"--hue-8: light-dark\((#\w{6}), (#\w{6})\)", voice_styles([(color, "")]))
    assert rule
    for shade, ground in zip(rule.groups(), GROUNDS.values(), strict=True):
        assert _contrast(shade, ground) >= CONTRAST - 0.05  # Of a shade rounded to eight bits.


def test_the_palette_of_the_style_sheet_is_readable_too() -> None:
    css = (Path(__file__).parents[1] / "layouts/static/css/1-tokens.css").read_text()
    found = re.findall(r"--hue-\d: light-dark\((#\w{6}), (#\w{6})\)", css)
    assert len(found) == len(HUES)
    for pair in found:
        for shade, ground in zip(pair, GROUNDS.values(), strict=True):
            assert _contrast(shade, ground) >= CONTRAST
    for ground in GROUNDS.values():
        assert ground in css


@pytest.mark.parametrize(("text", "known"), [("amber", True), ("#0A56a8", True), ("#12", False)])
def test_colours_are_names_or_six_digits(text: str, known: bool) -> None:
    assert is_color(text) is known


def test_a_sign_cannot_end_its_string() -> None:
    css = voice_styles([("", '";}</style>*{')])
    assert "</style>" not in css
    assert '"\\22 \\3b \\7d ' in css


def test_aliases_models_and_addresses_are_put_over_a_transcript() -> None:
    known = (
        (
            "kimi-k2",
            ParticipantConfig(alias="Kimi", model="moonshotai/kimi-k2", url="https://k.org"),
        ),
        ("Kimi K2", ParticipantConfig(alias="Kimi")),
    )
    given = read(exported([("kimi-k2", "one"), ("Ada", "two"), ("Kimi K2", "three")], "A talk"))
    found = with_aliases(given, known)
    assert [message.speaker for message in found.messages] == ["Kimi", "Ada", "Kimi"]
    assert [(p.name, p.model, p.url) for p in found.participants] == [
        ("Kimi", "moonshotai/kimi-k2", "https://k.org"),
        ("Ada", "", ""),
    ]
    assert with_aliases(read(exported([("Ada", "x")])), known).messages[0].speaker == "Ada"


def test_own_colours_and_signs_come_after_the_palette_and_names_of_it_are_of_it() -> None:
    known = (
        ("Ada", ParticipantConfig(color="#336699", alias="Lady Ada")),
        ("Bo", ParticipantConfig(color="teal")),
        ("Cy", ParticipantConfig(avatar="🌙")),
        ("Di", ParticipantConfig(model="d")),
    )
    assert own_voices(known) == (("#336699", ""), ("", "🌙"))
    assert own_hues(known) == {"Lady Ada": 8, "Bo": 4, "Cy": 9}


CONFIG = """[participants."Ada"]
alias = "Lady Ada"
color = "#0a0a0a"
avatar = "🌙"
url = "https://example.org/ada"
"""


def test_a_page_shows_a_participant_as_configured(tmp_path: Path) -> None:
    files = {"content/a.md": exported([("Ada", "one"), ("Bo", "two")]), "sitegen.toml": CONFIG}
    output = built(write_site(tmp_path, files))
    page = output["a.html"].decode()
    assert '<h3 id="s1">Lady Ada</h3>' in page
    assert '<div class="transcript v1-8 v2-0">' in page
    assert ">Ada</" not in page
    assert "participants/lady-ada.html" in output
    assert 'href="https://example.org/ada"' in output["participants/lady-ada.html"].decode()
    (style,) = [body.decode() for name, body in output.items() if name.endswith(".css")]
    assert '--glyph-8: "🌙"' in style
    assert ".v1-8 .v1 { --hue: var(--hue-8);" in style


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('color = "puce"', 'sitegen.toml:2: `participants."Ada".color`: "puce" is not a colour'),
        ('avatar = "a picture of me"', 'sitegen.toml:2: `participants."Ada".avatar`: is too long'),
        ('url = "javascript:1"', 'sitegen.toml:2: `participants."Ada".url`: "javascript:1" is not'),
        ('colour = "red"', 'sitegen.toml:2: unknown key `participants."Ada".colour`'),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    write_site(tmp_path, {"sitegen.toml": f'[participants."Ada"]\n{line}\n'})
    with pytest.raises(ConfigError) as error:
        load_config(tmp_path)
    assert str(error.value.diagnostic()).startswith(said)
