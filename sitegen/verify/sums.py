"""The site's files against its list of digests, `SHA256SUMS`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from unicodedata import normalize

from sitegen.errors import Diagnostic, Severity

__all__ = ["SUMS", "check_sums"]

SUMS = "SHA256SUMS"

LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)", re.DOTALL)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
ESCAPED = {"n": "\n", "r": "\r", "\\": "\\"}
AS_BYTES = "copy the site as bytes; git changes line ends unless core.autocrlf is off"
PASSED_OVER = (
    *(".nojekyll", ".sitegen.json", ".sitegen.lock", ".sitegen-stage/*", ".gitignore", ".gitkeep"),
    *(".git/*", ".DS_Store", "*/.DS_Store"),
)
"""What may be there and is not in the list: it is the tools' own."""


def check_sums(files: Mapping[str, bytes], ignore: Iterable[str] = ()) -> Iterator[Diagnostic]:
    """Name every file that is altered, missing or not in the list.

    `ignore` are patterns of paths (`CNAME`, `stats/*`) that may be there all the same.
    """
    if SUMS not in files:
        yield _error("is missing: the list of digests of all files", SUMS, "build the site again")
        return
    listed: dict[str, str] = {}
    text = files[SUMS].decode("utf-8", "surrogateescape")
    if "\r\n" in text:
        yield _error("has other line ends than it was written with", SUMS, AS_BYTES)
        text = text.replace("\r\n", "\n")
    for number, line in enumerate(text.split("\n")[:-1], 1):
        match = LINE.fullmatch(line)
        if not match:
            yield Diagnostic(Severity.ERROR, "is not a digest and a path", SUMS, number)
            continue
        path = match[3]
        if match[1]:
            path = ESCAPE.sub(lambda escape: ESCAPED.get(escape[1], escape[0]), path)
        if path in listed:
            yield Diagnostic(Severity.ERROR, f"lists {path} twice", SUMS, number)
        listed[path] = match[2]
    if not text.endswith("\n") and text:
        yield _error("is cut short: its last line does not end", SUMS)
    # Some disks and archives write names in another form.
    others = {_fold(path): path for path in files if path not in listed}
    renamed = {path: others[_fold(path)] for path in listed if _fold(path) in others}
    for path in sorted(listed):
        if path not in files:
            elsewhere = f" under this name, but as {renamed[path]!a}" if path in renamed else ""
            yield _error(f"is missing{elsewhere}", path)
        elif hashlib.sha256(files[path]).hexdigest() != listed[path]:
            yield _error(f"was altered: its digest is not the one in {SUMS}", path)
    patterns = (*PASSED_OVER, *ignore)
    for path in sorted(files):
        if path == SUMS or path in listed:
            continue
        if not any(fnmatchcase(path, pattern) for pattern in patterns):
            yield _error(f"is extra: {SUMS} does not list it", path)


def _fold(path: str) -> str:
    """A name as disks see it that do not tell upper from lower case, or forms of Unicode."""
    return normalize("NFC", path).casefold()


def _error(message: str, path: str, hint: str = "") -> Diagnostic:
    return Diagnostic(Severity.ERROR, message, path, hint=hint)
