"""Finds what Markdown swallows in silence and writes it so that it shows.

Two things that people write are in no engine's output: definitions of links that no
link uses, and cells of a row beyond the width of its table.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from urllib.parse import unquote

__all__ = ["complete"]

OPEN = r"(?P<open>(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*+)"
"""What stands before a block on its first line: quotation marks, list markers."""

DEFINITION = re.compile(
    rf"""^{OPEN}\[(?P<label>(?:[^\[\]\\]|\\.){{1,999}}+)\]:
    (?:[ \t]*\n)?[ \t>]*(?P<target><[^<>\n]*>|[^\s<]\S*)
    (?:(?:[ \t]+|[ \t]*\n[ \t>]*)(?P<title>
        "(?:[^"\\\n]|\\.|\n(?![ \t]*\n))*+"
      | '(?:[^'\\\n]|\\.|\n(?![ \t]*\n))*+'
      | \((?:[^()\\\n]|\\.|\n(?![ \t]*\n))*+\)
    )[ \t]*$)?""",
    re.MULTILINE | re.VERBOSE,
)
LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999}+)\]", re.DOTALL)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"\w+")

PREFIX = re.compile(OPEN)
DELIMITER = re.compile(r"\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*")
FENCES = ("```", "~~~")
PIPE = re.compile(r"(?<!\\)\|")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def complete(source: str, html: str, code_binds: bool) -> str:
    """The source, changed where its HTML lacks something; itself where it lacks nothing.

    `code_binds`: a pipe in a code span does not end a cell.
    """
    if "]:" in source:
        source = _show_definitions(source, html)
    if "<table" in html:
        source = _widen_tables(source, html, code_binds)
    return source


def _show_definitions(source: str, html: str) -> str:
    """Take the definitions of links that are neither used nor shown for text.

    The bracket becomes an entity: one after a backslash could still be part of a label.
    """
    definitions = list(DEFINITION.finditer(source))
    if not definitions:
        return source
    labels = Counter(_label(label) for label in LABEL.findall(source))
    defined = Counter(_label(match["label"]) for match in definitions)
    text = _bare(unescape(TAG.sub("", html)))
    addresses = unquote(unescape(html))
    pieces: list[str] = []
    end = 0
    for match in definitions:
        label = _label(match["label"])
        used = labels[label] > defined[label] and _is_linked(match, addresses)
        if used or _bare(f"[{match['label']}]:{match['target']}") in text:
            continue
        # What follows stays a block of its own: it may be a definition that is used.
        gap = "\n" + re.sub(r"[^>\s]", " ", match["open"])
        start = match.start("label")
        pieces += [source[end : start - 1], "&#91;", source[start : match.end()], gap]
        end = match.end()
    return "".join(pieces) + source[end:]


def _bare(text: str) -> str:
    """A text without white space and quotation marks, of which engines take some away."""
    return "".join(text.replace(">", "").split())


def _label(label: str) -> str:
    """A label as Markdown compares them."""
    return " ".join(label.split()).casefold()


def _is_linked(match: re.Match[str], addresses: str) -> bool:
    """Whether the target and the title of a definition are in the HTML."""
    target = unquote(unescape(ESCAPED.sub(r"\1", match["target"].strip("<>"))))
    title = WORD.findall(unescape(ESCAPED.sub(r"\1", match["title"] or "")))
    return target in addresses and all(word in addresses for word in title)


def _widen_tables(source: str, html: str, code_binds: bool) -> str:
    """Give tables the columns that their longest row needs."""
    # A row that stands there as written is code, and no row.
    code = {_row(line) for line in unescape(TAG.sub("", html)).split("\n")}
    lines = source.split("\n")
    widest = 0
    for index in range(len(lines) - 1, 0, -1):
        row = _row(lines[index])
        if "-" in row and DELIMITER.fullmatch(row) and widest > (width := _cells(row, False)):
            lines[index - 1] = _add_cells(lines[index - 1], "", widest - width)
            lines[index] = _add_cells(lines[index], "---", widest - width)
        if not row or row.startswith(FENCES):
            widest = 0
        elif row not in code:
            widest = max(widest, _cells(row, code_binds))
    return "\n".join(lines)


def _row(line: str) -> str:
    """A line without what it has of quotations and lists around it."""
    prefix = PREFIX.match(line)
    return line[prefix.end() if prefix else 0 :].strip()


def _cells(row: str, code_binds: bool) -> int:
    row = (CODE.sub("`", row) if code_binds else row).removeprefix("|")
    ends = [match.end() for match in PIPE.finditer(row)]
    return len(ends) + (not ends or ends[-1] < len(row))


def _add_cells(line: str, cell: str, count: int) -> str:
    line = line.rstrip()
    closed = bool(re.search(r"(?<!\\)\|\Z", line))
    return line + ("" if closed else " |") + f" {cell} |" * count
