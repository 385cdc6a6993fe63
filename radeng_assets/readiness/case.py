"""The case: everything that a verdict rests on, gathered before anything is judged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.outcomes import GateOutcome, ReportOutcome, StoryOutcome, WaveOutcome
from radeng_assets.planning.folder import Planning
from radeng_assets.planning.schedule import Schedule
from radeng_assets.readiness.policy import Policy
from radeng_assets.record import Record

Standing = Literal["current", "stale", "absent"]
"""Whether a recorded outcome is about the commit in question, about another one, or not there."""


class Target(Record):
    """The commit that the verdict is about, and its tree."""

    commit: str
    tree: str


class Case(Record):
    """The inputs of one verdict. Two equal cases give equal verdicts, byte for byte.

    ``stories``, ``waves``, ``reports`` and ``final_gate`` are the latest outcomes about ``target`` under this very
    execution plan; ``stale`` names the stories whose only outcome is about another commit, ``stale_reports`` the
    reports of which that is so. ``sound`` is false where reading the plan may have lost part of it.
    """

    planning: Planning
    schedule: Schedule
    policy: Policy
    sound: bool
    target: Target | None = None
    stories: dict[str, StoryOutcome] = Field(default_factory=dict[str, StoryOutcome])
    waves: dict[str, WaveOutcome] = Field(default_factory=dict[str, WaveOutcome])
    reports: dict[str, ReportOutcome] = Field(default_factory=dict[str, ReportOutcome])
    final_gate: GateOutcome | None = None
    stale: tuple[str, ...] = ()
    stale_reports: tuple[str, ...] = ()


def gather(
    entries: Iterable[Entry],
    *,
    planning: Planning,
    schedule: Schedule,
    execution_digest: str,
    policy: Policy,
    sound: bool,
    target: Target | None,
) -> Case:
    """Pick the latest outcomes that count from the ledger's entries, oldest first.

    An outcome counts if it was recorded under the same execution plan and is about the target's commit (about no
    commit, where there is no target: a rehearsal).
    """
    commit = target.commit if target else None
    stories: dict[str, StoryOutcome] = {}
    waves: dict[str, WaveOutcome] = {}
    reports: dict[str, ReportOutcome] = {}
    final_gate: GateOutcome | None = None
    other: set[str] = set()
    other_reports: set[str] = set()
    for entry in entries:
        if entry.kind == "story":
            story = StoryOutcome.model_validate(entry.body)
            if story.plan == execution_digest and story.commit == commit:
                stories[story.story] = story
            elif story.commit is not None:
                other.add(story.story)
        elif entry.kind == "wave":
            wave = WaveOutcome.model_validate(entry.body)
            if wave.plan == execution_digest and wave.commit == commit:
                waves[wave.wave] = wave
        elif entry.kind == "report":
            report = ReportOutcome.model_validate(entry.body)
            if report.commit == commit:
                reports[report.report] = report
            elif report.commit is not None:
                other_reports.add(report.report)
        elif entry.kind == "gate":
            gate = GateOutcome.model_validate(entry.body)
            if gate.plan == execution_digest and gate.commit == commit:
                final_gate = gate
    known = {story.id for story in schedule.stories}
    return Case(
        planning=planning,
        schedule=schedule,
        policy=policy,
        sound=sound,
        target=target,
        stories={key: value for key, value in stories.items() if key in known},
        waves=waves,
        reports=reports,
        final_gate=final_gate,
        stale=tuple(sorted((other & known) - stories.keys())),
        stale_reports=tuple(sorted(other_reports - reports.keys())),
    )
