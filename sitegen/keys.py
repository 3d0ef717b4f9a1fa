"""Digests by which a page is known again: the same key, the same page."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

__all__ = ["STATIC", "Key", "digest"]

STATIC = "a static file changed"


def digest(*parts: object) -> str:
    """A digest of several values by their text; different values never run together."""
    texts = [str(part) for part in parts]
    text = "\0".join([*(str(len(part)) for part in texts), *texts])
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


class Key(NamedTuple):
    """What a page is made of, in parts, so that a change can be named."""

    frame: str
    """The settings, the layouts and the links of the bar."""
    assets: str
    """The names of the static files, which hold their digests."""
    content: str
    """Its own text, or the transcripts that it lists."""
    around: str
    """The pages that it points at by title: its neighbours and its terms."""

    def difference(self, before: Key | None) -> str:
        """Why the page is not what it was, in a few words; empty if it is."""
        if before is None:
            return "new"
        if self.frame != before.frame:
            return "the settings, the layouts or the navigation changed"
        if self.content != before.content:
            return "its content changed"
        if self.around != before.around:
            return "a neighbour or a term changed"
        return "" if self.assets == before.assets else STATIC
