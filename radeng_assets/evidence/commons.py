"""What the machines of a fleet share: a place for files (a path or an fsspec URL) and a database.

The place has what is addressed by its content or written once: evidence, plans, asset values. The database has what
must have one order: the ledger's records, and who holds which lock. Everything else is each machine's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from radeng_assets.database import ADDRESS, NoDatabase, address, configured
from radeng_assets.evidence.shared_database import Database

if TYPE_CHECKING:
    from upath import UPath

    from radeng_assets.evidence.journal import Journal


@dataclass(frozen=True, slots=True)
class Commons:
    """``place``: a path that every machine has mounted, or an fsspec URL."""

    place: str
    database: Database

    @classmethod
    def of(cls, place: str | None, environ: Mapping[str, str]) -> Commons | None:
        """The commons at a place; ``None`` without one. Raises ``NoDatabase``."""
        if not place:
            return None
        if not configured(environ):
            raise NoDatabase(f"machines that share {place} need one database.", f"Set {ADDRESS}.")
        return cls(place, Database(address(environ)))

    @property
    def root(self) -> UPath:
        """The shared place."""
        from upath import UPath

        return UPath(self.place)

    @property
    def journal(self) -> Journal:
        """The one order of the ledger."""
        from radeng_assets.evidence.journal import Journal

        return Journal(self.database)

    def lock(self, *names: str) -> AbstractContextManager[None]:
        """Be the only one of the fleet that holds these names together. Freed when the holder's process ends."""
        return self.database.lock("/".join(names))
