"""One source to prepared transcripts: all the work that needs nothing of the rest of the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from sitegen.config import Config
from sitegen.entry import make_entry
from sitegen.errors import Diagnostic, Severity, SourceError
from sitegen.exhibits import Exhibits, make_exhibits
from sitegen.formats import Formats
from sitegen.markup import MessageRenderer, ProseRenderer, Rendered, seen_texts
from sitegen.model import Source, Text, Transcript
from sitegen.participants import with_aliases
from sitegen.readers import read_transcripts
from sitegen.redact import make_redactor, origin_of
from sitegen.render import MessageLayout, Prepared
from sitegen.secrets import secret_warnings

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
        self.redactor = make_redactor(config.redact)
        labels = self.redactor.labels if self.redactor else None
        self.layout = MessageLayout(config)
        markup, strings = config.markup, self.layout.strings
        self.markup = MessageRenderer(markup.engine, markup.remote_images, strings, labels)
        self.notes = ProseRenderer("note-", markup.remote_images, labels)
        self.forms = Formats(self.layout.strings)

    def prepare(
        self, source: Source, data: bytes, proofs: Sequence[tuple[str, bytes]] = ()
    ) -> Preparation:
        """Read, render and lay out the transcripts in the bytes of a source.

        `proofs` are the time-stamps beside it: the ending of each one's name, and its bytes.
        What is wrong with the source becomes diagnostics.
        """
        reading = read_transcripts(data, source, self.config.site.timezone)
        published = tuple(
            with_aliases(transcript, self.config.participants)
            for transcript in reading.transcripts
            if self.config.drafts or not transcript.draft
        )
        redactor = self.redactor
        if redactor:
            published = redactor.transcripts(published)
        findings = list(reading.diagnostics)
        hidden = redactor.labels.token if redactor else None
        findings += secret_warnings(published, data, source.name, self.config.allowed, hidden)
        # Where a file holds others too, its bytes are not those of one transcript.
        is_alone = len(reading.transcripts) == 1
        done = []
        for transcript in published:
            # Nor where names were changed or hidden: it would tell the old ones.
            is_whole = is_alone and transcript in reading.transcripts
            exhibits = make_exhibits(transcript, data, is_whole, proofs, self.config)
            done.append(self._transcript(transcript, source, exhibits, findings))
        if redactor:
            findings = [redactor.diagnostic(finding) for finding in findings]
        return Preparation(tuple(one for one in done if one), tuple(findings))

    def _transcript(
        self,
        transcript: Transcript,
        source: Source,
        exhibits: Exhibits,
        findings: list[Diagnostic],
    ) -> Prepared | None:
        findings.extend(exhibits.findings)
        texts = [text for message in transcript.messages for text in message.blocks]
        preamble = [Text(transcript.preamble)] if transcript.preamble.strip() else []
        rendered = self.markup.render([*preamble, *texts])
        head, bodies = rendered[: len(preamble)], rendered[len(preamble) :]
        bodies = list(_join(transcript, bodies))
        findings.extend(_problems(transcript, bodies, source))
        origin = origin_of(source, self.config.redact)
        words = [body.words for body in bodies]
        names = [name for name, _ in exhibits.files]
        entry = make_entry(transcript, words, self.forms, origin, names)
        if self.redactor:
            # Made of words that marks stood between, and cut.
            entry = replace(entry, excerpt=self.redactor.plain(entry.excerpt))
        clean = self.redactor.plain if self.redactor else None
        prepared = Prepared(
            entry=entry,
            body=self.layout.lay_out(transcript, bodies),
            preamble=head[0].html if head else Markup(),
            note=self._note(transcript, source, findings),
            outline=self.layout.lay_out_outline(transcript, bodies, clean),
            extra=transcript.extra,
            record=exhibits.record,
            files=exhibits.files,
            lines=exhibits.lines,
        )
        exposed = list(self._exposed(transcript, bodies, prepared, source))
        findings.extend(exposed)
        return None if exposed else prepared

    def _exposed(
        self,
        transcript: Transcript,
        bodies: Sequence[Rendered],
        prepared: Prepared,
        source: Source,
    ) -> Iterator[Diagnostic]:
        """What would show in the page although a rule hides it: Markdown can join texts."""
        if not self.redactor:
            return
        shown = [
            *(
                (f"message {m.number}", m.line, body.html)
                for m, body in zip(transcript.messages, bodies, strict=True)
            ),
            ("the text before the first message", 0, prepared.preamble),
            ("the note", 0, prepared.note),
        ]
        for what, line, html in shown:
            if not self.redactor.is_clean(seen_texts(html)):
                yield Diagnostic(
                    Severity.ERROR,
                    f"{what} shows what `redact` hides once its Markdown is rendered",
                    source.name,
                    line,
                    hint="add to `redact.literals` how it is written there",
                )

    def _note(self, transcript: Transcript, source: Source, findings: list[Diagnostic]) -> Markup:
        """The editor's note; nothing, and an error, if it cannot be parsed."""
        if not transcript.note:
            return Markup()
        try:
            return self.notes.render(transcript.note, source.name)
        except SourceError as error:
            findings.append(error.diagnostic())
            return Markup()


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


def _problems(
    transcript: Transcript, bodies: Sequence[Rendered], source: Source
) -> Iterator[Diagnostic]:
    for message, body in zip(transcript.messages, bodies, strict=True):
        if body.problem:
            yield Diagnostic(
                Severity.WARNING,
                f"message {message.number} {body.problem}; shown as plain text",
                source.name,
                message.line,
            )
