"""What a report is judged from: envelopes of one measurement, and the files that its commands left, as raw bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from radeng_assets.evidence.envelope import Artifact, Envelope
from radeng_assets.evidence.measures import role_and_path
from radeng_assets.planning.folder import Planning
from radeng_assets.readiness.policy import Policy


@dataclass(frozen=True, slots=True)
class LeftFile:
    """A file that a command left: the role that the policy gives it, its path in the worktree, its bytes."""

    role: str
    path: str
    data: bytes
    envelope: Envelope
    artifact: Artifact


@dataclass(frozen=True, slots=True)
class Material:
    """One measurement, whole and unchanged: whoever made this has checked every digest.

    ``envelopes`` are by digest, one for each measure in the policy's order. ``tree`` are the commit's files, path →
    blob id. ``as_of`` is the moment of judging, in UTC (ISO 8601), for what ages by itself. ``read`` gives the bytes of
    an artifact that is cited.
    """

    report: str
    commit: str
    envelopes: Mapping[str, Envelope]
    read: Callable[[str], bytes]
    tree: Mapping[str, str]
    planning: Planning
    policy: Policy
    as_of: str

    def files(self, *roles: str) -> Iterator[LeftFile]:
        """The files that were left in the given roles (all, where none is named), in order, whole ones only."""
        for envelope in self.envelopes.values():
            for artifact in envelope.artifacts:
                role, path = role_and_path(artifact)
                if path and not artifact.truncated and (not roles or role in roles):
                    yield LeftFile(role, path, self.read(artifact.digest), envelope, artifact)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The digests of all envelopes."""
        return tuple(self.envelopes)
