"""The code index as agents see it: questions about the commit that they began from, answered in lines of text."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from radeng_assets.ess.access import EssAccess
from radeng_assets.ess.answer import Answer, Hit
from radeng_assets.ess.service import LIMIT, Asked
from radeng_assets.execution.git import GitError

_NAME = 120
"""Characters of a symbol's name that are told; a name is as long as whoever wrote the code made it."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Answers about one commit. Nothing is built before the first question, and a built index is used again."""

    access: EssAccess
    commit: str

    def answer(self, text: str) -> str:
        """The places that answer a question, how far they can be trusted, and who answered; or why nobody can."""
        asked = self._ask(text, LIMIT)
        if isinstance(asked, str):
            return asked
        by = asked.branch + (f": {asked.why}" if asked.why and asked.branch != "embedded" else "")
        found = [_line(hit) for hit in asked.answer.results] or ["[no place answers this]"]
        return "\n".join([*found, _trust(asked.answer), f"answered by {by}, at commit {asked.answer.commit[:12]}"])

    def places(self, text: str, limit: int) -> tuple[str, ...]:
        """The citations alone; none where nobody can answer."""
        asked = self._ask(text, limit)
        return () if isinstance(asked, str) else tuple(_line(hit) for hit in asked.answer.results)

    def _ask(self, text: str, limit: int) -> Asked | str:
        try:
            with self.access.at(self.commit) as (service, _):
                return service.ask(text, limit)
        except (GitError, OSError, sqlite3.Error) as error:
            return f"[the code cannot be looked up: {error}]"


def _line(hit: Hit) -> str:
    span = f"{hit.line_start}-{hit.line_end}" if hit.line_end > hit.line_start else str(hit.line_start)
    what = " ".join(part for part in (hit.kind, " ".join(hit.symbol.split())[:_NAME]) if part)
    return f"{hit.path}:{span} {what}".rstrip()


def _trust(answer: Answer) -> str:
    counts = Counter(fault.type for fault in answer.veracity.faults)
    faults = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    return f"veracity {answer.veracity.score} of 100{f' ({faults})' if faults else ''}"
