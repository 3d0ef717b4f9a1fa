"""Social cards: what is on them, that they can be read, and when they are drawn."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from helpers import built, exported, tree, write_site
from html_check import Page
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from sitegen import build, pool
from sitegen.builder import Builder
from sitegen.cards import HEIGHT, WIDTH, Card, CardVoice, card_path, fonts
from sitegen.cards.draw import draw
from sitegen.cards.fonts import font_of, readable
from sitegen.cards.lines import break_title
from sitegen.config import load_config
from sitegen.palette import GROUND, INK, LABEL_GROUND, LABEL_TEXT, MUTED, SHADES, look

ROOT = Path(__file__).parents[1]
BASE = "https://b.org/archive/"
VOICES = (CardVoice("Ada", look(0, ())), CardVoice("Brook", look(1, ())))
CARD = Card(
    title="Two Empty Chairs",
    site="Conversations",
    facts="4 March 2025 · 4 messages",
    voices=VOICES,
    more=0,
    labels=(("excerpt", ""), ("fiction", look(7, ()).color)),
    bars=((1, 100), (2, 25), (1, 0), (2, 100)),
)


def picture(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(draw(card))).convert("RGB")


def rgb(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color[1:]))


def has(image: Image.Image, color: str, box: tuple[int, int, int, int] | None = None) -> bool:
    found = image.crop(box).getcolors(WIDTH * HEIGHT) if box else image.getcolors(WIDTH * HEIGHT)
    assert found is not None
    return any(seen == rgb(color) for _, seen in found)


def ink(image: Image.Image) -> list[tuple[int, int]]:
    """Where the title is: the places of its colour below the first row."""
    data = image.tobytes()
    wanted = bytes(rgb(INK))
    places = (place for place in range(110 * WIDTH, HEIGHT * WIDTH) if _at(data, place) == wanted)
    return [(place % WIDTH, place // WIDTH) for place in places]


def _at(data: bytes, place: int) -> bytes:
    return data[3 * place : 3 * place + 3]


@cache
def signs_of(font: str) -> frozenset[int]:
    """What a font has, by its own table: another reader than the one that draws."""
    if font == fonts.CJK:
        data = (files("noto_cjk_sans_jp_bold") / font).read_bytes()
    else:
        data = import_module(f"pymupdf_fonts.{font}").fontbuffer
    with TTFont(io.BytesIO(data), lazy=True) as read:
        return frozenset(read.getBestCmap())


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the cards that were drawn, in order."""
    titles: list[str] = []
    before = pool._draw

    def spy(cards: Sequence[Card]) -> list[bytes]:
        titles.extend(card.title for card in cards)
        return before(cards)

    monkeypatch.setattr(pool, "_draw", spy)
    return titles


@pytest.fixture
def unshaped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which Pillow cannot order and join letters."""
    caches: tuple[Any, ...] = (fonts.font_of, fonts.advance, fonts.measured, fonts._load)
    for one in caches:
        one.cache_clear()
    monkeypatch.setattr(fonts, "is_shaped", lambda: False)
    yield
    for one in caches:
        one.cache_clear()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return built(ROOT, output=tmp_path_factory.mktemp("demo") / "site", base_url=BASE)


def is_outdated(builder: Builder) -> bool:
    return builder.outdated


def project(root: Path, settings: str = "", **talks: str) -> Path:
    sources = {f"content/{name}.md": text for name, text in talks.items()}
    return write_site(root, {"sitegen.toml": settings, **sources})


def talk(title: str = "Ada ↔ Brook", front: str = "") -> str:
    said = [("Ada", "Hello there, are you in?"), ("Brook", "I am."), ("Ada", "Good.")]
    text = exported(said, title)
    return f"---\n{front}\n---\n{text}" if front else text


def test_each_transcript_of_the_demo_has_a_card_of_the_right_size(demo: dict[str, bytes]) -> None:
    listed = json.loads(demo["index.json"])["transcripts"]
    assert listed
    cards = [path for path in demo if path.endswith("/card.png")]
    assert len(cards) == len(listed)
    for path in cards:
        with Image.open(io.BytesIO(demo[path])) as image:
            assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
        assert len(demo[path]) < 60_000
    sums = demo["SHA256SUMS"].decode()
    assert all(path in sums for path in cards)


def test_every_sign_of_the_demo_is_in_the_font_that_draws_it(demo: dict[str, bytes]) -> None:
    texts = ["Conversations at Low Tide"]
    for about in json.loads(demo["index.json"])["transcripts"]:
        names = [person["name"] for person in about["participants"]]
        texts += [about["title"], *names, *about["labels"]]
    for text in texts:
        assert readable(text) == text, "something of it is left out"
        for char in text.replace(" ", ""):
            assert ord(char) in signs_of(font_of(char)), f"{char} of {text}"


@pytest.mark.parametrize("char", "aéÅßЖωאجहไგ漢仮か한们☕↔→①★№€–…▶◆")
def test_font_of_a_sign_has_it(char: str) -> None:
    assert ord(char) in signs_of(font_of(char))


@pytest.mark.parametrize("char", "ሰ😀\U0010fffd")
def test_sign_that_no_font_has_has_none(char: str) -> None:
    assert font_of(char) == ""
    assert all(ord(char) not in signs_of(font) for font in ("FiraGO_Bold", fonts.SIGNS, fonts.CJK))


def test_weights_have_the_same_signs() -> None:
    assert signs_of("FiraGO_Bold") == signs_of("FiraGO_Regular")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("☕ Café\tat\n3 a.m.", "☕ Café at 3 a.m."),
        ("a\u202eb\u202c\x00\u2066c", "abc"),
        ("night 😀 shift", "night shift"),
        ("pass😀word", "pass word"),
        ("👩‍🚀", ""),
        ("❤️ letters", "❤ letters"),
        ("e\u0301te\u0301", "été"),
        ("x" + "\u0301" * 50, "x" + "\u0301" * 4),
        ("\u0301x", "x"),
        ("ሰላም", ""),
        ("Addis ሰላም", ""),
        ("می‌خواهم", "می‌خواهم"),
        ("", ""),
        ("\ud800a", "a"),
    ],
)
def test_what_cannot_be_drawn_is_left_out(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.usefixtures("unshaped")
def test_letters_that_must_be_joined_are_left_out_where_they_cannot_be() -> None:
    assert readable("Ada and سلمى") == ""
    assert readable("Ada and 三枝") == "Ada and 三枝"
    untitled = replace(CARD, title="سلمى الورّاق")
    assert ink(picture(untitled)) == ink(picture(replace(CARD, title="", site="Conversations")))


def test_voices_labels_and_shape_have_their_colours() -> None:
    image = picture(CARD)
    floor = (0, HEIGHT - 2, WIDTH, HEIGHT)
    for color in (SHADES[0], SHADES[1]):
        assert has(image, color, floor), "no bar of it"
        assert has(image, color, (0, 110, WIDTH, HEIGHT - 130)), "no name in it"
    for color in (INK, MUTED, LABEL_GROUND, LABEL_TEXT, look(7, ()).color, GROUND):
        assert has(image, color)
    assert not has(image, SHADES[2])
    assert not has(picture(replace(CARD, labels=())), LABEL_GROUND)


def test_bars_are_as_high_as_on_the_page() -> None:
    image = picture(CARD)
    heights = []
    left = 72
    for place in range(4):
        column = [image.getpixel((left + 30 * place + 3, y)) for y in range(HEIGHT - 120, HEIGHT)]
        heights.append(sum(pixel in (rgb(SHADES[0]), rgb(SHADES[1])) for pixel in column))
    assert heights[0] == heights[3] == 2 * heights[1]
    assert 0 < heights[2] < 6, "a blank message is a dot"


def test_all_voices_that_have_no_room_are_counted() -> None:
    many = tuple(CardVoice(f"Speaker number {n}", look(n % 8, ())) for n in range(40))
    image = picture(replace(CARD, voices=many, more=5))
    assert has(image, MUTED, (0, 300, WIDTH, 480))
    assert not has(picture(CARD), MUTED, (0, 300, WIDTH, 480))


def test_title_that_is_read_from_the_right_stands_there() -> None:
    left = min(x for x, _ in ink(picture(CARD)))
    right = max(x for x, _ in ink(picture(replace(CARD, title="שתי כיסאות"))))
    assert abs(left - 72) < 12
    assert abs(right - (WIDTH - 72)) < 12


def test_same_card_is_the_same_picture_whatever_was_drawn_before() -> None:
    first = draw(CARD)
    draw(
        replace(CARD, title="灯台湯、閉店の貼り紙 ☕", voices=(CardVoice("سلمى", look(5, ())),) * 2)
    )
    assert draw(CARD) == first
    assert CARD.key == replace(CARD).key


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Two Chairs"},
        {"site": "Talks"},
        {"facts": "5 March 2025"},
        {"voices": (VOICES[0], replace(VOICES[1], name="Cid"))},
        {"voices": (VOICES[0], replace(VOICES[1], look=look(2, ())))},
        {"more": 1},
        {"labels": ()},
        {"bars": ((1, 100), (2, 25), (1, 0), (2, 64))},
    ],
)
def test_card_that_says_something_else_is_another_picture(change: dict[str, Any]) -> None:
    other = replace(CARD, **change)
    assert other.key != CARD.key
    assert draw(other) != draw(CARD)


HOSTILE = st.text(max_size=200)


@settings(max_examples=25)
@given(HOSTILE, HOSTILE, HOSTILE)
@example("a" * 180, "", "")
@example("\u202e" * 180, "\x00", "\ud800")
@example("😀" * 180, "😀", "😀")
@example("漢" * 180, "漢" * 60, "漢" * 60)
@example("ﷺ" * 180, "ﷺ" * 60, "\u0301" * 60)
@example("a" + "\u0489" * 179, "( " * 30, "…")
@example("“ " * 90, "「" * 60, "、")
def test_any_text_can_be_drawn(title: str, name: str, label: str) -> None:
    voices = tuple(CardVoice(name, look(hue % 8, ())) for hue in range(9))
    card = replace(CARD, title=title, voices=voices, labels=((label, ""),) * 6, site=name)
    with Image.open(io.BytesIO(draw(card))) as image:
        assert image.size == (WIDTH, HEIGHT)
    assert card.key


def test_longest_title_is_cut_before_it_is_drawn(tmp_path: Path, drawn: list[str]) -> None:
    built(project(tmp_path, a=talk(front=f"title: {'very long words ' * 700}")))
    assert len(drawn[0]) <= 180
    assert drawn[0].endswith("…")


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("", 3, ()),
        ("one", 3, ("one",)),
        ("aaaa bbbb cccc", 3, ("aaaa bbbb", "cccc")),
        ("bbb bb: a cccc dd", 3, ("bbb bb:", "a cccc dd")),
        ("aa bb cc dd ee ff", 3, ("aa bb cc", "dd ee ff")),
        ("aaaaaaaaaaaaaaaaaaaaaaaaa", 3, ("aaaaaaaaaa", "aaaaaaaaaa", "aaaaa")),
        ("aaaaaaaaaa bbbbbbbbbb cccccccccc dd", 3, ("aaaaaaaaaa", "bbbbbbbbbb", "ccccccccc…")),
        ("aaaa bbbb, cccc", 1, ("aaaa bbbb…",)),
        ("灯台湯、閉店の貼り紙です。", 3, ("灯台湯、閉店の", "貼り紙です。")),
        ("本「本本本本本本本本本", 3, ("本「本本本本", "本本本本本")),
    ],
)
def test_title_is_broken_into_even_lines(text: str, most: int, lines: tuple[str, ...]) -> None:
    found, is_whole = break_title(text, 10, most, lambda _: 1.0)
    assert found == lines
    assert is_whole == (not text or not lines[-1].endswith("…"))


@given(st.text(alphabet="ab 漢、「…-", max_size=60), st.integers(1, 4))
def test_no_line_of_a_title_is_too_long_and_none_begins_with_a_comma(text: str, most: int) -> None:
    text = " ".join(text.split())
    lines, is_whole = break_title(text, 10, most, lambda _: 1.0)
    assert len(lines) <= most
    assert all(len(line) <= 10 for line in lines)
    if is_whole:
        assert re.sub(r"\s", "", "".join(lines)) == text.replace(" ", "")


def test_page_tells_of_its_card(tmp_path: Path) -> None:
    files_of = built(project(tmp_path, a=talk()), base_url=BASE)
    page = Page(files_of["a.html"])
    told = {
        meta.attributes["property"]: meta.attributes["content"]
        for meta in page.find("meta")
        if "property" in meta.attributes
    }
    assert told["og:image"] == f"{BASE}a/card.png"
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert told["og:image:alt"].startswith("Ada ↔ Brook: 3 messages; Ada 75 %")
    assert page.one("meta", name="twitter:card").attributes["content"] == "summary_large_image"
    graph = json.loads("".join(page.one("script", type="application/ld+json").words))["@graph"]
    assert graph[0]["image"] == f"{BASE}a/card.png"
    (item,) = json.loads(files_of["feed.json"])["items"]
    assert item["image"] == f"{BASE}a/card.png"
    assert card_path("a") in files_of


@pytest.mark.parametrize("urls", ["file", "directory"])
def test_card_is_seen_from_the_page_where_the_address_is_not_known(
    tmp_path: Path, urls: str
) -> None:
    root = project(tmp_path, f'[pages]\nurls = "{urls}"')
    files_of = built(write_site(root, {"content/sub/a.md": talk()}))
    name = "sub/a.html" if urls == "file" else "sub/a/index.html"
    (image,) = (
        meta.attributes["content"]
        for meta in Page(files_of[name]).find("meta")
        if meta.attributes.get("property") == "og:image"
    )
    depth = name.count("/")
    assert image == "../" * depth + "sub/a/card.png"
    assert "sub/a/card.png" in files_of


def test_no_cards_are_drawn_where_they_are_not_wanted(tmp_path: Path, drawn: list[str]) -> None:
    root = project(tmp_path, a=talk())
    assert "a/card.png" in built(root, base_url=BASE)
    write_site(root, {"sitegen.toml": "[site]\nsocial_cards = false"})
    drawn.clear()
    files_of = built(root, base_url=BASE)
    assert drawn == []
    assert not [path for path in files_of if path.endswith(".png")], "the old one goes"
    everything = b"".join(files_of.values())
    assert b"og:image" not in everything
    assert b"card.png" not in everything
    assert b'content="summary"' in files_of["a.html"]


def test_card_is_drawn_again_only_when_what_is_on_it_changes(
    tmp_path: Path, drawn: list[str]
) -> None:
    root = project(tmp_path, a=talk("One"), b=talk("Two", "tags: [sea]"))
    build(root)
    assert sorted(drawn) == ["One", "Two"]
    drawn.clear()
    build(root)
    write_site(root, {"content/b.md": talk("Two", "tags: [land]")})
    assert "b.html" in build(root).written
    write_site(root, {"layouts/partials/script.html": "{#- Another. -#}"})
    assert "a.html" in [path for path, _ in build(root).reasons]
    assert drawn == [], "nothing of that is on a card"
    write_site(root, {"content/b.md": talk("Three")})
    assert {"b.html", "b/card.png"} <= set(build(root).written)
    assert drawn == ["Three"]
    drawn.clear()
    write_site(root, {"sitegen.toml": '[participants.Ada]\ncolor = "red"'})
    build(root)
    assert sorted(drawn) == ["One", "Three"]
    clean = tmp_path / "clean"
    build(root, output=clean, force=True)
    assert tree(root / "output") == tree(clean)


def test_many_cards_are_drawn_in_processes_and_few_batches_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "CARDS_AT_A_TIME", 4)
    monkeypatch.setattr(pool, "CARDS_AHEAD", 3)
    cards = {f"{n}": replace(CARD, title=f"Talk {n}") for n in range(pool.WORTHWHILE)}
    with pool.drawing(cards, 2) as pictures:
        assert list(pictures) == [(name, draw(card)) for name, card in cards.items()]


def test_card_that_someone_changed_or_took_away_is_made_anew(tmp_path: Path) -> None:
    root = project(tmp_path, a=talk("One"), b=talk("Two"))
    before = built(root)
    (root / "output/a/card.png").write_bytes(b"no picture")
    (root / "output/b/card.png").unlink()
    assert built(root) == before


def test_while_files_are_watched_cards_follow_when_all_is_quiet(
    tmp_path: Path, drawn: list[str]
) -> None:
    root = project(tmp_path, "[site]\nsearch = false", a=talk("One"))
    builder = Builder(load_config(root))
    builder.build()
    assert not is_outdated(builder)
    old = (root / "output/a/card.png").read_bytes()
    drawn.clear()
    write_site(root, {"content/a.md": talk("Two"), "content/b.md": talk("New")})
    builder.build(index=False)
    assert is_outdated(builder)
    assert drawn == []
    assert (root / "output/a/card.png").read_bytes() == old
    builder.build()
    assert not is_outdated(builder)
    assert sorted(drawn) == ["New", "Two"]
    assert (root / "output/a/card.png").read_bytes() != old


def test_card_shows_nothing_that_is_hidden(tmp_path: Path, drawn: list[str]) -> None:
    rules = '[redact]\nemails = true\nwords = ["Zebedee", "Methuselah"]'
    found = []
    for mail, name in (("a@example.org", "Zebedee"), ("someone.else@example.com", "Methuselah")):
        text = exported([(name, "Hello"), ("Ada", "Hello"), (name, "Bye")], f"To {mail} of {name}")
        root = project(tmp_path / name, rules, a=text)
        found.append(built(root)["a/card.png"])
    assert found[0] == found[1]
    assert len(set(drawn)) == 1
    assert not re.search("example|zebedee|methuselah", drawn[0], re.IGNORECASE)
    assert "[redacted" in drawn[0]


def test_two_transcripts_of_one_address_are_complained_of_once(tmp_path: Path) -> None:
    root = project(tmp_path, a=talk("One", "slug: x"), b=talk("Two", "slug: X"))
    report = build(root, keep_going=True)
    assert [finding.message for finding in report.diagnostics] == [
        "wants the address x.html, which content/a.md has already"
    ]


def test_build_that_draws_nothing_loads_neither_pillow_nor_fonts(tmp_path: Path) -> None:
    root = project(tmp_path, a=talk())
    script = (
        "import sys; from sitegen import build; build(sys.argv[1]);"
        "print([n for n in sys.modules if n.split('.')[0] in ('PIL', 'pymupdf_fonts')])"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert "PIL" in outputs[0]
    assert outputs[1] == "[]"


def test_colours_of_pictures_are_those_of_the_style_sheet() -> None:
    sheet = (ROOT / "layouts/static/css/1-tokens.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}),", sheet))
    assert tuple(light[f"hue-{number}"] for number in range(8)) == SHADES
    assert (light["ground"], light["text"], light["muted"]) == (GROUND, INK, MUTED)
    assert (light["label-ground"], light["label-text"]) == (LABEL_GROUND, LABEL_TEXT)


def test_own_colours_and_signs_of_voices_are_on_the_card() -> None:
    own = (("#ff0000", "☉"), ("teal", ""), ("", "☂"))
    shown = [look(hue, own) for hue in (8, 9, 10)]
    assert [one.sign for one in shown] == ["☉", "◆", "☂"]
    assert shown[0].color != "#ff0000", "made dark enough to be read"
    assert (shown[1].color, shown[2].color) == (SHADES[4], SHADES[2])
