"""One source to prepared transcripts: all the work that needs nothing of the rest of the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sitegen.cite import excerpts_of
from sitegen.config import Config
from sitegen.downloads import make_downloads
from sitegen.entry import make_entry
from sitegen.errors import Diagnostic, Severity
from sitegen.formats import Formats
from sitegen.markup import MessageRenderer, ProseRenderer, Rendered, render_bodies
from sitegen.model import Source, Text, Transcript
from sitegen.participants import with_aliases
from sitegen.readers import Piece, read_transcripts
from sitegen.render import MessageLayout, Prepared

__all__ = ["Preparation", "Preparer"]


@dataclass(frozen=True, slots=True)
class Preparation:
    """What became of one source."""

    prepared: tuple[Prepared, ...]
    """Its published transcripts, ready to be framed."""
    diagnostics: tuple[Diagnostic, ...]
    """What was noticed, drafts included."""


class Preparer:
    """Prepares one source after another; holds what is costly to make."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.layout = MessageLayout(config)
        markup, strings = config.markup, self.layout.strings
        self.markup = MessageRenderer(markup.engine, markup.remote_images, strings)
        self.notes = ProseRenderer("note-", markup.remote_images)
        self.forms = Formats(self.layout.strings)

    def prepare(self, source: Source, data: bytes | Piece) -> Preparation:
        """Read, render and lay out the transcripts in the bytes of a source, or in a piece.

        What is wrong with the source becomes diagnostics.
        """
        reading = read_transcripts(data, source, self.config.site.timezone)
        published = [
            with_aliases(transcript, self.config.participants)
            for transcript in reading.transcripts
            if self.config.drafts or not transcript.draft
        ]
        findings = list(reading.diagnostics)
        return Preparation(
            tuple(self._transcript(transcript, findings) for transcript in published),
            tuple(findings),
        )

    def _transcript(self, transcript: Transcript, findings: list[Diagnostic]) -> Prepared:
        preamble = [Text(transcript.preamble)] if transcript.preamble.strip() else []
        head = self.markup.render(preamble)
        bodies = render_bodies(transcript.messages, self.markup)
        findings.extend(_problems(transcript, bodies))
        entry = make_entry(transcript, [body.words for body in bodies], self.forms)
        return Prepared(
            entry=entry,
            body=self.layout.lay_out(transcript, bodies),
            preamble=head[0].html if head else Markup(),
            note=self.notes.render(transcript.note) if transcript.note else Markup(),
            outline=self.layout.lay_out_outline(transcript, bodies),
            extra=transcript.extra,
            excerpts=excerpts_of(
                [
                    (message.number, message.speaker, message.at, body.words)
                    for message, body in zip(transcript.messages, bodies, strict=True)
                ]
            ),
            files=make_downloads(transcript, entry.key, self.config),
        )


def _problems(transcript: Transcript, bodies: Sequence[Rendered]) -> Iterator[Diagnostic]:
    for message, body in zip(transcript.messages, bodies, strict=True):
        if body.problem:
            yield Diagnostic(
                Severity.WARNING,
                f"message {message.number} {body.problem}; shown as plain text",
                transcript.source.name,
                message.line,
            )
