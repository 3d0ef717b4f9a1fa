"""A transcript's record, `provenance.json`: parsed strictly, its chain computed anew."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import rfc8785

__all__ = ["RECORD", "Broken", "ReadRecord", "check_chain", "name_of", "parse_record"]

RECORD = "provenance.json"
FORMAT = "sitegen-chain-1"
DIGEST = re.compile(r"[0-9a-f]{64}")


class Broken(ValueError):
    """A record is not what docs/provenance.md describes."""


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record as it was published."""

    source_path: str
    """The source, in the content folder."""
    source_digest: str
    """SHA-256 of the source; empty if it is not published as it is."""
    canonical_digest: str
    """SHA-256 of the canonical form; empty in records that do not state it."""
    head: dict[str, Any]
    """What the chain begins with."""
    messages: tuple[dict[str, Any], ...]
    """The messages, in the order of the file."""
    chain: tuple[str, ...]
    """The digests of the head and of each message."""
    labels: tuple[str, ...] = ()
    """What the record is said to be or not to be."""


def parse_record(data: bytes) -> ReadRecord:
    """Parse a record.

    Raises:
        Broken: it is not JSON, says a thing twice, or lacks something.
    """
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise Broken(f"is not a record: {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Broken(f"is not a record of the format {FORMAT}")
    source, head = document.get("source"), document.get("head")
    messages, chain = document.get("messages"), document.get("chain")
    if not isinstance(source, dict) or not isinstance(head, dict):
        raise Broken("has no source or no head")
    if not isinstance(messages, list) or not all(isinstance(m, dict) for m in messages):
        raise Broken("has no list of messages")
    if not isinstance(chain, list) or not all(
        isinstance(digest, str) and DIGEST.fullmatch(digest) for digest in chain
    ):
        raise Broken("has no list of digests")
    path, digest = source.get("path"), source.get("sha256")
    if not isinstance(path, str) or not (digest is None or isinstance(digest, str)):
        raise Broken("has no path of its source")
    form = document.get("canonical", {"sha256": ""})
    canonical = form.get("sha256") if isinstance(form, dict) else None
    if not isinstance(canonical, str):
        raise Broken("has no digest of its canonical form")
    labels = document.get("labels", [])
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise Broken("has no list of labels")
    return ReadRecord(
        path, digest or "", canonical, head, tuple(messages), tuple(chain), tuple(labels)
    )


def check_chain(record: ReadRecord) -> Iterator[str]:
    """Say what is wrong with the messages by their chain, the first first.

    Each link is computed from the digest that is published for the one before, so that
    what is altered is named by itself.
    """
    if not record.chain:
        yield "has no digests"
        return
    if _digest("", record.head) != record.chain[0]:
        yield "the head (title, times, participants, preamble) was altered"
    yield from _check_order(record)
    wrong = []
    for place, message in enumerate(record.messages, 1):
        said = message.get("number")
        number = said if _is_number(said) and said < len(record.chain) else place
        if number >= len(record.chain):
            continue
        if _digest(record.chain[number - 1], message) != record.chain[number]:
            wrong.append(f"{name_of(message, place)} was altered")
    yield from wrong[:3]
    if len(wrong) > 3:
        yield f"and {len(wrong) - 3} messages after it were altered too"


def _check_order(record: ReadRecord) -> Iterator[str]:
    """Numbers that are missing, too many or out of order."""
    count = len(record.chain) - 1
    seen: set[int] = set()
    before = 0
    for place, message in enumerate(record.messages, 1):
        number = message.get("number")
        if not _is_number(number):
            yield f"{name_of(message, place)} has no number"
            continue
        if number in seen:
            yield f"{name_of(message, place)} is there twice"
        elif number > count:
            yield f"{name_of(message, place)} is extra: the chain ends with {count}"
        elif number < before:
            yield f"{name_of(message, place)} is out of order"
        seen.add(number)
        before = max(before, number)
    for number in range(1, count + 1):
        if number not in seen:
            yield f"message {number} is missing"


def name_of(message: dict[str, Any], place: int) -> str:
    """How a message is called: `message 12 (Kimi K2)`."""
    number, speaker = message.get("number"), message.get("speaker")
    by = f" ({speaker})" if isinstance(speaker, str) and speaker else ""
    return f"message {number if _is_number(number) else place}{by}"


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _digest(before: str, value: dict[str, Any]) -> str:
    """A link of the chain; empty for what has no canonical form."""
    try:
        canonical = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:
        return ""
    data = f"{before}\n".encode() + canonical if before else canonical
    return hashlib.sha256(data).hexdigest()


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found
