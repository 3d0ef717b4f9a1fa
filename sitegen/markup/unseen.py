"""Makes signs visible in code that a reader cannot see but a machine obeys.

Controls of direction let code read otherwise than it runs (CVE-2021-42574); signs without
width let two names look like one. The sign itself stays, so that a copy is what was
written, but in an isolate, from which it orders nothing around it.
"""

from __future__ import annotations

import re

__all__ = ["show_unseen"]

UNSEEN = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Direction.
    "\u00ad\u034f\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb"  # No width.
    "\ufe00-\ufe0d\U000e0000-\U000e0fff"  # Variants; those of emoji are as they should be.
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0]"  # Letters that are blank.
)
CODE = re.compile(
    r'<(?:code\b|pre class="output"|div class="code-head")[^>]*>.*?</(?:code|pre|div)>', re.DOTALL
)
TEXT = re.compile(r">[^<]*")


def show_unseen(html: str) -> str:
    """HTML of ours, in whose code each unseen sign has its number before it."""
    if html.isascii() or not UNSEEN.search(html):
        return html
    return CODE.sub(lambda code: TEXT.sub(_marked, code[0]), html)


def _marked(text: re.Match[str]) -> str:
    return UNSEEN.sub(_isolated, text[0])


def _isolated(sign: re.Match[str]) -> str:
    return f'<bdi class="unseen" data-code="U+{ord(sign[0]):04X}">{sign[0]}</bdi>'
