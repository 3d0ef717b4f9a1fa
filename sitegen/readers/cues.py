"""WebVTT and SubRip captions to cues: when something is shown, and its lines.

Sources: the W3C's WebVTT (header, blocks, cue settings, comments, style sheets), and for
SubRip, which nobody has specified, what players bear: numbers or none, comma or point,
blank lines within the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Captions", "Cue", "is_captions", "read_cues"]

CLOCK = r"(?:(\d{1,5}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?"
TIMING = re.compile(rf"[ \t]*{CLOCK}[ \t]*-->[ \t]*{CLOCK}(?:[ \t]+(\S.*))?[ \t]*")
SETTING = re.compile(r"[A-Za-z]\w*:\S+")
VTT = re.compile(r"WEBVTT(?:[ \t](.*))?")
BLOCK = re.compile(r"(NOTE|STYLE|REGION)(?:[ \t](.*)|[ \t]*)")
NUMBER = re.compile(r"[ \t]*\d{1,9}[ \t]*")


@dataclass(slots=True)
class Cue:
    """What is shown for a while."""

    start: float
    """Seconds from the start of the recording."""
    end: float
    """When it goes, likewise."""
    lines: list[str]
    """Its lines as written."""
    line: int
    """1-based line of its times in the source."""


@dataclass(slots=True)
class Captions:
    """All that a file of captions holds."""

    is_vtt: bool
    """True for WebVTT, whose text has tags and references."""
    cues: list[Cue] = field(default_factory=list)
    """In the order of the file."""
    header: list[str] = field(default_factory=list)
    """What stands beside and below `WEBVTT`."""
    notes: list[str] = field(default_factory=list)
    """Comments, each with its lines."""
    styles: list[tuple[str, int]] = field(default_factory=list)
    """Style sheets and regions, with their lines in the source."""
    names: list[str] = field(default_factory=list)
    """Names of cues that are no numbers."""
    strays: list[int] = field(default_factory=list)
    """Lines that stood in no cue; they were put to the cue before."""
    preamble: list[str] = field(default_factory=list)
    """Lines before the first cue that are none of these."""


def is_captions(text: str) -> bool:
    """Whether a text begins as WebVTT or SubRip does."""
    head = [line for line in text[:4000].split("\n", 20)[:20] if line.strip()]
    if not head:
        return False
    return bool(
        VTT.fullmatch(head[0])
        or TIMING.fullmatch(head[0])
        or (len(head) > 1 and NUMBER.fullmatch(head[0]) and TIMING.fullmatch(head[1]))
    )


def read_cues(text: str) -> Captions:
    """Take a text apart; every line of it is in some part of the result."""
    lines = text.split("\n")
    found = Captions(is_vtt=False)
    at = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if title := VTT.fullmatch(lines[at]):
        found.is_vtt = True
        found.header += [title[1].strip()] if title[1] and title[1].strip() else []
        at += 1
        while at < len(lines) and lines[at].strip() and not _begins_cue(lines, at):
            found.header.append(lines[at])
            at += 1
    while at < len(lines):
        at = _read_block(lines, at, found)
    return found


def _begins_cue(lines: Sequence[str], at: int) -> bool:
    return any("-->" in line and TIMING.fullmatch(line) for line in lines[at : at + 2])


def _read_block(lines: Sequence[str], at: int, found: Captions) -> int:
    """Read what begins at a line; the line after it."""
    line = lines[at]
    if not line.strip():
        return at + 1
    timing = TIMING.fullmatch(line) if "-->" in line else None
    if timing:
        return _read_cue(timing, lines, at, found)
    if at + 1 < len(lines) and "-->" in lines[at + 1] and TIMING.fullmatch(lines[at + 1]):
        if not NUMBER.fullmatch(line):
            if not found.is_vtt:
                return _stray(line, at, found)
            found.names.append(line.strip())
        return at + 1
    block = BLOCK.fullmatch(line) if found.is_vtt else None
    if not block:
        return _stray(line, at, found)
    end = at + 1
    while end < len(lines) and lines[end].strip() and "-->" not in lines[end]:
        end += 1
    if end < len(lines) and "-->" in lines[end] and NUMBER.fullmatch(lines[end - 1]):
        end -= 1  # A comment that no blank line ends.
    body = "\n".join([block[2] or "", *lines[at + 1 : end]]).strip()
    if block[1] == "NOTE":
        found.notes.append(body)
    else:
        found.styles.append((f"{block[1]} {body}".rstrip(), at + 1))
    return end


def _stray(line: str, at: int, found: Captions) -> int:
    if found.cues:
        found.cues[-1].lines.append(line)
        found.strays.append(at + 1)
    else:
        found.preamble.append(line)
    return at + 1


def _read_cue(timing: re.Match[str], lines: Sequence[str], at: int, found: Captions) -> int:
    body = []
    rest = timing[9] or ""
    if not all(SETTING.fullmatch(word) for word in rest.split()):
        body.append(rest)
    end = at + 1
    # In WebVTT only an empty line ends a cue, and one with a blank may stand in it.
    while end < len(lines) and (lines[end].strip() or (found.is_vtt and lines[end])):
        if "-->" in lines[end] and TIMING.fullmatch(lines[end]):
            if len(lines[end - 1].strip()) < 10 and NUMBER.fullmatch(lines[end - 1]) and body:
                body.pop()
            break
        body.append(lines[end])
        end += 1
    parts = timing.groups()
    found.cues.append(Cue(_seconds(*parts[:4]), _seconds(*parts[4:8]), body, at + 1))
    return end


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + float(f"0.{fraction or 0}")
