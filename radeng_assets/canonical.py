"""Canonical JSON and the digests over it: the one way in which anything here gets its identity.

RFC 8785 (JSON Canonicalization Scheme) fixes key order, number form and escapes, so that equal
facts have equal bytes on every machine; SHA-256 over those bytes, written ``sha256:<hex>``.
"""

from __future__ import annotations

import hashlib

import rfc8785
from pydantic import BaseModel


def canonical(value: object) -> bytes:
    """RFC 8785 bytes of a record or of plain JSON data.

    Raises ``rfc8785.CanonicalizationError`` for what JSON cannot hold (NaN, integers over 2**53).
    """
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return rfc8785.dumps(plain)  # pyright: ignore[reportArgumentType]  # checked by rfc8785 itself


def digest_bytes(data: bytes) -> str:
    """``sha256:<64 hex digits>`` of some bytes."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def digest_of(value: object) -> str:
    """``sha256:<64 hex digits>`` of a record or of plain JSON data, in canonical form."""
    return digest_bytes(canonical(value))
