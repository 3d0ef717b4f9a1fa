"""Code to HTML: Pygments' lexers, few classes, the text unchanged to the last byte."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape

from pygments.lexers import find_lexer_class, get_all_lexers
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    String,
    Token,
    _TokenType,
)

from sitegen.markup.lexing import Run, Tokenizer
from sitegen.strings import ENGLISH, Strings

__all__ = ["code_block", "highlight"]

MAX_BYTES = 200_000
"""Longer blocks are shown plain: lexing them would hold up the build."""

REMEMBERED_BYTES = 10_000
"""Shorter blocks are remembered while the process lives."""

MARKS = BEGIN, MIDDLE, END = "\x02\x03\x04"
"""Stand for the tags of spans while text is escaped; controls, which no page shows."""

WIDE = 70
"""Lines longer than this may not fit the column, so the block must scroll by keyboard."""

LONG = 40
"""Of more lines than this the beginning is shown."""

CLASSES = (
    (Comment, "c"),
    (Comment.Preproc, "k"),
    (Keyword, "k"),
    (Keyword.Constant, "n"),
    (Operator.Word, "k"),
    (Name.Tag, "k"),
    (String, "s"),
    (Number, "n"),
    (Literal, "n"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
    (Name.Builtin, "f"),
    (Name.Exception, "f"),
    (Name.Attribute, "f"),
    (Generic.Inserted, "gi"),
    (Generic.Deleted, "gd"),
    (Generic.Heading, "gh"),
    (Generic.Subheading, "gh"),
    (Generic.Prompt, "c"),
    (Generic.Output, "c"),
)
"""Token types and their CSS classes; a type without one takes its parent's."""


class _ClassOf(dict[_TokenType, str]):
    """Token type to class, found once for each type."""

    def __missing__(self, kind: _TokenType) -> str:
        known = dict(CLASSES)
        step: _TokenType | None = kind
        while step is not None and step not in known:
            step = step.parent
        self[kind] = name = known.get(step, "") if step else ""
        return name


@cache
def _class_of() -> _ClassOf:
    return _ClassOf({Token: ""})


@cache
def _aliases() -> dict[str, str]:
    # Without plugins: what else is installed must not change a page.
    return {
        alias: name for name, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases
    }


@cache
def _lexer(language: str) -> Tokenizer | None:
    """The lexer of a fence's language; None for none, and for text."""
    name = _aliases().get(language.lower())
    kind = find_lexer_class(name) if name else None
    if kind is None or language.lower() in ("text", "output"):
        return None
    return Tokenizer(kind(ensurenl=False, stripnl=False), _class_of().__getitem__)


def highlight(code: str, language: str) -> str:
    """HTML of `code`, spans of token classes; escaped text if there is no lexer for it.

    The language is never guessed. Removing the tags gives back `code` exactly; a lexer
    that would alter it is not used.
    """
    if not language or len(code) > MAX_BYTES:
        return escape(code, quote=False)
    if len(code) > REMEMBERED_BYTES:
        return _lexed(code, language)
    return _remembered(code, language)


@lru_cache(maxsize=2000)
def _remembered(code: str, language: str) -> str:
    # Sessions show the same code again and again, and so does a page that is rebuilt.
    return _lexed(code, language)


def _lexed(code: str, language: str) -> str:
    lexer = _lexer(language)
    if lexer is None or any(mark in code for mark in MARKS):
        return escape(code, quote=False)
    line_end = "" if code.endswith("\n") else "\n"  # Many lexers know lines by their ends.
    try:
        runs = lexer.runs(code + line_end)
    except Exception:
        return escape(code, quote=False)  # A lexer's bug must not cost the reader the code.
    if "".join([text for _, text in runs]) != code + line_end:
        return escape(code, quote=False)
    if line_end:
        runs[-1] = (runs[-1][0], runs[-1][1][:-1])
    return _spans(runs)


def _spans(runs: Sequence[Run]) -> str:
    """HTML of runs: all are escaped in one go, with marks where spans begin and end."""
    marked = [f"{BEGIN}{name}{MIDDLE}{text}{END}" if name and text else text for name, text in runs]
    html = escape("".join(marked), quote=False)
    return html.replace(BEGIN, '<span class="').replace(MIDDLE, '">').replace(END, "</span>")


def code_block(code: str, language: str, info: str = "", strings: Strings = ENGLISH) -> str:
    """A block of code with its language named; scrollable by keyboard where it must scroll.

    A long one shows its beginning and has a switch, which works without scripts, for the rest.
    """
    code = code.removesuffix("\n")
    label = escape(" ".join(filter(None, (language, info))))
    head = f'<div class="code-head">{label}</div>' if label else ""
    lines = code.split("\n")
    is_long = len(lines) > LONG
    if is_long:
        more = escape(strings.text("All {count} lines", count=len(lines)))
        head += f'<details class="more"><summary>{more}</summary></details>'
    scrolls = is_long or max(map(len, lines)) > WIDE
    name = label or escape(strings.text("Code"))
    focus = f' tabindex="0" role="group" aria-label="{name}"' if scrolls else ""
    kind = "code long" if is_long else "code"
    shown = highlight(code, language)
    return f'<div class="{kind}">{head}<pre{focus}><code>{shown}</code></pre></div>'
