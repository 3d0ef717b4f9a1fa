"""What is published beside a transcript's page so that it can be checked.

`provenance.json`, the source as it is, the time-stamps of it, and the source's lines for a
page of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sitegen.bulk import Blob, to_bytes
from sitegen.canonical import message_lines
from sitegen.config import Config
from sitegen.entry import entry_key
from sitegen.errors import Diagnostic, Severity
from sitegen.markup.source import MAX_SHOWN, render_source
from sitegen.model import Transcript
from sitegen.provenance.record import Record, make_record
from sitegen.provenance.timestamps import Proof, read_proof
from sitegen.readers.decode import decode
from sitegen.urls import Urls, source_key

__all__ = ["RECORD", "SOURCE", "Exhibits", "make_exhibits"]

RECORD = "provenance.json"
SOURCE = "source.txt"
"""Never by its own ending: a server must not take what it holds for a page."""


MAX_BYTES = 4 * MAX_SHOWN
"""What has more bytes than this has too many characters to be shown."""


@dataclass(frozen=True, slots=True)
class Exhibits:
    """What lets a reader check one transcript."""

    record: Record
    """Its digests, commitments and time-stamps."""
    files: tuple[tuple[str, Blob], ...]
    """Names in the folder of the page's name, and bytes."""
    lines: Markup | None
    """The lines of the source, or of the canonical form where the source is not published;
    empty if there are too many, None if neither is to be shown."""
    starts: tuple[int, ...]
    """Of these the 1-based line on which each message begins; none if they are not shown."""
    findings: tuple[Diagnostic, ...]
    """Commitments that were broken, and time-stamps of something else."""


def make_exhibits(
    transcript: Transcript,
    source: bytes,
    is_whole: bool,
    canonical: Blob,
    proofs: Sequence[tuple[str, bytes]],
    config: Config,
    message_word: str = "Message",
) -> Exhibits:
    """Make everything that is published beside a transcript's page.

    `source` are the bytes it was read from; `is_whole` is False where they are not to be
    published, for they hold more than this transcript. `canonical` is the transcript in the
    canonical form, which is shown instead. `proofs` are the endings and the
    bytes of the time-stamps beside it. `message_word` is in the site's language.
    """
    stamps = list(_stamps(proofs, source))
    given = source if is_whole else None
    record, file = make_record(transcript, given, canonical, [proof for proof, _ in stamps])
    files: list[tuple[str, Blob]] = [(RECORD, file)]
    lines: Markup | None = None
    starts: tuple[int, ...] = ()
    if config.pages.raw and (is_whole or len(canonical) <= MAX_BYTES):
        if is_whole:
            files.append((SOURCE, source))
            text, _ = decode(source, transcript.source.name)
            starts = tuple(message.line for message in transcript.messages)
        else:
            text = to_bytes(canonical).decode(errors="surrogatepass")
            starts = message_lines(text, len(transcript.messages))
        lines = render_source(text, _marks(transcript, starts, config), message_word)
    elif config.pages.raw:
        lines = Markup()
    files += [(proof.name, data) for proof, data in stamps]
    findings = tuple(_findings(record, transcript))
    return Exhibits(record, tuple(files), lines, starts if lines else (), findings)


def _stamps(proofs: Sequence[tuple[str, bytes]], source: bytes) -> Iterator[tuple[Proof, bytes]]:
    """Each time-stamp, read, under a name by which the tools find what it is of."""
    seen: dict[str, int] = {}
    for ending, data in proofs:
        number = seen[ending] = seen.get(ending, 0) + 1
        name = f"{SOURCE}{ending}" if number == 1 else f"{SOURCE}.{number}{ending}"
        yield read_proof(ending, data, name, source), data


def _marks(
    transcript: Transcript, starts: Sequence[int], config: Config
) -> dict[int, tuple[int, str]]:
    """The line on which each message begins, with its number and its address."""
    urls = Urls(config.pages.urls, config.site.base_url, config.base_path)
    key = entry_key(transcript)
    page = urls.link(urls.path(key), urls.path(source_key(key)))
    return {
        line: (message.number, f"{page}#m{message.number}")
        for message, line in zip(transcript.messages, starts, strict=True)
    }


def _findings(record: Record, transcript: Transcript) -> Iterator[Diagnostic]:
    for item in record.commitments:
        if item.state == "broken":
            yield Diagnostic(
                Severity.WARNING,
                f"the commitment of message {item.message} is broken: {item.problem}",
                transcript.source.name,
                item.line,
            )
    for proof, source in zip(record.proofs, transcript.source.proofs, strict=False):
        if proof.problem:
            yield Diagnostic(
                Severity.WARNING, f"this {proof.kind} time-stamp {proof.problem}", source.name
            )
