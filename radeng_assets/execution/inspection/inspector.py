"""stub"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from radeng_assets.execution.inspection.change import Change, Objection, Terms

Inspection = Any


def inspections() -> tuple[Inspection, ...]:
    return ()


def inspect(change: Change, terms: Terms, inspections: Sequence[Inspection] | None = None) -> tuple[Objection, ...]:
    return ()


def proof_files(change: Change, terms: Terms) -> tuple[str, ...]:
    return ()
