"""What stands on a card, in texts and colours: all that its picture depends on."""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.config import Config
from sitegen.entry import Entry
from sitegen.formats import Formats
from sitegen.keys import digest
from sitegen.labels import about_label, hue_of
from sitegen.palette import SLOTS, Look, look
from sitegen.participants import own_voices
from sitegen.shape import bin_bars
from sitegen.text import shorten

__all__ = ["HEIGHT", "WIDTH", "Card", "CardMaker", "CardVoice", "card_path"]

WIDTH = 1200
HEIGHT = 630
"""In pixels: what Open Graph and Twitter show whole."""

DRAWING = 1
"""Counts up when cards are drawn otherwise."""

MOST_TITLE, MOST_NAME, MOST_SITE = 180, 60, 50
MOST_VOICES = 40
"""More than there is room for; the rest are counted."""
MOST_LABELS = 6
MOST_BARS = 150


@dataclass(frozen=True, slots=True)
class CardVoice:
    """A participant."""

    name: str
    """At most 60 characters."""
    look: Look
    """Their colour and sign."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is on a card; the same card is the same picture."""

    title: str
    """One line of at most 180 characters."""
    site: str
    """The site's title, at most 50 characters."""
    facts: str
    """`26 October 2025 · 49 messages`."""
    voices: tuple[CardVoice, ...]
    """The participants in their order, at most 40."""
    more: int
    """How many there are beyond those."""
    labels: tuple[tuple[str, str], ...]
    """Each label and its colour, `#rrggbb`; empty for the colour of warnings."""
    bars: tuple[tuple[int, int], ...]
    """The shape, at most 150 bars: the place of a voice from 1 (0 for none), and how many words."""

    @property
    def key(self) -> str:
        """By what its picture is known again."""
        return digest(DRAWING, self)


class CardMaker:
    """Makes the cards of one site."""

    def __init__(self, config: Config, forms: Formats) -> None:
        self.config = config
        self.forms = forms
        self.own = own_voices(config.participants)
        self.site = shorten(config.site.title, MOST_SITE)

    def card(self, entry: Entry) -> Card:
        """The card of an entry whose participants have their hues."""
        shares = entry.shares[:MOST_VOICES]
        labels = (self.forms.strings.text("draft"),) if entry.draft else ()
        facts = [self.forms.day(entry.started)] if entry.started else []
        facts += [self.forms.count(entry.messages, "message")] if entry.messages else []
        return Card(
            title=shorten(entry.title, MOST_TITLE),
            site=self.site,
            facts=" · ".join(facts),
            voices=tuple(
                CardVoice(
                    shorten(share.participant.name, MOST_NAME),
                    look(share.participant.hue if place < SLOTS else None, self.own),
                )
                for place, share in enumerate(shares)
            ),
            more=len(entry.shares) - len(shares),
            labels=tuple(
                (shorten(label, MOST_NAME), self._color_of(label))
                for label in (*labels, *entry.labels)[:MOST_LABELS]
            ),
            bars=tuple(
                (bar.voice if bar.voice <= SLOTS else 0, bar.words)
                for bar in bin_bars(entry.bars, MOST_BARS)
            ),
        )

    def _color_of(self, label: str) -> str:
        hue = hue_of(about_label(self.config.labels, label))
        return "" if hue is None else look(hue, ()).color


def card_path(key: str) -> str:
    """The output path of the card of the transcript whose page has this key."""
    return f"{key}/card.png"
