"""Gives every participant a hue that is theirs on all pages of the site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sitegen.entry import Entry
from sitegen.palette import HUES, SLOTS

__all__ = ["settle_hues", "with_hues"]


def settle_hues(entries: Sequence[Entry], own: Mapping[str, int]) -> dict[str, int]:
    """The hue of each participant; `own` are those that the configuration gives.

    Those who are in most transcripts choose first, and take the first hue that none of
    those they speak with has: so two who speak with each other alone are blue and amber.
    """
    counts: Counter[str] = Counter()
    partners: dict[str, Counter[str]] = {}
    for entry in entries:
        names = [share.participant.name for share in entry.shares[:SLOTS]]
        counts.update(names)
        for name in names:
            partners.setdefault(name, Counter()).update(other for other in names if other != name)
    hues = {name: hue for name, hue in own.items() if name in counts}
    # Ties fall to the oldest transcript and its first voice: a new one changes no colours.
    order = {
        share.participant.name: place
        for place, share in enumerate(
            share for entry in entries for share in reversed(entry.shares[:SLOTS])
        )
    }
    for name in sorted(counts, key=lambda name: (-counts[name], -order[name])):
        if name not in hues:
            taken: Counter[int] = Counter()
            for other, times in partners[name].items():
                if other in hues:
                    taken[hues[other]] += times
            hues[name] = min(range(len(HUES)), key=lambda hue: (taken[hue], hue))
    return hues


def with_hues(entry: Entry, hues: Mapping[str, int]) -> Entry:
    """An entry whose participants have their hues, no two of the first eight the same."""
    taken: set[int] = set()
    shares = []
    for share in entry.shares:
        hue = hues.get(share.participant.name, 0)
        if hue in taken and len(taken) < len(HUES):
            hue = next(free for free in range(len(HUES)) if free not in taken)
        taken.add(hue)
        shares.append(replace(share, participant=replace(share.participant, hue=hue)))
    return replace(entry, shares=tuple(shares))
