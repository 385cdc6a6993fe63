"""Reading one file of a planning folder as text, whatever it turns out to be.

Nothing here raises for bad input: a file that cannot be used is ``None`` and a finding.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from radeng_assets.planning.findings import Finding, Severity
from radeng_assets.planning.located import Place

MAX_BYTES = 32 * 1024 * 1024
"""Largest document that is read. A 10,000-story execution plan is about 12 MB."""


@dataclass(frozen=True, slots=True)
class Source:
    r"""A document's text (every newline is ``\n``), its name and the SHA-256 of its bytes."""

    file: str
    text: str
    sha256: str
    data: bytes = b""

    def line(self, number: int) -> str:
        """The text of a line, from 1; empty for a line that is not there."""
        lines = _lines(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else ""


@lru_cache(maxsize=16)
def _lines(text: str) -> list[str]:
    return text.split("\n")


class _Unusable(Exception):  # noqa: N818 - not an error, but the finding that takes the document's place
    """A file that is no document."""

    def __init__(self, rule: str, name: str, message: str, fix: str, line: int | None = None) -> None:
        at = (Place(name, line),)
        self.finding = Finding(rule=rule, severity="error", subject=name, message=message, at=at, fix=fix)


def read_source(
    folder: Path, name: str, *, missing: Severity | None = "warning", limit: int = MAX_BYTES
) -> tuple[Source | None, tuple[Finding, ...]]:
    """Read ``folder/name``.

    Returns the source, or ``None`` with the finding that says why not: missing (at the
    severity ``missing``; ``None`` keeps silent, for optional files), outside the folder through
    a symlink, not a regular file, over ``limit`` bytes, unreadable, not UTF-8, or empty.
    """
    try:
        data = _read(folder, name, limit)
        text = _decode(name, data)
    except FileNotFoundError:
        return None, _missing(folder, name, missing)
    except _Unusable as unusable:
        return None, (unusable.finding,)
    return Source(name, text, hashlib.sha256(data).hexdigest(), data), ()


def _read(folder: Path, name: str, limit: int) -> bytes:
    """The file's bytes, without ever waiting (as opening a pipe would) or reading beyond ``limit``."""
    try:
        path = (folder / name).resolve(strict=True)
        if not path.is_relative_to(folder.resolve(strict=True)):
            raise _Unusable(
                "file-outside-folder",
                name,
                f"{name} leads out of the planning folder; it was not followed.",
                "Copy the file into the planning folder.",
            )
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return _read_open(descriptor, name, limit)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links is a RuntimeError on Python 3.11
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"{name} cannot be read: {reason}."
        raise _Unusable("file-unreadable", name, message, "Mend the file, its links or its permissions.") from error


def _read_open(descriptor: int, name: str, limit: int) -> bytes:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise _Unusable(
            "file-not-regular",
            name,
            f"{name} is not a file (a directory, pipe or device stands there).",
            f"Move it away and put the document {name} in its place.",
        )
    with os.fdopen(descriptor, "rb", closefd=False) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise _Unusable(
            "file-too-large",
            name,
            f"{name} has {os.fstat(descriptor).st_size:,} bytes; documents over {limit:,} bytes are not read.",
            "Split the plan, or move attachments out of the planning document.",
        )
    return data


def _missing(folder: Path, name: str, severity: Severity | None) -> tuple[Finding, ...]:
    """What to say of a file that is not there. A link to nowhere was meant to be there: an error."""
    if (folder / name).is_symlink():
        severity = "error"
        message = f"{name} is a link to a file that does not exist."
        fix = "Point the link at a file inside the planning folder, or replace it."
    else:
        message = f"{name} is not in the planning folder."
        fix = f"Add {name}; what it would have stated counts as unknown until then."
    if severity is None:
        return ()
    at = (Place(name),)
    return (Finding(rule="file-missing", severity=severity, subject=name, message=message, at=at, fix=fix),)


def _decode(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"byte 0x{data[error.start]:02x} at offset {error.start}"
        line = data.count(b"\n", 0, error.start) + 1
        raise _not_utf8(name, what, line) from error
    if "\0" in text[:4]:
        raise _not_utf8(name, "it begins as UTF-16 or UTF-32 does, or as no text at all", 1)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise _Unusable("file-empty", name, f"{name} is empty.", "Write the document, or remove the file.", 1)
    return text


def _not_utf8(name: str, what: str, line: int) -> _Unusable:
    return _Unusable("file-not-utf8", name, f"{name} is not UTF-8: {what}.", "Save the document as UTF-8.", line)
