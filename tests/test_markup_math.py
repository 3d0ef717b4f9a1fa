"""Mathematics is set, money is not, and what is refused stays as it was written."""

from __future__ import annotations

import subprocess
import sys
from html import unescape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from parsed import Parsed, text_of

from sitegen.markup import MessageRenderer
from sitegen.markup.math import STAND_INS, mask_dollars, render_math
from sitegen.model import Text

ENGINES = ("commonmark", "markdown")
RENDERERS = {
    "commonmark": MessageRenderer("commonmark"),
    "markdown": MessageRenderer("markdown"),
}


def render(text: str, engine: str) -> str:
    return str(RENDERERS[engine].render([Text(text)])[0].html)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("so $x^2$ is", False),
        ("$x$", False),
        ("($x$), y.", False),
        ("**$x$**", False),
        ("- $x$", False),
        ("| $x$ |\n|---|\n| y |", False),
        ("cost $5, so $x = 5$", False),
        (r"\(x^2\)", False),
        ("$$x^2$$", True),
        ("$$\nx^2\n$$", True),
        (r"\[x^2\]", True),
        ("a\n\n\\[\nx^2\n\\]\n\nb", True),
        ("```math\nx^2\n```", True),
        (r"$\$5 + x$", False),
        ("> $$x$$", True),
    ],
)
def test_is_mathematics(text: str, display: bool, engine: str) -> None:
    html = render(text, engine)
    attrs = [attrs for tag, attrs in Parsed(html).tags if tag == "math"]
    assert len(attrs) == 1
    assert ("display" in attrs[0]) == display
    assert "$" not in text_of(html).replace("$5", "")


MONEY = (
    "It costs $5.",
    "between $5 and $10",
    "$5, $6 and $7",
    "a $20 bill and a $50 note",
    "US$5 and A$7",
    "5$ or 6$",
    "$HOME/$USER",
    "echo $PATH:$HOME",
    "${HOME} and ${USER}",
    "$1 $2 $3",
    "a$b$c",
    "$ x $",
    "$x $",
    "$ x$",
    "$a\nb$",
    "$$",
    "$$$",
    "a $$ b",
    "`$x$`",
    "``$x$ ` $y$``",
    "```\n$x$\n```",
    "    $x$",
    r"\$x\$",
    r"costs \$5 and \$6",
    "$5-$10",
    "$100k/$200k",
    "~$5 (~$6)",
    "**$5** and **$6**",
    "[$5](https://example.org/$6)",
    "https://example.org/?a=$x&b=$y",
    "| $5 | $6 |\n|---|---|\n| $7 | $8 |",
    "jQuery: $('a').on('b', $c)",
    "awk '{print $1, $NF}'",
    "$x$1",
)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", MONEY)
def test_is_not_mathematics(text: str, engine: str) -> None:
    html = render(text, engine)
    assert "<math" not in html
    assert 'class="math"' not in html
    found = text_of(html) + "".join(Parsed(html).values("href"))
    linked = text.count("$") if "://" in text and "](" not in text else 0
    assert found.count("$") == text.count("$") + linked
    assert not set(STAND_INS) & set(found)


@given(
    st.lists(st.sampled_from(["$", "$5", "a", " ", "\n", "x$ ", "`", "*", "\\", "é"])).map("".join)
)
def test_masking_keeps_every_sign(text: str) -> None:
    """What is hidden comes back, and nothing else changed."""
    mask = mask_dollars(text)
    assert mask.restore(mask.text) == text
    assert len(mask.text) == len(text)


@given(
    st.lists(st.sampled_from(["$5", "$ ", "$HOME/", " and ", "$10.50", ", ", "US$", "ok", "\n"]))
)
def test_dollars_in_are_dollars_out(parts: list[str]) -> None:
    text = "".join(parts).strip()
    assume(not mask_dollars(text).text.count("$"))
    for engine in ENGINES:
        assert text_of(render(text, engine)).count("$") == text.count("$")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("sign", STAND_INS)
def test_signs_of_our_own_use_stay(sign: str, engine: str) -> None:
    """A text that holds the signs we hide dollars behind keeps them, however written."""
    number = f"&#x{ord(sign):X};"
    encoded = "".join(f"%{byte:02X}" for byte in sign.encode())
    text = f"$5 {sign} {number} <https://example.org/{encoded}>"
    html = render(text, engine)
    assert text_of(html).count(sign) == 2
    assert text_of(html).count("$") == 1
    assert Parsed(html).values("href") == [f"https://example.org/{encoded}"]


def test_all_our_signs_in_one_text() -> None:
    """Then nothing is hidden, and the engine's own rule decides; nothing gets lost."""
    text = f"$5 {STAND_INS}"
    assert mask_dollars(text).text == text
    assert text_of(render(text, "commonmark")) == text


REFUSED = (
    r"\unknown{x}",
    r"\frac{1",
    r"\href{javascript:alert(1)}{x}",
    r"\class{bar}{x}",
    r"\style{position:fixed}{x}",
    r"\includegraphics{x}",
    r"\ce{H2O}",
    r"a & b",
    r"#1",
    "50% of x",
    r"x % a comment",
    r"\def\x{y}\x",
    r"\newcommand{\x}{y}\x",
    r"\renewcommand{\frac}{x}\frac",
    r"\let\x=y\x",
    r"\hspace{1000cm}x",
    r"\hspace{99999999999999999999cm}x",
    r"\raisebox{900pt}{x}",
    "x" * 4001,
    "{" * 41 + "x" + "}" * 41,
    r"\sqrt" * 41 + "x",
    r"\left(" * 41 + r"\right)" * 41,
    "<script>" + r"\unknown",
)


@pytest.mark.parametrize("tex", REFUSED)
@pytest.mark.parametrize("display", [False, True])
def test_what_is_refused_stays_tex(tex: str, display: bool) -> None:
    html = render_math(tex, display)
    assert html.startswith('<code class="math">')
    assert unescape(text_of(html)) == tex
    assert [tag for tag, _ in Parsed(html).tags] == ["code"]


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"50\%", "50%"),
        (r"\text{<b>}", "<b>"),
        (r"a < b", "a<b"),
        (r"\mathbb{R}", "ℝ"),
        (r"\hspace{1cm}x", "x"),
        (r"x \\ y", "xy"),
        (r"\deftly", r"\deftly"),
    ],
)
def test_what_is_set(tex: str, shown: str) -> None:
    assert text_of(render_math(tex, False)) == shown


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\color{red}x", 'mathcolor="#FF0000"'),
        (r"\begin{aligned}a&=b\end{aligned}", 'class="math-right"'),
        (r"\begin{array}{c|c}a&b\end{array}", "math-line-right"),
    ],
)
def test_layout_is_classes(tex: str, part: str) -> None:
    """The policy of every page forbids inline styles."""
    html = render_math(tex, True)
    assert part in html
    assert "style=" not in html


@given(st.text(alphabet="\\{}$^_&%#<>\"' abfrctexl\n[]()|=", max_size=60))
def test_any_formula_is_harmless(tex: str) -> None:
    page = Parsed(render_math(tex, False))
    assert not page.others
    assert not page.unbalanced
    assert not page.values("href", "style", "src", "id", "onclick")
    assert {tag for tag, _ in page.tags} & {"script", "img", "a", "svg", "style"} == set()


NESTS = {
    "braces": ("{", "}"),
    "roots": (r"\sqrt{", "}"),
    "delimiters": (r"\left(", r"\right)"),
    "environments": (r"\begin{matrix}", r"\end{matrix}"),
    "powers": ("x^{", "}"),
    "powers without braces": ("x^", "x"),
    "commands in a row": (r"\sqrt ", "x"),
    "fractions": (r"\frac{1}{", "}"),
    "texts": (r"\text{$", "$}"),
    "primes": ("x'", ""),
    "brackets": (r"\sqrt[", "]{x}"),
    "overlines": (r"\overline ", "x"),
    "accents": (r"\hat\bar ", "x"),
}


@pytest.mark.parametrize("depth", [39, 600, 5000])
@pytest.mark.parametrize("name", NESTS)
def test_deep_formulas_do_not_end_the_process(name: str, depth: int) -> None:
    """The converter overflows its stack, which no `except` could catch: hence a child."""
    start, end = NESTS[name]
    program = (
        "import sys, sitegen.markup.math as m; m.MAX_LENGTH = 10**6;"
        "tex = sys.stdin.read(); html = m.render_math(tex, True); print(len(html))"
    )
    child = subprocess.run(
        [sys.executable, "-c", program],
        input=start * depth + "x" + end * depth,
        capture_output=True,
        text=True,
    )
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) > 0
