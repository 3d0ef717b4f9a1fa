"""Each heading of level 3 opens a message."""

import re
from typing import Any

HEAD = re.compile(r'<h3 id="([^"]*)">(.*?)</h3>')
OPEN = (
    r'</div></article><article class="message" id="\1"><header><h3>\2</h3></header>'
    r'<div class="body">'
)


def on_page_content(html: str, **_: Any) -> str:
    """Called by MkDocs with the body of each page."""
    return HEAD.sub(OPEN, html)
