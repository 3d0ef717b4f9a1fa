"""What leads to a person: e-mail addresses, telephone numbers, IP addresses, home folders.

Each looks first for a sign that few texts have, and takes time linear in the text: what it
then reads around the sign is bounded.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

__all__ = ["emails", "home_users", "ip_addresses", "phones"]

Span = tuple[int, int]

LOCAL = frozenset(".+%'-_")
"""Signs of the part before `@`, beside letters and digits."""

MAX_LOCAL = 320
DOMAIN = re.compile(
    r"(?!\dx\.)(?:[^\W_][\w-]{0,62}\.){1,12}(?:xn--[a-zA-Z0-9-]{1,59}(?<!-)|[^\W\d_]{2,24})(?![^\W_])"
)
SPELT = re.compile(r"[\[({] ?[aA][tT] ?[\])}]")
SPELT_EMAIL = re.compile(
    r"""(?<![\w.+-])[\w+-][\w.+-]*+[ ]?[\[({][ ]?at[ ]?[\])}][ ]?
    [\w-]++(?:(?:\.|[ ]?[\[({][ ]?dot[ ]?[\])}][ ]?)[\w-]++)++""",
    re.VERBOSE | re.IGNORECASE,
)

# A set first, which the engine finds fast.
DIGIT_RUN = re.compile(r"[+(0-9][0-9 ().\-/\u00a0\u2011]{5,}[0-9]")
PHONE = re.compile(
    r"""(?<![\w+.,/-])(?:
        \+[1-9](?:[ ().\-/\u00a0\u2011]{0,3}\d){6,14}
      | (?:1[ .-])?\([2-9]\d{2}\)[ ]?[2-9]\d{2}[ .-]\d{4}
      | (?:1[ .-])?[2-9]\d{2}(?P<dash>[ .-])[2-9]\d{2}(?P=dash)\d{4}
      | 0\d{1,4}(?:[ /.-]\d{2,8}){1,5}
      | \(0\d{1,4}\)(?:[ /.-]?\d{2,8}){1,5}
      | 00[1-9]\d{0,2}(?:[ /.-]\d{2,8}){2,5}
    )(?![\w]|[.,:]\d)""",
    re.VERBOSE,
)
NATIONAL = range(9, 16)
"""How many digits a number written in the manner of a country has."""

IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w]|\.\d)")
COLONS = re.compile(":[0-9A-Fa-f]{0,4}:")
HEX = frozenset("0123456789abcdefABCDEF:")
MAX_IPV6 = 45

HOMES = ("/home/", "/users/", "\\users\\", "\\home\\", "\\documents and", "-home-", "-users-")
"""In lower case."""
HOME = re.compile(
    r"""(?P<posix>/(?:home|Users)/)(?P<user>[^\s/\\:"'<>|?*,;()\[\]{}`$&=@\#!]+)
    | (?P<slash>\\\\?)(?i:Users|home|Documents[ ]and[ ]Settings)(?P=slash)
      (?P<winuser>[^\\/:*?"<>|\s](?:[^\\/:*?"<>|\r\n]{0,62}?(?=[\\/])|[^\\/:*?"<>|\s`')]*))
    | (?<![\w-])-(?:home|Users)-(?P<flat>[A-Za-z0-9]+)(?=-)""",
    re.VERBOSE,
)
EVERYONE = frozenset(["shared", "public", "default", "all users"])
"""Folders beside the users' own."""

WEB = re.compile(r"(?i)https?://\S*\Z")
REACH = 200
"""How far back the beginning of an address is looked for."""


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also with `[at]` and `(dot)`."""
    at = text.find("@")
    while at >= 0:
        start = at
        while start and at - start < MAX_LOCAL and _is_local(text[start - 1]):
            start -= 1
        while start < at and text[start] in LOCAL - {"_"}:  # Before it, as a quotation mark.
            start += 1
        domain = DOMAIN.match(text, at + 1) if start < at and text[start:at] != "git" else None
        if domain:
            yield start, domain.end()
        at = text.find("@", domain.end() if domain else at + 1)
    if SPELT.search(text):
        yield from (match.span() for match in SPELT_EMAIL.finditer(text))


def _is_local(char: str) -> bool:
    return char.isalnum() or char in LOCAL


def phones(text: str) -> Iterator[Span]:
    """Telephone numbers, international or in the manner of a country."""
    for run in DIGIT_RUN.finditer(text):
        for match in PHONE.finditer(text, run.start(), run.end() + 2):
            digits = sum(char.isdigit() for char in match[0])
            if match[0].startswith("+") or digits in NATIONAL:
                yield match.span()


def ip_addresses(text: str) -> Iterator[Span]:
    """IP addresses of both versions, but for loopback and unspecified ones."""
    for match in IPV4.finditer(text):
        if _begins(text, match.start()) and _is_someones(match[0]):
            yield match.span()
    end = 0
    for colons in COLONS.finditer(text):
        start = colons.start()
        if start < end:
            continue
        end = colons.end()
        while start and end - start < MAX_IPV6 and text[start - 1] in HEX:
            start -= 1
        while end < len(text) and end - start < MAX_IPV6 and text[end] in HEX:
            end += 1
        while text[end - 1] == ":" and text[end - 2] != ":":
            end -= 1
        if not _begins(text, start) or (end < len(text) and text[end].isalnum()):
            continue
        if any(char.isdigit() for char in text[start:end]) and _is_someones(text[start:end]):
            yield start, end


def _begins(text: str, start: int) -> bool:
    """Whether no longer number or name goes on there."""
    return not start or not (text[start - 1].isalnum() or text[start - 1] in "._")


def _is_someones(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (parsed.is_loopback or parsed.is_unspecified or address == "255.255.255.255")


def home_users(text: str) -> Iterator[Span]:
    """The user's part of paths to a home folder; not of addresses on the web."""
    lowered = text.lower()
    if not any(sign in lowered for sign in HOMES):
        return
    for match in HOME.finditer(text):
        group = next(name for name in ("user", "winuser", "flat") if match[name])
        start = match.start(group)
        user = match[group].rstrip(".,")
        if not user or user.lower() in EVERYONE:
            continue
        if match["posix"] and WEB.search(text[max(0, match.start() - REACH) : match.start()]):
            continue
        yield start, start + len(user)
