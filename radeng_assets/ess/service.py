"""Asking for places in the code: the live gateway where there is one, what it said before, or the embedded index.

Which of them answered, and why not another, is part of what comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal, Protocol

from radeng_assets.ess.answer import Answer, Hit, Node
from radeng_assets.ess.gateway.cache import ReplyCache
from radeng_assets.ess.gateway.citations import Exists, citations
from radeng_assets.ess.gateway.client import Gateway
from radeng_assets.ess.gateway.exchange import Outcome
from radeng_assets.ess.terms import EssTerms
from radeng_assets.ess.veracity import answer_veracity
from radeng_assets.record import Record

Branch = Literal["gateway", "cached", "embedded"]
"""Who answered: the gateway now, the gateway before (from the cache), or the index."""

LIMIT = 10
"""Places in an answer, unless the caller says otherwise; the gateway's own limit."""


class CodeIndex(Protocol):
    """What this room needs of the embedded index of one commit. ``digest`` is the snapshot's."""

    @property
    def commit(self) -> str:
        """The commit that was read."""
        ...

    @property
    def digest(self) -> str:
        """The snapshot's digest."""
        ...

    def search(self, text: str, limit: int) -> tuple[Hit, ...]:
        """The best places for a query, best first."""
        ...

    def nodes(self) -> tuple[Node, ...]:
        """Every node."""
        ...

    def nodes_of(self, hits: tuple[Hit, ...]) -> tuple[Node, ...]:
        """The nodes of some places."""
        ...


class Asked(Record):
    """An answer and how it came about.

    ``why`` says why the branch was not a better one (empty for a whole answer of the gateway), ``outcome`` what became
    of asking the gateway (``None``: nobody did). ``lost`` counts its citations that name no place at the commit.
    """

    answer: Answer
    branch: Branch
    why: str = ""
    outcome: Outcome | None = None
    lost: int = 0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class EssService:
    """One commit's index, with a gateway in front of it where one is configured.

    ``exists`` says whether a line exists at the index's commit. ``now`` is the moment that ages are counted to.
    """

    index: CodeIndex
    exists: Exists
    terms: EssTerms = field(default_factory=EssTerms)
    gateway: Gateway | None = None
    cache: ReplyCache | None = None
    now: Callable[[], datetime] = _now

    def ask(self, query: str, limit: int = LIMIT) -> Asked:
        """The places that answer a query, from the best branch that has any. Never raises for what the gateway does."""
        # A command line may hold bytes that are no text; neither JSON nor a digest can.
        query = query.encode("utf-8", "replace").decode("utf-8")
        if self.gateway is None:
            return self._embedded(query, limit, "no gateway is configured", None)
        exchange = self.gateway.ask(query)
        reply, branch, why = exchange.reply, "gateway", exchange.reason
        if exchange.outcome == "answered" and reply and self.cache:
            self.cache.put(self.gateway.address, self.gateway.project, query, self.index.commit, reply)
        if reply is None and self.cache:
            reply, branch = (
                self.cache.get(self.gateway.address, self.gateway.project, query, self.index.commit),
                "cached",
            )
        if reply is None:
            return self._embedded(query, limit, why, exchange.outcome)
        hits, lost = citations(reply, self.exists, self.gateway.project)
        if not hits:
            why = why or f"the gateway names no place that exists at this commit ({lost} that do not)"
            return self._embedded(query, limit, why, exchange.outcome, lost)
        answer = self._answer("gateway", hits[:limit])
        return Asked(answer=answer, branch=branch, why=why, outcome=exchange.outcome, lost=lost)

    def _embedded(self, query: str, limit: int, why: str, outcome: Outcome | None, lost: int = 0) -> Asked:
        hits = self.index.search(query, limit)
        return Asked(answer=self._answer("embedded", hits), branch="embedded", why=why, outcome=outcome, lost=lost)

    def _answer(self, source: Literal["gateway", "embedded"], hits: tuple[Hit, ...]) -> Answer:
        nodes = self.index.nodes_of(hits)
        # Reading every node takes longer than the search; only documents that describe code need it.
        changed = self._changed if any(node.describes for node in nodes) else {}
        return Answer(
            source=source,
            commit=self.index.commit,
            index=self.index.digest,
            results=hits,
            veracity=answer_veracity(len(hits), nodes, changed, self.now(), self.terms.veracity),
        )

    @cached_property
    def _changed(self) -> dict[str, str]:
        """Path → its last change."""
        return {node.path: node.changed for node in self.index.nodes()}
