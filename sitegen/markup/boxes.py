"""Tables in boxes that scroll, so that no table makes a page wider than the screen."""

from __future__ import annotations

import re
from html import escape

__all__ = ["box_tables"]

TABLE = re.compile(r"<table\b[^>]*>(?:(?!<table\b).)*?</table>", re.DOTALL)
"""Of tables in one another the innermost: what is around it stays balanced."""

ROW = re.compile(r"</tr>")
TAG = re.compile(r"<[^>]*>")
WIDE_ROW = 60
"""A row of more characters may need its own scroll box, which must take the focus."""


def box_tables(html: str, label: str) -> str:
    """Clean HTML with a box around each table, by keyboard too where it may have to scroll.

    `label` is what a screen reader calls such a box.
    """
    if "<table" not in html:
        return html

    def box(table: re.Match[str]) -> str:
        widest = max(len(TAG.sub("", row)) for row in ROW.split(table[0]))
        named = f' tabindex="0" role="group" aria-label="{escape(label)}"'
        return f'<div class="table"{named if widest > WIDE_ROW else ""}>{table[0]}</div>'

    return TABLE.sub(box, html)
