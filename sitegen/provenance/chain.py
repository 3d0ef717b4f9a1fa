"""The chain: a digest for each message that holds those of all before it.

Digest 0 is the SHA-256 of the head's canonical JSON; digest n is the SHA-256 of digest
n - 1 in hexadecimal, a line feed, and the canonical JSON of message n. See
docs/provenance.md for the members of both.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from sitegen.model import Message, Transcript

__all__ = ["NAME", "canonical_json", "chain_digests", "head_json", "message_json", "next_digest"]

NAME = "sitegen-chain-1"
"""The algorithm's name, part of what it digests."""

LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical_json(value: Mapping[str, object] | Sequence[str]) -> str:
    """RFC 8785 for values whose keys are ASCII and whose numbers are integers below 2**53.

    For these, what msgspec writes is canonical. A lone surrogate, which UTF-8 cannot hold,
    becomes U+FFFD.
    """
    try:
        return _ENCODER.encode(value).decode()
    except UnicodeEncodeError:
        text = json.dumps(value, ensure_ascii=False)
        return _ENCODER.encode(json.loads(LONE_SURROGATE.sub("\ufffd", text))).decode()


def head_json(transcript: Transcript) -> str:
    """What the chain begins with: all that is said of the conversation and is no message."""
    return canonical_json(
        {
            "chain": NAME,
            "title": transcript.title,
            "started": _moment(transcript.started),
            "ended": _moment(transcript.ended),
            "participants": [
                {"name": person.name, "role": person.role, "model": person.model}
                for person in transcript.participants
            ],
            "preamble": transcript.preamble,
        }
    )


def message_json(message: Message) -> str:
    """One message as it is chained and published: all of it that is not empty.

    The line on which it stands in the source is no part of it.
    """
    return canonical_json(_members(message))


def chain_digests(head: str, messages: Iterable[str]) -> tuple[str, ...]:
    """The digests of the head and of each message, in hexadecimal."""
    digest = hashlib.sha256(head.encode()).hexdigest()
    digests = [digest]
    for message in messages:
        digest = next_digest(digest, message)
        digests.append(digest)
    return tuple(digests)


def next_digest(digest: str, message: str) -> str:
    """The digest of a message, given that of what stands before it."""
    return hashlib.sha256(f"{digest}\n{message}".encode()).hexdigest()


def _members(thing: Any) -> dict[str, Any]:
    """The fields of a dataclass that are not empty, as JSON has them."""
    names = _names(thing.__class__)
    return {name: _value(value) for name in names if (value := getattr(thing, name))}


def _value(value: Any) -> Any:
    match value:
        case str() | int():
            return value
        case float():
            # Of thousandths, Python and RFC 8785 write the same digits.
            return int(value) if value.is_integer() else round(value, 3)
        case datetime():
            return value.isoformat()
        case tuple():
            return [_value(item) for item in value]
        case _:
            return {"type": _type(value.__class__), **_members(value)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name != "line")


@cache
def _type(kind: type) -> str:
    """`tool_call` for `ToolCall`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
