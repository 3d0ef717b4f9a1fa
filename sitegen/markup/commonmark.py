"""GitHub-flavoured CommonMark by comrak: what most transcripts are written in."""

from __future__ import annotations

import re
from functools import cache

import comrak

__all__ = ["render_commonmark"]

EXTENSIONS = (
    "table",
    "strikethrough",
    "tasklist",
    "autolink",
    "math_dollars",
    "math_latex",
    "alerts",
    "cjk_friendly_emphasis",
)

MAX_CELLS = 200_000
"""A table of few long and many short rows is filled up with empty cells; a bound on them."""

MAX_LATEX = 500
r"""Openings `\(` and `\[` in a body; comrak looks for each one's end anew."""

MAX_MAIL = 40_000_000
"""At every address of mail comrak copies the rest of its line: a bound on twice these bytes."""

LATEX = re.compile(
    r"""(?P<ticks>`+)(?:[^`]|(?!(?P=ticks)(?!`))`)+?(?P=ticks)(?!`)  # code
    | \\\\ | \\\((?P<inline>[^\n]+?)\\\)
    | \\\[(?P<display>(?:[^\n]|\n(?![ \t]*\n))+?)\\\]""",
    re.VERBOSE,
)


def render_commonmark(markdown: str, hard_breaks: bool) -> str:
    """HTML of a body: raw HTML escaped, links with the target as written, whatever it is."""
    tables = (
        markdown.count("|") * markdown.count("\n") <= MAX_CELLS or _cells(markdown) <= MAX_CELLS
    )
    latex = markdown.count("\\(") + markdown.count("\\[") <= MAX_LATEX
    mail = markdown.count("@") * len(markdown) <= MAX_MAIL or _mail(markdown) <= MAX_MAIL
    options = _extensions(tables, latex, mail), _parse(), _render_options(hard_breaks)
    if latex and "\\" in markdown and not hasattr(options[0], "math_latex"):
        markdown = LATEX.sub(_as_dollars, markdown)
    return comrak.render_markdown(markdown, *options)


def _as_dollars(formula: re.Match[str]) -> str:
    """The other way to write a formula, for a comrak that does not know this one."""
    if formula["inline"]:
        return f"${formula['inline'].strip()}$"
    return f"$${formula['display'].strip()}$$" if formula["display"] else formula[0]


def _cells(markdown: str) -> int:
    """How many cells a table could have at most: the widest line's, on every line."""
    lines = markdown.split("\n")
    return max(line.count("|") for line in lines) * len(lines)


def _mail(markdown: str) -> int:
    """The bytes that comrak could copy while it looks for addresses of mail, twice."""
    return sum(line.count("@") * len(line) for line in markdown.split("\n") if "@" in line)


@cache
def _extensions(tables: bool, latex: bool, mail: bool) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    uses = (("table", tables), ("math_latex", latex), ("autolink", mail))
    off = {name for name, on in uses if not on}
    for name in EXTENSIONS:
        if hasattr(options, name):  # An older comrak lacks the newest of them.
            setattr(options, name, name not in off)
    return options


@cache
def _parse() -> comrak.ParseOptions:
    return comrak.ParseOptions()


@cache
def _render_options(hard_breaks: bool) -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.escape = True
    # Targets are kept so that a link we do not allow can be shown with its address:
    # the belts that follow (our allow-list, then nh3's) take it out of the link.
    options.unsafe_ = True
    options.full_info_string = True
    options.hardbreaks = hard_breaks
    return options
