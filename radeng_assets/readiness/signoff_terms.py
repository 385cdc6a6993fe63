"""Who has to sign, and how: the ``signoff:`` part of ``readiness.yaml``."""

from __future__ import annotations

from typing import Literal

from radeng_assets.record import Record


class SignoffTerms(Record):
    """``roles`` must each have approved. ``signatures``: whether each needs an SSH signature.

    ``distinct``: no two of the required roles may be signed by one person, nor with one key.
    """

    roles: tuple[str, ...] = ("stakeholder",)
    signatures: Literal["required", "optional"] = "optional"
    distinct: bool = True
