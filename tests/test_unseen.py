"""Signs in code that nobody sees are shown, stay what they are, and are shown nowhere else."""

from __future__ import annotations

import re

import pytest
from parsed import Parsed

from sitegen.markup import MessageRenderer
from sitegen.markup.prose import ProseRenderer
from sitegen.markup.unseen import show_unseen
from sitegen.model import Text

SIGNS = (
    "\u202e\u202d\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    "\u200b\u2060\ufeff\u00ad"
)
MARK = re.compile(r'<bdi class="unseen" data-code="U\+([0-9A-F]+)">(.)</bdi>')


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    "form", ["```\na{}b\n```", "```python\nx = 'a{}b'\n```", "- `a{}b`", "```x{}y\nc\n```"]
)
@pytest.mark.parametrize("engine", ["commonmark", "markdown"])
def test_sign_in_code_is_shown_with_its_number(sign: str, form: str, engine: str) -> None:
    renderer = MessageRenderer("commonmark" if engine == "commonmark" else "markdown")
    (body,) = renderer.render([Text(form.format(sign))])
    assert MARK.findall(str(body.html)) == [(f"{ord(sign):04X}", sign)]
    assert sign in Parsed(str(body.html)).text


def test_sign_in_words_is_left_to_do_its_work() -> None:
    (body,) = MessageRenderer().render([Text("\u2067שלום\u2069 and \u200f *this*")])
    assert "<bdi" not in body.html
    assert "\u2067" in body.html


def test_sign_in_code_of_an_author_is_shown() -> None:
    assert MARK.search(str(ProseRenderer().render("Look: `a\u202eb`")))


def test_what_tools_put_out_is_code_and_attributes_are_not() -> None:
    html = '<pre class="output">\na\u202eb</pre><p title="\u202e">\u202e</p>'
    assert MARK.sub(r"\2", show_unseen(html)) == html
    assert len(MARK.findall(show_unseen(html))) == 1
