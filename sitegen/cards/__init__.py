"""A picture of each transcript for those who meet a link to it elsewhere: a social card.

Who it is by, how it went and what it is called, drawn from what listings know of it.
Pillow and the fonts are loaded only where a card is drawn.
"""

from sitegen.cards.model import HEIGHT, WIDTH, Card, CardMaker, CardVoice, card_path

__all__ = ["HEIGHT", "WIDTH", "Card", "CardMaker", "CardVoice", "card_path"]
