"""`SHA256SUMS`: the digest of every file of the site, as `sha256sum -c` reads it."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FILE", "make_checksums"]

FILE = "SHA256SUMS"

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})


def make_checksums(digests: Mapping[str, str]) -> bytes:
    """The file for the site's paths and their digests, sorted by path.

    Left out are files whose name begins with a dot, which many servers do not give out.
    A line whose path holds a backslash or a line end begins with a backslash, and has
    these escaped, as coreutils have it.
    """
    lines = []
    for path in sorted(digests):
        if path.startswith(".") or "/." in path:
            continue
        name = path.translate(ESCAPES)
        mark = "" if name == path else "\\"
        lines.append(f"{mark}{digests[path]}  {name}\n")
    return "".join(lines).encode(errors="surrogateescape")
