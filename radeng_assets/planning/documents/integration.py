"""INTEGRATION-STATUS.md and INTEGRATION-DEPENDENCIES.md: another system's phases, and what waits for them."""

from __future__ import annotations

from radeng_assets.planning.documents.common import ChecklistItem
from radeng_assets.planning.located import Fact
from radeng_assets.record import Record


class PhaseStatement(Record):
    """What one place says of a phase. ``status`` is ``None`` where it says none, ``done`` whether it says complete."""

    number: Fact[int]
    name: Fact[str] | None = None
    status: Fact[str] | None = None
    done: bool = False
    checkpoints: tuple[ChecklistItem, ...] = ()


class Blocked(Record):
    """Something that a phase holds up until it is complete, in the document's words."""

    number: Fact[int]
    what: Fact[str]


class Integration(Record):
    """One document. A phase may be stated several times, in a table and under a heading of its own."""

    file: str
    phases: tuple[PhaseStatement, ...] = ()
    blocked: tuple[Blocked, ...] = ()
