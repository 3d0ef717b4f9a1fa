"""A source as it is, line by line, with an address for each line."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from markupsafe import Markup

from sitegen.text import visible

__all__ = ["MAX_SHOWN", "render_source"]

MAX_SHOWN = 2_000_000
"""Characters; what is longer is there to be downloaded, not to be looked at."""


def render_source(
    text: str, marks: Mapping[int, tuple[int, str]], message: str = "Message"
) -> Markup:
    """The lines of a text as items of a list, `L1` and so on; empty if there are too many.

    `marks` gives, for the 1-based lines on which messages begin, the number and the address
    of the message; `message` is what a message is called in the site's language.
    """
    if len(text) > MAX_SHOWN:
        return Markup()
    lines = escape(visible(text)).removesuffix("\n").split("\n")
    items = [f'<li id="L{number}">{line}</li>' for number, line in enumerate(lines, 1)]
    for line, (number, address) in marks.items():
        if 1 <= line <= len(items):
            items[line - 1] = (
                f'<li id="L{line}"><a class="of" href="{escape(address)}"'
                f' aria-label="{escape(message)} {number}">{number}</a>{lines[line - 1]}</li>'
            )
    return Markup("\n".join(items))
