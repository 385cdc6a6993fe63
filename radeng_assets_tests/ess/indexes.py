"""An index made of a few nodes, where a test needs one that says exactly this."""

from __future__ import annotations

from dataclasses import dataclass, field

from radeng_assets.ess.answer import Hit, Node

CODE = Node(path="src/limiter.py", line=3, name="Limiter", document=False, changed="2026-01-10T00:00:00Z", neighbours=4)
FRESH = "2026-01-10T00:00:00Z"


def node(path: str, line: int = 1, neighbours: int = 4) -> Node:
    """A sound node of code."""
    return Node(path=path, line=line, name=path, document=False, changed=FRESH, neighbours=neighbours)


@dataclass
class FewNodes:
    """The index of ``everything``; a search finds the first nodes whose name or path holds the text, case apart."""

    everything: tuple[Node, ...] = (CODE, *(node(f"src/limiter/{number}.py") for number in range(5)))
    commit: str = "c" * 40
    digest: str = "sha256:" + "d" * 64
    searches: list[str] = field(default_factory=list[str])

    def search(self, text: str, limit: int) -> tuple[Hit, ...]:
        self.searches.append(text)
        found = [one for one in self.everything if text.lower() in f"{one.path} {one.name}".lower()]
        return tuple(
            Hit(path=one.path, line_start=one.line, line_end=one.line, symbol=one.name, kind="class", score=1.0)
            for one in found[:limit]
        )

    def nodes(self) -> tuple[Node, ...]:
        return self.everything

    def nodes_of(self, hits: tuple[Hit, ...]) -> tuple[Node, ...]:
        places = {(hit.path, hit.line_start) for hit in hits}
        return tuple(one for one in self.everything if (one.path, one.line) in places)

    def exists(self, path: str, line: int) -> bool:
        """Every file has a hundred lines."""
        return any(one.path == path for one in self.everything) and 1 <= line <= 100
