"""What one file says, whatever its language: its places, what they refer to, what it imports.

Named tuples and not ``Record``s: a snapshot of 500,000 lines has a million of them, and they go into SQLite's
``executemany`` and into canonical JSON as they are.
"""

from __future__ import annotations

import hashlib
import json
from typing import Literal, NamedTuple

MODULE = -1
"""The owner of a reference that stands in no place: the file itself."""


class Place(NamedTuple):
    """A symbol of code or a section of a document. ``name`` is its own, ``symbol`` that with its containers'."""

    kind: str
    name: str
    symbol: str
    signature: str
    doc: str
    line_start: int
    line_end: int
    container: int
    """Index of the place around it, or ``MODULE``."""


class Reference(NamedTuple):
    """The name of something that is called or used otherwise: where, and in which place (its index, or ``MODULE``)."""

    kind: str
    name: str
    line: int
    owner: int


class Lead(NamedTuple):
    """What may lead to another file: the specifier of an ``import``, or a path that a document names (``mention``)."""

    kind: str
    text: str
    line: int


class Facts(NamedTuple):
    """All that is known of one file.

    ``language`` is empty for text that is only searched; ``header`` is the file's own description; ``limit`` says what
    kept its syntax from being read wholly (``intake.Limit``), or nothing.
    """

    language: str = ""
    header: str = ""
    places: tuple[Place, ...] = ()
    references: tuple[Reference, ...] = ()
    leads: tuple[Lead, ...] = ()
    limit: Literal["", "broken", "tangled"] = ""


def digest_of_file(blob: str, limits: tuple[str, ...], facts: Facts) -> str:
    """SHA-256 in hex over a file's content address, what limited its reading, and its facts.

    Arrays of strings and integers: of these json's own encoder makes the bytes of RFC 8785, in C.
    """
    plain = json.dumps((blob, limits, facts), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
