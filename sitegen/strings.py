"""The words of the interface in a language, from a catalogue in `layouts/strings/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sitegen.errors import ConfigError

__all__ = ["ENGLISH", "Strings", "load_strings"]

FOLDER = "strings"
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Strings:
    """A catalogue; without one, English."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """English text to this language's; `{name}` stands for what is filled in."""
    nouns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """English noun in the singular to the forms for one and for more, or to one for all."""
    script: Mapping[str, str] = field(default_factory=dict)
    """The texts that the pages' scripts show."""
    months: tuple[str, ...] = MONTHS
    """From January on."""
    weekdays: tuple[str, ...] = WEEKDAYS
    """From Monday on."""
    day: str = "{day} {month} {year}"
    """How a day is written."""
    long_day: str = "{weekday} {day} {month} {year}"
    """How a day is written that stands as a heading."""
    thousands: str = ","
    """What stands between the thousands of a number."""

    def text(self, english: str, **values: object) -> str:
        """A text in this language, with values filled in; English where it is not known."""
        found = self.texts.get(english, english)
        return found.format(**values) if values else found

    def noun(self, english: str, number: int) -> str:
        """A noun in the form that goes with a number."""
        forms = self.nouns.get(english) or (english, f"{english}s")
        return forms[0] if number == 1 else forms[-1]


ENGLISH = Strings()
"""The interface as it is written in the layouts."""


def load_strings(language: str, *layouts: Path) -> Strings:
    """The catalogue of a language (`de-AT`, else `de`) from the first of the folders that has it.

    Raises:
        ConfigError: a catalogue cannot be read.
    """
    names = [language] if "-" not in language else [language, language.partition("-")[0]]
    for name in names:
        for folder in layouts:
            path = folder / FOLDER / f"{name}.toml"
            if path.is_file():
                return _read(path)
    return Strings()


def _read(path: Path) -> Strings:
    import msgspec  # Most commands, and English, need no catalogue.

    name = f"layouts/{FOLDER}/{path.name}"
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Strings)
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"not a catalogue of strings: {error}", path=name) from error
