"""Applies the rules to everything that a source gave: every text of every field.

Fields are found by their types, so that none is forgotten, also not one that the model
gets tomorrow.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, TypeVar

from sitegen.errors import Diagnostic
from sitegen.model import Page, Source, Transcript
from sitegen.readers.assemble import settle_participants
from sitegen.redact.rewrite import Redactor
from sitegen.urls import slugify

__all__ = ["TranscriptRedactor"]

MARKDOWN = frozenset(
    [
        *("Text.markdown", "Thinking.markdown", "Page.markdown"),
        *("Transcript.preamble", "Transcript.note"),
    ]
)
"""The fields that are Markdown; all others are plain text."""

Thing = TypeVar("Thing")
Rewrite = Callable[[str, str], str]


class TranscriptRedactor(Redactor):
    """Rewrites transcripts, pages and what is said of them."""

    def transcripts(self, found: Iterable[Transcript]) -> tuple[Transcript, ...]:
        """The transcripts of one source, with addresses that differ as they did."""
        taken: set[str] = set()
        done = []
        for transcript in found:
            plain = self._transcript(transcript)
            slug, number = plain.slug, 2
            while slug in taken:
                slug = f"{plain.slug}-{number}"
                number += 1
            taken.add(slug)
            done.append(dataclasses.replace(plain, slug=slug))
        return tuple(done)

    def labelled(self, transcript: Transcript) -> Transcript:
        """A rewritten transcript as readers see it: with labels in its Markdown too.

        It is what files hold that nobody renders here.
        """
        return self._each(transcript, lambda text, _: self.labels.shown(text))

    def page(self, page: Page) -> Page:
        """An authored page without what is hidden."""
        written = PurePosixPath(page.source.rel).with_suffix("").parts[1:]
        parts = page.slug.split("/")
        if len(written) == len(parts):
            # The name as written says more than its slug, in which an address is no address.
            parts = [
                raw if slugify(raw) == slug else slug
                for raw, slug in zip(written, parts, strict=True)
            ]
        kept = page.slug == "index"
        slug = page.slug if kept else "/".join(self.slug(part) for part in parts)
        return dataclasses.replace(
            self._texts(page),
            source=self.source(page.source),
            slug=slug,
            language=self._language(page.language),
            staple=page.staple,  # Names of files, which no page shows.
        )

    def diagnostic(self, finding: Diagnostic) -> Diagnostic:
        """A finding of which the cache may know; it names its file all the same."""
        return dataclasses.replace(
            finding, message=self.plain(finding.message), hint=self.plain(finding.hint)
        )

    def _transcript(self, transcript: Transcript) -> Transcript:
        stem = PurePosixPath(transcript.source.rel).stem
        written = stem if transcript.slug == slugify(stem) else transcript.slug
        plain = self._texts(transcript)
        messages = tuple(
            dataclasses.replace(message, speaker=self.term(old.speaker))
            for message, old in zip(plain.messages, transcript.messages, strict=True)
        )
        given = [
            dataclasses.replace(self._texts(person), name=self.term(person.name))
            for person in transcript.participants
        ]
        return dataclasses.replace(
            plain,
            source=self.source(transcript.source),
            format=transcript.format,
            slug=self.slug(written),
            messages=messages,
            participants=settle_participants(messages, given),
            tags=tuple(dict.fromkeys(map(self.term, transcript.tags))),
            labels=tuple(dict.fromkeys(map(self.term, transcript.labels))),
            language=self._language(transcript.language),
        )

    def source(self, source: Source) -> Source:
        """Where it came from, as far as a reader may know."""
        rel = self._path(source.rel)
        name = self.plain(source.name.removesuffix(source.rel)) + rel
        return Source("", rel, name, suffix=source.suffix, twin=self._path(source.twin))

    def _path(self, rel: str) -> str:
        path = PurePosixPath(rel)
        folders = map(self.term, path.parts[:-1])
        return "/".join([*folders, self.term(path.stem) + self.plain(path.suffix)])

    def _language(self, tag: str) -> str:
        return "" if self.matcher.find(tag) else tag

    def _texts(self, thing: Thing) -> Thing:
        """A copy of a dataclass with every text in it rewritten, however deep."""
        return self._each(
            thing,
            lambda text, name: self.markdown(text) if name in MARKDOWN else self.plain(text),
        )

    def _each(self, thing: Thing, rewrite: Rewrite) -> Thing:
        """A copy of a dataclass whose texts are rewritten; each is given with its field."""
        changes = {}
        for field in dataclasses.fields(thing):  # type: ignore[arg-type]
            before = getattr(thing, field.name)
            after = self._value(before, f"{type(thing).__name__}.{field.name}", rewrite)
            if after is not before:
                changes[field.name] = after
        return dataclasses.replace(thing, **changes) if changes else thing  # type: ignore[type-var]

    def _value(self, value: Any, name: str, rewrite: Rewrite) -> Any:
        if isinstance(value, str):
            return rewrite(value, name)
        if isinstance(value, tuple | list):
            return type(value)(self._value(item, name, rewrite) for item in value)
        if isinstance(value, Mapping):
            return {
                self._value(k, name, rewrite): self._value(v, name, rewrite)
                for k, v in value.items()
            }
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._each(value, rewrite)
        return value
