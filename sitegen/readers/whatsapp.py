"""WhatsApp's chat exports: `[31/01/24, 14:05:06] Name: text`, or with a dash on Android.

The app writes dates as the telephone's region does and never says in which order, joins
and calls without a name, and what was sent beside text as a remark in angle brackets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sitegen.model import NOTICE, Attachment, Block, Image, Message, Source, Text, Transcript
from sitegen.readers.assemble import Finder, finish
from sitegen.readers.frontmatter import FrontMatter
from sitegen.readers.order import DateOrder, Stamp, in_order, order_of, proof_of_order
from sitegen.text import escape_markdown, visible

__all__ = ["FORMAT", "read_whatsapp"]

FORMAT = "whatsapp"

MARK = "\u200e"
"""Left-to-right mark: stands before what the app itself wrote."""

INVISIBLE = "\u200e\u200f\u202a\u202c\ufeff"
BLANK = "[ \u00a0\u202f\u2009]"
MORNING = r"[AaPp]\.?[ \u00a0\u202f]?[Mm]\.?"
STAMP = re.compile(
    rf"[{INVISIBLE}]*(?P<open>\[?)(?P<date>\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}),?\.?"
    rf"(?:{BLANK}(?:à|às|um|om|kl\.|alle){BLANK}|{BLANK})"
    rf"(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.](?P<second>\d{{2}}))?"
    rf"(?:{BLANK}?(?P<half>{MORNING}))?"
    rf"(?P<close>\]{BLANK}?|{BLANK}-{BLANK}|:{BLANK})"
)
SPEAKER = re.compile(
    r"[\u200e\u200f\u202a]*(?P<name>[^:\n]{1,100}):(?:[ \u00a0](?P<text>.*)|(?P<dot>\.?)\Z)"
)
QUOTES = re.compile(r"[\"“”„«»]")
ATTACHED = re.compile(
    r"\u200e?<[^<>:\n]{1,30}: (?P<boxed>[^<>\n]{1,200})>"
    r"|\u200e?(?P<plain>[^\s<>/\\](?:[^<>/\\\n]{0,200}[^\s<>/\\])?\.\w{1,5}) \([^()\n]{4,40}\)"
)
CAPTIONED = re.compile(r"\u200e<[^<>:\n]{1,30}: (?P<boxed>[^<>\n]{1,200})>\Z")
DATED = re.compile(r"-(20\d\d)-?([01]\d)-?([0-3]\d)-(?:\d\d-|WA\d)")
"""The date in the name of a file: `00000008-PHOTO-2020-11-02-21-49-51.jpg`,
`IMG-20201102-WA0001.jpg`."""
EDITED = "<This message was edited>"
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
MAX_NAME_WORDS = 6
HEAD_LINES = 5
"""How far down the first message may begin."""

Rows: TypeAlias = "list[_Row]"


@dataclass(slots=True)
class _Row:
    """One entry of the log."""

    stamp: Stamp
    line: int
    head: str
    """What stands before the name: `[31/01/24, 14:05:06]`."""
    text: list[str] = field(default_factory=list)
    name: str = ""
    """Empty for what the app itself says."""


def read_whatsapp(
    front: FrontMatter,
    source: Source,
    slug: str,
    timezone: str,
    finder: Finder,
    date_order: DateOrder | None = None,
) -> Transcript | None:
    """Read a text as a WhatsApp export, or None if it is none.

    `date_order` says how its dates are written; None to find out from the whole file.
    """
    lines = front.body.split("\n")
    if not any(STAMP.match(line) for line in [ln for ln in lines[:50] if ln.strip()][:HEAD_LINES]):
        return None
    preamble, rows = _rows(lines, front.offset)
    if not rows:
        return None
    finder.reason = f"lines such as `{visible(rows[0].head)}`"
    order = date_order or _order(rows, finder)
    _tell_names(rows)
    zone = ZoneInfo(timezone)
    messages = []
    for number, row in enumerate(rows, 1):
        at = in_order(row.stamp, order, zone)
        if at is None:
            finder.warn(f'"{row.stamp.written}" is not a date', row.line, "correct it")
        messages.append(_message(number, row, at))
    times = [message.at for message in messages if message.at]
    transcript = Transcript(
        source=source,
        format=FORMAT,
        slug=slug,
        title="",
        messages=tuple(messages),
        preamble="\n\n".join(escape_markdown(line.strip()) for line in preamble),
        started=min(times, default=None),
        ended=max(times) if len(times) > 1 else None,
    )
    return finish(transcript, front, timezone, finder)


def _rows(lines: Sequence[str], offset: int) -> tuple[list[str], Rows]:
    """The entries, each with the lines that follow it, and what stands above the first."""
    preamble: list[str] = []
    rows: Rows = []
    for number, line in enumerate(lines, 1 + offset):
        found = STAMP.match(line) if line[:1] not in ("", " ") else None
        if found and bool(found["open"]) == found["close"].startswith("]"):
            stamp = Stamp(
                found["date"],
                int(found["hour"]),
                int(found["minute"]),
                int(found["second"] or 0),
                (found["half"] or "")[:1].lower(),
            )
            rows.append(_Row(stamp, number, found[0].strip(), [line[found.end() :]]))
        elif rows:
            rows[-1].text.append(line)
        elif line.strip():
            preamble.append(line)
    if rows:
        # The file's last line end, and no more.
        _drop_last_blank(rows[-1].text)
    return preamble, rows


def _drop_last_blank(lines: list[str]) -> None:
    if len(lines) > 1 and not lines[-1]:
        lines.pop()


def _order(rows: Rows, finder: Finder) -> DateOrder:
    stamps = [row.stamp for row in rows]
    order, doubt = order_of(stamps)
    # The names of files that were sent hold the date too, the year first.
    dated = ((row.stamp, found) for row in rows if (found := DATED.search(row.text[0])))
    if doubt and (proven := proof_of_order((stamp, found.groups()) for stamp, found in dated)):
        return proven
    if doubt:
        finder.warn(
            f"dates such as {stamps[0].written} are taken as {order.value}, which {doubt}",
            rows[0].line,
            "if it is another, say `date_order` in [[sources]] of sitegen.toml",
        )
    return order


def _tell_names(rows: Rows) -> None:
    """Part the names from the texts; what has none, or only seems to, the app said."""
    found = [SPEAKER.match(row.text[0]) for row in rows]
    seen = Counter(_clean(match["name"]) for match in found if match)
    system = _system_names(found)
    for row, match in zip(rows, found, strict=True):
        name = _clean(match["name"]) if match else ""
        if not match or not name or _is_sentence(name, seen[name]):
            continue
        if name in system:
            continue
        row.name = name
        row.text[0] = match["text"] or match["dot"] or ""


def _clean(name: str) -> str:
    return name.strip(INVISIBLE + " \u00a0\u202f")


def _is_sentence(name: str, count: int) -> bool:
    """Whether a name that comes once is the first half of what the app says:
    `Ana changed the subject to “tides: spring”`."""
    return count == 1 and bool(QUOTES.search(name) or len(name.split()) > MAX_NAME_WORDS)


def _system_names(found: Sequence[re.Match[str] | None]) -> frozenset[str]:
    """Names under which nobody but the app speaks: on iPhones, a group's own."""
    marked: Counter[str] = Counter()
    spoken: Counter[str] = Counter()
    for match in found:
        if match:
            text = match["text"] or ""
            app = text.startswith(MARK) and not ATTACHED.match(text) and len(text.split()) > 3
            (marked if app else spoken)[_clean(match["name"])] += 1
    return frozenset(name for name in marked if name not in spoken)


def _message(number: int, row: _Row, at: datetime | None) -> Message:
    marks: tuple[str, ...] = ()
    if row.name and row.text[-1].endswith(EDITED):
        row.text[-1] = row.text[-1].removesuffix(EDITED).rstrip(MARK + " ")
        marks = ("edited",)
    return Message(
        number=number,
        speaker=visible(row.name),
        blocks=tuple(_blocks(row)),
        line=row.line,
        role="" if row.name else NOTICE,
        at=at,
        marks=marks,
    )


def _blocks(row: _Row) -> Iterator[Block]:
    """What was sent: files named by the remarks of the app, and text."""
    text: list[str] = []
    for line in row.text:
        name, caption = _attached(line.rstrip()) if row.name else ("", line)
        if caption or not name:
            text.append(caption)
        if not name:
            continue
        if any(part.strip() for part in text):
            yield _text(text)
        text = []
        yield Image(name, name) if name.lower().endswith(PICTURES) else Attachment(name, name)
    if text:
        yield _text(text)


def _attached(line: str) -> tuple[str, str]:
    """The file that a line says was sent, and what stands before that."""
    if attached := ATTACHED.fullmatch(line):
        return (attached["boxed"] or attached["plain"]).strip(INVISIBLE + " "), ""
    if captioned := CAPTIONED.search(line):
        return captioned["boxed"].strip(INVISIBLE + " "), line[: captioned.start()].rstrip()
    return "", line


def _text(lines: Sequence[str]) -> Text:
    first, *rest = lines
    return Text("\n".join([first.removeprefix(MARK), *rest]), hard_breaks=True, plain=True)
