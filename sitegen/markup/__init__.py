"""The only place where text out of a transcript becomes HTML."""

from sitegen.markup.blocks import render_bodies
from sitegen.markup.extract import Local
from sitegen.markup.messages import MessageRenderer, Rendered
from sitegen.markup.prose import ProseRenderer
from sitegen.markup.withheld import seen_texts

__all__ = [
    "Local",
    "MessageRenderer",
    "ProseRenderer",
    "Rendered",
    "render_bodies",
    "seen_texts",
]
