"""One source to prepared transcripts: all the work that needs nothing of the rest of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from sitegen.attachments import Attachments
from sitegen.config import Config
from sitegen.entry import entry_key, make_entry
from sitegen.errors import Diagnostic, Severity
from sitegen.formats import Formats
from sitegen.markup import Local, MessageRenderer, ProseRenderer, Rendered, render_bodies
from sitegen.model import LocalFile, Message, Source, Text, Transcript
from sitegen.participants import with_aliases
from sitegen.readers import Piece, read_transcripts, settings_for
from sitegen.render import MessageLayout, Prepared
from sitegen.text import visible
from sitegen.urls import Urls

__all__ = ["Preparation", "Preparer"]


@dataclass(frozen=True, slots=True)
class Preparation:
    """What became of one source."""

    prepared: tuple[Prepared, ...]
    """Its published transcripts, ready to be framed."""
    diagnostics: tuple[Diagnostic, ...]
    """What was noticed, drafts included."""
    beside: tuple[tuple[str, str], ...] = ()
    """The references to files beside the source, each with the digest of what it leads to."""


class Preparer:
    """Prepares one source after another; holds what is costly to make."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.layout = MessageLayout(config)
        self.urls = Urls(config.pages.urls, config.site.base_url, config.base_path)
        markup, strings = config.markup, self.layout.strings
        self.markup = MessageRenderer(markup.engine, markup.remote_images, strings)
        self.notes = ProseRenderer("note-", markup.remote_images)
        self.forms = Formats(self.layout.strings)

    def prepare(self, source: Source, data: bytes | Piece) -> Preparation:
        """Read, render and lay out the transcripts in the bytes of a source, or in a piece.

        What is wrong with the source becomes diagnostics.
        """
        settings = settings_for(self.config, source.rel)
        reading = read_transcripts(data, source, settings.timezone, settings)
        published = [
            with_aliases(transcript, self.config.participants)
            for transcript in reading.transcripts
            if self.config.drafts or not transcript.draft
        ]
        findings = list(reading.diagnostics)
        files = Attachments(str(self.config.content))
        beside: dict[str, str] = {}
        prepared = []
        for transcript in published:
            finder = _FileFinder(files, self.urls, transcript)
            prepared.append(self._transcript(transcript, findings, finder))
            findings += finder.findings
            beside |= finder.digests
        return Preparation(tuple(prepared), tuple(findings), tuple(beside.items()))

    def _transcript(
        self, transcript: Transcript, findings: list[Diagnostic], finder: _FileFinder
    ) -> Prepared:
        preamble = [Text(transcript.preamble)] if transcript.preamble.strip() else []
        head = self.markup.render(preamble, finder.find)
        words: list[str] = []

        def bodies() -> Iterator[Rendered]:
            rendered = render_bodies(transcript.messages, self.markup, finder.find)
            for message, body in zip(transcript.messages, rendered, strict=True):
                words.append(body.words)
                findings.extend(_problems(transcript, message, body))
                yield body

        said = bodies()
        laid_out = self.layout.lay_out(transcript, said)
        for _ in said:  # A layout of someone's own may not show them all.
            pass
        return Prepared(
            entry=make_entry(transcript, words, self.forms, tuple(finder.used.values())),
            body=laid_out,
            preamble=head[0].html if head else Markup(),
            note=self.notes.render(transcript.note) if transcript.note else Markup(),
            outline=self.layout.lay_out_outline(transcript, words),
            extra=transcript.extra,
        )


class _FileFinder:
    """Finds the files that one transcript shows, and remembers them."""

    def __init__(self, files: Attachments, urls: Urls, transcript: Transcript) -> None:
        self.files = files
        self.urls = urls
        self.source = transcript.source
        self.key = entry_key(transcript)
        self.used: dict[str, LocalFile] = {}
        self.digests: dict[str, str] = {}
        self.findings: list[Diagnostic] = []

    def find(self, href: str) -> Local | None:
        """The file that a reference means, as the page links to it."""
        found = self.files.find(self.source, href)
        if found is None:
            return None
        if found.problem and href not in self.digests:
            # A model may speak of files that never were.
            severity = Severity.WARNING if found.is_there else Severity.NOTE
            message = f"the file “{visible(href)}” {found.problem}"
            self.findings.append(Diagnostic(severity, message, self.source.name))
        self.digests[href] = found.digest
        if (file := found.file) is None:
            return None
        self.used[file.name] = file
        link = self.urls.link(f"{self.key}/{file.name}", self.urls.path(self.key))
        return Local(link, file.is_picture, file.width, file.height)


def _problems(transcript: Transcript, message: Message, body: Rendered) -> Iterator[Diagnostic]:
    if body.problem:
        yield Diagnostic(
            Severity.WARNING,
            f"message {message.number} {body.problem}; shown as plain text",
            transcript.source.name,
            message.line,
        )
