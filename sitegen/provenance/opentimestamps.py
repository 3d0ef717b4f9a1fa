"""Reads OpenTimestamps proofs (`.ots`) as far as can be done offline.

A proof is a tree of operations that begins at the digest of a file; its leaves say where
what was computed on the way was put down: in a Bitcoin block's header, or, until that is
done, with a calendar server. The format is that of github.com/opentimestamps.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Attestation", "OpenTimestamp", "ProofError", "parse_ots"]

MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
HASHES = {
    0x02: ("sha1", 20),
    0x03: ("ripemd160", 20),
    0x08: ("sha256", 32),
    0x67: ("keccak256", 32),
}
"""Operations that hash: tag to name and length in bytes."""
PLAIN = frozenset([0xF2, 0xF3])
"""Operations without an argument: reverse, hexadecimal."""
WITH_ARGUMENT = frozenset([0xF0, 0xF1])
"""Operations with one: append, prepend."""
PENDING = bytes.fromhex("83dfe30d2ef90c8e")
CHAINS = {
    bytes.fromhex("0588960d73d71901"): "Bitcoin",
    bytes.fromhex("06869a0d73d71b45"): "Litecoin",
}
"""Attestations that name a block, by their tag."""

MAX_ARGUMENT = 4096
MAX_PAYLOAD = 8192
MAX_DEPTH = 256
MAX_ADDRESS = 1000


class ProofError(ValueError):
    """The bytes are not a proof that can be read."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """A leaf of a proof: where it says it is recorded."""

    chain: str
    """`Bitcoin`, `Litecoin`; empty for one that is still with a calendar."""
    block: int
    """The height of the block; 0 if it is in none yet."""
    calendar: str
    """The address of the calendar server; empty if it is in a block."""


@dataclass(frozen=True, slots=True)
class OpenTimestamp:
    """What a proof says."""

    algorithm: str
    """How the file was digested: `sha256`."""
    digest: str
    """The digest of the file, in hexadecimal."""
    attestations: tuple[Attestation, ...]
    """Where it is recorded; blocks first, the lowest first."""


def parse_ots(data: bytes) -> OpenTimestamp:
    """Parse a detached proof.

    Raises:
        ProofError: it is none, is cut short, or is of a version that is not known.
    """
    reader = _Reader(data)
    if reader.take(len(MAGIC)) != MAGIC:
        raise ProofError("it is no OpenTimestamps proof")
    version = reader.number()
    if version != 1:
        raise ProofError(f"it is of version {version}, which is not known")
    name, size = HASHES.get(reader.byte(), ("", 0))
    if not name:
        raise ProofError("it begins with an operation that is not known")
    digest = reader.take(size).hex()
    found: list[Attestation] = []
    _walk(reader, found)
    if reader.rest():
        raise ProofError("bytes follow its end")
    order = sorted(set(found), key=lambda a: (not a.chain, a.chain, a.block, a.calendar))
    return OpenTimestamp(name, digest, tuple(order))


def _walk(reader: _Reader, found: list[Attestation]) -> None:
    """Go through the tree depth first, without recursion; what is left are its open forks."""
    depths = [0]
    while depths:
        depth = depths.pop()
        if depth > MAX_DEPTH:
            raise ProofError("it is nested too deeply")
        tag = reader.byte()
        if tag == 0xFF:
            depths.append(depth)
            tag = reader.byte()
        if tag == 0x00:
            _attestation(reader, found)
        elif tag in HASHES or tag in PLAIN:
            depths.append(depth + 1)
        elif tag in WITH_ARGUMENT:
            if not reader.text(MAX_ARGUMENT):
                raise ProofError("an operation has an empty argument")
            depths.append(depth + 1)
        else:
            raise ProofError(f"it holds an operation that is not known: {tag:#04x}")


def _attestation(reader: _Reader, found: list[Attestation]) -> None:
    tag, payload = reader.take(8), _Reader(reader.text(MAX_PAYLOAD))
    if tag == PENDING:
        address = payload.text(MAX_ADDRESS).decode("ascii", "replace")
        found.append(Attestation("", 0, address))
    elif tag in CHAINS:
        found.append(Attestation(CHAINS[tag], payload.number(), ""))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        """The next bytes."""
        taken = self.data[self.at : self.at + size]
        if len(taken) != size:
            raise ProofError("it is cut short")
        self.at += size
        return taken

    def byte(self) -> int:
        """The next byte."""
        return self.take(1)[0]

    def number(self) -> int:
        """An unsigned number in base 128, the lowest digit first."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise ProofError("it holds a number that is too large")

    def text(self, limit: int) -> bytes:
        """Bytes that their count goes before."""
        size = self.number()
        if size > limit:
            raise ProofError("it holds a value that is too long")
        return self.take(size)

    def rest(self) -> int:
        """How many bytes are left."""
        return len(self.data) - self.at
