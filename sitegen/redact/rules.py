"""Whether a site hides anything, and what does it; costs nothing where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitegen.keys import digest
from sitegen.model import Source
from sitegen.rules.settings import RedactConfig

if TYPE_CHECKING:
    from sitegen.redact.transcripts import TranscriptRedactor

__all__ = ["make_redactor", "origin_of"]


def make_redactor(rules: RedactConfig) -> TranscriptRedactor | None:
    """What applies the rules of a site; None if it has none."""
    if not rules.is_on:
        return None
    from sitegen.redact.transcripts import TranscriptRedactor

    return TranscriptRedactor(rules)


def origin_of(source: Source, rules: RedactConfig) -> str:
    """By what a build knows a source again: its path, or a digest of it where rules are on."""
    return digest("source", source.rel) if rules.is_on else source.rel
