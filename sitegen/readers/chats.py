"""The chats that exporters and people write as Markdown, each as a style of one engine."""

from __future__ import annotations

import re
from collections.abc import Callable

from sitegen.readers.chat import Sheet, Style
from sitegen.readers.engine import Grammar
from sitegen.readers.picking import (
    ROLES,
    alternating,
    by_role,
    every,
    in_order,
    numbered,
    recurring,
    separated,
    spoken,
)
from sitegen.readers.shapes import read_banner, read_callout, read_quote, take_time
from sitegen.readers.specstory import SPECSTORY
from sitegen.readers.spoken import PIDGIN

__all__ = ["LOOSE", "STRICT"]

TITLED = re.compile(r"(?:Title: )?(?P<title>.*)")


def by_line(what: str, pattern: str) -> Callable[[Sheet], str]:
    """Recognise a format by one line of the head."""
    compiled = re.compile(pattern)

    def recognise(sheet: Sheet) -> str:
        line = sheet.shows(compiled)
        return f"{what} `{line.strip()[:60]}`" if line else ""

    return recognise


def by_first(pattern: str) -> Callable[[Sheet], str]:
    """Recognise a format by the first line that is not blank."""
    compiled = re.compile(pattern)

    def recognise(sheet: Sheet) -> str:
        line = next((line for line in sheet.lines[:20] if line.strip()), "")
        return f"the first line `{line.strip()[:60]}`" if compiled.fullmatch(line) else ""

    return recognise


def by_opening(style: str, pattern: str) -> Callable[[Sheet], str]:
    """Recognise a format by how its first message begins, if it begins with two at least."""
    compiled = re.compile(pattern)

    def recognise(sheet: Sheet) -> str:
        first = sheet.shows(compiled)
        if not first:
            return ""
        count = sum(1 for line in sheet.lines if compiled.fullmatch(line))
        return f"{count} {style} such as `{first.strip()[:60]}`" if count > 1 else ""

    return recognise


def anyway(what: str) -> Callable[[Sheet], str]:
    """Try a style on every text; whether it fits is seen by what it finds."""
    return lambda _: what


CLAUDE_LOG = Style(
    "claude-log",
    Grammar(re.compile(r"## (?:👤|🤖|⚙️?)\s*(?P<name>\S(?:.*\S)?)\s*"), marks="#-"),
    by_line("a line", r"# Claude Conversation Log\s*|## 👤 (?:User|Human)\s*"),
    separated,
    roles=ROLES,
    plain_headers=True,
)
CURSOR = Style(
    "cursor",
    Grammar(re.compile(r"\*\*(?P<name>User|Cursor)\*\*\s*"), marks="*-"),
    by_line("a line", r"_Exported on .* from Cursor.*_\s*"),
    separated,
    roles=ROLES,
)
CHATGPT_EXPORTER = Style(
    "chatgpt-exporter",
    Grammar(
        re.compile(r"#### (?P<name>You|ChatGPT|User|Assistant|Plugin[^:]*|Tool[^:]*):\s*"),
        marks="#",
        alone=False,
    ),
    by_line("a heading", r"#### (?:You|ChatGPT):\s*"),
    spoken,
    roles=ROLES,
)
PROMPTS = Style(
    "prompts",
    Grammar(
        re.compile(r"## (?P<name>Prompt|Response|User|Assistant|Human|Claude|ChatGPT):\s*"),
        marks="#",
        alone=False,
    ),
    by_line("a heading", r"## (?:Prompt|Response|User):\s*"),
    spoken,
    shape=take_time,
    roles=ROLES,
    footer=True,
)
CASCADE = Style(
    "cascade",
    Grammar(re.compile(r"### (?P<name>User Input|Planner Response)\s*"), marks="#"),
    by_line("a heading", r"# Cascade Chat Conversation\s*|### (?:User Input|Planner Response)\s*"),
    spoken,
    roles=ROLES,
)
NEXUS = Style(
    "nexus",
    Grammar(
        re.compile(r">\s?\[!nexus_\w+\][+-]?\s*\*\*(?P<name>[^*]+)\*\*(?:\s*- (?P<time>.*))?"),
        marks=">",
        alone=False,
    ),
    by_line("a callout", r">\s?\[!nexus_(?:user|agent|system)\].*"),
    every,
    shape=read_callout,
    roles=ROLES,
    title=TITLED,
    plain_headers=True,
)
WHISPER = Style(
    "whisperengine",
    Grammar(re.compile(r"## 💬 \*\*(?P<name>[^*]+)\*\*\s*"), marks="#"),
    by_line("a heading", r"## 💬 \*\*[^*]+\*\*\s*"),
    every,
    shape=read_quote,
    roles=ROLES,
    between=re.compile(r"### Exchange \d+|\*(?P<time>\d[\d:]+ [AP]M)\*"),
)
EARLY_DIALOGUE = Style(
    "dialogue-early",
    Grammar(
        re.compile(
            r"### Message (?P<time>\d+) - (?P<name>[^\s(](?:[^(]*[^\s(])?)\s*+"
            r"(?:\((?P<about>[^()]*)\))?\s*+"
        ),
        marks="#",
        alone=False,
    ),
    by_line("a heading", r"### Message 1 - \S.*"),
    in_order,
    shape=take_time,
)
CLAUDE_TO_CLAUDE = Style(
    "claude-to-claude",
    Grammar(re.compile(r"## (?P<name>[^#\s](?:.*\S)?)\s*"), marks="#"),
    by_line("a header", r"\*\*Model A:\*\*.*"),
    recurring,
    footer=True,
)
BACKROOMS = Style(
    "backrooms",
    Grammar(re.compile(r"### (?P<name>\S(?:.*\S)?) ###\s*"), marks="#", alone=False),
    by_line("a heading", r"### \S.* \d+ ###\s*"),
    numbered,
    between=re.compile(r"### Round \d+\s?/\s?\S+(?: ###)?\s*"),
)
BARE_BACKROOMS = Style(
    "backrooms",
    Grammar(re.compile(r"(?P<name>\S(?:.*\S)? \d{1,2}):\s*"), alone=False),
    by_first(r"\S.{0,60} [12]:\s*"),
    numbered,
)
BANNERS = Style(
    "banners",
    Grammar(
        re.compile(r"Turn \d+: (?P<name>\S(?:.*\S)?)\s*"),
        separator=re.compile(r"[═=]{8,}\s*"),
        alone=False,
        framed=True,
    ),
    by_opening("banners", r"Turn \d+: \S.*"),
    every,
    shape=read_banner,
    plain_headers=True,
)
ROLE_HEADINGS = Style(
    "roles",
    Grammar(
        re.compile(
            r"(?P<about>#{1,4}) +(?:[^\w\s#]{1,3} +)?\**(?P<name>"
            + "|".join(re.escape(role) for role in sorted(ROLES, key=len, reverse=True))
            + r")\**:?\**(?: \((?P<time>[^()]*)\))?\s*",
            re.IGNORECASE,
        ),
        marks="#-",
        alone=False,
    ),
    anyway("headings that name roles"),
    by_role,
    roles=ROLES,
    plain_headers=True,
)
NAME_HEADINGS = Style(
    "names",
    Grammar(re.compile(r"## +(?P<name>[^#\s](?:.*\S)?)\s*"), marks="#-"),
    anyway("headings with names that take turns"),
    alternating,
)

STRICT = (
    *(SPECSTORY, NEXUS, CLAUDE_LOG, CURSOR, CHATGPT_EXPORTER, PROMPTS, CASCADE, WHISPER),
    *(EARLY_DIALOGUE, CLAUDE_TO_CLAUDE, BACKROOMS, BARE_BACKROOMS, BANNERS, PIDGIN),
)
"""Styles with a sign of their own, which is looked for in the head."""

LOOSE = (ROLE_HEADINGS, NAME_HEADINGS)
"""Styles that are tried on a text without any sign."""
