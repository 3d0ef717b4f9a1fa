"""Data that lies beside a text and says the same: published once, as the text has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sitegen.entry import Entry
from sitegen.errors import Diagnostic, Severity

__all__ = ["without_twins"]

TOLERANCE = 0.05
"""By how much the words of the same conversation may differ: exporters treat markup freely."""


def without_twins(entries: Sequence[Entry]) -> tuple[list[Entry], list[Diagnostic]]:
    """The entries without those that another file has already, and a note for each of these.

    A text may have its data beside it under the same name (`a.md`, `a.json`). If both hold
    as many messages and nearly as many words, the text is published; a text may have front
    matter, and an editor's corrections. If the text is not published, neither is its data:
    it may be a draft.
    """
    texts: dict[str, list[Entry]] = {}
    for entry in entries:
        if not entry.source.twin:
            texts.setdefault(entry.source.rel, []).append(entry)
    kept, notes = [], []
    for entry in entries:
        if why := _why_not(entry, texts.get(entry.source.twin, ())):
            notes.append(Diagnostic(Severity.NOTE, why, entry.source.name))
        else:
            kept.append(entry)
    return kept, notes


def _why_not(entry: Entry, beside: Iterable[Entry]) -> str:
    """Why an entry is not published; empty if it is."""
    if not entry.source.twin:
        return ""
    others = list(beside)
    if not others:
        return f"not published: {entry.source.twin} beside it is not published either"
    if any(_says_the_same(entry, other) for other in others):
        return f"not published: {entry.source.twin} holds the same conversation"
    return ""


def _says_the_same(entry: Entry, other: Entry) -> bool:
    messages = [sum(share.messages for share in one.shares) for one in (entry, other)]
    difference = abs(entry.words - other.words)
    return messages[0] == messages[1] and difference <= TOLERANCE * max(entry.words, other.words)
