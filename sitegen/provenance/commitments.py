"""Commit and reveal: whether what was revealed has the digest that was given before."""

from __future__ import annotations

import hashlib
import re
import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from sitegen.model import Commitment, Message

__all__ = ["Checked", "check_commitment"]

State = Literal["verified", "not revealed", "broken"]

COMMANDS = {
    "sha224": "sha224sum",
    "sha256": "sha256sum",
    "sha384": "sha384sum",
    "sha512": "sha512sum",
    "sha3-256": "openssl dgst -sha3-256",
    "sha3-512": "openssl dgst -sha3-512",
    "blake2b": "b2sum",
}
"""How a reader computes each on a command line."""

RUNS = re.compile(r"`+|~{3,}")
QUOTES = re.compile(r"\*\*|[\"“”„‘’«»]")

MAX_TRIED = 2_000
"""A message is no dictionary to be gone through."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A commitment, and what became of it."""

    who: str
    """Whose it is."""
    algorithm: str
    """The hash function: `sha256`."""
    digest: str
    """What was given, in hexadecimal."""
    message: int
    """The number of the message that gave it."""
    reveal: int
    """The number of the message that revealed; 0 if none did."""
    state: State
    """Whether it was kept."""
    problem: str
    """Why it is broken; empty if it is not."""
    command: str
    """What prints the digest when typed into a shell; empty where nothing was revealed."""
    line: int
    """1-based line of the front matter."""


def check_commitment(commitment: Commitment, messages: Sequence[Message]) -> Checked:
    """Check one commitment against the messages that gave and revealed it."""
    value, problem = _settle(commitment, messages)
    state: State = "broken" if problem else "not revealed" if value is None else "verified"
    return Checked(
        who=messages[commitment.message - 1].speaker,
        algorithm=commitment.algorithm,
        digest=commitment.digest,
        message=commitment.message,
        reveal=commitment.reveal,
        state=state,
        problem=problem,
        command=_command(commitment, value) if value is not None else "",
        line=commitment.line,
    )


def _settle(commitment: Commitment, messages: Sequence[Message]) -> tuple[bytes | None, str]:
    """The value that was revealed, if any, and what is wrong."""
    given = _text(messages[commitment.message - 1])
    if commitment.digest not in re.sub(r"\s", "", given).lower():
        return commitment.value, f"message {commitment.message} does not hold the digest"
    if not commitment.reveal and commitment.value is None:
        return None, ""
    if commitment.reveal:
        if commitment.reveal <= commitment.message:
            return commitment.value, "it was revealed before it was given"
        own, other = messages[commitment.message - 1], messages[commitment.reveal - 1]
        if own.speaker != other.speaker:
            return commitment.value, f"message {commitment.reveal} is of another speaker"
    if commitment.value is None:
        found = _find(commitment, _text(messages[commitment.reveal - 1]))
        missing = f"nothing in message {commitment.reveal} has this digest"
        return found, "" if found is not None else missing
    if commitment.reveal and not _shows(commitment.value, _text(messages[commitment.reveal - 1])):
        return commitment.value, f"message {commitment.reveal} does not hold the value"
    if _digest(commitment, commitment.value) != commitment.digest:
        return commitment.value, "the value has another digest"
    return commitment.value, ""


def _text(message: Message) -> str:
    return "\n".join(
        value
        for block in message.blocks
        for field in fields(block)
        if isinstance(value := getattr(block, field.name), str)
    )


def _find(commitment: Commitment, text: str) -> bytes | None:
    """The part of a message that has the digest: code, a quotation, a line, a word, or all."""
    tried: set[bytes] = set()
    for part in _parts(text):
        value = part.encode(errors="surrogatepass")
        if value in tried:
            continue
        tried.add(value)
        if _digest(commitment, value) == commitment.digest:
            return value
        if len(tried) >= MAX_TRIED:
            break
    return None


def _parts(text: str) -> Iterator[str]:
    yield text
    yield text.strip()
    for part in (*_code(text), *QUOTES.split(text)):
        yield from (part, part.strip())
    lines = text.split("\n")
    yield from lines
    yield from (line.strip().removeprefix("> ") for line in lines)
    yield from (line.partition(":")[2].strip() for line in lines if ":" in line)
    yield from (word.strip(".,;:!?()[]*_`\"'“”‘’") for word in text.split())


def _code(text: str) -> Iterator[str]:
    """What stands between equal runs of backticks or tildes, in a line or as a block."""
    closes: dict[str, int] = {}
    found = []
    for run in reversed(list(RUNS.finditer(text))):
        if (end := closes.get(run[0])) is not None:
            inside = text[run.end() : end]
            found += [inside, inside.partition("\n")[2].removesuffix("\n")]
        closes[run[0]] = run.start()
    return reversed(found)


def _shows(value: bytes, text: str) -> bool:
    """Whether a message holds a value, as it is or in hexadecimal."""
    plain = text.encode(errors="surrogatepass")
    return value in plain or value.hex() in re.sub(r"\s", "", text).lower()


def _digest(commitment: Commitment, value: bytes) -> str:
    data = _join(commitment, value)
    return hashlib.new(commitment.algorithm.replace("-", "_"), data).hexdigest()


def _join(commitment: Commitment, value: bytes) -> bytes:
    """What was hashed: the rule with the value and the salt in their places."""
    places = {"{value}": value, "{salt}": commitment.salt}
    parts = re.split(r"(\{value\}|\{salt\})", commitment.rule)
    return b"".join(places.get(part, part.encode(errors="surrogatepass")) for part in parts)


def _command(commitment: Commitment, value: bytes) -> str:
    """A command line for a POSIX shell that prints the digest of the value."""
    data = _join(commitment, value)
    tool = COMMANDS[commitment.algorithm]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text and all(unicodedata.category(char)[0] not in "CZ" or char == " " for char in text):
        return f"printf %s {shlex.quote(text)} | {tool}"
    # What cannot be seen or copied surely is written as octal numbers.
    octal = "".join(_octal(byte) for byte in data)
    return f"printf '{octal}' | {tool}"


def _octal(byte: int) -> str:
    """A byte in the format of printf: itself if it is a letter or digit, else its number."""
    return chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else f"\\{byte:03o}"
