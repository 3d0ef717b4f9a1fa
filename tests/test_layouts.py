"""Layouts as others write them: what their README promises holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers import built, exported, write_site

from sitegen.assets import builtin_layouts
from sitegen.formats import Formats

LAYOUTS = builtin_layouts()
README = (LAYOUTS / "README.md").read_text(encoding="utf-8")
TEMPLATES = sorted(path.relative_to(LAYOUTS).as_posix() for path in LAYOUTS.rglob("*.html"))
TALK = exported([("Ada", "Hello"), ("Bo", "Hello to you")], started="2025-03-04 09:12:00")


def blocks(name: str) -> set[str]:
    return set(re.findall(r"{% block (\w+) %}", (LAYOUTS / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_layout_and_block_is_documented_and_says_what_it_gets(name: str) -> None:
    (row,) = re.findall(rf"^\| `{re.escape(name)}` \|(.*)$", README, re.MULTILINE)
    own = blocks(name) - (set() if name == "base.html" else blocks("base.html"))
    assert own <= set(re.findall(r"`(\w+)`", row))
    assert (LAYOUTS / name).read_text(encoding="utf-8").startswith("{#-")


def test_every_filter_is_documented() -> None:
    assert set(Formats().filters()) <= set(re.findall(r"`(\w+)[(`]", README))


def test_the_example_of_the_readme_works(tmp_path: Path) -> None:
    example = re.search(r"```jinja\n(.*?)```", README, re.DOTALL)
    assert example
    files = {"content/a.md": TALK, "layouts/transcript.html": example[1]}
    page = built(write_site(tmp_path, files))["a.html"].decode()
    assert '<p class="byline">4 March 2025, by the night desk</p>' in page
    assert "Hello to you" in page


def test_one_partial_can_be_replaced(tmp_path: Path) -> None:
    shown = "<p id='m{{ message.number }}'>{{ message.html }}</p>"
    own = "{% for message in messages %}" + shown + "{% endfor %}"
    files = {"content/a.md": TALK, "layouts/partials/messages.html": own}
    page = built(write_site(tmp_path, files))["a.html"].decode()
    assert "<p id='m1'><p>Hello</p></p><p id='m2'><p>Hello to you</p></p>" in page
    assert "<article" not in page
