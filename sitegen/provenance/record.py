"""`provenance.json`: all that a reader needs to check one transcript by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from sitegen.bulk import Blob, digest_of, gather
from sitegen.model import Transcript
from sitegen.provenance.chain import (
    NAME,
    canonical_json,
    chain_digests,
    head_json,
    message_json,
    next_digest,
)
from sitegen.provenance.commitments import Checked, check_commitment
from sitegen.provenance.timestamps import Proof

__all__ = ["FILE", "Record", "make_record"]

FILE = "provenance.json"
"""The record's name, in the folder of the transcript's name."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of where a transcript comes from."""

    source_digest: str
    """SHA-256 of the source's bytes; empty where they are not published as they are."""
    canonical_digest: str
    """SHA-256 of the transcript in the canonical form, as UTF-8."""
    chain: tuple[str, ...]
    """The digest of the head and of each message."""
    commitments: tuple[Checked, ...]
    """The commitments, checked."""
    proofs: tuple[Proof, ...]
    """The time-stamps, read."""

    @property
    def last(self) -> str:
        """The last digest of the chain, which holds all the others."""
        return self.chain[-1]


def make_record(
    transcript: Transcript, source: bytes | None, canonical: Blob, proofs: Sequence[Proof]
) -> tuple[Record, Blob]:
    """The record of a transcript, and the file that publishes it.

    `canonical` is the transcript in the canonical form.
    `source` are the bytes it was read from; None where they are not what is published:
    they were redacted, or hold other transcripts too.
    """
    source_digest = hashlib.sha256(source).hexdigest() if source is not None else ""
    canonical_digest = digest_of(canonical)
    commitments = tuple(check_commitment(c, transcript.messages) for c in transcript.commitments)
    chain: list[str] = []

    def pieces() -> Iterator[bytes]:
        """The file, every message on a line of its own, exactly as it was digested."""
        origin = {"path": transcript.source.rel, "sha256": source_digest or None}
        head = head_json(transcript)
        yield (
            f'{{\n"format":"{NAME}",\n"source":{canonical_json(origin)},\n'
            f'"canonical":{canonical_json({"sha256": canonical_digest})},\n'
            f'"labels":{canonical_json(transcript.labels)},\n"head":{head},\n'
        ).encode()
        chain.extend(chain_digests(head, ()))
        between = '"messages":[\n'
        for message in transcript.messages:
            text = message_json(message)
            chain.append(next_digest(chain[-1], text))
            yield f"{between}{text}".encode()
            between = ",\n"
        end = "\n]" if transcript.messages else '"messages":[]'
        digests = _lines([f'"{digest}"' for digest in chain])
        checked = _lines([canonical_json(asdict(item)) for item in commitments])
        stamps = _lines([canonical_json(asdict(item)) for item in proofs])
        yield (
            f'{end},\n"chain":{digests},\n"commitments":{checked},\n"timestamps":{stamps}\n}}\n'
        ).encode()

    file = gather(pieces())
    record = Record(source_digest, canonical_digest, tuple(chain), commitments, tuple(proofs))
    return record, file


def _lines(items: Sequence[str]) -> str:
    """A list with each item on a line of its own."""
    return "[\n" + ",\n".join(items) + "\n]" if items else "[]"
