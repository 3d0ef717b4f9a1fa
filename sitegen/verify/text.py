"""Whether the text that a page shows is that of a message in Markdown, without rendering it.

Letters and digits are compared, nothing else. The source is cut into what a page must show
and what it may leave out (the targets of links, the languages of code, formulas, the
numbers of lists), and every way of leaving out is followed at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

__all__ = ["agrees", "disagreement"]

MAY_HIDE = re.compile(
    r"""
      (?P<fence>^[ \t>]*(?:[-*+]|\d{1,9}[.)])?[ \t>]*(?:`{3,}|~{3,})[^\n]*$)
    | (?P<image>!\[[^\]]{0,2000}\]\((?:[^()\n]|\([^()\n]{0,2000}\)){0,4000}\))
    | (?P<target>\]\(\s*(?:<[^>\n]*>|(?:[^()\s]|\([^()\s]*\))*)
        (?:\s+(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\([^)]*\)))?\s*\))
    | (?P<label>\]\[[^\]\n]*\])
    | (?P<definition>^[ >]{0,9}\[[^\]\n]+\]:[^\n]*(?:\n[ \t]+["'(][^\n]*)?$)
    | (?P<item>^[ \t>]*(?:[-*+][ \t]+)*\d{1,9}[.)](?=\s))
    | (?P<task>(?<=[-*+.)][ ])\[[xX]\](?=\s))
    | (?P<alert>\[![A-Za-z]+\][^\n]*)
    | (?P<address><[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>)
    | (?P<formula>\$\$.{1,1000}?\$\$|\$[^$\n]{1,1000}\$|\\\(.{1,1000}?\\\)|\\\[.{1,1000}?\\\])
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
MATH_BLOCK = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t]*math\b.*?(?:^[ \t>]*\1|\Z)", re.M | re.S)
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
CONTROL = re.compile(r"⟨U\+[0-9A-F]{4,6}⟩")
WORD = re.compile(r"[^\W_]+")

Piece = tuple[str, tuple[str, ...]]
"""Words that must be shown, and other forms that may stand for them (empty: nothing)."""


def agrees(shown: str, markdown: str) -> bool:
    """Whether a page can show this of that message."""
    page = _letters(CONTROL.sub("", shown))
    places = {0}
    for form, others in _pieces(markdown):
        forms = (form, *others)
        places = {at + len(f) for at in places for f in forms if page.startswith(f, at)}
        if not places:
            return False
    return len(page) in places


def disagreement(shown: str, markdown: str) -> str:
    """A word that the page has and the message has not, or the other way round; or nothing.

    Where this finds nothing, Markdown may have been used in a way that is not known here.
    """
    markdown = CONTROL.sub("", markdown)
    source = _letters(markdown) + " " + _letters(unescape(markdown))
    page = _letters(CONTROL.sub("", shown))
    for word in _words(CONTROL.sub("", shown)):
        if word not in source:
            return f"the page has “{word}”"
    for form, others in _pieces(markdown):
        if not others and form not in page:
            return f"the page lacks “{form[:40]}”"
    if len(page) > len(_letters(markdown)):
        return "the page has more"
    return ""


def _pieces(markdown: str) -> Iterator[Piece]:
    at = 0
    markdown = CONTROL.sub("", markdown)
    for start, end in _hidden(markdown):
        yield from _shown(markdown[at:start])
        part = markdown[start:end]
        if part.startswith("<"):
            # Of an address that is not followed, text and target may both be shown.
            yield _letters(part), (_letters(part) * 2,)
        else:
            yield from ((form, (*others, "")) for form, others in _shown(part))
        at = end
    yield from _shown(markdown[at:])


def _hidden(markdown: str) -> Iterator[tuple[int, int]]:
    """What may be left out, in order."""
    blocks = [match.span() for match in MATH_BLOCK.finditer(markdown)]
    at = 0
    for start, end in sorted([*blocks, *(m.span() for m in MAY_HIDE.finditer(markdown))]):
        if end > at:
            yield max(start, at), end
            at = end


def _shown(text: str) -> Iterator[Piece]:
    """Words that must be shown, and entities, which may be shown as what they stand for."""
    at = 0
    for match in ENTITY.finditer(text):
        for word in _words(text[at : match.start()]):
            yield word, ()
        yield _letters(match[0]), (_letters(unescape(match[0])),)
        at = match.end()
    for word in _words(text[at:]):
        yield word, ()


def _words(text: str) -> list[str]:
    """Runs of letters and digits, of what `%C3%A9` and the like stand for too."""
    return WORD.findall(unquote(text, errors="ignore") if "%" in text else text)


def _letters(text: str) -> str:
    return "".join(_words(text))
