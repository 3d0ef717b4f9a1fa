"""Small pure functions on plain text that several rooms need."""

from __future__ import annotations

import re

__all__ = [
    "ADDRESS",
    "CONTROLS",
    "Script",
    "escape_markdown",
    "has_controls",
    "in_line",
    "is_drawn",
    "shorten",
    "visible",
]

DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Controls that order the text after them, up to the end of the paragraph."""

CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
"""Controls, lone surrogates (of a file's name) and non-characters, which HTML and XML
cannot hold."""


class Script:
    """A set of characters to look for, by a pattern and by the bytes with which they begin.

    Most texts hold none of these bytes in UTF-8, which is found out much faster than a
    pattern of many ranges can be searched.
    """

    def __init__(self, pattern: str, lead_bytes: bytes) -> None:
        self.pattern = re.compile(pattern)
        self.lead_bytes = lead_bytes

    def occurs_in(self, text: str) -> bool:
        """Whether any of the characters is in the text."""
        if text.isascii():
            return False
        data = text.encode(errors="surrogatepass")
        if len(data.translate(None, self.lead_bytes)) == len(data):
            return False
        return bool(self.pattern.search(text))


ASCII_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\n")
# How the others begin or end in UTF-8: C1 controls, U+FDD0 to U+FDEF, U+xFFFE and U+xFFFF.
SUSPECTS = (b"\xc2", b"\xef\xb7", b"\xbf\xbe", b"\xbf\xbf")


def has_controls(text: str) -> bool:
    """Whether `CONTROLS` is found in a text; twenty times as fast where it is not."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # A lone surrogate.
        return True
    if len(data.translate(None, ASCII_CONTROLS)) != len(data):
        return True
    for suspect in SUSPECTS:
        if suspect in data:
            return bool(CONTROLS.search(text))
    return False


def shorten(text: str, most: int = 300) -> str:
    """A text on one line of at most so many characters, cut between words with `…`."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > most // 2 else cut).rstrip() + "…"


def visible(text: str) -> str:
    """The text with every control made a symbol: NUL becomes `␀`, U+0085 `⟨U+0085⟩`."""
    return CONTROLS.sub(_symbol, text) if has_controls(text) else text


def _symbol(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def in_line(name: str) -> str:
    """A name as part of a sentence, whose order no control in the name can change."""
    return DIRECTION.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", name)


APART = re.compile(r"\S {3,}\S|^ {2,}\S")


def is_drawn(text: str) -> bool:
    """Whether most lines of a text are placed by blanks or made of signs: a drawing."""
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > 2 and 2 * sum(map(_is_drawn_line, lines)) > len(lines)


def _is_drawn_line(line: str) -> bool:
    letters = sum(char.isalnum() for char in line)
    return bool(APART.search(line)) or 3 * letters < len(line.replace(" ", ""))


ADDRESS = re.compile(r"\bhttps?://[^\s<>\"\u00a0\u2028\u2029]+", re.IGNORECASE)
"""A web address in running text."""

PLAIN_ADDRESS = re.compile(r"\bhttps?://[\w.~:/?#@!&'()*+,;=%-]+", re.IGNORECASE)
"""As much of one as no engine of Markdown takes for anything else."""

# Python-Markdown knows fewer escapes than CommonMark, and `\\[` begins a formula;
# a reference serves where there is no escape.
ESCAPES = {char: f"\\{char}" for char in "\\`*_{}#!"} | {
    char: f"&#{ord(char)};" for char in "<>&~$|^[]"
}
MARKS = re.compile(f"[{re.escape(''.join(ESCAPES))}]")
LINE_MARK = re.compile(r"^([ \t]*)(?:([-+=:])|(\d{1,9})([.)]))?", re.MULTILINE)
LINK_MARK = re.compile(r"(?<=www)\.|:(?=//)", re.IGNORECASE)


def escape_markdown(text: str, *, begins_line: bool = True, links: bool = True) -> str:
    """Markdown that shows a text as it is, in either engine; web addresses stay links.

    `begins_line` is False for what follows other text on a line.
    """
    parts = []
    end = 0
    for found in PLAIN_ADDRESS.finditer(text) if links else ():
        address = found[0].replace("&", "&amp;")
        parts += [_escape(text[end : found.start()]), f"<{address}>"]
        end = found.end()
    parts.append(_escape(text[end:]))
    # Last, for a line may begin in the middle of what was escaped.
    first, end_of_line, rest = "".join(parts).partition("\n")
    if begins_line:
        first = LINE_MARK.sub(_escape_line, first)
    return first + end_of_line + (LINE_MARK.sub(_escape_line, rest) if rest else "")


def _escape(text: str) -> str:
    escaped = MARKS.sub(lambda match: ESCAPES[match[0]], text)
    return LINK_MARK.sub(lambda match: f"&#{ord(match[0])};", escaped)


def _escape_line(line: re.Match[str]) -> str:
    """The start of a line, where blanks make code and signs make lists and headings."""
    blanks, sign, digits, dot = line.groups("")
    if blanks:
        blanks = f"&#{ord(blanks[0])};{blanks[1:]}"
    if sign:
        return f"{blanks}&#{ord(sign)};"
    return f"{blanks}{digits}&#{ord(dot)};" if digits else blanks
