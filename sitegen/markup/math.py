"""TeX to MathML, and the rule by which a dollar sign is mathematics."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from math_core import LatexError, LatexToMathML

__all__ = ["Mask", "mask_dollars", "render_math"]

MAX_LENGTH = 4_000
"""Characters of a formula; longer ones stay TeX."""

MAX_NESTING = 40
"""Levels of a formula; deeper ones could exhaust the converter's stack."""

STAND_INS = "\U0001ecb0﷼₻⃁"
"""Currency signs rare enough to stand for a dollar sign while Markdown is parsed."""

SPANS = re.compile(
    r"""\\.                                          # an escaped character
    | (?P<ticks>`+)(?:[^`\n]|(?!(?P=ticks)(?!`))`)+?(?P=ticks)(?!`)   # code
    | \$\$(?:[^$\\\n]|\\.|\n(?![ \t]*\n))+\$\$       # display mathematics
    | \$+                                            # anything else is looked at below
    """,
    re.VERBOSE,
)

# Opens before a non-space and not after a word character; closes after a non-space and
# not before a word character; in between no other dollar sign, on one line.
INLINE = re.compile(r"(?<![\w$])\$(?=[^\s$])(?:[^$\\\n]|\\.)*?(?<=[^\s\\])\$(?![\w$])")

STYLE = re.compile(r' style="([^"]*)"')
TAG = re.compile(r"<[a-z][^<>]*>")


class Mask:
    """A text in which dollar signs that are not mathematics were hidden, and how to undo it."""

    def __init__(self, text: str, stand_in: str) -> None:
        self.text = text
        self.stand_in = stand_in

    def restore(self, html: str) -> str:
        """Put the dollar signs back, in text and in (percent-encoded) addresses."""
        if not self.stand_in:
            return html
        encoded = "".join(f"%{byte:02X}" for byte in self.stand_in.encode())
        return html.replace(self.stand_in, "$").replace(encoded, "$")


def mask_dollars(text: str) -> Mask:
    """Hide the dollar signs that are prices, variables or anything but mathematics.

    The engine's own rule is laxer: it makes a formula of `$HOME/$USER`. The stand-in is
    a currency sign too, so that emphasis beside it is parsed as beside a dollar sign.
    """
    if "$" not in text:
        return Mask(text, "")
    stand_in = next((sign for sign in STAND_INS if sign not in text), "")
    if not stand_in:
        return Mask(text, "")
    pieces: list[str] = []
    end = 0
    position = 0
    while span := SPANS.search(text, position):
        position = span.end()
        if not span[0].startswith("$") or (span[0].startswith("$$") and len(span[0]) > 4):
            continue
        formula = INLINE.match(text, span.start()) if span[0] == "$" else None
        if formula:
            position = formula.end()
            continue
        pieces += [text[end : span.start()], stand_in * len(span[0])]
        end = span.end()
    return Mask("".join(pieces) + text[end:], stand_in)


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)


def render_math(tex: str, display: bool) -> str:
    """MathML of a formula; the literal TeX in `<code class="math">` where it is refused."""
    literal = f'<code class="math">{escape(tex.strip(), quote=False)}</code>'
    if len(tex) > MAX_LENGTH or _nesting(tex) > MAX_NESTING:
        return literal
    try:
        mathml = _converter().convert_with_local_state(tex.strip(), displaystyle=display)
    except LatexError:
        return literal
    return TAG.sub(_without_style, mathml)


def _nesting(tex: str) -> int:
    """An upper bound of how deep a formula nests: open braces, or commands in a row."""
    depth = deepest = 0
    for mark in re.findall(r"\\[{}\\]|[{}]|\\left\b|\\right\b|\\begin\b|\\end\b", tex):
        if mark in ("{", r"\left", r"\begin"):
            depth += 1
            deepest = max(deepest, depth)
        elif mark in ("}", r"\right", r"\end"):
            depth -= 1
    chain = max((run.count("\\") for run in re.findall(r"(?:\\[A-Za-z]+\s*)+", tex)), default=0)
    return max(deepest, chain)


def _without_style(tag: re.Match[str]) -> str:
    """A tag whose inline style, which the page's policy forbids, became classes."""
    return STYLE.sub(lambda style: _classes(style[1]), tag[0])


def _classes(style: str) -> str:
    names = []
    attributes = ""
    for rule in style.split(";"):
        key, _, value = (part.strip() for part in rule.partition(":"))
        if key == "text-align" and value in ("left", "right"):
            names.append(f"math-{value}")
        elif key == "width" and value in ("50%", "100%"):
            names.append(f"math-w{value[:-1]}")
        elif key == "color" and re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
            attributes += f' mathcolor="{value}"'
        elif key.startswith("border-") and value.partition(" ")[0]:
            names.append("math-" + key.removeprefix("border-"))
    known = [n for n in names if n.removeprefix("math-").isalnum()]
    return (f' class="{" ".join(known)}"' if known else "") + attributes
