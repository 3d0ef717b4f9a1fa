"""One text to the secrets in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sitegen.secrets.library import find_by_library
from sitegen.secrets.patterns import ANYWHERE, DETECTORS

__all__ = ["Secret", "find_secrets"]

DIGIT = re.compile("[0-9]")
KEY_SIGNS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=")
SIGNS = bytes(ord("a") if code in KEY_SIGNS else ord(" ") for code in range(256))
RUN = b"a" * 20
"""No key is shorter."""

MAX_RUN = 4096
"""A longer run is an image or another file in base64."""

BEFORE, AFTER = 200, 100
"""Characters around a run that may say what it is."""


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret, without itself."""

    kind: str
    """What it is: `a GitHub token`."""
    start: int
    """Index of its first character."""
    end: int
    """Index after its last."""
    digest: str
    """SHA-256 of its UTF-8, in hexadecimal: by this it can be allowed."""
    excerpt: str
    """What may be printed of it: `ghp_…(40 characters)`."""


def find_secrets(text: str) -> list[Secret]:
    """The secrets of a text in their order; pure, and cheap where there is none."""
    lowered = text.lower()
    found: list[tuple[int, int, str, str]] = []
    for start, end in _suspects(text):
        part = text[start:end]
        small = part.lower()
        hits = [(one.kind, *hit) for one in DETECTORS for hit in one.find(part, small)]
        hits += [(*hit, "") for hit in find_by_library(part)]
        found += [(start + first, start + last, kind, head) for kind, first, last, head in hits]
    for detector in ANYWHERE:
        found += [(a, z, detector.kind, head) for a, z, head in detector.find(text, lowered)]
    taken: list[tuple[int, int]] = []
    secrets = []
    for start, end, kind, head in found:
        if not any(start < last and first < end for first, last in taken):
            taken.append((start, end))
            secrets.append(_secret(kind, start, end, text[start:end], head))
    return sorted(secrets, key=lambda secret: secret.start)


def _suspects(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text around long runs of the signs that keys are made of."""
    # One byte for each character, so that places are the same; and all signs of keys alike.
    signs = text.encode("latin-1", "replace").translate(SIGNS)
    begin = end = 0
    at = signs.find(RUN)
    while at >= 0:
        stop = signs.find(b" ", at)
        stop = stop if stop >= 0 else len(text)
        start = max(text.rfind("\n", 0, at) + 1, at - BEFORE)
        run = text[at:stop]
        if len(run) <= MAX_RUN and (DIGIT.search(run) or not run.islower()):
            if start > end:
                if end:
                    yield begin, end
                begin = start
            end = min(len(text), stop + AFTER)
        at = signs.find(RUN, stop)
    if end:
        yield begin, end


def _secret(kind: str, start: int, end: int, value: str, head: str) -> Secret:
    digest = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()
    return Secret(kind, start, end, digest, f"{head}…({len(value):,} characters)")
