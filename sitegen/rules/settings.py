"""The table `[redact]`: what is hidden, and what makes no sense there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["Problem", "RedactConfig", "problems"]

PSEUDONYM = re.compile(r"[^\W_](?:[^\W_]|[ .'’-](?=[^\W_]))*\.?")
"""Letters and digits, one sign between them at most: plain in Markdown, YAML and addresses."""


@dataclass(frozen=True, slots=True)
class RedactConfig:
    """`[redact]`: what no page may show. Everything is off until it is named."""

    words: tuple[str, ...] = ()
    """Whole words and phrases, in any case."""
    literals: tuple[str, ...] = ()
    """Texts, in any case, also inside of words."""
    patterns: tuple[str, ...] = ()
    """Regular expressions in RE2's syntax, whose time is linear in the text's length."""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Real names to the pseudonyms that stand for them everywhere."""
    emails: bool = False
    """Hide e-mail addresses."""
    phones: bool = False
    """Hide telephone numbers."""
    ip_addresses: bool = False
    """Hide IP addresses, but for those that mean "this machine" or "any"."""
    home_paths: bool = False
    r"""Hide the user's name in `/home/name`, `/Users/name` and `C:\Users\name`."""

    @property
    def is_on(self) -> bool:
        """Whether anything is hidden at all."""
        return any(getattr(self, name) for name in self.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Problem:
    """A value of the table that cannot be used."""

    key: str
    """The key that holds it."""
    value: str
    """The value as written."""
    message: str
    """What is wrong with it."""
    hint: str
    """What to write."""


def problems(rules: RedactConfig) -> Iterator[Problem]:
    """What cannot be used of the settings; nothing if they are sound."""
    for key in ("words", "literals"):
        for text in getattr(rules, key):
            if not text.strip():
                yield Problem(key, text, "is empty", "delete it: it would hide everything")
            elif key == "words" and not re.search(r"\w", text):
                yield Problem(key, text, "is not a word", "put it into `literals`")
    yield from _bad_patterns(rules)
    yield from _bad_names(rules)


def _bad_patterns(rules: RedactConfig) -> Iterator[Problem]:
    if not rules.patterns:
        return
    from sitegen.rules.linear import LinearPattern, PatternError

    for text in rules.patterns:
        try:
            pattern = LinearPattern(text)
        except PatternError as error:
            hint = "RE2 knows neither look-around nor references to groups"
            yield Problem("patterns", text, f"is not a pattern of RE2: {error}", hint)
            continue
        if pattern.matches_nothing:
            yield Problem("patterns", text, "matches the empty text", "write `+` for `*`")


def _bad_names(rules: RedactConfig) -> Iterator[Problem]:
    for real, pseudonym in rules.names.items():
        if not re.search(r"\w", real):
            yield Problem("names", real, "is not a name", "put it into `literals`")
        elif not PSEUDONYM.fullmatch(pseudonym):
            hint = "letters and digits, with single spaces or hyphens between them"
            yield Problem("names", real, f'"{pseudonym}" cannot stand for it', hint)
    if not rules.names or any(True for _ in _bad_patterns(rules)):
        return
    from sitegen.rules.matcher import Matcher

    matcher = Matcher(rules)
    for real, pseudonym in rules.names.items():
        if matcher.find(pseudonym):
            message = f'the pseudonym "{pseudonym}" is itself hidden by a rule'
            yield Problem("names", real, message, "choose another")
