"""Tells keys from what only looks like one: randomness, checksums, placeholders."""

from __future__ import annotations

import base64
import json
import math
import re
import zlib
from collections import Counter
from typing import Any

__all__ = [
    "decode_jwt",
    "has_crc",
    "is_mixed",
    "is_placeholder",
    "is_random",
    "is_weak_password",
]

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

PLACEHOLDER = re.compile(
    r"""x{5}|(.)\1{5}|\.{3}|…|example|placeholder|redacted|dummy|sample|insert|replace|change.?me
    | (?<![a-z0-9])your[-_]|_here\b|123456789|abcdefgh|qwertyui|deadbeef|foobar|lorem|hunter2
    | (?<![a-z0-9])(?:fake|test|todo|demo)(?![a-z0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
"""What people write where a key would stand."""

WEAK = re.compile(
    r"""(?:my|your|the|db|database|super|strong|some|new|old|root|app|api)?[-_]?
    (?:p|pw|pass|passw(?:or)?d|pwd|secret(?:password)?|user(?:name)?|admin|root|guest|test|token|key
    |postgres|mysql|mongo|redis|rabbitmq|default|change[-_]?me|letmein|foo|bar|baz|qux|qwerty)
    [-_]?[0-9]{0,4}!?""",
    re.VERBOSE | re.IGNORECASE,
)
"""Passwords of examples and of containers on a developer's own machine."""

TEMPLATE = re.compile(r"[<>{}$*\[\]%…]|\.\.\.|^x+$|^(.)\1*$", re.IGNORECASE)


def entropy(text: str) -> float:
    """Shannon entropy in bits a character, by the characters' own frequencies."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0


def is_placeholder(text: str) -> bool:
    """Whether it says that it is none: `sk-xxxxxxxx`, `YOUR_KEY_HERE`, `AKIA…EXAMPLE`."""
    return bool(PLACEHOLDER.search(text))


def is_random(text: str, share: float = 0.75) -> bool:
    """Whether a text looks drawn by lot.

    Its entropy is held against what that many characters of the signs in use can have.
    """
    if is_placeholder(text):
        return False
    signs = 16 if re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", text) else 62
    return entropy(text) >= share * math.log2(min(len(text), signs))


def is_mixed(text: str) -> bool:
    """Whether it has capitals, small letters and digits, as random base64 has."""
    return all(re.search(kind, text) for kind in ("[A-Z]", "[a-z]", "[0-9]"))


def has_crc(token: str) -> bool:
    """Whether the last six signs are the CRC-32 of those before, in base 62.

    The format of GitHub and npm: prefix, `_`, 30 random signs, checksum.
    """
    body = token.partition("_")[2]
    number, digits = zlib.crc32(body[:-6].encode()), ""
    for _ in range(6):
        number, index = divmod(number, 62)
        digits = BASE62[index] + digits
    return digits == body[-6:]


def decode_jwt(token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Header and claims of a JSON Web Token (RFC 7519); None if it is none."""
    parts = []
    for part in token.split(".")[:2]:
        try:
            value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, dict):
            return None
        parts.append(value)
    return (parts[0], parts[1]) if len(parts) == 2 and "alg" in parts[0] else None


def is_weak_password(text: str) -> bool:
    """Whether it is a template's, an example's or a default: nobody's secret."""
    return (
        len(text) < 5
        or bool(WEAK.fullmatch(text))
        or bool(TEMPLATE.search(text))
        or is_placeholder(text)
    )
