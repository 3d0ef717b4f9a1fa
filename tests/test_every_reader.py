"""Hostile texts in every field of every format: nothing of them becomes markup of ours."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import write_site
from hostile import EVERY, of_every_format, one_rotation
from lxml import html
from planting import bases, fields, formats, places

from sitegen import build
from sitegen.model import (
    Attachment,
    Image,
    Message,
    Participant,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Transcript,
)
from sitegen.readers.texts import TEXT_FORMATS

EXPORTS = frozenset(
    [
        *("chatgpt", "claude-ai", "claude-code", "codex", "pi", "gemini-cli", "cursor"),
        *("vscode-copilot", "messages", "sharegpt", "captions", "podcast", "whatsapp", "discord"),
        *("slack", "telegram", "messenger", "backrooms", "inspect"),
    ]
)
"""The formats beside those of text."""

OURS = frozenset(
    [
        "Transcript.format",
        "Transcript.language",
        "ToolCall.language",
        "Image.alt",
        "Participant.url",
    ]
)
"""Texts of the model that formats do not give, or give from a list."""


def test_every_format_has_a_sample_with_places_in_it() -> None:
    seen = {format for name in bases() for format in formats(name)}
    assert seen == EXPORTS | set(TEXT_FORMATS) | {"document", "canonical"}
    assert [name for name in bases() if not places(name)] == []
    assert sum(len(places(name)) for name in bases()) > 900


def test_every_text_of_the_model_is_reached() -> None:
    kinds = (Transcript, Message, Participant, Text, Thinking, ToolCall, ToolResult)
    texts = {
        f"{kind.__name__}.{field.name}"
        for kind in (*kinds, Image, Attachment)
        for field in dataclasses.fields(kind)
        if str(field.type) in ("str", "tuple[str, ...]", "tuple[tuple[str, str], ...]")
    }
    reached = {field for name in bases() for found in fields(name).values() for field in found}
    assert texts - reached <= OURS


# What the pages are made of


MATH = frozenset(
    [
        *("math", "mi", "mn", "mo", "ms", "mtext", "mrow", "mfrac", "msqrt", "mroot", "msub"),
        *("msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mspace"),
        *("mstyle", "mpadded", "mphantom", "mprescripts", "mmultiscripts", "merror"),
    ]
)
MARKS = frozenset(
    [
        *("h4", "h5", "h6", "ol", "ul", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr"),
        *("th", "td", "del", "ins", "sub", "sup", "mark", "blockquote", "hr", "br", "em", "strong"),
        *("code", "pre", "a", "p", "div", "span", "bdi", "input", "img", "section", "abbr"),
    ]
)
"""What Markdown makes of a text; everything else is the page's."""

ATTRIBUTES = frozenset(
    [
        *(("bdi", "data-code"), ("ol", "start"), ("a", "title"), ("a", "rel"), ("a", "href")),
        *(("div", "dir"), ("div", "role"), ("div", "tabindex"), ("div", "aria-label")),
        *(("span", "aria-label"), ("span", "tabindex"), ("input", "type"), ("input", "checked")),
        *(("input", "disabled"), ("img", "src"), ("img", "alt"), ("img", "title"), ("th", "scope")),
        *(("ol", "id"), ("sup", "id"), ("li", "id"), ("h2", "id"), ("h3", "id"), ("h4", "id")),
        *((tag, "class") for tag in MARKS),
    ]
)
MATH_ATTRIBUTES = frozenset(
    [
        *("display", "class", "stretchy", "mathvariant", "separator", "form", "lspace", "rspace"),
        *("minsize", "maxsize", "symmetric", "width", "height", "depth", "accent", "accentunder"),
        *("linethickness", "displaystyle", "scriptlevel", "columnalign", "columnspan", "fence"),
        *("movablelimits", "largeop", "voffset", "intent", "arg", "columnlines", "rowlines"),
    ]
)
OUR_CLASSES = re.compile(
    r"(?:code|highlight|[a-z][a-z0-9]?[a-z0-9]?|language-[\w+#.-]+|math\S*|markdown-alert\S*|align-\w+"
    r"|raw|formula|unseen|target|image-link|heat-\d|hue-\d+|v\d+-\d+|long|more|other|rest|footnote\S*|headerlink|task\S*|steps?"
    r"|box|output|failed|toc|admonition\S*)\Z"
)


def inventory(site: Path) -> dict[tuple[str, str], str]:
    """Every element, attribute and class of a site's pages, each with a page that has it."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(site.rglob("*.html")):
        for thing in _things(path):
            found.setdefault(thing, path.name)
    return found


def _things(path: Path) -> Iterator[tuple[str, str]]:
    for element in html.document_fromstring(path.read_bytes()).iter():
        tag: object = element.tag  # Of a comment it is a function.
        if not isinstance(tag, str):
            yield "a comment or the like", str(element)
            continue
        yield tag, ""
        for name, value in element.attrib.items():
            yield tag, str(name)
            if name == "class":
                yield from (("class", one) for one in str(value).split())


def is_ours(kind: str, name: str) -> bool:
    """Whether something in a page is what sitegen makes of text, whoever wrote that."""
    if kind == "class":
        return bool(OUR_CLASSES.match(name))
    if kind in MATH:
        return not name or name in MATH_ATTRIBUTES
    return kind in MARKS if not name else (kind, name) in ATTRIBUTES


@pytest.fixture(scope="module")
def benign(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """What the pages of all samples are made of, as their authors wrote them."""
    files = {
        f"content/{n}/{base.file}": base.planted({}) for n, base in enumerate(bases().values())
    }
    staple = "---\ntitle: Two\nstaple: [7/wren_vs_orrery.json, 8/rounds.json]\n---\nSide by side.\n"
    root = write_site(
        tmp_path_factory.mktemp("benign"),
        {**files, "content/pages/two.md": staple},
    )
    build(root, base_url="http://127.0.0.1/repo/")
    return set(inventory(root / "output"))


def strange(site: Path, benign: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What is in a site's pages that is neither in benign ones nor made of Markdown."""
    found = inventory(site)
    return {
        thing: page for thing, page in found.items() if thing not in benign and not is_ours(*thing)
    }


def test_what_is_not_ours_is_found(tmp_path: Path) -> None:
    page = "<p class=byline>x<img src=x onerror=y><svg/onload=y><a ping=z><!-- c --><b id=q>"
    (tmp_path / "a.html").write_text(page)
    found = set(strange(tmp_path, set()))
    assert found > {
        *(("class", "byline"), ("img", "onerror"), ("svg", ""), ("a", "ping"), ("b", "id")),
    }
    assert any("comment" in kind for kind, _ in found)


def hostile_site(root: Path, files: dict[str, str | bytes]) -> Path:
    """The built site of hostile files; what cannot be read is left out, with an error."""
    report = build(write_site(root, files), keep_going=True, base_url="http://127.0.0.1/repo/")
    assert report.transcripts > 40
    return root / "output"


def test_no_reader_lets_a_text_become_markup(tmp_path: Path, benign: set[tuple[str, str]]) -> None:
    site = hostile_site(tmp_path, of_every_format())
    assert strange(site, benign) == {}
    shown = "".join(path.read_text("utf-8") for path in site.rglob("transcript.txt"))
    assert len([v for v in EVERY if " ".join(v.split())[:40] in " ".join(shown.split())]) > 600


def test_no_field_lets_a_text_become_markup(tmp_path: Path, benign: set[tuple[str, str]]) -> None:
    for start in (0, 400):
        site = hostile_site(tmp_path / str(start), one_rotation(start))
        assert strange(site, benign) == {}


NIGHTS = 43
"""So many parts of the night's work; each takes minutes."""


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(NIGHTS))
def test_every_text_in_every_field_of_every_format(
    part: int, tmp_path: Path, benign: set[tuple[str, str]]
) -> None:
    for start in range(part, len(EVERY), NIGHTS):
        site = hostile_site(tmp_path, one_rotation(start))
        assert strange(site, benign) == {}, start
