"""EXECUTION-PLAN.yaml: the plan as machines carry it out."""

from __future__ import annotations

from radeng_assets.planning.documents.common import Header, Task
from radeng_assets.planning.located import Fact, values
from radeng_assets.record import Record

UI_TRACK = "ui-integration"
"""The wave key of the ``ui_integration`` track (docs: the contract)."""

GATE_PHASES = ("pre_story", "post_story", "post_wave", "post_final")


class Story(Record):
    """One unit of work for one agent. ``points`` are story points."""

    id: Fact[str]
    title: Fact[str] | None = None
    points: Fact[int] | None = None
    agent: Fact[str] | None = None
    dependencies: tuple[Fact[str], ...] = ()
    tasks: tuple[Task, ...] = ()
    criteria: tuple[Fact[str], ...] = ()
    addresses: tuple[Fact[str], ...] = ()
    mitigates: tuple[Fact[str], ...] = ()

    @property
    def files(self) -> tuple[Fact[str], ...]:
        """Every path or glob that the story's tasks declare, once each, in order."""
        seen: dict[str, Fact[str]] = {}
        for task in self.tasks:
            for path in task.files:
                seen.setdefault(path.value, path)
        return tuple(seen.values())


class Wave(Record):
    """Stories that are carried out together, after the waves that ``dependencies`` name.

    ``parallel`` is ``None`` where the plan does not say; a wave then runs in order.
    """

    id: Fact[str]
    name: Fact[str] | None = None
    parallel: Fact[bool] | None = None
    dependencies: tuple[Fact[str], ...] = ()
    stories: tuple[Story, ...] = ()


class QualityGates(Record):
    """The four command lists. An empty list proves nothing."""

    pre_story: tuple[Fact[str], ...] = ()
    post_story: tuple[Fact[str], ...] = ()
    post_wave: tuple[Fact[str], ...] = ()
    post_final: tuple[Fact[str], ...] = ()

    def commands(self, phase: str) -> tuple[str, ...]:
        """The bare commands of one of ``GATE_PHASES``; ``KeyError`` for another name."""
        if phase not in GATE_PHASES:
            raise KeyError(phase)
        facts: tuple[Fact[str], ...] = getattr(self, phase)
        return values(facts)


class Constraints(Record):
    """Global limits; ``test_coverage_minimum`` is a fraction."""

    max_parallel_agents: Fact[int] | None = None
    quality_gate_required: Fact[bool] | None = None
    test_coverage_minimum: Fact[float] | None = None
    typecheck_errors_allowed: Fact[int] | None = None


class PlanMeta(Record):
    """The header's totals."""

    total_stories: Fact[int] | None = None
    total_points: Fact[int] | None = None
    estimated_weeks: Fact[str] | None = None


class ProgressSummary(Record):
    """The progress that the plan claims. ``percentage`` is in percent, as written."""

    total_stories: Fact[int] | None = None
    completed: Fact[int] | None = None
    in_progress: Fact[int] | None = None
    pending: Fact[int] | None = None
    total_points: Fact[int] | None = None
    completed_points: Fact[int] | None = None
    percentage: Fact[float] | None = None


class WaveStatus(Record):
    """The claimed status of one wave."""

    wave: Fact[str]
    status: Fact[str]


class MemoryScope(Record):
    """One memory scope (``global``, ``task``, ``local``) and its budget in tokens."""

    name: Fact[str]
    token_budget: Fact[int] | None = None
    content: tuple[Fact[str], ...] = ()
    compression_trigger: Fact[str] | None = None


class ExecutionPlan(Record):
    """The whole document. The ``ui_integration`` track is the last wave, with the id ``UI_TRACK``."""

    file: str
    header: Header = Header()
    meta: PlanMeta = PlanMeta()
    vision: Fact[str] | None = None
    capabilities: tuple[Fact[str], ...] = ()
    constraints: Constraints = Constraints()
    gates: QualityGates = QualityGates()
    waves: tuple[Wave, ...] = ()
    progress: ProgressSummary = ProgressSummary()
    wave_status: tuple[WaveStatus, ...] = ()
    memory: tuple[MemoryScope, ...] = ()
    checkpoints: tuple[Fact[str], ...] = ()

    @property
    def gates_required(self) -> bool:
        """Whether an empty gate counts as missing: yes, unless the plan says ``quality_gate_required: false``."""
        stated = self.constraints.quality_gate_required
        return stated is None or stated.value

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every story, in file order."""
        return tuple(story for wave in self.waves for story in wave.stories)
