"""Text to XML; the only place of this room that escapes."""

from __future__ import annotations

from html import escape

from sitegen.text import visible

__all__ = ["DECLARATION", "attribute", "element"]

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def element(name: str, text: str) -> str:
    """`<name>text</name>`, with controls that XML cannot hold made visible."""
    return f"<{name}>{escape(visible(text), quote=False)}</{name}>"


def attribute(text: str) -> str:
    """A text as the value of an attribute, quotation marks included."""
    kept = escape(visible(text)).replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{kept}"'
