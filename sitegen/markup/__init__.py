"""The only place where text out of a transcript becomes HTML.

Prose of the site's own, for which Python-Markdown must be loaded, is `sitegen.markup.prose`.
"""

from sitegen.markup.blocks import render_bodies
from sitegen.markup.extract import Local
from sitegen.markup.messages import MessageRenderer, Rendered
from sitegen.markup.withheld import seen_texts

__all__ = [
    "Local",
    "MessageRenderer",
    "Rendered",
    "render_bodies",
    "seen_texts",
]
