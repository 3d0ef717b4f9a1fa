"""One source to prepared transcripts: all the work that needs nothing of the rest of the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sitegen.config import Config
from sitegen.entry import make_entry
from sitegen.errors import Diagnostic, Severity
from sitegen.exhibits import Exhibits, make_exhibits
from sitegen.formats import Formats
from sitegen.markup import MessageRenderer, ProseRenderer, Rendered
from sitegen.model import Source, Text, Transcript
from sitegen.participants import with_aliases
from sitegen.readers import read_transcripts
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

    def prepare(
        self, source: Source, data: bytes, proofs: Sequence[tuple[str, bytes]] = ()
    ) -> Preparation:
        """Read, render and lay out the transcripts in the bytes of a source.

        `proofs` are the time-stamps beside it: the ending of each one's name, and its bytes.
        What is wrong with the source becomes diagnostics.
        """
        reading = read_transcripts(data, source, self.config.site.timezone)
        published = [
            with_aliases(transcript, self.config.participants)
            for transcript in reading.transcripts
            if self.config.drafts or not transcript.draft
        ]
        findings = list(reading.diagnostics)
        # Where a file holds others too, its bytes are not those of one transcript.
        is_alone = len(reading.transcripts) == 1
        prepared = []
        for transcript in published:
            # Nor where names were changed: it would tell the old ones.
            is_whole = is_alone and transcript in reading.transcripts
            exhibits = make_exhibits(transcript, data, is_whole, proofs, self.config)
            prepared.append(self._transcript(transcript, exhibits, findings))
        return Preparation(tuple(prepared), tuple(findings))

    def _transcript(
        self, transcript: Transcript, exhibits: Exhibits, findings: list[Diagnostic]
    ) -> Prepared:
        findings.extend(exhibits.findings)
        texts = [text for message in transcript.messages for text in message.blocks]
        preamble = [Text(transcript.preamble)] if transcript.preamble.strip() else []
        rendered = self.markup.render([*preamble, *texts])
        head, bodies = rendered[: len(preamble)], rendered[len(preamble) :]
        bodies = list(_join(transcript, bodies))
        findings.extend(_problems(transcript, bodies))
        return Prepared(
            entry=make_entry(
                transcript,
                [body.words for body in bodies],
                self.forms,
                [name for name, _ in exhibits.files],
            ),
            body=self.layout.lay_out(transcript, bodies),
            preamble=head[0].html if head else Markup(),
            note=self.notes.render(transcript.note) if transcript.note else Markup(),
            outline=self.layout.lay_out_outline(transcript, bodies),
            extra=transcript.extra,
            record=exhibits.record,
            files=exhibits.files,
            lines=exhibits.lines,
        )


def _join(transcript: Transcript, blocks: Sequence[Rendered]) -> Iterator[Rendered]:
    """One body a message, of as many blocks as it has."""
    rest = iter(blocks)
    for message in transcript.messages:
        own = [next(rest) for _ in message.blocks]
        if len(own) == 1:
            yield own[0]
            continue
        problems = [block.problem for block in own if block.problem]
        yield Rendered(
            Markup("\n").join(block.html for block in own),
            "; ".join(problems),
            " ".join(block.words for block in own),
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
