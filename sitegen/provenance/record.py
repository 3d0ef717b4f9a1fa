"""`provenance.json`: all that a reader needs to check one transcript by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sitegen.model import Transcript
from sitegen.provenance.chain import NAME, canonical_json, chain_digests, head_json, message_json
from sitegen.provenance.commitments import Checked, check_commitment
from sitegen.provenance.timestamps import Proof

__all__ = ["FILE", "Record", "make_record", "write_record"]

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
    head: str
    """The head as it was digested."""
    messages: tuple[str, ...]
    """The messages as they were digested."""
    commitments: tuple[Checked, ...]
    """The commitments, checked."""
    proofs: tuple[Proof, ...]
    """The time-stamps, read."""

    @property
    def last(self) -> str:
        """The last digest of the chain, which holds all the others."""
        return self.chain[-1]


def make_record(
    transcript: Transcript, source: bytes | None, canonical: bytes, proofs: Sequence[Proof]
) -> Record:
    """The record of a transcript.

    `canonical` is the transcript in the canonical form.
    `source` are the bytes it was read from; None where they are not what is published:
    they were redacted, or hold other transcripts too.
    """
    head = head_json(transcript)
    messages = tuple(message_json(message) for message in transcript.messages)
    return Record(
        hashlib.sha256(source).hexdigest() if source is not None else "",
        hashlib.sha256(canonical).hexdigest(),
        chain_digests(head, messages),
        head,
        messages,
        tuple(check_commitment(item, transcript.messages) for item in transcript.commitments),
        tuple(proofs),
    )


def write_record(record: Record, transcript: Transcript) -> bytes:
    """The file: every message on a line of its own, exactly as it was digested."""
    source = {"path": transcript.source.rel, "sha256": record.source_digest or None}
    commitments = [asdict(item) for item in record.commitments]
    digests = [f'"{digest}"' for digest in record.chain]
    parts = [
        f'"format":"{NAME}"',
        f'"source":{canonical_json(source)}',
        f'"canonical":{canonical_json({"sha256": record.canonical_digest})}',
        f'"labels":{canonical_json(transcript.labels)}',
        f'"head":{record.head}',
        f'"messages":{_lines(record.messages)}',
        f'"chain":{_lines(digests)}',
        f'"commitments":{_lines([canonical_json(item) for item in commitments])}',
        f'"timestamps":{_lines([canonical_json(asdict(item)) for item in record.proofs])}',
    ]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _lines(items: Sequence[str]) -> str:
    """A list with each item on a line of its own."""
    return "[\n" + ",\n".join(items) + "\n]" if items else "[]"
