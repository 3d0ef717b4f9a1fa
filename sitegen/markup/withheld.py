"""Puts labels in place of tokens once everything is HTML, and reads HTML as a reader would."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from sitegen.redact.labels import Labels

__all__ = ["seen_texts", "show_labels"]

TAG = re.compile(r"""(<(?:!--.*?--|[A-Za-z/](?:[^>"']|"[^"]*"|'[^']*')*)>)""", re.DOTALL)
LINK = re.compile(r"""<a\b[^>]*?\bhref=(?:"[^"]*"|'[^']*')""")
LABEL = re.compile(r'<span class="redacted">[^<]*</span>')
OURS = re.compile(r'(class="image-link"[^>]*>)image<')
"""What stands for an image without words."""
INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|em|i|ins|kbd|mark|q|span|strong|sub|sup|mi|mn|mo|mtext|mrow)\b"
)
SHOWN = re.compile(r"""\b(?:href|src|alt|title|id)=("[^"]*"|'[^']*')""")


def show_labels(html: str, labels: Labels) -> str:
    """HTML in which labels stand where tokens stood; a link to what is hidden is none."""
    if labels.stem not in html:
        return html
    pieces = TAG.split(html)
    for index, piece in enumerate(pieces):
        if labels.stem not in piece:
            continue
        if index % 2 == 0:
            pieces[index] = labels.token.sub(lambda match: _span(match[0], labels), piece)
        elif (link := LINK.match(piece)) and labels.stem in link[0]:
            pieces[index] = "<a>"
        else:
            pieces[index] = labels.token.sub(lambda match: labels.name(match[0]), piece)
    return "".join(pieces)


def _span(token: str, labels: Labels) -> str:
    return f'<span class="redacted">{escape(labels.of_token[token])}</span>'


def seen_texts(html: str) -> str:
    """All that a reader of HTML may come to see, labels left out, one thing a line.

    Text runs on through marks within a line; addresses are decoded.
    """
    pieces = TAG.split(OURS.sub(r"\1<", LABEL.sub("|", html)))
    text: list[str] = []
    attributes: list[str] = []
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            text.append(piece)
            continue
        if not INLINE.match(piece):
            text.append("\n")
        for value in SHOWN.findall(piece):
            written = unescape(value[1:-1])
            attributes += [written, unquote(written)]
    return "\n".join([unescape("".join(text)), *attributes])
