"""The options of the commands, and what they say of the project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sitegen.config import Config

__all__ = [
    "Voice",
    "building",
    "common",
    "configure",
    "rendering",
    "speaking",
    "voice_option",
]

Command = Callable[..., Any]


@dataclass(slots=True)
class Voice:
    """How a command speaks, by its options; also while it fails."""

    as_json: bool = False
    verbose: bool = False
    quiet: bool = False


def voice_option(*names: str, help: str) -> Command:
    """An option that says how the command speaks; known also where the command fails."""

    def hear(context: click.Context, option: click.Parameter, given: bool) -> None:
        setattr(context.ensure_object(Voice), str(option.name), given)

    return click.option(*names, is_flag=True, expose_value=False, callback=hear, help=help)


def _options(*options: Command) -> Command:
    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


speaking = _options(
    click.option("--root", default=".", metavar="DIR", help="The project folder."),
    click.option("-c", "--config", metavar="FILE", help="Read this file, not sitegen.toml."),
    voice_option("--json", "as_json", help="Report as JSON on standard output."),
    voice_option("-v", "--verbose", help="Say more: notes, and every file."),
    voice_option("-q", "--quiet", help="Say nothing but errors."),
)
"""The options that every command takes."""

common = _options(
    speaking,
    click.option("-o", "--output", metavar="DIR", help="Write the site here."),
    click.option("-n", "--dry-run", is_flag=True, help="Say what would change; write nothing."),
)
"""The options of every command that may write."""

rendering = _options(
    click.option("-u", "--base-url", metavar="URL", help="Where the site will be served."),
    click.option("-D", "--drafts", is_flag=True, help="Publish drafts too."),
    click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes at once."),
)
"""The options of every command that makes pages."""

building = _options(
    rendering, click.option("-f", "--force", is_flag=True, help="Make every page anew.")
)
"""The options of every command that builds."""


def configure(overrides: dict[str, Any]) -> Config:
    """The configuration of the project that the options name."""
    from sitegen.config import load_config

    switches = {key: value for key, value in overrides.items() if value not in (None, False)}
    root = switches.pop("root", ".")
    return load_config(root, **switches)
