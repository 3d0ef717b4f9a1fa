"""The social cards of one build: which can stay, and which have to be drawn."""

from __future__ import annotations

from sitegen.cards import Card, CardMaker, card_path
from sitegen.formats import Formats
from sitegen.keys import Key
from sitegen.ledger import Ledger
from sitegen.model import Artifact, Kind
from sitegen.site import Site

__all__ = ["Deck"]


class Deck:
    """The cards of a site. Unless new ones are `wanted`, those stay that are there."""

    def __init__(self, site: Site, forms: Formats, made: Ledger, wanted: bool) -> None:
        self.made = made
        self.owners: dict[str, str] = {}
        self.cards: dict[str, Card] = {}
        """By output path: those that have to be drawn."""
        self.outdated = False
        """Whether a card is missing, or not of its transcript as it is now."""
        if not site.config.site.social_cards:
            return
        maker = CardMaker(site.config, forms)
        taken: set[str] = set()
        for entry in site.entries:
            path = card_path(entry.key)
            if path.casefold() in taken:  # Of a page whose address is another's.
                continue
            taken.add(path.casefold())
            card, owner = maker.card(entry), entry.source.name
            if made.keep(path, Kind.ASSET, owner, _key(card)):
                continue
            if wanted:
                self.cards[path], self.owners[path] = card, owner
            else:
                self.outdated = True
                made.keep_outdated(path, Kind.ASSET, owner)

    def stage(self, path: str, picture: bytes) -> None:
        """Take a card that was drawn into the build."""
        artifact = Artifact(path, picture, Kind.ASSET, self.owners[path])
        self.made.stage(artifact, _key(self.cards[path]))


def _key(card: Card) -> Key:
    return Key("", "", card.key, "")
