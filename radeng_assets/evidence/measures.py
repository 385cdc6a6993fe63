"""What is measured for a report: commands, and the files by which each of them shows something."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.envelope import Artifact
from radeng_assets.record import Record

OURS = "radeng:"
"""What a measure begins with that we carry out ourselves, in place of a command of the target."""


class Measure(Record):
    """One command, and what it leaves.

    ``leaves`` names files (paths or globs, from the top of the worktree) by the role that they play as evidence:
    ``junit``, ``coverage``, ``sarif`` … Each report says which roles it reads. ``network`` lets what it runs
    reach the machine's network from within a sandbox: audits that ask a service need it. It is part of the demand.
    """

    run: str
    network: bool = False
    leaves: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])


class Measurement(Record):
    """The body of a ledger record: the measures of one report were taken on one commit.

    ``evidence`` are the envelopes, one for each command in order; each keeps the command's output and the files that it
    left (``artifact_name``). ``demand`` identifies the measures that were asked for, ``plan`` the execution plan that
    they were asked under; ``reason`` says why nothing could be measured.
    """

    report: str
    demand: str
    plan: str
    session: str
    occasion: str = ""
    commit: str
    tree: str
    evidence: tuple[str, ...] = ()
    reason: str = ""


def demand_of(report: str, measures: Sequence[Measure]) -> str:
    """The identity of what is asked: other commands or other files are another demand."""
    return digest_of([report, [measure.model_dump(mode="json") for measure in measures]])


def artifact_name(role: str, path: str) -> str:
    """How an envelope names a file that a command left."""
    return f"{role}:{path}"


def role_and_path(artifact: Artifact) -> tuple[str, str]:
    """What ``artifact_name`` joined; the command's own output has the role ``output`` and no path."""
    role, _, path = artifact.name.partition(":")
    return role, path
