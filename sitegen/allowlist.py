"""Reads `.sitegen-allow`: the secrets that may be published, by their digests."""

from __future__ import annotations

import re
from pathlib import Path

from sitegen.errors import ConfigError

__all__ = ["ALLOW_FILE", "read_allowed"]

ALLOW_FILE = ".sitegen-allow"
"""In the project folder; to be committed."""

LINE = re.compile(r"([0-9A-Fa-f]{64})(?:\s+(?:#.*)?)?|\s*(?:#.*)?")


def read_allowed(root: Path) -> tuple[str, ...]:
    """The digests of the allow-list, sorted: SHA-256 in hexadecimal, one a line.

    Raises:
        ConfigError: the file cannot be read, or a line of it is no digest.
    """
    path = root / ALLOW_FILE
    if not path.is_file():
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", path=ALLOW_FILE) from error
    digests = set()
    for number, line in enumerate(lines, 1):
        match = LINE.fullmatch(line.strip())
        if not match:
            raise ConfigError(
                "not the digest of a secret",
                path=ALLOW_FILE,
                line=number,
                hint="64 hexadecimal digits, as the warning gives them, then perhaps `# why`",
            )
        if match[1]:
            digests.add(match[1].lower())
    return tuple(sorted(digests))
