"""Bytes of a report as text."""

from __future__ import annotations

from radeng_assets.evidence.formats.notes import Notes

MAX_BYTES = 128 * 1024 * 1024
"""Largest report that is read. Coverage of a million lines with a test name on each is about 100 MB."""


def is_too_large(data: bytes, notes: Notes) -> bool:
    """Whether a report is over ``MAX_BYTES``; if so, that is an error in ``notes``."""
    if len(data) <= MAX_BYTES:
        return False
    message = f"{notes.file} has {len(data):,} bytes; reports over {MAX_BYTES:,} bytes are not read."
    notes.error("report-too-large", notes.file, message, "Write one report for each package.")
    return True


def decode(data: bytes, notes: Notes) -> str | None:
    """UTF-8 text, with or without a byte order mark; ``None`` and an error with its line where it is not."""
    if is_too_large(data, notes):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{notes.file} is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}."
        notes.error("report-not-utf8", notes.file, message, "Write the report as UTF-8.", line)
        return None
