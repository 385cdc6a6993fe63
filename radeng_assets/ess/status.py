"""Where a code index stands: who would answer now, what the last snapshot holds, and whether the code has moved on."""

from __future__ import annotations

from radeng_assets.ess.access import EssAccess, Standing
from radeng_assets.ess.answer import Source
from radeng_assets.ess.freshness import freshness
from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.record import Record


class Status(Record):
    """``commit`` is ``None`` where nothing is indexed yet, which is stale too. ``reason`` says how fresh it is."""

    source: Source
    gateway: Standing
    commit: str | None = None
    files: int = 0
    symbols: int = 0
    stale: bool = True
    reason: str = "no repository was indexed yet"

    def document(self) -> dict[str, object]:
        """The contract's JSON document (``radeng/ess-status/v1``)."""
        plain = self.model_dump(mode="json", exclude={"reason": True, "gateway": {"reason"}})
        return {"schema": "radeng/ess-status/v1", **plain}


def status_of(access: EssAccess) -> Status:
    """The status of a target's last used index. Builds nothing. Raises ``NotARepository`` for one without a commit."""
    head = access.repository.head().commit
    status = status_of_gateway(access.standing())
    index = CodeIndex.latest(access.home, access.repository)
    if index is None:
        return status.model_copy(update={"reason": freshness(access.repository, None, head, head).reason})
    with index:
        found = freshness(access.repository, index.commit, head, head)
        held = {"commit": index.commit, "files": index.counts.files, "symbols": index.counts.symbols}
    return status.model_copy(update={**held, "stale": found.stale, "reason": found.reason})


def status_of_gateway(standing: Standing) -> Status:
    """The status where there is no index to speak of."""
    return Status(source="gateway" if standing.health == "healthy" else "embedded", gateway=standing)
