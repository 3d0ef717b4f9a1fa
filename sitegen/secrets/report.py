"""Warnings of secrets in what is to be published, with file and line and without the secret."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sitegen.allowlist import ALLOW_FILE
from sitegen.errors import Diagnostic, Severity
from sitegen.model import Source
from sitegen.secrets.scan import find_secrets

__all__ = ["secret_warnings"]

ESCAPED = re.compile(r"(?<=\w)\\(?=[_.+=~-])")
"""A backslash of Markdown before a sign that keys are made of."""


def secret_warnings(
    things: Iterable[object],
    data: bytes,
    name: str,
    allowed: Collection[str],
    hidden: re.Pattern[str] | None = None,
) -> list[Diagnostic]:
    """A warning for each secret in any text of the transcripts or pages of one source.

    `data` are the bytes of the source, in which lines are counted; `allowed` are digests
    of secrets that may be published; `hidden` is what stands for redacted text.
    """
    parts: list[str] = []
    for thing in things:
        _collect(thing, parts)
    text = "\n\n".join(parts)
    if hidden:
        text = hidden.sub("[redacted]", text)
    warnings: dict[str, Diagnostic] = {}
    # In Markdown `_` may be written `\\_`, by people and by readers of what is no Markdown.
    for form in dict.fromkeys((text, ESCAPED.sub("", text))):
        for secret in find_secrets(form):
            if secret.digest in allowed or secret.digest in warnings:
                continue
            line = _line(data, form[secret.start : secret.end])
            warnings[secret.digest] = Diagnostic(
                Severity.WARNING,
                f"this looks like {secret.kind}: {secret.excerpt}",
                name,
                line,
                hint="take it out, or hide it with `redact.literals`; if it may be published, add "
                f"the line {secret.digest} to {ALLOW_FILE}",
            )
    return list(warnings.values())


def _collect(value: Any, into: list[str]) -> None:
    """Add every text in a value, however deep, but for the file it came from."""
    kind: Any = type(value)
    if kind is str:
        into.append(value)
    elif kind is tuple or kind is list:
        for item in value:
            _collect(item, into)
    elif isinstance(value, Mapping):
        for pair in value.items():
            _collect(pair, into)
    else:
        for name in _fields(kind):
            if part := getattr(value, name):
                _collect(part, into)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of anything else."""
    if kind is Source or not dataclasses.is_dataclass(kind):
        return ()
    return tuple(field.name for field in dataclasses.fields(kind))


def _line(data: bytes, secret: str) -> int:
    """The 1-based line of the source on which a secret begins; 0 where it is written otherwise."""
    first = secret.split("\n", 1)[0].encode(errors="surrogatepass")
    at = data.find(first)
    if at < 0:
        return 0
    before = data[:at].replace(b"\r\n", b"\n")
    return before.count(b"\n") + before.count(b"\r") + 1
