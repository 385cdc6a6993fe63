"""What an inspection is: a name, why it is there, and a pure function over a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from radeng_assets.execution.inspection.change import Change, Objection, Terms
from radeng_assets.execution.names import shown


@dataclass(frozen=True, slots=True)
class Inspection:
    """One kind of objection. ``excusable``: the plan's ``may_change`` allows it for the paths that it names."""

    id: str
    why: str
    find: Callable[[Change, Terms], Iterator[tuple[str, int, str]]]
    excusable: bool = True

    def objections(self, change: Change, terms: Terms) -> Iterator[Objection]:
        """Each finding (path, line or 0, message) as an objection."""
        for path, line, message in self.find(change, terms):
            yield Objection(inspection=self.id, path=shown(path), line=line, message=shown(message))
