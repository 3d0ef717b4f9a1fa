"""The JSON of podcast transcripts: `{"version", "segments": [{"speaker", "startTime", "body"}]}`.

Source: the podcast namespace's document on transcripts (github.com/Podcastindex-org).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from sitegen.model import Transcript
from sitegen.readers.export import Export
from sitegen.readers.rich import Run
from sitegen.readers.values import mapping, sequence, string
from sitegen.readers.voices import Utterance, put_together

__all__ = ["FORMAT", "is_podcast", "read_podcast"]

FORMAT = "podcast"

TEXTS = ("body", "text")
STARTS = ("startTime", "start")
ENDS = ("endTime", "end")


def is_podcast(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records hold segments of speech with their times."""
    return any(_segments(sample) for sample in samples)


def _segments(record: Mapping[str, Any]) -> Sequence[Any]:
    items = sequence(record.get("segments"))
    timed = all(
        any(isinstance(mapping(item).get(key), str) for key in TEXTS)
        and any(key in mapping(item) for key in STARTS)
        for item in items[:5]
    )
    return items if timed else ()


def read_podcast(record: Mapping[str, Any], export: Export) -> Iterator[Transcript]:
    """The one transcript of a recording."""
    said = list(_said(_segments(record), export))
    messages = [replace(message, line=export.line) for message in put_together(said)]
    shown = ("segments", "text", "title")
    extra = [
        (key, string(value))
        for key, value in record.items()
        if key not in shown and string(value) and len(string(value)) <= 300
    ]
    for key, value in record.items():
        if key not in shown and value not in (None, "", [], {}) and not string(value)[:300]:
            export.pass_over(f"the field `{key}`")
    title = string(record.get("title")) or PurePosixPath(export.source.rel).stem
    yield export.transcript(FORMAT, title, messages, extra=extra)


def _said(segments: Sequence[Any], export: Export) -> Iterator[Utterance]:
    voice = ""
    for item in segments:
        about = mapping(item)
        text = next((t for key in TEXTS if (t := export.text(about.get(key)).strip())), "")
        # Who speaks is said where it changes.
        voice = export.text(about.get("speaker")).strip() or voice
        start = _seconds(about, STARTS)
        if text:
            yield Utterance(voice, start, max(start, _seconds(about, ENDS)), (Run(text),))


def _seconds(about: Mapping[str, Any], keys: Sequence[str]) -> float:
    for key in keys:
        value = about.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e9:
            return float(value)
    return 0.0
