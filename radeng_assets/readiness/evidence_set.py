"""The evidence set: what people sign. What a case came to, without the accidents of when and how it was shown.

A run that shows the same again gives the same set, so a sign-off outlives it: times, sessions, digests of envelopes,
measured figures, and on which of several equal commits something was shown are no part of it. A byte of the plan
folder, another commit, and anything that holds or fails otherwise than before are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from radeng_assets.canonical import digest_of
from radeng_assets.readiness.circumstances import Target
from radeng_assets.record import Record


class ShownCriterion(Record):
    """Where a success criterion stands, and the threshold that it was judged by."""

    status: str
    threshold: float | None = None


class ShownStory(Record):
    """Where a story stands, and how many of its acceptance criteria were shown to hold.

    ``done`` is ``verified`` and ``already_satisfied`` alike: work that an agent did is already there the next time.
    """

    status: str
    proved: int = 0


class ShownReport(Record):
    """Where a report stands; the digests of its issues, and of those that a waiver accepts, in order."""

    state: str
    issues: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()


class EvidenceSet(Record):
    """Everything that a sign-off is about.

    ``plan`` is the digest of the whole planning folder (the policy is part of it), ``files`` are the SHA-256 digests of
    its files, ``execution`` is the execution plan's. ``criteria`` are all but the sign-off itself.
    """

    plan: str
    files: dict[str, str] = Field(default_factory=dict[str, str])
    execution: str
    target: Target | None
    criteria: dict[str, ShownCriterion] = Field(default_factory=dict[str, ShownCriterion])
    stories: dict[str, ShownStory] = Field(default_factory=dict[str, ShownStory])
    gates: dict[str, str] = Field(default_factory=dict[str, str])
    final_gate: str
    reports: dict[str, ShownReport] = Field(default_factory=dict[str, ShownReport])

    @property
    def digest(self) -> str:
        """The set's identity."""
        return digest_of(self)


def difference(before: EvidenceSet, after: EvidenceSet, paths: Sequence[str] = ()) -> tuple[str, ...]:
    """What tells two sets apart, in words, causes first; empty for equal ones.

    ``paths`` are those that changed between the two commits, where they are known.
    """
    old, new = dict(_files(before)), dict(_files(after))
    words = [*_changes(old, new)]
    if not words and (before.plan, before.execution) != (after.plan, after.execution):
        words.append("what could be read of the plan folder")
    if before.target != after.target:
        words += [f"{path} of the target" for path in paths] or [_moved(before.target, after.target)]
    return (*words, *_changes(dict(_facts(before)), dict(_facts(after))))


def _changes(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for label in dict.fromkeys((*old, *new)):
        if label not in old:
            yield f"{label} (new)"
        elif label not in new:
            yield f"{label} (gone)"
        elif old[label] != new[label]:
            yield label if old[label].startswith("sha256:") else f"{label} ({old[label]} → {new[label]})"


def _files(shown: EvidenceSet) -> Iterator[tuple[str, str]]:
    for name, digest in sorted(shown.files.items()):
        yield f"{name} of the plan", f"sha256:{digest}"


def _facts(shown: EvidenceSet) -> Iterator[tuple[str, str]]:
    """Everything but plan folder and target: what it is called, and its value in words."""
    for name, criterion in shown.criteria.items():
        yield name, criterion.status
        yield f"the threshold of {name}", "none" if criterion.threshold is None else repr(criterion.threshold)
    for name, story in shown.stories.items():
        yield f"story {name}", story.status
        yield f"the number of proved criteria of {name}", str(story.proved)
    for name, gate in shown.gates.items():
        yield f"the gate of {name}", gate
    yield "the final gate", shown.final_gate
    for name, report in shown.reports.items():
        yield f"the report {name}", report.state
        for digest in report.issues:
            yield f"an issue of {name}, {digest[:19]}…", digest
        for digest in report.waived:
            yield f"a waived issue of {name}, {digest[:19]}…", digest


def _moved(before: Target | None, after: Target | None) -> str:
    names = [target.commit[:12] if target else "none" for target in (before, after)]
    return f"the target's commit ({names[0]} → {names[1]})"
