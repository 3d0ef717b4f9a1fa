"""Deterministic corpora of synthetic transcripts, one conversation in every tool's own format.

The same seed, index and mean size always give the same conversation, whatever the count
and the format: corpora of different counts nest, and every tool reads the same text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.words import Writer

__all__ = ["FORMATS", "Conversation", "Corpus", "make_conversation", "write_corpus"]

PEOPLE = ("User", "Human", "Ada", "Kimi K2", "moderator")
MODELS = ("haiku-4.5", "Assistant", "sonnet-4.5", "gpt-oss-120b", "Qwen3 Next")

SPREAD = 0.5
"""Sigma of the log-normal law of transcript sizes; their mean stays as asked."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a corpus is made from; equal values give equal files."""

    count: int
    """How many transcripts."""
    mean_kb: float
    """Their mean size in kB."""
    seed: int = 0
    """Another seed gives other conversations."""

    def __str__(self) -> str:
        return f"{self.count}x{self.mean_kb:g}kB"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One invented conversation between a person and a model."""

    index: int
    """Its place in the corpus."""
    title: str
    """`Ada ↔ Assistant: a few words 12`."""
    started: dt.datetime
    """Naive; every format means UTC."""
    messages: tuple[tuple[str, str], ...]
    """Pairs of speaker and Markdown."""

    @property
    def ended(self) -> dt.datetime:
        """A message takes eleven seconds."""
        return self.started + dt.timedelta(seconds=11 * len(self.messages))

    @property
    def slug(self) -> str:
        """Its file name without an ending: sorts by index, and has no words to slugify."""
        return f"{self.index:06d}_{hashlib.sha256(self.title.encode()).hexdigest()[:16]}"


def make_conversation(index: int, mean_kb: float, seed: int = 0) -> Conversation:
    """Invent one conversation."""
    rng = random.Random(f"{seed}:{float(mean_kb)}:{index}")
    writer = Writer(rng)
    person, model = rng.choice(PEOPLE), rng.choice(MODELS)
    title = f"{person} ↔ {model}: {writer.phrase(2, 5)} {index}"
    started = dt.datetime(2025, 1, 1) + dt.timedelta(seconds=rng.randrange(300 * 86400))
    target = mean_kb * 1000 * rng.lognormvariate(-SPREAD * SPREAD / 2, SPREAD)
    messages: list[tuple[str, str]] = []
    size = 120
    while not messages or size < target - 300:
        is_model = len(messages) % 2 == 1
        body = writer.message(is_model)
        messages.append((model if is_model else person, body))
        size += len(body.encode()) + 20
    return Conversation(index, title, started, tuple(messages))


def as_transcript(talk: Conversation) -> str:
    """The format of the archives that sitegen is made for."""
    head = (
        f"# {talk.title}\n\n**Started:** {talk.started}\n**Ended:** {talk.ended}\n"
        f"**Messages:** {len(talk.messages)}\n\n---\n\n"
    )
    blocks = "".join(f"### {who}\n\n{body}\n\n---\n\n" for who, body in talk.messages)
    return head + blocks.rstrip("\n") + "\n"


def as_yaml(talk: Conversation) -> str:
    """YAML front matter, and a heading of level 3 for each speaker."""
    return (
        f"---\ntitle: {_quoted(talk.title)}\ndate: {talk.started.isoformat()}Z\n"
        f"ended: {talk.ended.isoformat()}Z\ncount: {len(talk.messages)}\n---\n\n{_body(talk)}"
    )


def as_eleventy(talk: Conversation) -> str:
    """YAML front matter that names the layout and the collection."""
    return as_yaml(talk).replace("---\n", "---\nlayout: chat.njk\ntags: chat\n", 1)


def as_zola(talk: Conversation) -> str:
    """TOML front matter."""
    return (
        f"+++\ntitle = {_quoted(talk.title)}\ndate = {talk.started.isoformat()}Z\n"
        f'[extra]\nended = "{talk.ended.isoformat()}Z"\ncount = {len(talk.messages)}\n'
        f"+++\n\n{_body(talk)}"
    )


def as_pelican(talk: Conversation) -> str:
    """Lines of `Name: value` before the text."""
    return (
        f"Title: {talk.title}\nDate: {talk.started}\nSlug: {talk.slug}\nEnded: {talk.ended}\n"
        f"Count: {len(talk.messages)}\n\n{_body(talk)}"
    )


def _body(talk: Conversation) -> str:
    return "\n".join(f"### {who}\n\n{body}\n" for who, body in talk.messages)


def _quoted(text: str) -> str:
    """A string as JSON, YAML and TOML all write it."""
    return json.dumps(text, ensure_ascii=False)


FORMATS: dict[str, tuple[Callable[[Conversation], str], str]] = {
    "transcript": (as_transcript, ".txt"),
    "hugo": (as_yaml, ".md"),
    "zola": (as_zola, ".md"),
    "eleventy": (as_eleventy, ".md"),
    "pelican": (as_pelican, ".md"),
    "mkdocs": (as_yaml, ".md"),
}
"""Each format's writer and the ending of its files."""


def write_corpus(corpus: Corpus, format_name: str, folder: Path, jobs: int = 0) -> None:
    """Write the corpus into `folder`, which is made; nothing is done if it is complete.

    Other processes do the work (as many as there are processors, unless `jobs` says
    otherwise): what this one holds in memory would count as that of the commands it
    measures.
    """
    if folder.is_dir():
        return
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    write = partial(_write_one, corpus, format_name, unfinished)
    if jobs == 1:
        for index in range(corpus.count):
            write(index)
    else:
        with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
            for _ in pool.map(write, range(corpus.count), chunksize=25):
                pass
    unfinished.rename(folder)


def _write_one(corpus: Corpus, format_name: str, folder: Path, index: int) -> None:
    render, ending = FORMATS[format_name]
    talk = make_conversation(index, corpus.mean_kb, corpus.seed)
    (folder / (talk.slug + ending)).write_bytes(render(talk).encode())
