"""What is packed in a file: the members of an archive, the compressed parts of a picture or a PDF.

What is looked for in a file's bytes is not seen where they are compressed. No more is unpacked
than the bounds allow, whatever a file says of itself, and nothing is written to disk.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from sitegen.readers.content import is_archive

__all__ = ["PackedError", "layers"]

MOST_BYTES = 64_000_000
"""Of all that is packed in one file, together."""

MOST_DEPTH = 3
"""A document in an archive in an archive; more is made to harm."""

STREAM = re.compile(rb"stream\r?\n")
OPAQUE = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\0", b"BZh", b"\x28\xb5\x2f\xfd")
"""How files begin that are packed in a way that is not unpacked here."""

METHODS = frozenset([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])


class PackedError(ValueError):
    """A file that cannot be looked into: packed too deep, too tight or in another way."""


def layers(data: bytes) -> Iterator[bytes]:
    """The bytes of a file, and those of everything that is packed in it, names included.

    Raises:
        PackedError: there is more in it, which cannot be looked at.
    """
    left = MOST_BYTES + len(data)
    waiting = [(data, 0)]
    while waiting:
        layer, depth = waiting.pop()
        left -= len(layer)
        if left < 0 or depth > MOST_DEPTH:
            raise PackedError
        yield layer
        try:
            waiting += [(inner, depth + 1) for inner in _inner(layer, left)]
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise PackedError from error


def _inner(data: bytes, most: int) -> Iterator[bytes]:
    """What is packed in bytes, one layer deep."""
    if data.startswith(OPAQUE):
        raise PackedError
    if is_archive(data):
        yield from _members(data, most)
    elif data.startswith(b"\x1f\x8b"):
        yield _inflated(data, most, wbits=31)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _chunks(data, most)
    elif data.startswith(b"%PDF"):
        for match in STREAM.finditer(data):
            # Of a stream that is not deflated the bytes were looked at already.
            if data[match.end() : match.end() + 1] in (b"\x78", b"\x68", b"\x58", b"\x48"):
                yield _inflated(data[match.end() :], most, is_sure=False)


def _members(data: bytes, most: int) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield b"\n".join(info.filename.encode(errors="replace") for info in archive.infolist())
        yield b"\n".join(info.comment for info in archive.infolist())
        for info in archive.infolist():
            if info.flag_bits & 1 or info.compress_type not in METHODS:
                raise PackedError
            with archive.open(info) as file:
                member = file.read(most + 1)
            most -= len(member)
            if most < 0:
                raise PackedError
            yield member


def _chunks(data: bytes, most: int) -> Iterator[bytes]:
    """The compressed texts and profiles of a PNG."""
    place = 8
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        chunk = data[place + 8 : place + 8 + length]
        place += 12 + length
        if kind in (b"zTXt", b"iCCP"):
            yield _inflated(chunk.partition(b"\0")[2][1:], most, is_sure=False)
        elif kind == b"iTXt":
            flags, _, rest = chunk.partition(b"\0")[2].partition(b"\0")
            if flags[:1] == b"\1":  # Then come a method, a language and a keyword.
                yield _inflated(rest.partition(b"\0")[2].partition(b"\0")[2], most, is_sure=False)


def _inflated(data: bytes, most: int, *, wbits: int = 15, is_sure: bool = True) -> bytes:
    """The unpacked beginning of bytes; what is no such stream is empty unless it must be one."""
    unpacker = zlib.decompressobj(wbits)
    try:
        found = unpacker.decompress(data, most + 1)
    except zlib.error:
        if is_sure:
            raise
        return b""
    if len(found) > most:
        raise PackedError
    return found
