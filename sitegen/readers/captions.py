"""WebVTT and SubRip captions: voices from `<v Name>` or `Name: text`, cues put to turns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise

from sitegen.model import Source, Transcript
from sitegen.readers.assemble import Finder, finish
from sitegen.readers.cues import Captions, Cue, is_captions, read_cues
from sitegen.readers.frontmatter import FrontMatter
from sitegen.readers.rich import Run, Style
from sitegen.readers.voices import Utterance, put_together
from sitegen.text import escape_markdown

__all__ = ["FORMAT", "read_captions"]

FORMAT = "captions"

TAG = re.compile(
    r"<(?P<close>/?)(?:(?P<name>c|i|b|u|s|ruby|rt)(?:\.[^\s<>]*)?|v(?:[. \t][^<>\n]*)?"
    r"|lang(?:[. \t][\w.-]*)*|font(?:[ \t]+\w+=[^<>\n]*)?)>|<\d[\d:.]*>",
    re.IGNORECASE,
)
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t](?P<name>[^<>\n]*)>", re.IGNORECASE)
OVERRIDE = re.compile(r"\{\\[^{}\n]{1,60}\}")
"""How SubRip files place text, after another format: `{\\an8}`."""

NAMED = re.compile(
    r"(?:>>+[ \t]*)?(?:\[(?P<boxed>[^\s:\[\]][^:\[\]]{0,48})\]"
    r"|(?P<plain>[^\s:\[\](){}<>\"“”?!,;♪-][^:\[\](){}<>\"“”?!,;♪]{0,40})):"
    r"(?:[ \t]+(?P<text>.*)|\Z)"
)
OWN_LINE = re.compile(r"(?:<[^<>]*>)*[ \t]*(?:[-–—♪♫]|>>|&gt;&gt;)")
MEASURE = re.compile(
    r"(?:Confidence|recognizability|duration|language)[ \t]*:[ \t]*\S+", re.IGNORECASE
)
HEADER = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*[:=][ \t]*(\S.*)")
SCHEMES = frozenset(["http", "https", "ftp", "mailto"])

MAX_WORDS = 5
"""Words of a speaker's name in `Name: text`."""

USUAL_SHARE = 0.02
"""How many of the cues names must begin, so that they are names and not turns of phrase."""

LABELLED_SHARE = 0.9
"""Where so many do, names that come once are names as well."""

ROLLING_SHARE = 0.3
"""Where so many cues add a line to the one before, they roll: each line is shown twice."""

MAX_ROWS = 4
"""Rows of captions on a screen."""


def read_captions(
    front: FrontMatter, source: Source, slug: str, timezone: str, finder: Finder
) -> Transcript | None:
    """Read a text as captions, or None if it is none."""
    if not is_captions(front.body):
        return None
    finder.reason = (
        "the line `WEBVTT`" if front.body.startswith("WEBVTT") else "times joined by `-->`"
    )
    found = read_cues(front.body)
    cues = _unroll([replace(cue, lines=_filled(cue.lines)) for cue in found.cues], finder)
    said = _joined(cues, found.is_vtt)
    headers, preamble = _header(found)
    _remark(found, front.offset, finder)
    messages = put_together(replace(own, line=own.line + front.offset) for own in said)
    transcript = Transcript(
        source=source,
        format=FORMAT,
        slug=slug,
        title="",
        messages=messages,
        preamble=preamble,
        extra=tuple(headers + _notes(found, finder)),
    )
    if not messages:
        finder.warn("the captions hold no cues", 0, "export them again")
    return finish(transcript, front, timezone, finder)


def _filled(lines: Sequence[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]


def _unroll(cues: list[Cue], finder: Finder) -> list[Cue]:
    """Show once what captions that roll up show twice; only if most cues do so."""
    repeats = [_repeated(one, two) for one, two in pairwise(cues)]
    rolling = sum(0 < count < len(cue.lines) for cue, count in zip(cues[1:], repeats, strict=True))
    if rolling < 2 or rolling < ROLLING_SHARE * len(repeats):
        return cues
    dropped = sum(repeats)
    finder.note(
        f"{dropped} lines that repeat the line before, as captions do that roll up, are shown once",
        cues[0].line,
    )
    shown = zip(cues[1:], repeats, strict=True)
    return [cues[0], *(replace(cue, lines=cue.lines[count:]) for cue, count in shown)]


def _repeated(one: Cue, two: Cue) -> int:
    """How many of the first lines of a cue are the last ones of the cue before."""
    if two.start - one.end > 0.5 or not one.lines:
        return 0
    before, after = _bare(one.lines), _bare(two.lines)
    for count in range(min(len(before), len(after), MAX_ROWS), 0, -1):
        if before[-count:] == after[:count]:
            return count
    return 0


def _bare(lines: Sequence[str]) -> list[str]:
    return [" ".join(TAG.sub("", line).split()) for line in lines]


@dataclass(slots=True)
class _Stretch:
    """What a voice says within a cue; the voice is None if the cue names none."""

    voice: str | None
    lines: list[str]


def _joined(cues: Sequence[Cue], is_vtt: bool) -> Iterator[Utterance]:
    """What is said in each cue, by whom; a cue without a name goes on in the voice before."""
    tagged = any(VOICE.search(line) for cue in cues for line in cue.lines)
    names = frozenset[str]() if tagged else _names(cues)
    voice = ""
    for cue in cues:
        if tagged:
            stretches = list(_by_tags("\n".join(cue.lines)))
        else:
            stretches = list(_by_names(cue.lines, names))
        for stretch in stretches:
            voice = voice if stretch.voice is None else stretch.voice
            runs = _runs(stretch.lines, is_vtt)
            if runs or stretch.voice is not None:
                yield Utterance(voice, cue.start, cue.end, runs, cue.line)


def _by_tags(text: str) -> Iterator[_Stretch]:
    """Cut a cue where a tag names another voice."""
    end = 0
    voice: str | None = None
    for tag in VOICE.finditer(text):
        if before := text[end : tag.start()].strip():
            yield _Stretch(voice, before.split("\n"))
        voice = " ".join(unescape(tag["name"]).split())
        end = tag.end()
    rest = text[end:].strip()
    if rest or voice is not None:
        yield _Stretch(voice, rest.split("\n"))


def _by_names(lines: Sequence[str], names: frozenset[str]) -> Iterator[_Stretch]:
    """Cut a cue at lines that begin with a known name."""
    stretch = _Stretch(None, [])
    for line in lines:
        named = NAMED.match(line) if names else None
        name = _name(named) if named else ""
        if named and name in names:
            if stretch.lines:
                yield stretch
            stretch = _Stretch(name, [named["text"] or ""])
        else:
            stretch.lines.append(line)
    if stretch.lines:
        yield stretch


def _name(named: re.Match[str]) -> str:
    return (named["boxed"] or named["plain"]).strip()


def _names(cues: Sequence[Cue]) -> frozenset[str]:
    """The names with which lines begin, if enough of them do."""
    seen: Counter[str] = Counter()
    first = 0
    for cue in cues:
        for index, line in enumerate(cue.lines):
            named = NAMED.match(line)
            if named and _could_be_name(name := _name(named)):
                seen[name] += 1
                first += index == 0
    lead = first >= LABELLED_SHARE * len(cues)
    names = {
        name
        for name, count in seen.items()
        if lead or count > 2 or (count > 1 and not name[0].islower())
    }
    enough = sum(seen[name] for name in names) >= max(1, USUAL_SHARE * len(cues))
    return frozenset(names if enough else ())


def _could_be_name(name: str) -> bool:
    return (
        len(name.split()) <= MAX_WORDS
        and not name.endswith(".")
        and any(char.isalpha() for char in name)
        and name.lower() not in SCHEMES
    )


def _runs(lines: Sequence[str], is_vtt: bool) -> tuple[Run, ...]:
    """The text of a cue without its tags, lines joined to prose."""
    runs: list[Run] = []
    italic = bold = 0
    for line in lines:
        text = (line if is_vtt else OVERRIDE.sub("", line)).strip()
        if runs and text:
            runs.append(Run("\n" if OWN_LINE.match(text) else " "))
        end = 0
        for tag in [*TAG.finditer(text), None]:
            piece = text[end : tag.start() if tag else len(text)]
            style: Style = "italic" if italic > 0 else "bold" if bold > 0 else ""
            if piece:
                runs.append(Run(unescape(piece) if is_vtt else piece, style))
            if tag:
                step = -1 if tag["close"] else 1
                italic += step if (tag["name"] or "").lower() == "i" else 0
                bold += step if (tag["name"] or "").lower() == "b" else 0
                end = tag.end()
    return tuple(runs)


def _header(found: Captions) -> tuple[list[tuple[str, str]], str]:
    """Headers as names and values, and what stands above the cues and is none."""
    headers, other = [], []
    for line in found.header:
        header = HEADER.fullmatch(line.strip())
        if header:
            headers.append((header[1], header[2]))
        else:
            other.append(line.strip())
    return headers, "\n\n".join(map(escape_markdown, [*other, *found.preamble]))


def _notes(found: Captions, finder: Finder) -> list[tuple[str, str]]:
    """Comments as metadata; of a machine's measures only how many there are."""
    lines = [line.strip() for note in found.notes for line in note.split("\n") if line.strip()]
    measures = sum(bool(MEASURE.fullmatch(line)) for line in lines)
    if measures:
        finder.note(f"{measures} comments with a machine's measures are not shown")
    texts = [line for line in lines if not MEASURE.fullmatch(line)]
    return [("Note", "\n".join(texts))] if texts else []


def _remark(found: Captions, offset: int, finder: Finder) -> None:
    for style, line in found.styles:
        finder.note(f"not applied: {' '.join(style.split())}", line + offset)
    if found.names:
        finder.note(f"names of cues are not shown: {', '.join(dict.fromkeys(found.names))}")
    if found.strays:
        count = len(found.strays)
        finder.warn(
            f"{count} line{'s' if count > 1 else ''} outside of a cue, kept with the cue before",
            found.strays[0] + offset,
            "a blank line ends a cue: delete it if it should not",
        )
