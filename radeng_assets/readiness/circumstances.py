"""What the world was when a verdict was asked for: all that it rests on beside documents, ledger and evidence."""

from __future__ import annotations

from pydantic import Field

from radeng_assets.record import Record


class Target(Record):
    """The commit that the verdict is about, and its tree."""

    commit: str
    tree: str


class Circumstances(Record):
    """Facts of one moment, so that a verdict can be recomputed elsewhere and later.

    ``as_of`` is the moment in UTC (ISO 8601). ``files`` are the target commit's, path → blob id. ``changes`` names, for
    each other commit that something was shown on, the paths that differ between it and the target; ``None`` where the
    commit is not there any more, so that nobody knows. ``ahead`` names the paths that the target's HEAD changed beyond
    the commit in question: with agents that is the integration branch's, which may lie behind; and those that git shows
    otherwise than the commit has them (``git replace``). ``head`` is the target's HEAD where that is another commit.
    ``unserved`` says why the planning folder as it stands is not the one that is judged; empty where it is.
    """

    as_of: str
    target: Target | None = None
    files: dict[str, str] = Field(default_factory=dict[str, str])
    changes: dict[str, tuple[str, ...] | None] = Field(default_factory=dict[str, tuple[str, ...] | None])
    ahead: tuple[str, ...] = ()
    head: str = ""
    unserved: str = ""
