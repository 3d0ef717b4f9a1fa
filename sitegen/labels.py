"""What labels say of a record: which are known, what they mean, and their colours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sitegen.palette import HUES
from sitegen.settings import LabelConfig

__all__ = ["WELL_KNOWN", "about_label", "hue_of"]

WELL_KNOWN: tuple[tuple[str, LabelConfig], ...] = (
    (
        "unverifiable",
        LabelConfig("What this record says of where it comes from cannot be checked."),
    ),
    ("performance", LabelConfig("Made to be read; evidence of nothing else.", "violet")),
    ("fiction", LabelConfig("This conversation was invented.", "violet")),
    ("edited", LabelConfig("Words were changed, moved or taken out after the conversation.")),
    ("excerpt", LabelConfig("A part of a longer conversation; something was left out.")),
    ("redacted", LabelConfig("Names or other details were taken out before publication.")),
    ("consent given", LabelConfig("Everyone who speaks here agreed to this publication.", "green")),
)
"""Labels that need no settings, in lower case."""


def about_label(
    labels: Iterable[tuple[str, LabelConfig]], name: str, text: Callable[[str], str] = str
) -> LabelConfig:
    """What a label means: as `labels` have it, else what well-known ones mean.

    `text` gives what well-known ones mean in the site's language.
    """
    default = dict(WELL_KNOWN).get(name.casefold(), LabelConfig())
    default = replace(default, explanation=text(default.explanation))
    for key, about in labels:
        if key.casefold() == name.casefold():
            return replace(
                about,
                explanation=about.explanation or default.explanation,
                color=about.color or default.color,
            )
    return default


def hue_of(about: LabelConfig) -> int | None:
    """The index of a label's colour in the palette; None for the colour of warnings."""
    return HUES.index(about.color) if about.color else None
