"""Time-stamps beside a transcript: what each says, and whether it is of this transcript.

Read is all that can be read offline. Whether a block of Bitcoin holds the digest, and
whether a signature is good, is for the tools whose command lines are given.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sitegen.provenance.opentimestamps import Attestation, ProofError, parse_ots
from sitegen.provenance.rfc3161 import parse_tsr
from sitegen.text import visible

__all__ = ["PROOF_ENDINGS", "Proof", "read_proof"]

PROOF_ENDINGS = (".ots", ".tsr")
"""How the names of time-stamps end: OpenTimestamps, RFC 3161."""

State = Literal["matches", "differs", "not checked", "unreadable"]


@dataclass(frozen=True, slots=True)
class Proof:
    """A time-stamp as it is published."""

    kind: str
    """`OpenTimestamps` or `RFC 3161`."""
    name: str
    """The file, in the folder of the transcript's name: `source.txt.ots`."""
    state: State
    """Whether it is of the source as it is."""
    says: tuple[str, ...]
    """What it says of when and by whom, in phrases."""
    problem: str
    """What is wrong with it; empty if nothing is."""
    command: str
    """How a reader can check the rest, beside the published source."""


def read_proof(ending: str, data: bytes, name: str, source: bytes) -> Proof:
    """Read a time-stamp by the ending of its name and compare it with the source's bytes."""
    kind = "OpenTimestamps" if ending == ".ots" else "RFC 3161"
    try:
        if ending == ".ots":
            stamp = parse_ots(data)
            algorithm, digest = stamp.algorithm, stamp.digest
            says = tuple(_attested(item) for item in stamp.attestations)
            command = f"ots verify {name}"
        else:
            token = parse_tsr(data)
            algorithm, digest = token.algorithm, token.digest
            said = (_moment(token.at), f"by {token.authority}" if token.authority else "")
            says = (visible(" ".join(filter(None, said))),)
            document = name.removesuffix(ending)
            command = f"openssl ts -verify -in {name} -data {document} -CAfile authority.pem"
    except ProofError as error:
        return Proof(kind, name, "unreadable", (), f"cannot be read: {error}", "")
    state, problem = _compare(algorithm, digest, source)
    return Proof(kind, name, state, says, problem, command)


def _compare(algorithm: str, digest: str, source: bytes) -> tuple[State, str]:
    try:
        actual = hashlib.new(algorithm, source).hexdigest()
    except (ValueError, TypeError):
        # RIPEMD-160, which this machine may not have, or a function of any length.
        return "not checked", ""
    if actual == digest:
        return "matches", ""
    return "differs", "is of another text: the source was changed after it was stamped"


def _attested(item: Attestation) -> str:
    if item.chain:
        return f"{item.chain} block {item.block:,}"
    return f"pending at {visible(item.calendar)}"


def _moment(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S} UTC"
