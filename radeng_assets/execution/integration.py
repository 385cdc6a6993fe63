"""The integration branch: where proven results are merged, one after another, into a linear and green history."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from radeng_assets.evidence.commons import Commons
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.git import Commit, GitError
from radeng_assets.execution.mirror import Conflict, Mirror
from radeng_assets.execution.proof import Findings
from radeng_assets.record import Record

TRAILER = "Radeng-Attempt"


class Diverged(Exception):  # noqa: N818  # named for what was found
    """The target's HEAD and the integration branch have parted; a person must say which way to go."""


class Unproven(Exception):  # noqa: N818
    """A result that was proven on its base and is not on what was merged meanwhile."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        super().__init__(findings.causes())


class Merged(Record):
    """Where a result came to lie. ``findings`` are of a proof on it that the merge made necessary."""

    commit: Commit
    findings: Findings | None = None


@dataclass(frozen=True, slots=True)
class Integration:
    """The branch of one plan. The target holds it, so another machine can take the next step.

    What decides who merges is the target, which takes a fast-forward and nothing else. The lock, the home's or that of
    its fleet (``commons``), saves the proof of what would be refused.
    """

    mirror: Mirror
    branches: Branches
    commons: Commons | None = None

    def _alone(self) -> AbstractContextManager[object]:
        if self.commons is not None:
            return self.commons.lock("integration", self.branches.integration)
        return self.mirror.lock("integration")

    def tip(self) -> Commit:
        """The branch's commit, the target's HEAD where nothing was merged yet. Raises ``NotARepository``."""
        self.mirror.prepare()
        target = self.mirror.target.refreshed()
        try:
            return target.resolve(self.branches.integration)
        except GitError:
            return target.head()

    def standing(self) -> Commit:
        """The commit in question: the tip, or HEAD where the target took the tip over and has gone on from it."""
        tip, head = self.tip(), self.mirror.target.head()
        return head if self.mirror.holds(tip.commit, head.commit) else tip

    def catch_up(self) -> Commit:
        """The tip to open a wave on, brought forward to HEAD where HEAD has gone on from it. Raises ``Diverged``."""
        with self._alone():
            tip, head = self.tip(), self.mirror.target.head()
            if self.mirror.holds(head.commit, tip.commit):
                return tip
            if self.mirror.holds(tip.commit, head.commit):
                self.mirror.publish(head.commit, self.branches.integration)
                return head
        name = self.branches.integration.removeprefix("refs/heads/")
        raise Diverged(
            f"HEAD {head.commit[:12]} and {name} {tip.commit[:12]} have parted: rebase one onto the other in the "
            f"target (git rebase HEAD {name}), or delete {name} to begin anew from HEAD"
        )

    def merge(
        self,
        result: Commit,
        base: str,
        key: str,
        story: str,
        message: str,
        began: str,
        prove: Callable[[Commit], Findings],
    ) -> Merged:
        """Put a proven result on top of the branch and publish it, the story's branch too.

        Where the branch has moved since ``base``, the result is put on top of it and proven there once more, under the
        lock. An attempt that was merged already (a kill came in between) is found by its key. Raises ``Conflict``,
        ``Unproven`` and ``GitError``.
        """
        with self._alone():
            while True:
                tip = self.tip()
                merged = self._merged_before(key, base, tip.commit, result)
                findings = None
                if merged is not None:
                    break
                merged = result
                if tip.commit != base:
                    tree = self.mirror.merged_tree(tip.commit, result.commit)
                    merged = self.mirror.commit(tree, tip.commit, message, began)
                    findings = prove(merged)
                    if findings.state != "passed":
                        raise Unproven(findings)
                try:
                    self.mirror.publish(merged.commit, self.branches.integration)
                except GitError:
                    if self.tip() == tip:
                        raise
                    continue  # somebody who does not hold our lock was faster
                break
            self.mirror.publish(merged.commit, self.branches.story(story), force=True)
        return Merged(commit=merged, findings=findings)

    def _merged_before(self, key: str, base: str, tip: str, result: Commit) -> Commit | None:
        """The commit that merged a result before. A trailer is a claim: its tree must be what merging would give."""
        if base == tip or not self.mirror.holds(base, tip):
            return None
        log = self.mirror.git("log", "-z", f"--format=%H %(trailers:key={TRAILER},valueonly)", f"{base}..{tip}")
        for entry in log.split("\0"):
            commit, _, trailer = entry.partition(" ")
            if trailer.strip() == key:
                found = self.mirror.resolve(commit)
                if found.tree == self._merging_gives(f"{commit}^", base, result):
                    return found
        return None

    def _merging_gives(self, onto: str, base: str, result: Commit) -> str | None:
        """The tree of a result put onto a commit; ``None`` where they do not go together."""
        try:
            parent = self.mirror.resolve(onto).commit
            return result.tree if parent == base else self.mirror.merged_tree(parent, result.commit)
        except (Conflict, GitError):
            return None
