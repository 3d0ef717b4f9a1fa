"""Turns any file that can be read into files of the canonical form that a person can edit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.canonical import to_markdown
from sitegen.config import Config
from sitegen.errors import ConfigError, Diagnostic, OutputError, Severity, SourceError
from sitegen.model import Transcript
from sitegen.readers import check_formats, load, named_source
from sitegen.readers.reading import read_transcripts

__all__ = ["STDOUT", "Conversion", "convert"]

STDOUT = "-"
"""The output that is printed, not written."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What became of a file."""

    written: tuple[Path, ...]
    """The files that were written."""
    text: str
    """What is to be printed, where the output is `-`."""
    diagnostics: tuple[Diagnostic, ...]
    """What was noticed while reading."""


def convert(config: Config, given: str, out: str, *, force: bool = False) -> Conversion:
    """Read the file `given` and write its conversations to `out`.

    `out` is a file, or a folder that gets a file for each conversation, named after its
    slug; `-` is standard output. `[[sources]]` count for a file of the content folder.

    Raises:
        SourceError: the file cannot be read, or holds no conversation.
        ConfigError: a file would be overwritten without `force`, or there are several
            conversations and `out` is one file.
        OutputError: the disk refuses.
    """
    check_formats(config)
    source, settings = named_source(config, given)
    reading = read_transcripts(load(source), source, settings.timezone, settings)
    for finding in reading.diagnostics:
        if finding.severity is Severity.ERROR:
            raise SourceError(finding.message, path=given, line=finding.line, hint=finding.hint)
    if not reading.transcripts:
        raise SourceError("holds no conversation", path=given)
    if out == STDOUT:
        if len(reading.transcripts) > 1:
            raise _several(given, len(reading.transcripts))
        return Conversion((), to_markdown(reading.transcripts[0]), reading.diagnostics)
    places = _places(Path(out), reading.transcripts, given)
    taken = [place for place in places if place.exists()]
    if taken and not force:
        raise ConfigError(f"{taken[0]} exists already", hint="--force overwrites it")
    for place, transcript in zip(places, reading.transcripts, strict=True):
        _write(place, to_markdown(transcript), force)
    return Conversion(tuple(places), "", reading.diagnostics)


def _places(out: Path, transcripts: Sequence[Transcript], given: str) -> list[Path]:
    """Where each conversation goes."""
    if len(transcripts) == 1 and not out.is_dir():
        return [out]
    if out.is_file() or (out.suffix and not out.is_dir()):
        raise _several(given, len(transcripts))
    places: list[Path] = []
    used: set[str] = set()
    for transcript in transcripts:
        name, number = transcript.slug, 2
        while name in used:
            name, number = f"{transcript.slug}-{number}", number + 1
        used.add(name)
        places.append(out / f"{name}.md")
    return places


def _several(given: str, count: int) -> ConfigError:
    return ConfigError(f"{given} holds {count:,} conversations", hint="name a folder as OUT")


def _write(place: Path, text: str, force: bool) -> None:
    """Write one file whole; never one that has come into being meanwhile, unless `force`."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if not force:
            with place.open("xb") as file:
                file.write(data)
            return
        part = place.with_name(f".{place.name}.part")
        part.write_bytes(data)
        os.replace(part, place)  # noqa: PTH105 (a Path says the same)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{place} cannot be written: {reason}") from error
