"""A screenshot's file: which format it has, how large the picture is, whether it is whole, and whether it is blank.

Blank is told exactly for PNG (every pixel alike). Pixels of JPEG and lossless WebP are not decoded: there it is told by
how little the picture says, with thresholds measured on Chromium's pictures of pages with nothing and with one heading
(160 x 120 to 1920 x 1080). Of lossy WebP, whose two differ by a tenth, it stays unknown.
https://www.w3.org/TR/png-3/, ITU T.81, RFC 9649.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Literal

from radeng_assets.canonical import digest_bytes
from radeng_assets.record import Record

MOST_PIXELS = 100_000_000
"""A picture with more pixels is not unpacked: a small file can claim a huge one."""

BLANK_SCAN = 100
"""Bytes at most that the pixels of a blank JPEG deflate to: 16 to 41 were measured, 1,463 and more with a heading."""

BLANK_LOSSLESS = 64
"""Bytes at most of the pixels of a blank lossless WebP: 17 were measured, 2,346 and more with a line of text."""

_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset((0x01, *range(0xD0, 0xD8)))


class Picture(Record):
    """``width`` and ``height`` in pixels. ``blank`` is ``None`` where nobody looked.

    ``pixels`` is the digest of what the format holds of the picture itself, whatever notes stand beside it.
    """

    format: Literal["PNG", "JPEG", "WebP"]
    width: int
    height: int
    blank: bool | None = None
    pixels: str = ""


class NoPicture(Exception):  # noqa: N818  # named for what was found
    """Bytes that are no whole picture of a known format; the message says why."""


def read_picture(data: bytes) -> Picture:
    """The picture in a file. Raises ``NoPicture``."""
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError, zlib.error) as error:
        raise NoPicture(f"it breaks off or is damaged: {error}") from None
    raise NoPicture("it is neither PNG, JPEG nor WebP by its first bytes")


def _png(data: bytes) -> Picture:
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND":
        raise NoPicture("it does not go from IHDR to IEND")
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", chunks[0][1])
    if not width or not height or width * height > MOST_PIXELS:
        raise NoPicture(f"its size is {width} x {height}")
    if colour not in _CHANNELS or depth not in (1, 2, 4, 8, 16) or interlace:
        raise NoPicture("its kind of pixels is not read (interlaced or unknown)")
    bits = depth * _CHANNELS[colour]
    row = -(-width * bits // 8) + 1
    unpack = zlib.decompressobj()
    pixels = unpack.decompress(b"".join(body for name, body in chunks if name == b"IDAT"), row * height + 1)
    if len(pixels) != row * height:
        raise NoPicture(f"it holds {len(pixels)} bytes of pixels where {row * height} belong")
    blank = _is_blank(pixels, row, bits)
    return Picture(format="PNG", width=width, height=height, blank=blank, pixels=digest_bytes(pixels))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        (check,) = struct.unpack(">I", data[at + 8 + size : at + 12 + size])
        if zlib.crc32(name + body) != check:
            raise NoPicture(f"the checksum of {name.decode('latin-1')} is wrong")
        yield name, body
        at += 12 + size


def _is_blank(pixels: bytes, row: int, bits: int) -> bool:
    """Whether all pixels (of ``bits`` each) are alike, told from the filtered rows: each filter makes one row of them.

    The first pixel of the first row is as it is under every filter. Of pixels smaller than a byte, the last byte of a
    row is left out: it is filled up with anything.
    """
    first, end = pixels[1 : 1 + max(1, bits // 8)], 0
    if bits < 8:
        value = first[0] >> (8 - bits)
        if first[0] != sum(value << shift for shift in range(0, 8, bits)):
            return False
        end = 1
    for begin in range(0, len(pixels), row):
        kind, line = pixels[begin], pixels[begin + 1 : begin + row - end]
        if line != _alike(kind, first, row - 1, top=begin == 0)[: row - 1 - end]:
            return False
    return True


def _alike(kind: int, pixel: bytes, size: int, *, top: bool) -> bytes:
    """A row of equal pixels under a filter (PNG 9.2), below one of the same or as the topmost."""
    rest = size - len(pixel)
    none, zero = bytes(len(pixel)), bytes(rest)
    half = bytes(value - value // 2 for value in pixel)
    rows = {
        0: (pixel * (size // len(pixel) + 1))[:size],
        1: pixel + zero,
        2: (pixel * (size // len(pixel) + 1))[:size] if top else bytes(size),
        3: pixel + (half * (rest // len(pixel) + 1))[:rest] if top else half + zero,
        4: pixel + zero if top else none + zero,
    }
    return rows.get(kind, b"?")


def _jpeg(data: bytes) -> Picture:
    if not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise NoPicture("it has no end")
    at, width, height = 2, 0, 0
    while True:
        if data[at] != 0xFF:
            raise NoPicture("its segments are damaged")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _BARE:
            at += 2
            continue
        (size,) = struct.unpack(">H", data[at + 2 : at + 4])
        if marker in _SOF:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
        if marker == 0xDA:
            scan = data[at + 2 + size :]
            blank = len(zlib.compress(scan)) <= BLANK_SCAN
            return Picture(format="JPEG", width=width, height=height, blank=blank, pixels=digest_bytes(scan))
        at += 2 + size


def _webp(data: bytes) -> Picture:
    (size,) = struct.unpack("<I", data[4:8])
    if size + 8 > len(data):
        raise NoPicture(f"it says {size + 8} bytes and has {len(data)}")
    width, height, blank, found = 0, 0, None, b""
    at = 12
    while at < size + 8:
        kind, length = struct.unpack("<4sI", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind == b"VP8L" and body[0] == 0x2F:
            bits = int.from_bytes(body[1:5], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
            found, blank = body, length <= BLANK_LOSSLESS
        elif kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
            width, height = (value & 0x3FFF for value in struct.unpack("<HH", body[6:10]))
            found = body
        at += 8 + length + length % 2
    if not found:
        raise NoPicture("it holds no still picture that is known")
    return Picture(format="WebP", width=width, height=height, blank=blank, pixels=digest_bytes(found))
