"""What the configuration says of one source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from sitegen.config import Config
from sitegen.errors import ConfigError
from sitegen.model import Source
from sitegen.readers.order import DateOrder

__all__ = ["AUTO", "Settings", "check_formats", "named_source", "settings_for"]

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is said of one source."""

    timezone: str = "UTC"
    """IANA zone of times that name none."""
    format: str = ""
    """The format to read it as; empty to recognise it."""
    tags: tuple[str, ...] = ()
    """Tags beside its own."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names as written, and as they are shown."""
    merge: bool = False
    """True if all its conversations are one transcript."""
    date_order: DateOrder | None = None
    """How its dates are written where their format does not say; None to find out."""


def named_source(config: Config, given: str) -> tuple[Source, Settings]:
    """The source that a path on the command line means, and what is said of it.

    `[[sources]]` count for a file of the content folder.
    """
    path = Path(given).absolute()
    inside = path.is_relative_to(config.content)
    rel = path.relative_to(config.content).as_posix() if inside else path.name
    return Source(str(path), rel, given), settings_for(config, rel)


def settings_for(config: Config, rel: str) -> Settings:
    """What `[[sources]]` says of a file, given its path in the content folder.

    All rules that match count; of two that say different things, the later.
    """
    settings = Settings(timezone=config.site.timezone)
    for rule in config.sources:
        if not _pattern(rule.files).fullmatch(rel):
            continue
        settings = Settings(
            timezone=rule.timezone or settings.timezone,
            format=settings.format if rule.format == AUTO else rule.format,
            tags=tuple(dict.fromkeys((*settings.tags, *rule.tags))),
            names={**settings.names, **rule.names},
            merge=rule.conversations == "merge",
            date_order=DateOrder(rule.date_order) if rule.date_order else settings.date_order,
        )
    return settings


def check_formats(config: Config) -> None:
    """Refuse a format that does not exist.

    Raises:
        ConfigError: a rule of `[[sources]]` names one.
    """
    for rule in config.sources:
        if rule.format == AUTO:
            continue
        from sitegen.readers.texts import TEXT_FORMATS  # Late: most sites name no format.

        if rule.format not in TEXT_FORMATS:
            raise ConfigError(
                f'`sources.format`: "{rule.format}" is not a format',
                path=PurePosixPath(config.file).name,
                hint="one of " + ", ".join(f'"{name}"' for name in (AUTO, *TEXT_FORMATS)),
            )


def _pattern(files: str) -> re.Pattern[str]:
    """A pattern of paths: `**` is any folders, `*` and `?` stay in one."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", files)
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meanings.get(part, re.escape(part)) for part in parts), re.DOTALL)
