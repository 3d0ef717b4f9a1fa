"""Values to JSON that is safe wherever it ends up: in a file of its own or inside a page."""

from __future__ import annotations

import json
from typing import Any

import msgspec

__all__ = ["embed", "encode", "encode_plain"]

UNSAFE_BYTES = (
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    (b"&", b"\\u0026"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)
"""What HTML or a script could take for its own; in JSON it occurs within strings alone."""


def encode(value: Any, indent: int | None = None) -> bytes:
    """A value as JSON in UTF-8, in which nothing can end a script or begin a tag.

    `value` is made of what msgspec can encode. A lone surrogate, which UTF-8 cannot hold,
    is written as an escape.
    """
    text = _encode(value, indent)
    for sign, escape in UNSAFE_BYTES:
        if sign in text:
            text = text.replace(sign, escape)
    return text


def encode_plain(value: Any) -> str:
    """A value as JSON over several lines, to be shown to people."""
    return _encode(value, 2).decode()


def embed(value: Any) -> str:
    """The same as text, to be put into a `<script type="application/ld+json">`."""
    return encode(value).decode()


def _encode(value: Any, indent: int | None = None) -> bytes:
    try:
        text = msgspec.json.encode(value)
    except UnicodeEncodeError:  # Nor does msgspec format the escape of a lone surrogate.
        marks = (",", ":") if indent is None else (",", ": ")
        return json.dumps(msgspec.to_builtins(value), separators=marks, indent=indent).encode()
    return text if indent is None else msgspec.json.format(text, indent=indent)
