"""Text that is no Markdown to HTML: every sign as typed, addresses made links."""

from __future__ import annotations

from html import escape

from sitegen.markup.sanitize import LINK_REL
from sitegen.text import ADDRESS, is_drawn

__all__ = ["as_typed"]

SIGNS = ".,:;!?'*_~)]}\u3002\uff0c\u2019\u201d"
"""Signs that end a sentence or a bracket rather than an address."""

PAIRS = {")": "(", "]": "[", "}": "{"}
WIDE = 70
"""A line of more characters may have to be scrolled, by keyboard too."""

MAX_BRACKETS = 9


def as_typed(text: str, drawing: str) -> str:
    """HTML of a text in which line ends and runs of blanks are kept.

    `drawing` is what one made of signs is called to those who do not see it.
    """
    parts = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = _trimmed(found[0])
        href = escape(address)
        parts += [
            escape(text[end : found.start()], quote=False),
            f'<a href="{href}" rel="{LINK_REL}">{escape(address, quote=False)}</a>',
        ]
        end = found.start() + len(address)
    parts.append(escape(text[end:], quote=False))
    about = 'class="typed"'
    if is_drawn(text):
        about = 'class="typed drawn"'
        if max(map(len, text.split("\n"))) > WIDE:
            about += f' tabindex="0" role="group" aria-label="{escape(drawing)}"'
    return f"<p {about}>{''.join(parts).strip(chr(10))}</p>"


def _trimmed(address: str) -> str:
    """An address without the signs after it; a bracket that it opened is its own."""
    end = len(address.rstrip(SIGNS))
    for sign in address[end : end + MAX_BRACKETS]:
        opening = PAIRS.get(sign)
        if not opening or address.count(opening, 0, end) <= address.count(sign, 0, end):
            break
        end += 1
    return address[:end]
