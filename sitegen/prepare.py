"""One source to prepared transcripts: all the work that needs nothing of the rest of the site."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from sitegen.attachments import Attachments, file_path
from sitegen.beside import FileFinder
from sitegen.bulk import Blob, gather
from sitegen.canonical import markdown_pieces
from sitegen.cite import Excerpt, excerpts_of
from sitegen.config import Config
from sitegen.downloads import make_downloads
from sitegen.entry import entry_key, make_entry
from sitegen.errors import Diagnostic, Severity, SourceError
from sitegen.exhibits import Exhibits, make_exhibits
from sitegen.formats import Formats
from sitegen.markup import (
    MessageRenderer,
    Rendered,
    render_bodies,
    seen_texts,
)
from sitegen.model import Message, Source, Text, Transcript
from sitegen.participants import with_aliases
from sitegen.readers import Piece, is_text, settings_for
from sitegen.readers.reading import read_transcripts
from sitegen.redact import make_redactor, origin_of
from sitegen.render.messages import MessageLayout, Prepared, Side
from sitegen.secrets import secret_warnings
from sitegen.text import visible
from sitegen.urls import Urls, source_key

if TYPE_CHECKING:
    from sitegen.markup.prose import ProseRenderer

__all__ = ["Preparation", "Preparer"]


SCANNED_BYTES = 2_000_000
"""A file beside a transcript that is larger is data, not something that a person wrote."""

MESSAGES_AT_A_TIME = 200
"""Messages of a large file that are looked through for secrets in one go."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """What became of one source."""

    prepared: tuple[Prepared, ...]
    """Its published transcripts, ready to be framed."""
    diagnostics: tuple[Diagnostic, ...]
    """What was noticed, drafts included."""
    beside: tuple[tuple[str, str], ...] = ()
    """Its references to files beside it, each with the digest of what it led to."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One source as it was read, by the site's rules."""

    published: tuple[Transcript, ...]
    raw: bytes
    """Its bytes; empty where they were too many to be held."""
    is_whole: bool
    """Whether its bytes can be published: they hold one transcript, as it is published."""
    findings: tuple[Diagnostic, ...]


@dataclass(slots=True)
class _Job:
    """One source while it is prepared."""

    source: Source
    finder: FileFinder
    exhibits: Exhibits
    files: tuple[tuple[str, Blob], ...]
    findings: list[Diagnostic]
    exposed: bool = False
    """True once something was found that would show what a rule hides."""


class Preparer:
    """Prepares one source after another; holds what is costly to make."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.redactor = make_redactor(config.redact)
        labels = self.redactor.labels if self.redactor else None
        self.layout = MessageLayout(config)
        self.urls = Urls(config.pages.urls, config.site.base_url, config.base_path)
        markup, strings = config.markup, self.layout.strings
        self.markup = MessageRenderer(markup.engine, markup.remote_images, strings, labels)
        self.forms = Formats(self.layout.strings)

    @cached_property
    def notes(self) -> ProseRenderer:
        """What renders editors' notes; few transcripts have one, and it is much to load."""
        from sitegen.markup.prose import ProseRenderer

        labels = self.redactor.labels if self.redactor else None
        remote_images, table = self.config.markup.remote_images, self.layout.strings.text("Table")
        return ProseRenderer("note-", remote_images, labels, table)

    def prepare(
        self, source: Source, data: bytes | Piece, proofs: Sequence[tuple[str, bytes]] = ()
    ) -> Preparation:
        """Read, render and lay out the transcripts in the bytes of a source, or in a piece.

        `proofs` are the time-stamps beside it: the ending of each one's name, and its bytes.
        What is wrong with the source becomes diagnostics.
        """
        read = self._read(source, data)
        attachments = Attachments(str(self.config.content))
        findings = list(read.findings)
        proofs = self._shown_proofs(source, proofs, findings)
        beside: dict[str, str] = {}
        done = []
        for transcript in read.published:
            finder = FileFinder(attachments, self.urls, source, transcript, self.redactor)
            exhibits, files = self._exhibits(transcript, read, proofs)
            job = _Job(source, finder, exhibits, files, findings)
            done.append(self._transcript(transcript, job))
            findings += [*finder.findings, *self._secrets_beside(finder, source)]
            beside |= finder.digests
        if self.redactor:
            findings = [self.redactor.diagnostic(finding) for finding in findings]
        return Preparation(
            tuple(one for one in done if one), tuple(findings), tuple(beside.items())
        )

    def sides(
        self, source: Source, data: bytes | Piece, keys: Container[str], page: str
    ) -> Iterator[Side]:
        """Those transcripts of a source whose keys are given, for the page at the path `page`.

        They are on pages of their own too: what is wrong with them was said there.
        """
        read = self._read(source, data)
        attachments = Attachments(str(self.config.content))
        for transcript in read.published:
            if entry_key(transcript) not in keys:
                continue
            finder = FileFinder(attachments, self.urls, source, transcript, self.redactor, page)
            exhibits, _ = self._exhibits(transcript, read, ())
            bodies = render_bodies(transcript.messages, self.markup, finder.find)
            yield self.layout.side(transcript, bodies, exhibits.record)

    def _read(self, source: Source, data: bytes | Piece) -> _Read:
        """The transcripts of a source as they are published, and what was noticed."""
        settings = settings_for(self.config, source.rel)
        reading = read_transcripts(data, source, settings.timezone, settings)
        published = tuple(
            with_aliases(transcript, self.config.participants)
            for transcript in reading.transcripts
            if self.config.drafts or not transcript.draft
        )
        redactor = self.redactor
        if redactor:
            published = redactor.transcripts(published)
        raw = b"" if isinstance(data, Piece) else data
        secrets = self._secrets(published, source, data)
        # Of a file that holds others too the bytes are not those of one transcript; nor are
        # those of an export, which tells of accounts and much else that no page shows.
        is_alone = len(reading.transcripts) == 1 and is_text(source.rel) and bool(raw)
        # Nor where names were changed or hidden: it would tell the old ones.
        is_whole = is_alone and published == reading.transcripts
        return _Read(published, raw, is_whole, (*reading.diagnostics, *secrets))

    def _exhibits(
        self, transcript: Transcript, read: _Read, proofs: Sequence[tuple[str, bytes]]
    ) -> tuple[Exhibits, tuple[tuple[str, Blob], ...]]:
        """What lets a reader check a transcript, and every file beside its page."""
        shown = self.redactor.labelled(transcript) if self.redactor else transcript
        pieces = markdown_pieces(shown)
        canonical = gather(piece.encode(errors="surrogatepass") for piece in pieces)
        stamps = proofs if read.raw else ()
        word = self.layout.strings.text("Message")
        exhibits = make_exhibits(
            shown, read.raw, read.is_whole, canonical, stamps, self.config, word
        )
        files = make_downloads(shown, entry_key(transcript), canonical, self.config)
        return exhibits, files + exhibits.files

    def _shown_proofs(
        self, source: Source, proofs: Sequence[tuple[str, bytes]], findings: list[Diagnostic]
    ) -> Sequence[tuple[str, bytes]]:
        """The time-stamps that can be published: a service may name in one what a rule hides."""
        if not (self.redactor and proofs):
            return proofs
        # Imported late: only where something is hidden are files looked into.
        from sitegen.redact.files import holds_hidden

        kept = []
        for file, (ending, data) in zip(source.proofs, proofs, strict=True):
            if holds_hidden(self.redactor, ending, data):
                said = f"the time-stamp `{ending}` holds what `redact` hides; not published"
                findings.append(Diagnostic(Severity.WARNING, said, file.name))
            else:
                kept.append((ending, data))
        return kept

    def _secrets(
        self, published: Sequence[Transcript], source: Source, data: bytes | Piece
    ) -> list[Diagnostic]:
        """Warnings of what looks like a key or a password, in all that is published."""
        hidden = self.redactor.labels.token if self.redactor else None
        allowed = self.config.allowed
        if not isinstance(data, Piece):
            return secret_warnings(published, data, source.name, allowed, hidden)
        raw = data.data
        found: dict[Diagnostic, None] = {}
        for transcript in published:
            things: list[Sequence[object]] = [[replace(transcript, messages=())]]
            # A few messages at a time: of a large file they may be many.
            starts = range(0, len(transcript.messages), MESSAGES_AT_A_TIME)
            things += [transcript.messages[n : n + MESSAGES_AT_A_TIME] for n in starts]
            for some in things:
                found |= dict.fromkeys(secret_warnings(some, raw, source.name, allowed, hidden))
        return list(found)

    def _secrets_beside(self, finder: FileFinder, source: Source) -> Iterator[Diagnostic]:
        """Warnings of what looks like a key or a password in the files of text that are copied."""
        for file in finder.used.values():
            if not file.name.endswith((".txt", ".csv")) or file.size > SCANNED_BYTES:
                continue
            try:
                data = Path(file_path(str(self.config.content), file)).read_bytes()
            except OSError:
                continue  # Gone since; copying it says so.
            text = data.decode(errors="replace")
            for found in secret_warnings([text], data, source.name, self.config.allowed):
                place = f"line {found.line} of “{visible(file.rel)}”"
                yield replace(found, message=f"{found.message}, in {place}", line=0)

    def _transcript(self, transcript: Transcript, job: _Job) -> Prepared | None:
        exhibits, finder = job.exhibits, job.finder
        job.findings.extend(exhibits.findings)
        preamble = [Text(transcript.preamble)] if transcript.preamble.strip() else []
        head = self.markup.render(preamble, finder.find)
        words: list[str] = []
        said = self._bodies(transcript, job, words)
        key = entry_key(transcript)
        page = self.urls.link(self.urls.path(source_key(key)), self.urls.path(key))
        laid_out = self.layout.lay_out(transcript, said, page, exhibits.starts)
        for _ in said:  # A layout of someone's own may not show them all.
            pass
        clean = self.redactor.plain if self.redactor else None
        prepared = Prepared(
            entry=make_entry(
                transcript,
                words,
                self.forms,
                origin_of(job.source, self.config.redact),
                [name for name, _ in job.files],
                tuple(finder.used.values()),
            ),
            body=laid_out,
            preamble=head[0].html if head else Markup(),
            note=self._note(transcript, job),
            outline=self.layout.lay_out_outline(transcript, words, clean),
            extra=transcript.extra,
            record=exhibits.record,
            excerpts=_excerpts(transcript, words, clean),
            files=job.files,
            lines=exhibits.lines,
        )
        self._expose("the text before the first message", 0, prepared.preamble, job)
        self._expose("the note", 0, prepared.note, job)
        if clean:
            # Made of words that marks stood between, and cut.
            excerpt = clean(prepared.entry.excerpt)
            prepared = replace(prepared, entry=replace(prepared.entry, excerpt=excerpt))
        return None if job.exposed else prepared

    def _bodies(self, transcript: Transcript, job: _Job, words: list[str]) -> Iterator[Rendered]:
        """The bodies of the messages, one at a time; `words` gets those of each."""
        rendered = render_bodies(transcript.messages, self.markup, job.finder.find)
        for message, body in zip(transcript.messages, rendered, strict=True):
            words.append(body.words)
            job.findings.extend(_problems(message, body, job.source))
            self._expose(f"message {message.number}", message.line, body.html, job)
            yield body

    def _expose(self, what: str, line: int, html: str, job: _Job) -> None:
        """Complain of what would show although a rule hides it: Markdown can join texts."""
        if not self.redactor or self.redactor.is_clean(seen_texts(html)):
            return
        job.exposed = True
        job.findings.append(
            Diagnostic(
                Severity.ERROR,
                f"{what} shows what `redact` hides once its Markdown is rendered",
                job.source.name,
                line,
                hint="add to `redact.literals` how it is written there",
            )
        )

    def _note(self, transcript: Transcript, job: _Job) -> Markup:
        """The editor's note; nothing, and an error, if it cannot be parsed."""
        if not transcript.note:
            return Markup()
        try:
            return self.notes.render(transcript.note, job.source.name)
        except SourceError as error:
            job.findings.append(error.diagnostic())
            return Markup()


def _excerpts(
    transcript: Transcript, words: Sequence[str], clean: Callable[[str], str] | None
) -> tuple[Excerpt, ...]:
    """How the first messages begin; `clean` hides what is hidden."""
    said = zip(transcript.messages, words, strict=True)
    found = excerpts_of([(m.number, m.speaker, m.at, text) for m, text in said])
    return tuple(replace(one, text=clean(one.text)) for one in found) if clean else found


def _problems(message: Message, body: Rendered, source: Source) -> Iterator[Diagnostic]:
    if body.problem:
        yield Diagnostic(
            Severity.WARNING,
            f"message {message.number} {body.problem}; shown as plain text",
            source.name,
            message.line,
        )
