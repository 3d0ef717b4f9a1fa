"""Message bodies become HTML that shows all that was written, each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest
from comrak import ExtensionOptions
from helpers import read
from hypothesis import example, given
from hypothesis import strategies as st
from parsed import Parsed, missing, text_of
from vectors import VECTORS

from sitegen.bulk import to_bytes
from sitegen.config import Config
from sitegen.markup import MessageRenderer, messages, render_bodies
from sitegen.markup.pymarkdown import is_too_costly
from sitegen.model import Text
from sitegen.render.messages import MessageLayout

ENGINES = ("commonmark", "markdown")
RENDERERS = {
    "commonmark": MessageRenderer("commonmark"),
    "markdown": MessageRenderer("markdown"),
}
FIXTURES = Path(__file__).parent / "fixtures" / "markup"
CASE = re.compile(
    r"(?P<title>.+)\n\.\n(?P<input>(?s:.*?))\n\.\n(?P<expected>(?s:.*?))\n\.(?:\n|\Z)"
)


class Golden(Protocol):
    """The fixture of that name."""

    def check(self, name: str, actual: str) -> None: ...


def render(text: str, engine: str = "commonmark", chat: bool = False) -> str:
    (rendered,) = RENDERERS[engine].render([Text(text, hard_breaks=chat)])
    assert rendered.problem == ""
    return str(rendered.html)


def cases() -> Iterator[Any]:
    for engine in ENGINES:
        for case in CASE.finditer((FIXTURES / f"{engine}.txt").read_text("utf-8")):
            name = f"{engine}: {case['title']}"
            # The comrak that has a wheel for Windows is too old for this one case.
            too_old = "CJK" in name and not hasattr(ExtensionOptions(), "cjk_friendly_emphasis")
            marks = [pytest.mark.skipif(too_old and engine == "commonmark", reason="old comrak")]
            yield pytest.param(engine, case["input"], case["expected"], id=name, marks=marks)


@pytest.mark.parametrize(("engine", "text", "expected"), list(cases()))
def test_fixture(engine: str, text: str, expected: str) -> None:
    assert render(text, engine) == expected


def test_every_fixture_is_read() -> None:
    """A case with a slip in its form would be passed over."""
    for engine in ENGINES:
        text = (FIXTURES / f"{engine}.txt").read_text("utf-8")
        assert text.count("\n.\n") == 3 * len(CASE.findall(text))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "```python\nopen",
        "~~~\nopen",
        "<!-- open",
        "<div>",
        "<pre>",
        "<script>",
        "<![CDATA[",
        "$$ open",
        "\\[ open",
        "**open",
        "`open",
        "[open](",
        "[open",
        "> open",
        "- open",
        "| a |\n|---|",
        "[label]: https://example.org",
        "text\n===",
        "&",
        "\\",
    ],
)
def test_a_message_never_reaches_into_the_next(text: str, engine: str) -> None:
    bodies = [Text("**first**"), Text(text), Text("**next** [label]")]
    first, _, last = RENDERERS[engine].render(bodies)
    assert first.html == "<p><strong>first</strong></p>"
    assert last.html == "<p><strong>next</strong> [label]</p>"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\n "])
def test_blank(text: str, engine: str) -> None:
    assert render(text, engine) == ""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_as_many_come_out_as_went_in(count: int, engine: str) -> None:
    rendered = RENDERERS[engine].render([Text(f"text {n}") for n in range(count)])
    assert [r.html for r in rendered] == [f"<p>text {n}</p>" for n in range(count)]


@pytest.mark.parametrize("engine", ENGINES)
def test_line_ends_of_a_chat_box_are_line_ends(engine: str) -> None:
    assert re.sub(r"\n", "", render("one\ntwo", engine, chat=True)) == "<p>one<br>two</p>"
    assert "<br>" not in render("one\ntwo", engine)
    code = "```\none\ntwo\n```"
    assert render(code, engine, chat=True) == render(code, engine)


# Fragments of Markdown; every @ becomes a word of its own, so that each can be missed.
FRAGMENTS = (
    *("@", "**@**", "*@* @", "`@`", "~~@~~", "\\@", "&@;", "$@$", "$$@$$", "\\(@\\)", "$ @ $5"),
    *("[@](http://a.org/@)", "[@](javascript:@)", '[@](/x/@ "@ @")', "[](http://a.org/@)"),
    *("![@](http://a.org/@.png)", "![@](x.png '@')", "![@](data:image/png;base64,AAAA '@')"),
    *("[@]", "[@][]", '[@]: http://a.org/@ "@"', "[@]: /@", "[@]:\n  <@>\n  '@\n@'", "[^@]: @ @"),
    *('> [@]: /@ "@"', "* [@]: <@ @>", "[^@]", "[@]: http://a.org\n[@]: http://b.org"),
    *("<@>", "</@>", "<!-- @ -->", '<@ @="@">@</@>', "<![CDATA[@]]>", "<?@ @?>", "<!@ @>"),
    *("<script>@</script>", "<style>@</style>", "<title>@", "<textarea>@", "<plaintext>@"),
    *("<details><summary>@</summary>@</details>", '<a href="@">@</a>', "<img alt='@'>"),
    *(
        "| @ | @ |\n|---|:-:|\n| @ | @ | @ |",
        "@ | @\n-|-\n@ | @ | @ | @",
        "> | @ |\n> |--|\n> |@|@",
    ),
    *("# @", "### @ ###", "@\n===", "@\n---", "- @", "1. @", "- [x] @", "- [ ] @", "> @", "    @"),
    *("> [!NOTE]\n> @", "> [!TIP] @\n> @", "@\n: @", "*[@]: @", "{: .@ }", "!!! @\n    @"),
    *("```@\n@\n```", "```@ @ @\n@\n", "~~~ @\n@", "```{.@ @=@}\n@\n```", "@  \n@", "@\\\n@"),
    *("<http://@.org>", "http://@.org/@", "www.@.org", "<@@x.org>", "==@==", "^@^", ":@:"),
    *("---", "***", "\\", "`", "``", "*", "_", "**", "~", "<", "[", "](", "!", "$$", "<!--"),
)
SEPARATORS = ("\n\n", "\n", " ", "", "\n> ", "\n- ", "\n    ", "\n1. ", "| ")


def _numbered(parts: Sequence[tuple[str, str]]) -> str:
    """The fragments as one text, with a number in each word."""
    pieces = "".join(fragment + separator for fragment, separator in parts).split("@")
    return "".join(f"{piece}w{100 + n}q" for n, piece in enumerate(pieces[:-1])) + pieces[-1]


DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from(SEPARATORS)), max_size=7
).map(_numbered)


@pytest.mark.parametrize("engine", ENGINES)
@given(text=DOCUMENTS)
@example("[ ~~a~~\n[label]:\n  <address>\n  'title'\n1. ")
@example("[one]:\n  <two>\n  'three\nfour'\n1. [five]: http://a.org/six \"seven\"\n1. ")
def test_no_word_is_lost(engine: str, text: str) -> None:
    assert missing(text, render(text, engine)) == set()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", [text for text in VECTORS if not text.startswith("[a][")])
def test_no_word_of_a_hostile_text_is_lost(text: str, engine: str) -> None:
    lost = missing(text, render(text, engine))
    # The numbers of entities are read, and TeX names what a formula shows.
    lost = {word for word in lost if f"\\{word}" not in text and f"&{word}" not in text}
    if "$" in text or "math" in text:
        lost = {word for word in lost if f"{{{word}" not in text and word != "math"}
    assert lost == set()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "code",
    [
        "[label]: /address",
        "> [label]:\n> /address",
        "| a |\n|---|\n| b | c |",
        "$HOME $5 $x$ \\$",
        "<b> &amp; &lt; &#65; \\*",
        "tail  \n\n  head",
        "```\ninner\n```",
        "\ufdd10\ufdd2",
    ],
)
def test_code_is_never_repaired(code: str, engine: str) -> None:
    """What completes a text must not touch code that looks like it."""
    shown = code.replace("\ufdd1", "⟨U+FDD1⟩").replace("\ufdd2", "⟨U+FDD2⟩")
    html = render(f"[label]: /unused\n\n| a |\n|---|\n| b | d |\n\n~~~~\n{code}\n~~~~", engine)
    codes = re.findall(r"<pre><code>(.*?)</code></pre>", html, re.DOTALL)
    assert [text_of(found) for found in codes] == [shown]
    assert missing("unused", html) == set()
    assert "<td>d</td>" in html


@pytest.mark.parametrize(
    ("size", "problem"), [(0, ""), (1, "is over 1 MB")], ids=["at the limit", "over"]
)
def test_a_huge_body_is_plain(size: int, problem: str) -> None:
    text = "<b>words</b> " * (messages.MAX_BYTES // 13)
    text = text.ljust(messages.MAX_BYTES + size, "x")
    (rendered,) = RENDERERS["commonmark"].render([Text(text)])
    assert rendered.problem == problem
    assert rendered.html.startswith('<pre class="plain">&lt;b&gt;words') == bool(problem)
    assert text_of(rendered.html) == text


def test_bytes_count_for_the_limit_not_signs() -> None:
    (rendered,) = RENDERERS["commonmark"].render([Text("灯" * (messages.MAX_BYTES // 3 + 1))])
    assert rendered.problem == "is over 1 MB"


def test_a_body_of_very_many_links_is_plain() -> None:
    text = "[a](" * (messages.MAX_LINKS + 1)
    (rendered,) = RENDERERS["commonmark"].render([Text(text)])
    assert rendered.problem == "has over 50,000 links"
    assert text_of(rendered.html) == text
    assert RENDERERS["commonmark"].render([Text(text[4:])])[0].problem == ""


class Panic(BaseException):
    """What a panic of a parser in Rust is to Python."""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("error", [ValueError, RecursionError, Panic])
def test_a_failing_engine_costs_no_text(engine: str, error: type[BaseException]) -> None:
    renderer = MessageRenderer("commonmark" if engine == "commonmark" else "markdown")
    convert = renderer.convert

    def fail(source: str, hard_breaks: bool) -> str:
        if "bad" in source:
            raise error("no")
        return convert(source, hard_breaks)

    renderer.convert = fail
    good, bad, last = renderer.render([Text("*a*"), Text("*bad* <b>\n\n$x$"), Text("*c*")])
    assert (good.html, good.problem) == ("<p><em>a</em></p>", "")
    assert (last.html, last.problem) == ("<p><em>c</em></p>", "")
    assert bad.html == '<pre class="plain">*bad* &lt;b&gt;\n\n$x$</pre>'
    assert bad.problem == f"cannot be parsed ({error.__name__})"


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError])
def test_what_ends_the_program_is_not_held_up(error: type[BaseException]) -> None:
    renderer = MessageRenderer()

    def fail(_source: str, _hard_breaks: bool) -> str:
        raise error

    renderer.convert = fail
    with pytest.raises(error):
        renderer.render([Text("a")])


RUNS = ("[", "![", "[a](", "*", "_", "`", "<", ">", "|", "#", "-", "$", "\\(", "\\[", "&", "~", "^")
MORE_RUNS = (":", "$$", "**a ", "[^", "<!--", "](", "\\", "$a ", "`a", "``", "~~a", "a_", "&#x;")
LINES = (
    "- a",
    "> a",
    "| a | b |",
    "|-|-|",
    "```",
    "~~~",
    "# a",
    "    a",
    "[a]: b",
    "<div>",
    "1. a",
)
NESTS = {
    "quotes": "> " * 5000 + "a",
    "quotes and lists": "> - " * 300 + "a",
    "lists": "".join("  " * depth + "- a\n" for depth in range(500)),
    "brackets": "[" * 5000 + "a" + "]" * 5000,
    "parentheses": "[a](" + "(" * 20_000 + ")" * 20_000,
    "emphasis": "*a **a " * 10_000,
    "backticks": " ".join("`" * length for length in range(400)),
    "wide table": "|a" * 2000 + "\n" + "|-" * 2000 + "\n" + "|b\n" * 2000,
    "definitions": "".join(f"[r{n}]: http://a.org/{n}\n" for n in range(3000)),
    "formula": "$" + "{" * 5000 + "}" * 5000 + "$",
    "alternating": "[(<`*_$" * 5000,
}
PATHOLOGICAL = {
    **{f"100,000 of {mark}": mark * 100_000 for mark in (*RUNS, *MORE_RUNS)},
    **{f"20,000 lines of {mark}": f"{mark}\n" * 20_000 for mark in (*RUNS, *LINES)},
    **NESTS,
}
SIGNS = re.compile(r"[A-Za-z0-9]")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_pathological(name: str, engine: str) -> None:
    """However a body is made, it comes out, and its letters are all there."""
    text = PATHOLOGICAL[name]
    (rendered,) = RENDERERS[engine].render([Text(text)])
    page = Parsed(str(rendered.html))
    shown = page.text + "".join(page.values("href", "aria-label"))
    # A list numbers its items itself, and `&#x;` is an entity's beginning.
    expected = 0 if "1. a" in name or "&#x;" in name else len(SIGNS.findall(text))
    found = len(SIGNS.findall(shown))
    assert (page.unbalanced, found >= expected) == ([], True)
    if not expected:
        assert bool(page.text.strip()) or bool(page.tags)


@pytest.mark.parametrize(
    ("text", "costly"),
    [
        ("- **item** [link](https://example.org) `code`\n" * 300, False),
        ("| a | b | c |\n" * 800, False),
        ("words and words, " * 50_000, False),
        ("```\n" + "[a](b) *c* _d_\n" * 20_000 + "```", False),
        ("*paragraph* [of](https://example.org) `text`\n\n" * 10_000, False),
        ("[" * 5000, True),
        ("[" * 5000 + "]" * 5000, True),
        ("# a\n" * 20_000, True),
        ("```\n" + "*a*\n" * 20_000, True),
        ("~~~\n" * 20_000, True),
    ],
)
def test_what_is_too_costly_for_python_markdown(text: str, costly: bool) -> None:
    assert is_too_costly(text) == costly


def test_too_costly_is_shown_as_written() -> None:
    text = "# <a>\n" * 20_000
    (rendered,) = RENDERERS["markdown"].render([Text(text)])
    assert rendered.problem == "has a block too long for this engine"
    assert text_of(rendered.html) == text
    assert RENDERERS["commonmark"].render([Text(text)])[0].problem == ""


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("one\n\ntwo", "one two"),
        ("a <b> & *c*", "a <b> & c"),
        ("", ""),
        ("```py\nif a:\n  b(c)\n```", "if a: b(c)"),
        ("sum $x^2$ up", "sum x^2 up"),
        ("- [x] done [here](javascript:1)", "☑ done here javascript:1"),
        ("![a lamp](https://e.org/l.png)", "a lamp"),
        ("![a lamp](https://e.org/l.png)" * 2, "a lamp a lamp"),
    ],
)
def test_words_of_a_body(markdown: str, words: str) -> None:
    assert RENDERERS["commonmark"].render([Text(markdown)])[0].words == words


@pytest.mark.parametrize(("images", "tag"), [("link", "a"), ("show", "img")], ids=["link", "show"])
def test_remote_images(images: str, tag: str) -> None:
    renderer = MessageRenderer("commonmark", "link" if images == "link" else "show")
    html = renderer.render([Text("![words](https://example.org/a.png)")])[0].html
    assert [name for name, _ in Parsed(html).tags] == ["p", tag]


TRANSCRIPTS = {
    "markup": (
        "# Ada ↔ Brook\n\n**Messages:** 4\n\n---\n\n### Ada\n\n# Head\n\n- [x] *done*\n\n---\n\n"
        "### Brook\n\n```python\nreturn 1\n```\n\n| a |\n|--:|\n| $x^2$ |\n\n---\n\n"
        "### Brook\n\n<b>&amp;</b> [a](javascript:x) $5\n\n---\n\n### Ada\n\n \n\n---\n"
    ),
    "right-to-left": (
        "# سلمى ↔ Ada\n\n**Messages:** 2\n\n---\n\n### سلمى\n\nمرحبا\n\n---\n\n"
        "### Ada\n\nHello\n\n---\n"
    ),
    "document": "# A text\n\nNobody speaks.\n",
}


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_golden_page(name: str, golden: Golden, tmp_path: Path) -> None:
    transcript = read(TRANSCRIPTS[name])
    bodies = render_bodies(transcript.messages, MessageRenderer())
    html = to_bytes(MessageLayout(Config(tmp_path)).lay_out(transcript, bodies)).decode()
    assert Parsed(html).unbalanced == []
    golden.check(f"pages/{name}.html", html)
