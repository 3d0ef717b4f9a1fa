"""Code is coloured, and not a byte of it is changed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsed import Parsed
from pygments.lexers import get_all_lexers

from sitegen.markup import MessageRenderer
from sitegen.markup import highlight as room
from sitegen.markup.highlight import code_block, highlight
from sitegen.model import Text

LANGUAGES = sorted({alias for _, aliases, _, _ in get_all_lexers() for alias in aliases})
SNIPPETS = (
    "",
    "\n",
    "\n\n  \n",
    " \t x",
    "def f(x: int) -> str:\n    return f\"{x!r}\" # <b> & 'q'\n",
    "<?php echo \"<p class='a'>$x</p>\"; ?>\n{{ x|safe }} {% if %}",
    "$ ls -la | grep '&&' > /dev/null 2>&1\nroot@host:~# exit",
    '{"a": [1, 2.5e3, null, "\\u00e9"]}',
    "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new",
    "灯台 🎈 \u0301e \u200b \u00a0 \u2028 \x0c end",
    "/* never closed\n\"string\n'char\n`tick\n<!-- ",
    ">>> 1\n1\nTraceback (most recent call last):\n  File",
)
PLAIN = re.compile(r"<span class=\"[a-z]{1,2}\">|</span>")
UNSEEN = re.compile(r'<bdi class="unseen" data-code="U\+(?P<number>[^"]+)">(?P<sign>.)</bdi>')


def code_of(html: str) -> str:
    """The code in highlighted HTML; anything but our spans would be left in it."""
    bare = PLAIN.sub("", html)
    assert "<" not in bare
    return unescape(bare)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_keeps_every_byte(language: str) -> None:
    for code in SNIPPETS:
        assert code_of(highlight(code, language)) == code


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.text(
    alphabet="<>&\"'`/*#-{}()[]$\\ \n\tabif019=:;!|", max_size=200
)


@pytest.mark.parametrize(
    "language",
    ["python", "html", "php", "bash", "json", "c++", "console", "diff", "markdown", "yaml"],
)
@given(code=TEXTS)
def test_any_text_keeps_every_byte(language: str, code: str) -> None:
    assert code_of(highlight(code, language)) == code


@given(code=TEXTS)
def test_code_of_a_message_survives(code: str) -> None:
    """Through a fence of either engine, whatever the code is."""
    shown = "".join(c for c in code if c >= " " or c in "\n\t").replace("\x7f", "")
    shown = re.sub("[\x80-\x9f\ufdd0-\ufdef]|[^\0-\uffff]|[\ufffe\uffff]", "", shown)
    body = f"~~~~~~~~ python\n{shown}\n~~~~~~~~"
    html = str(MESSAGES.render([Text(body)])[0].html)
    marked = html.partition("<code>")[2].partition("</code>")[0]
    assert code_of(UNSEEN.sub(_named_sign, marked)) == shown


def _named_sign(mark: re.Match[str]) -> str:
    """An unseen sign out of its mark, which says its number."""
    assert mark["number"] == f"{ord(mark['sign']):04X}"
    return mark["sign"]


MESSAGES = MessageRenderer()


@pytest.mark.parametrize(
    ("language", "code", "html"),
    [
        ("python", "return 1", '<span class="k">return </span><span class="n">1</span>'),
        ("Python", "return", '<span class="k">return</span>'),
        ("python", "# x", '<span class="c"># x</span>'),
        ("json", '"x"', '<span class="s">&quot;x&quot;</span>'),
        ("diff", "+x", '<span class="gi">+x</span>'),
        ("diff", "-x", '<span class="gd">-x</span>'),
        ("", "return <1>", "return &lt;1&gt;"),
        ("text", "return", "return"),
        ("no-such-language", "return", "return"),
        ("py thon", "return", "return"),
    ],
)
def test_classes(language: str, code: str, html: str) -> None:
    assert unescape(highlight(code, language)) == unescape(html)
    assert PLAIN.findall(highlight(code, language)) == PLAIN.findall(html)


def test_the_language_is_never_guessed() -> None:
    assert highlight("#!/usr/bin/env python\nimport os", "") == "#!/usr/bin/env python\nimport os"


@pytest.mark.parametrize("size", [-1, 0, 1])
def test_a_large_block_is_plain(size: int) -> None:
    code = "return".ljust(room.MAX_BYTES + size)
    assert ("<span" in highlight(code, "python")) == (size <= 0)
    assert code_of(highlight(code, "python")) == code


@pytest.mark.parametrize(
    ("code", "language", "info", "label", "scrolls"),
    [
        ("x\n", "", "", "", False),
        ("x\n", "python", "", "python", False),
        ("x\n", "python", 'title="<a>"', 'python title="<a>"', False),
        ("x" * 70, "", "", "", False),
        ("x" * 71, "", "", "", True),
        ("x" * 71, 'a" onclick="b', "", 'a" onclick="b', True),
        ("\n".join(["x"] * 40), "", "", "", False),
    ],
)
def test_code_block(code: str, language: str, info: str, label: str, scrolls: bool) -> None:
    page = Parsed(code_block(code, language, info))
    pre = next(attrs for tag, attrs in page.tags if tag == "pre")
    assert page.text == label + code.removesuffix("\n")
    assert [attrs for _, attrs in page.tags if "code-head" in attrs.values()] == (
        [{"class": "code-head"}] if label else []
    )
    focus = {"tabindex": "0", "role": "group", "aria-label": label or "Code"}
    assert pre == (focus if scrolls else {})


def test_a_long_block_says_how_long_it_is_and_loses_nothing() -> None:
    code = "\n".join(f"line {n}" for n in range(41))
    page = Parsed(code_block(code, "python"))
    assert page.text == "python" + "All 41 lines" + code
    assert ("div", {"class": "code long"}) in page.tags
    assert ("pre", {"tabindex": "0", "role": "group", "aria-label": "python"}) in page.tags


@pytest.mark.parametrize(("code", "kept"), [("x", "x"), ("x\n", "x"), ("x\n\n", "x\n"), ("\n", "")])
def test_only_the_last_line_end_goes(code: str, kept: str) -> None:
    assert code_block(code, "") == f'<div class="code"><pre><code>{kept}</code></pre></div>'
