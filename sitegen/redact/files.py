"""Whether a file that is copied as it is holds what the rules hide, however it is packed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from sitegen.redact.packed import PackedError, layers
from sitegen.redact.rewrite import Redactor
from sitegen.urls import slugify

__all__ = ["PackedError", "holds_hidden"]

WORDS = re.compile("[^\x00-\x1f\x7f-\x9f\ufffd]{4,}")
"""Runs of signs that may be text, as a picture's data holds them between its bytes."""

CODES = (("utf-8", 0), ("latin-1", 0), *((f"utf-16-{e}", n) for e in ("le", "be") for n in (0, 1)))
"""How text may be written in bytes, and where it may begin."""

WINDOW, OVERLAP = 1 << 20, 1 << 12
"""Bytes that are looked at at a time, so that a large file takes no more memory."""

TEXT_BYTES = 2_000_000
"""So much text is read as a reader would, with entities and escapes resolved."""


def holds_hidden(redactor: Redactor, rel: str, data: bytes) -> bool:
    """Whether a rule hits the name of a file, or a text in its bytes.

    Raises:
        PackedError: it is packed so that this cannot be told.
    """
    if not redactor.is_clean(f"{rel}\n{slugify(PurePosixPath(rel).stem)}"):
        return True
    return any(
        not all(map(redactor.is_clean, _texts(layer))) or _reads_as_hidden(redactor, layer)
        for layer in layers(data)
    )


def _texts(data: bytes) -> Iterator[str]:
    for place in range(0, len(data), WINDOW):
        window = data[place : place + WINDOW + OVERLAP]
        for code, start in CODES:
            yield "\n".join(WORDS.findall(window[start:].decode(code, "replace")))


def _reads_as_hidden(redactor: Redactor, data: bytes) -> bool:
    """The same for a file of text, in which signs may be written in other ways."""
    if len(data) > TEXT_BYTES:
        return False
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return redactor.plain(text) != text
