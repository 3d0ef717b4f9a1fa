"""The only place where text out of a transcript becomes HTML."""

from sitegen.markup.messages import MessageRenderer, Rendered
from sitegen.markup.prose import ProseRenderer
from sitegen.markup.withheld import seen_texts

__all__ = ["MessageRenderer", "ProseRenderer", "Rendered", "seen_texts"]
