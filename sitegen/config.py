"""Reads `sitegen.toml`, the environment and the flags into one checked `Config`."""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sitegen.allowlist import read_allowed
from sitegen.errors import ConfigError
from sitegen.palette import HUES, is_color
from sitegen.rules.settings import RedactConfig, problems
from sitegen.settings import (
    LISTS,
    NAMED_SECTIONS,
    SECTIONS,
    ExportsConfig,
    FeedsConfig,
    LabelConfig,
    MarkupConfig,
    PagesConfig,
    ParticipantConfig,
    PathsConfig,
    SiteConfig,
    SourceConfig,
)
from sitegen.tables import (
    find_line,
    find_value,
    read_list,
    read_named,
    read_table,
    unknown_key,
)

__all__ = [
    "CONFIG_FILES",
    "LISTS",
    "NAMED_SECTIONS",
    "SECTIONS",
    "Config",
    "ExportsConfig",
    "FeedsConfig",
    "MarkupConfig",
    "Override",
    "PagesConfig",
    "ParticipantConfig",
    "PathsConfig",
    "SiteConfig",
    "SourceConfig",
    "load_config",
]

Override: TypeAlias = str | int | bool | Path | None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a build needs to know beside the content."""

    root: Path
    """The project folder, absolute."""
    site: SiteConfig = field(default_factory=SiteConfig)
    paths: PathsConfig = field(default_factory=PathsConfig)
    pages: PagesConfig = field(default_factory=PagesConfig)
    markup: MarkupConfig = field(default_factory=MarkupConfig)
    feeds: FeedsConfig = field(default_factory=FeedsConfig)
    exports: ExportsConfig = field(default_factory=ExportsConfig)
    epoch: int = 0
    """Seconds since 1970 for what must bear a date where the content has none; from
    SOURCE_DATE_EPOCH."""
    participants: tuple[tuple[str, ParticipantConfig], ...] = ()
    """Names as transcripts give them, and what is known of them."""
    redact: RedactConfig = field(default_factory=RedactConfig)
    allowed: tuple[str, ...] = ()
    """SHA-256 digests of the secrets that may be published, from `.sitegen-allow`."""
    labels: tuple[tuple[str, LabelConfig], ...] = ()
    """What the labels of transcripts mean: names as written, and settings."""
    sources: tuple[SourceConfig, ...] = ()
    """What is said of some files, in the order of the configuration."""
    file: str = ""
    """The path of the configuration file that was read; empty for none."""
    drafts: bool = False
    """Publish drafts too."""
    strict: bool = False
    """Warnings fail the build."""
    keep_going: bool = False
    """Publish what can be read although some sources are broken."""
    dry_run: bool = False
    """Do everything but write."""
    force: bool = False
    """Make every page anew, whatever the cache says."""
    jobs: int = 0
    """How many processes may prepare pages at once; 0 for as many as the machine has."""

    @property
    def content(self) -> Path:
        """The content folder, absolute."""
        return self.root / self.paths.content

    @property
    def layouts(self) -> Path:
        """The project's own layouts folder, absolute; may not exist."""
        return self.root / self.paths.layouts

    @property
    def output(self) -> Path:
        """The output folder, absolute."""
        return self.root / self.paths.output

    @property
    def base_path(self) -> str:
        """The path at which the site is served, with a slash at both ends."""
        path = urlsplit(self.site.base_url).path.strip("/")
        return f"/{path}/" if path else "/"


CONFIG_FILES = ("sitegen.toml", "pyproject.toml")
"""Where the configuration is looked for, in this order."""

MAX_AVATAR = 12
"""Code points: an emoji of a family has seven."""

SWITCHES = ("drafts", "strict", "keep_going", "dry_run", "force")


def load_config(root: str | Path = ".", **overrides: Override) -> Config:
    """Read the configuration of the project folder `root`.

    A flag beats the environment, which beats the file, which beats the default.

    Raises:
        ConfigError: a folder is missing, or a key or value is not understood.
    """
    folder = Path(root).absolute()
    if not folder.is_dir():
        raise ConfigError(f"the project folder {folder} does not exist", hint="see --root")
    path, name, text, table = _read_file(folder, overrides.pop("config", None))
    for key in table:
        tables = {**SECTIONS, **NAMED_SECTIONS, **LISTS}
        if key not in tables:
            raise unknown_key(key, tables, name, find_line(text, key, None))
    sections = {
        section: read_table(kind, section, table.get(section, {}), name, text)
        for section, kind in SECTIONS.items()
    }
    named: dict[str, Any] = {
        section: read_named(kind, section, table.get(section, {}), name, text)
        for section, kind in NAMED_SECTIONS.items()
    }
    named["sources"] = read_list(SourceConfig, "sources", table.get("sources", []), name, text)
    allowed = read_allowed(folder)
    config = Config(
        root=folder, file=str(path) if path else "", allowed=allowed, **sections, **named
    )
    return _check(_apply(config, overrides), name, text)


def _read_file(folder: Path, given: Override) -> tuple[Path | None, str, str, dict[str, Any]]:
    """Find and parse the file: its path, name for messages, text and tables."""
    if given:
        candidates = [Path(str(given)) if Path(str(given)).is_absolute() else folder / str(given)]
        if not candidates[0].is_file():
            raise ConfigError(f"the configuration file {given} does not exist")
    else:
        candidates = [folder / name for name in CONFIG_FILES]
    for path in candidates:
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8-sig")
            table = tomllib.loads(text)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"cannot be read: {error}", path=path.name) from error
        except (ValueError, RecursionError) as error:
            # Beside its own error, tomllib lets through numbers too long and tables too deep.
            line = re.search(r"at line (\d+)", str(error))
            raise ConfigError(
                f"not valid TOML: {error}",
                path=path.name,
                line=int(line[1]) if line else text.count("\n") + 1,
            ) from error
        if path.name == "pyproject.toml":
            tool = table.get("tool")
            own = tool.get("sitegen") if isinstance(tool, dict) else None
            if own is None:
                continue
            if not isinstance(own, dict):
                raise ConfigError(
                    "`tool.sitegen` must be a table",
                    path=path.name,
                    hint="write [tool.sitegen.site] on a line of its own",
                )
            table = own
        return path, path.name, text, table
    return None, "sitegen.toml", "", {}


def _apply(config: Config, overrides: Mapping[str, Override]) -> Config:
    """Put the environment's and the flags' words over the file's."""
    site, paths = config.site, config.paths
    base_url = overrides.get("base_url") or os.environ.get("SITEGEN_BASE_URL")
    if base_url:
        site = dataclasses.replace(site, base_url=str(base_url))
    if output := overrides.get("output"):
        # A flag's path is relative to where the person stands, not to the project.
        paths = dataclasses.replace(paths, output=str(Path(str(output)).absolute()))
    switches: dict[str, Any] = {
        key: bool(overrides[key]) for key in SWITCHES if overrides.get(key) is not None
    }
    if jobs := overrides.get("jobs"):
        if not isinstance(jobs, int) or jobs < 1:
            raise ConfigError(f'"{jobs}" is not a number of processes', hint="see --jobs")
        switches["jobs"] = jobs
    unknown = set(overrides) - {"base_url", "output", "jobs", *SWITCHES}
    if unknown:
        raise TypeError(f"unknown override: {', '.join(sorted(unknown))}")
    return dataclasses.replace(config, site=site, paths=paths, epoch=_epoch(), **switches)


def _epoch() -> int:
    """What SOURCE_DATE_EPOCH says, as reproducible-builds.org defines it."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not given:
        return 0
    # Eleven digits end in the year 5138; Python's calendar ends in 9999.
    if not re.fullmatch(r"[0-9]{1,11}", given):
        raise ConfigError(
            f'SOURCE_DATE_EPOCH: "{given}" is not a time',
            hint="write whole seconds since 1970, or unset it",
        )
    return int(given)


def _check(config: Config, name: str, text: str) -> Config:
    """Refuse values that cannot work, and settle the spelling of the address."""
    _check_zone(config.site.timezone, "site", name, text)
    for rule in config.sources:
        _check_zone(rule.timezone or "UTC", "sources", name, text)
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", config.site.language):
        raise ConfigError(
            f'`site.language`: "{config.site.language}" is not a language tag',
            path=name,
            line=find_line(text, "language", "site"),
            hint='a BCP 47 tag such as "en" or "pt-BR"',
        )
    if config.feeds.limit < 1:
        raise ConfigError(
            f"`feeds.limit`: {config.feeds.limit} is not a number of transcripts",
            path=name,
            line=find_line(text, "limit", "feeds"),
            hint="1 or more; for no feeds, `site = false` and `terms = false`",
        )
    if config.pages.index_size < 0:
        raise ConfigError(
            f"`pages.index_size`: {config.pages.index_size} is not a number of transcripts",
            path=name,
            line=find_line(text, "index_size", "pages"),
            hint="0 puts all on one page",
        )
    for person, about in config.participants:
        _check_participant(person, about, name, text)
    for problem in problems(config.redact):
        raise ConfigError(
            f'`redact.{problem.key}`: "{problem.value}" {problem.message}',
            path=name,
            line=find_value(text, problem.value, problem.key, "redact"),
            hint=problem.hint,
        )
    base_url = config.site.base_url
    if not base_url:
        return config
    if not _is_address(base_url):
        raise ConfigError(
            f'`site.base_url`: "{base_url}" is not the address of a site',
            path=name,
            line=find_line(text, "base_url", "site"),
            hint='write it in full: "https://someone.github.io/archive/"',
        )
    return dataclasses.replace(
        config, site=dataclasses.replace(config.site, base_url=base_url.rstrip("/") + "/")
    )


def _check_participant(person: str, about: ParticipantConfig, name: str, text: str) -> None:
    section = f'participants."{person}"'

    def refuse(key: str, problem: str, hint: str) -> ConfigError:
        line = find_line(text, key, section) or find_line(text, key, f"participants.{person}")
        return ConfigError(f"`{section}.{key}`: {problem}", path=name, line=line, hint=hint)

    if about.color and not is_color(about.color):
        hint = f'"#rrggbb", or one of {", ".join(HUES)}'
        raise refuse("color", f'"{about.color}" is not a colour', hint)
    if len(about.avatar) > MAX_AVATAR:
        raise refuse("avatar", "is too long", "one or two characters, such as an emoji")
    if about.url and not _is_address(about.url.partition("?")[0].partition("#")[0]):
        raise refuse("url", f'"{about.url}" is not an address', "begin with https://")


def _check_zone(zone: str, section: str, name: str, text: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            f'`{section}.timezone`: "{zone}" is not a time zone',
            path=name,
            line=find_line(text, "timezone", section),
            hint='an IANA name such as "Europe/Berlin" or "UTC"',
        ) from error


def _is_address(url: str) -> bool:
    """Whether a site can be served there."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port != 0 else ""
    except ValueError:  # A port that is none, or brackets that do not match.
        return False
    plain = not (parts.query or parts.fragment or re.search(r"[\s\x00-\x1f\x7f]", url))
    return parts.scheme in ("http", "https") and bool(host) and plain
