"""Pictures by their bytes: those of a real browser, and PNGs under every filter."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.evidence.formats.image import NoPicture, Picture, read_picture

PICTURES = Path(__file__).parent / "golden" / "pictures"
"""Taken by Chromium: a page with a heading, a page with nothing, and a canvas with a word as WebP."""


def shot(name: str) -> bytes:
    return (PICTURES / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "kind", "blank"),
    [
        ("page.png", "PNG", False),
        ("blank.png", "PNG", True),
        ("page.jpg", "JPEG", False),
        ("blank.jpg", "JPEG", True),
        ("lossless.webp", "WebP", False),
        ("lossy.webp", "WebP", None),
    ],
)
def test_a_browsers_pictures(name: str, kind: str, blank: bool | None) -> None:
    found = read_picture(shot(name))
    assert (found.format, found.width, found.height, found.blank) == (kind, 160, 120, blank)


@pytest.mark.parametrize("name", ["page.png", "page.jpg", "lossless.webp", "lossy.webp"])
def test_half_a_picture_is_none(name: str) -> None:
    data = shot(name)
    for cut in (1, len(data) // 2, len(data) - 20):
        with pytest.raises(NoPicture):
            read_picture(data[:-cut])


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xd9", b"RIFF\x04\0\0\0WEBP", b"GIF89a"]
)
def test_what_is_no_picture_is_none(data: bytes) -> None:
    with pytest.raises(NoPicture):
        read_picture(data)


def png(rows: list[list[bytes]], filters: list[int], *, depth: int = 8, colour: int = 2, size: bytes = b"") -> bytes:
    """A PNG of pixels, each row under the filter that is named (PNG 9.2, byte by byte as it is written there)."""
    step, above, out = len(rows[0][0]), bytes(len(rows[0]) * len(rows[0][0])), bytearray()
    for pixels, kind in zip(rows, filters, strict=True):
        line = b"".join(pixels)
        out.append(kind)
        for x, value in enumerate(line):
            a, b = line[x - step] if x >= step else 0, above[x]
            c = above[x - step] if x >= step else 0
            guess = a + b - c
            paeth = min((abs(guess - a), 0, a), (abs(guess - b), 1, b), (abs(guess - c), 2, c))[2]
            out.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) % 256)
        above = line

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    width = len(rows[0]) * (8 // depth if depth < 8 else 1)
    header = size or struct.pack(">II", width, len(rows))
    header += bytes((depth, colour, 0, 0, 0))
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(out))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@given(st.data())
def test_a_png_is_blank_if_and_only_if_all_its_pixels_are_alike(data: st.DataObject) -> None:
    channels, colour = data.draw(st.sampled_from([(1, 0), (3, 2), (2, 4), (4, 6)]))
    pixel = data.draw(st.binary(min_size=channels, max_size=channels))
    width, height = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    rows = [[pixel] * width for _ in range(height)]
    if data.draw(st.booleans()):
        rows[data.draw(st.integers(0, height - 1))][data.draw(st.integers(0, width - 1))] = data.draw(
            st.binary(min_size=channels, max_size=channels)
        )
    filters = data.draw(st.lists(st.integers(0, 4), min_size=height, max_size=height))
    found = read_picture(png(rows, filters, colour=colour))
    assert found.model_copy(update={"pixels": ""}) == Picture(
        format="PNG", width=width, height=height, blank=len({one for row in rows for one in row}) == 1
    )


def test_small_pixels_that_differ_within_a_byte_are_not_blank() -> None:
    def mono(value: int) -> bytes:
        return png([[bytes((value,))] * 9] * 9, [0] * 9, depth=1, colour=0)

    assert read_picture(mono(0xFF)).blank
    assert read_picture(mono(0)).blank
    assert not read_picture(mono(0b10101010)).blank


def test_a_small_file_that_claims_a_huge_picture_is_not_unpacked() -> None:
    for size in (struct.pack(">II", 100_000, 100_000), struct.pack(">II", 9, 9), struct.pack(">II", 0, 1)):
        with pytest.raises(NoPicture):
            read_picture(png([[b"abc"]], [0], size=size))


@given(st.sampled_from(["page.png", "page.jpg", "lossy.webp", "lossless.webp"]), st.data())
def test_no_bytes_end_in_a_traceback(name: str, data: st.DataObject) -> None:
    edited = bytearray(shot(name))
    for _ in range(data.draw(st.integers(1, 4))):
        edited[data.draw(st.integers(0, min(len(edited) - 1, 400)))] = data.draw(st.integers(0, 255))
    with suppress(NoPicture):
        read_picture(bytes(edited))
