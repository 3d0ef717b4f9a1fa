"""Text with styles, as chat apps keep it, to Markdown that shows the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from sitegen.model import Text
from sitegen.text import escape_markdown

__all__ = ["Run", "Style", "join_runs"]

Style: TypeAlias = Literal["", "bold", "italic", "strike", "code", "pre", "quote", "link"]

DELIMITERS = {"bold": "**", "italic": "*", "strike": "~~"}
FOLLOWED = re.compile(r"https?://\S|mailto:\S|tel:\S", re.IGNORECASE)
LANGUAGE = re.compile(r"[\w+#.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    """The text as typed."""
    style: Style = ""
    """Its style; empty for none."""
    about: str = ""
    """A link's address, or the language of code in `pre`."""


def join_runs(runs: Iterable[Run]) -> Text:
    """One text of several runs: plain if none of them has a style, else Markdown."""
    said = [run for run in runs if run.text]
    merged = [
        Run("".join(run.text for run in same), style, about)
        for (style, about), same in groupby(said, key=lambda run: (run.style, run.about))
    ]
    if not any(run.style for run in merged):
        return Text("".join(run.text for run in merged), hard_breaks=True, plain=True)
    parts: list[str] = []
    for run, after in zip(merged, [*merged[1:], Run("")], strict=True):
        parts.append(_written(run, parts[-1] if parts else "\n", after))
    return Text("".join(parts), hard_breaks=True)


def _written(run: Run, before: str, after: Run) -> str:
    """The Markdown of a run, given the Markdown before it and the run after it."""
    begins_line = before.endswith("\n")
    match run.style:
        case "quote":
            return ("" if begins_line else "\n") + _quote(run.text)
        case "pre":
            return ("" if begins_line else "\n") + _fence(run)
        case "code":
            return (
                _code(run.text)
                if "\n" not in run.text
                else _written(Run(run.text, "pre"), before, after)
            )
        case "link":
            return _link(run, begins_line)
        case "bold" | "italic" | "strike":
            return _styled(run, before, after)
        case _:
            return escape_markdown(run.text, begins_line=begins_line)


def _styled(run: Run, before: str, after: Run) -> str:
    """Emphasis, line by line; left out where Markdown could not tell its ends."""
    mark = DELIMITERS[run.style]
    done = []
    lines = run.text.split("\n")
    for index, line in enumerate(lines):
        if index:
            before = "\n"
        core = line.strip()
        head, tail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        right = tail or (_first(after) if index == len(lines) - 1 else "")
        if core and _fits(head or before, core[0]) and _fits(right[::-1], core[-1]):
            blanks = escape_markdown(head, begins_line=before.endswith("\n"))
            text = escape_markdown(core, begins_line=False, links=False)
            done.append(f"{blanks}{mark}{text}{mark}{tail}")
        else:
            done.append(escape_markdown(line, begins_line=before.endswith("\n")))
    return "\n".join(done)


def _first(run: Run) -> str:
    """What stands first in the Markdown of a run, as far as it matters."""
    return run.text[:1] if run.style in ("", "bold", "italic", "strike") else "`"


def _fits(outside: str, inside: str) -> bool:
    """Whether a delimiter between these two can be one: CommonMark's flanking runs.

    A sign inside is written with a backslash or a reference, which is a sign as well.
    """
    if inside.isalnum():
        # Two delimiters in a row could be taken for one.
        return not outside or outside[-1] not in "*~_"
    return not outside or outside[-1].isspace()


def _code(text: str) -> str:
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    if not text.strip():
        pad = ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _fence(run: Run) -> str:
    longest = max((len(ticks) for ticks in re.findall("`+", run.text)), default=0)
    fence = "`" * max(3, longest + 1)
    language = run.about if LANGUAGE.fullmatch(run.about) else ""
    return f"{fence}{language}\n{run.text.strip(chr(10))}\n{fence}\n"


def _quote(text: str) -> str:
    lines = text.strip("\n").split("\n")
    return "".join(f"> {escape_markdown(line)}\n" for line in lines) + "\n"


def _link(run: Run, begins_line: bool) -> str:
    if not FOLLOWED.match(run.about) or "\n\n" in run.text:
        text = run.text if run.about in ("", run.text) else f"{run.text} ({run.about})"
        return escape_markdown(text, begins_line=begins_line)
    target = run.about.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E")
    target = re.sub(r"\s", "%20", target).replace("&", "&amp;")
    # An address as text would be a link within the link.
    text = escape_markdown(run.text, begins_line=False, links=False)
    return f"[{text}](<{target}>)"
