"""One target's code index and the gateway in front of it, put together from what settings and policy say."""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import SecretStr

from radeng_assets.ess.gateway.cache import ReplyCache
from radeng_assets.ess.gateway.client import Gateway
from radeng_assets.ess.gateway.exchange import HealthState
from radeng_assets.ess.index.code_index import CodeIndex, Counts
from radeng_assets.ess.lines import Lines
from radeng_assets.ess.service import EssService
from radeng_assets.ess.terms import EssTerms
from radeng_assets.execution.git import TargetRepository
from radeng_assets.record import Record


class Standing(Record):
    """Where the gateway stands. ``health`` is ``None`` where none is configured, which is no fault: it is a choice."""

    configured: bool
    health: HealthState | None = None
    reason: str = ""

    @classmethod
    def of(cls, gateway: Gateway | None) -> Standing:
        """Ask a gateway how it is, once."""
        if gateway is None:
            return cls(configured=False, reason="no gateway is configured (RADENG_ESS_URL); the index does alone")
        health = gateway.health()
        return cls(configured=True, health=health.state, reason=health.reason or "the gateway is healthy")

    @property
    def sound(self) -> bool:
        """Whether the gateway is as the configuration wants it: healthy, or left out on purpose."""
        return not self.configured or self.health == "healthy"


@dataclass(frozen=True)
class EssAccess:
    """A target's code, to be asked about at any commit.

    ``address`` is the gateway's (``None``: the index does alone), ``key`` what it may demand. Snapshots and the
    gateway's replies are below ``home``.
    """

    home: Path
    repository: TargetRepository
    terms: EssTerms = field(default_factory=EssTerms)
    address: str | None = None
    key: SecretStr | None = None

    @cached_property
    def gateway(self) -> Gateway | None:
        """The gateway, one for all questions: its breaker counts for all of them."""
        if self.address is None:
            return None
        return Gateway(self.address, self.terms.gateway, self.key, self.terms.gateway.project)

    def standing(self) -> Standing:
        """Ask the gateway how it is, once."""
        return Standing.of(self.gateway)

    @contextmanager
    def at(self, commit: str) -> Generator[tuple[EssService, Counts]]:
        """The service of a commit and what its index holds; the index is made if it is not there.

        Raises ``GitError`` for a commit that is none, ``OSError`` and ``sqlite3.Error`` where the disk does not do.
        """
        with CodeIndex.build(self.home, self.repository, commit) as index:
            remember(self.home, self.repository)
            service = EssService(
                index=index,
                exists=Lines(self.repository, index.commit),
                terms=self.terms,
                gateway=self.gateway,
                cache=ReplyCache(self.home / "index" / "replies"),
            )
            yield service, index.counts


def remember(home: Path, repository: TargetRepository) -> None:
    """Note which repository was asked about last. Its folder is noted and no URL, which may hold a password."""
    place = _last(home)
    draft = place.with_name(f".{place.name}-{uuid.uuid4().hex}")
    draft.write_bytes(os.fsencode(repository.git_dir))
    draft.replace(place)


def remembered(home: Path) -> TargetRepository | None:
    """The repository that was asked about last, our copy of a remote one as it is; ``None`` where there is none.

    Raises ``NotARepository`` where it is gone.
    """
    try:
        return TargetRepository.open(Path(os.fsdecode(_last(home).read_bytes())))
    except FileNotFoundError:
        return None


def _last(home: Path) -> Path:
    return home / "index" / "last"
