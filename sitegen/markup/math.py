"""TeX to MathML, and the rule by which a dollar sign is mathematics."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from urllib.parse import unquote

from math_core import LatexError, LatexToMathML

__all__ = ["Mask", "mask_dollars", "render_math"]

WIDE = 30
"""Characters of a formula that may not fit a phone."""

MAX_LENGTH = 4_000
"""Characters of a formula; longer ones stay TeX."""

MAX_NESTING = 40
"""Levels of a formula; deeper ones could exhaust the converter's stack."""

STAND_INS = "\U0001ecb0﷼₻⃁"
"""Currency signs rare enough to stand for a dollar sign while Markdown is parsed."""

LOSES = re.compile(
    r"(?<!\\)(?:\\\\)*(?:%|\\(?:def|edef|gdef|xdef|let|(?:re|provide)?newcommand)(?![A-Za-z]))"
)
"""Comments and macros: what they hold would be missing from the page."""

LENGTH = re.compile(r'="-?([0-9]+)[0-9.]*r?em"')
MAX_EMS = 20
"""Longer spaces would push a formula out of the page, or over other text."""

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

LAYOUT = re.compile(r' (style|displaystyle|scriptlevel)="([^"]*)"')
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
    taken = text + unescape(text) + unquote(text)
    stand_in = next((sign for sign in STAND_INS if sign not in taken), "")
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


def render_math(tex: str, display: bool, label: str = "Formula") -> str:
    """MathML of a formula; the literal TeX in `<code class="math">` where it is refused.

    One that may not fit the column stands in a box of that name, which scrolls by keyboard.
    """
    literal = f'<code class="math">{escape(tex.strip(), quote=False)}</code>'
    if len(tex) > MAX_LENGTH or _nesting(tex) > MAX_NESTING or LOSES.search(tex):
        return literal
    try:
        mathml = _converter().convert_with_local_state(tex.strip(), displaystyle=display)
    except LatexError:
        return literal
    if any(int(length) > MAX_EMS for length in LENGTH.findall(mathml)):
        return literal
    html = TAG.sub(_without_style, mathml)
    if display and len(tex) > WIDE:
        name = escape(label)
        return f'<span class="formula" tabindex="0" role="group" aria-label="{name}">{html}</span>'
    return html


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
    """A tag whose inline style, which the page's policy forbids, became classes.

    So do the attributes of layout that HTML's own checkers do not know on every element.
    """
    names: list[str] = []
    attributes = ""

    def take(match: re.Match[str]) -> str:
        nonlocal attributes
        key, value = match[1], match[2]
        if key == "style":
            styled, coloured = _classes(value)
            names.extend(styled)
            attributes += coloured
        elif key == "displaystyle":
            names.append("math-normal" if value == "true" else "math-compact")
        else:
            names.append(f"math-depth{value}")
        return ""

    bare = LAYOUT.sub(take, tag[0])
    classes = f' class="{" ".join(names)}"' if names else ""
    return f"{bare[:-1]}{classes}{attributes}>" if names or attributes else bare


def _classes(style: str) -> tuple[list[str], str]:
    """The classes and attributes that say what an inline style said."""
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
        elif key in ("border-top", "border-right"):
            names.append(f"math-{key.replace('border', 'line')}")
    return names, attributes
