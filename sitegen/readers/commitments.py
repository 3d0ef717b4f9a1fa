"""Reads the front matter's `commitments`: who gave which digest, and where it was revealed.

commitments:
  - who: Kimi K2
    algorithm: sha256
    digest: 9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab
    message: 3
    reveal: 17
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sitegen.errors import SourceError
from sitegen.model import Commitment, Message
from sitegen.readers.frontmatter import FrontMatter, item_lines

__all__ = ["ALGORITHMS", "read_commitments"]

ALGORITHMS = ("sha256", "sha512", "sha384", "sha224", "sha3-256", "sha3-512", "blake2b")
"""Hash functions for which nobody can make two values with one digest."""

KEYS = (
    *("who", "algorithm", "digest", "message", "reveal"),
    *("value", "value_hex", "salt", "salt_hex", "rule"),
)
BROKEN = ("md5", "sha1", "md4")
PLACES = re.compile(r"\{(\w*)\}")


def read_commitments(
    front: FrontMatter, messages: Sequence[Message], name: str
) -> tuple[Commitment, ...]:
    """The commitments that a front matter states, in order.

    Raises:
        SourceError: one is malformed, or names a message that does not exist.
    """
    given = front.fields.get("commitments")
    if given in (None, "", []):
        return ()
    if not isinstance(given, list):
        raise SourceError(
            "front matter: `commitments` is not a list",
            path=name,
            line=front.lines.get("commitments", 0),
            hint="begin each with `- digest: …`, and indent its other keys below `digest`",
        )
    lines = item_lines(front, "commitments")
    return tuple(
        _Reader(item, messages, name, line).read() for item, line in zip(given, lines, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one commitment."""

    fields: Any
    messages: Sequence[Message]
    name: str
    line: int

    def read(self) -> Commitment:
        """The commitment, checked as far as it can be without hashing."""
        if not isinstance(self.fields, dict):
            self._fail("is not a list of `key: value` lines")
        self._refuse_unknown(self.fields)
        algorithm = self._text("algorithm").lower().replace("_", "-") or "sha256"
        algorithm = re.sub(r"^sha-(\d{3})$", r"sha\1", algorithm)
        if algorithm not in ALGORITHMS:
            weak = f"`{algorithm}` can be forged; " if algorithm in BROKEN else ""
            self._fail(f"has an unknown `algorithm`: {algorithm}", f"{weak}{_one_of(ALGORITHMS)}")
        digest = self._text("digest").lower()
        size = hashlib.new(algorithm.replace("-", "_")).digest_size
        if not re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", digest):
            self._fail(
                f"has no `digest` of {2 * size} hexadecimal digits" if digest else "has no `digest`"
            )
        message = self._number("message")
        if not message:
            self._fail("has no `message`", "the number of the message that holds the digest")
        value, salt = self._bytes("value"), self._bytes("salt")
        rule = self.fields.get("rule", "{salt}{value}" if salt else "{value}")
        self._check_rule(rule, bool(salt))
        self._check_speaker(message)
        reveal = self._number("reveal")
        return Commitment(algorithm, digest, message, reveal, value, salt or b"", rule, self.line)

    def _refuse_unknown(self, fields: Mapping[str, Any]) -> None:
        for key in fields:
            if key not in KEYS:
                close = difflib.get_close_matches(key, KEYS, n=1)
                hint = f"did you mean `{close[0]}`?" if close else _one_of(KEYS)
                self._fail(f"has an unknown key `{key}`", hint)

    def _text(self, key: str) -> str:
        value = self.fields.get(key, "")
        if not isinstance(value, str):
            self._fail(f"has a `{key}` that is not a text")
        return str(value).strip()

    def _number(self, key: str) -> int:
        """A message's number; 0 if the key is absent."""
        text = self._text(key).removeprefix("#").removeprefix("m")
        if not text:
            return 0
        number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
        if not 1 <= number <= len(self.messages):
            self._fail(
                f"names a `{key}` that does not exist: {self._text(key)}",
                f"the messages are numbered from 1 to {len(self.messages)}",
            )
        return number

    def _bytes(self, key: str) -> bytes | None:
        """A value as written (`value`) or in hexadecimal (`value_hex`); None if absent."""
        text, digits = self.fields.get(key), self._text(f"{key}_hex")
        if text is not None and digits:
            self._fail(f"has both `{key}` and `{key}_hex`")
        if digits:
            try:
                return bytes.fromhex(digits)
            except ValueError:
                self._fail(f"has a `{key}_hex` that is not hexadecimal")
        if text is not None and not isinstance(text, str):
            self._fail(f"has a `{key}` that is not a text")
        return text.encode(errors="surrogatepass") if text is not None else None

    def _check_rule(self, rule: Any, has_salt: bool) -> None:
        places = PLACES.findall(rule) if isinstance(rule, str) else []
        wanted = ["salt", "value"] if has_salt else ["value"]
        if sorted(places) != wanted:
            each = " and ".join(f"`{{{place}}}`" for place in wanted)
            self._fail(f"has a `rule` that does not hold {each} once")

    def _check_speaker(self, message: int) -> None:
        who, speaker = self._text("who"), self.messages[message - 1].speaker
        if who and who != speaker:
            self._fail(f"is said to be of {who}, but message {message} is of {speaker}")

    def _fail(self, problem: str, hint: str = "") -> NoReturn:
        raise SourceError(
            f"front matter: a commitment {problem}", path=self.name, line=self.line, hint=hint
        )


def _one_of(names: Sequence[str]) -> str:
    return "one of " + ", ".join(f"`{name}`" for name in names)
