"""Bytes to clean text: encodings, line ends and control characters, nothing lost unsaid."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from sitegen.errors import Diagnostic, Severity
from sitegen.text import CONTROLS, has_controls

__all__ = ["decode"]

TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-Z\\-_])")
"""Terminal control sequences (ECMA-48): CSI, OSC and two-character escapes, on one line."""

LINE_END = re.compile(rb"\r\n?|\n")

Warn = Callable[[str, int, str], None]


def decode(data: bytes, name: str) -> tuple[str, tuple[Diagnostic, ...]]:
    r"""Decode a source file to text with `\n` line ends.

    UTF-8 and, by their byte order marks, UTF-16 are read as such; anything else as
    Windows-1252, with a warning. Terminal sequences are removed, other controls kept
    (pages show them as symbols), each with a warning that counts them.
    """
    findings: list[Diagnostic] = []

    def warn(message: str, line: int, hint: str) -> None:
        findings.append(Diagnostic(Severity.WARNING, message, name, line, hint=hint))

    text = _to_text(data, warn)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in text:
        text = _remove_terminal(text, warn)
    if has_controls(text) and (first := CONTROLS.search(text)):
        count = len(CONTROLS.findall(text))
        warn(
            f"{count} control character{'s' if count > 1 else ''}, shown as symbols",
            text.count("\n", 0, first.start()) + 1,
            "remove them from the source",
        )
    return text, tuple(findings)


def _to_text(data: bytes, warn: Warn) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(data) % 2 == 0:
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            pass  # Not UTF-16 after all: the rules below show what is there.
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = len(LINE_END.findall(data, 0, error.start)) + 1
        warn("not UTF-8; read as Windows-1252", line, "save the file as UTF-8")
    # The five bytes that Windows-1252 leaves undefined fall to the C1 controls.
    return "".join(
        chunk.decode("cp1252") if index % 2 == 0 else chunk.decode("latin-1")
        for index, chunk in enumerate(re.split(b"([\x81\x8d\x8f\x90\x9d]+)", data))
    )


def _remove_terminal(text: str, warn: Warn) -> str:
    first = TERMINAL.search(text)
    if not first:
        return text
    cleaned, count = TERMINAL.subn("", text)
    line = text.count("\n", 0, first.start()) + 1
    warn(
        f"{count} terminal sequence{'s' if count > 1 else ''} (colours, cursor moves) removed",
        line,
        "export the conversation without colours",
    )
    return cleaned
