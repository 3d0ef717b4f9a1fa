"""The allow-list: whatever an engine put out, only these tags and attributes remain."""

from __future__ import annotations

import re
from collections.abc import Sequence

import nh3

__all__ = ["CUT", "LINK_SCHEME", "message_cleaner", "prose_cleaner", "sanitize_all"]

LINK_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
"""How the target of a link in a message begins; any other is shown as text."""

LINK_REL = "noopener noreferrer nofollow ugc"
SCHEMES = {"http", "https", "mailto", "tel"}

TEXT_TAGS = {
    *("p", "br", "hr", "blockquote", "div", "span"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
    *("ul", "ol", "li", "dl", "dt", "dd"),
    *("em", "strong", "b", "i", "del", "ins", "sub", "sup", "mark", "code", "pre", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}

ALIGN = {"align-left", "align-center", "align-right"}
ALERTS = {"note", "tip", "important", "warning", "caution"}

CUT = "\ufdd0"
"""A text that no engine puts out, because controls were made visible before it ran."""


def message_cleaner() -> nh3.Cleaner:
    """The cleaner for message bodies: no `id`, no `style`, only our own classes."""
    return nh3.Cleaner(
        tags=TEXT_TAGS,
        clean_content_tags=set(),
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        allowed_classes={
            "div": {"markdown-alert", *(f"markdown-alert-{name}" for name in ALERTS)},
            "p": {"markdown-alert-title", "raw"},
            "th": ALIGN,
            "td": ALIGN,
        },
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel=LINK_REL,
    )


def prose_cleaner(id_prefix: str = "") -> nh3.Cleaner:
    """The cleaner for authored text: what Python-Markdown's extensions put out, and images."""
    return nh3.Cleaner(
        tags=TEXT_TAGS | {"img", "abbr", "figure", "figcaption", "section", "kbd", "cite", "q"},
        clean_content_tags={"script", "style"},
        attributes={
            "*": {"id", "class", "lang", "dir", "title"},
            "a": {"href"},
            "img": {"src", "alt", "width", "height"},
            "ol": {"start"},
            "th": {"scope"},
        },
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
        id_prefix=id_prefix or None,
    )


def sanitize_all(fragments: Sequence[str], cleaner: nh3.Cleaner) -> list[str]:
    """Clean several fragments in one call, which halves the cost of short ones.

    The engines close what they open, so no fragment reaches into the next. One that ends
    within a tag or a comment swallows a cut; then each is cleaned by itself.
    """
    cleaned = cleaner.clean(CUT.join(fragments)).split(CUT)
    if len(cleaned) == len(fragments):
        return cleaned
    return [cleaner.clean(fragment) for fragment in fragments]
