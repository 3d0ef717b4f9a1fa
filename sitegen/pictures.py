"""What a picture is and how large, from its first bytes; pure, and only raster formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["HEAD_BYTES", "Picture", "identify"]

HEAD_BYTES = 1 << 19
"""So many bytes hold the size of nearly every picture: a JPEG's stands after its metadata."""

# Start-of-frame markers of JPEG (ITU T.81, table B.1), without tables and arithmetic coding.
JPEG_FRAMES = frozenset([*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), 0xCD])
JPEG_BARE = frozenset([0x01, *range(0xD0, 0xD9)])


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that browsers show and that can hold no script."""

    ending: str
    """The ending of its type: `png`, `jpg`, `gif`, `webp`."""
    width: int = 0
    """In pixels; 0 if unknown."""
    height: int = 0
    """In pixels; 0 if unknown."""


def identify(data: bytes) -> Picture | None:
    """What picture begins with these bytes; None if none that is known."""
    for mark, ending, size_of in KINDS:
        if data.startswith(mark):
            if ending == "webp" and data[8:12] != b"WEBP":
                return None
            width, height = size_of(data)
            # A size that lies would only tear the page.
            is_sane = 0 < width < 1 << 16 and 0 < height < 1 << 16
            return Picture(ending, width, height) if is_sane else Picture(ending)
    return None


def _png(data: bytes) -> tuple[int, int]:
    """Width and height, from the header chunk."""
    if data[12:16] != b"IHDR" or len(data) < 24:
        return 0, 0
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _gif(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")


def _jpeg(data: bytes) -> tuple[int, int]:
    """Width and height, from the first frame; an EXIF rotation turns them in the browser."""
    place = 2
    while place + 9 <= len(data):
        if data[place] != 0xFF:
            return 0, 0
        marker = data[place + 1]
        if marker == 0xFF:  # Filling.
            place += 1
        elif marker in JPEG_FRAMES:
            height = int.from_bytes(data[place + 5 : place + 7])
            return int.from_bytes(data[place + 7 : place + 9]), height
        elif marker in JPEG_BARE:
            place += 2
        else:
            place += 2 + max(2, int.from_bytes(data[place + 2 : place + 4]))
    return 0, 0


def _webp(data: bytes) -> tuple[int, int]:
    """Width and height, from any of the three kinds of first chunk."""
    chunk = data[12:16]
    if chunk == b"VP8X" and len(data) >= 30:
        return (
            1 + int.from_bytes(data[24:27], "little"),
            1 + int.from_bytes(data[27:30], "little"),
        )
    if chunk == b"VP8L" and len(data) >= 25 and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and len(data) >= 30 and data[23:26] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(data[n : n + 2], "little") for n in (26, 28))
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


KINDS: tuple[tuple[bytes, str, Callable[[bytes], tuple[int, int]]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png", _png),
    (b"\xff\xd8\xff", "jpg", _jpeg),
    (b"GIF87a", "gif", _gif),
    (b"GIF89a", "gif", _gif),
    (b"RIFF", "webp", _webp),
)
