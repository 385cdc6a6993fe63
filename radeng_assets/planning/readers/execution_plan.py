"""EXECUTION-PLAN.yaml → ``ExecutionPlan``.

Waves and stories that cannot be told apart by a sound id are left out, each with an error that
names its lines; everything else is kept as written for the audit to judge.
"""

from __future__ import annotations

from collections.abc import Iterable

from radeng_assets.planning.collection import collection_paused
from radeng_assets.planning.documents.common import Task
from radeng_assets.planning.documents.execution_plan import (
    UI_TRACK,
    Constraints,
    ExecutionPlan,
    MemoryScope,
    PlanMeta,
    ProgressSummary,
    QualityGates,
    Story,
    Wave,
    WaveStatus,
)
from radeng_assets.planning.fields import Fields, missing_section
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.ids import ID_RULE, is_valid_id
from radeng_assets.planning.located import Fact
from radeng_assets.planning.readers.header import read_header
from radeng_assets.planning.source import Source
from radeng_assets.planning.yaml_nodes import Entry, Mapping, Node, Scalar
from radeng_assets.planning.yaml_tree import merge, read_mappings


@collection_paused()
def read_execution_plan(source: Source) -> tuple[ExecutionPlan, tuple[Finding, ...]]:
    """The execution plan as far as it can be read, and what is wrong with it. Never raises."""
    documents, problems = read_mappings(source)
    findings = list(problems)
    merged = merge(documents, source.file, findings)
    top = Fields(merged, source.file, source.file, findings)
    waves = tuple(wave for one in top.mappings("waves", "a wave") if (wave := _wave(one)) is not None)
    if not waves:
        findings.append(missing_section(source.file, "waves", "error", "there is nothing to run"))
    plan = _plan(top, (*waves, *_track(top)))
    top.leftovers()
    return plan, tuple(findings)


def _plan(top: Fields, waves: tuple[Wave, ...]) -> ExecutionPlan:
    empty = Fields(Mapping((), 1), top.file, "", top.findings)
    meta = top.mapping("meta") or empty
    scope = top.mapping("global") or empty
    progress = top.mapping("progress") or empty
    memory = top.mapping("memory_strategy") or empty
    plan = ExecutionPlan(
        file=top.file,
        header=read_header(meta),
        meta=PlanMeta(
            total_stories=meta.integer("total_stories"),
            total_points=meta.integer("total_points"),
            estimated_weeks=meta.text("estimated_weeks"),
        ),
        vision=scope.text("vision"),
        capabilities=scope.texts("target_capabilities"),
        constraints=_constraints(scope),
        gates=_gates(scope),
        waves=waves,
        progress=_progress(progress),
        wave_status=tuple(_wave_status(progress)),
        memory=tuple(_memory(memory)),
        checkpoints=memory.texts("checkpoints"),
    )
    for fields in (meta, scope, progress, memory):
        fields.leftovers()
    return plan


def _constraints(scope: Fields) -> Constraints:
    fields = scope.pairs("constraints")
    if fields is None:
        return Constraints()
    constraints = Constraints(
        max_parallel_agents=fields.integer("max_parallel_agents"),
        quality_gate_required=fields.flag("quality_gate_required"),
        test_coverage_minimum=fields.number("test_coverage_minimum"),
        typecheck_errors_allowed=fields.integer("typecheck_errors_allowed"),
    )
    fields.leftovers()
    return constraints


def _gates(scope: Fields) -> QualityGates:
    fields = scope.mapping("quality_gates")
    if fields is None:
        return QualityGates()
    gates = QualityGates(
        pre_story=fields.texts("pre_story"),
        post_story=fields.texts("post_story"),
        post_wave=fields.texts("post_wave"),
        post_final=fields.texts("post_final"),
    )
    fields.leftovers()
    return gates


def _sound_id(fields: Fields) -> Fact[str] | None:
    """The id of a wave or story; without a sound one it is left out."""
    fact = fields.required_text("id")
    if fact is None or is_valid_id(fact.value):
        return fact
    fields.finding(
        "malformed-id",
        f"{fact.value[:80]!r} cannot be an id, so {fields.subject} ({fields.lines}) was left out: {ID_RULE}.",
        "Choose another id.",
        subject=fact.value,
        line=fact.line,
    )
    return None


def _wave(fields: Fields) -> Wave | None:
    wave_id = _sound_id(fields)
    return None if wave_id is None else _wave_of(wave_id, fields.about(wave_id.value))


def _wave_of(wave_id: Fact[str], fields: Fields) -> Wave:
    if fields.entry("stories") is None:
        fields.finding("missing-key", f"{fields.subject} has no 'stories'.", "Add its stories.")
    wave = Wave(
        id=wave_id,
        name=fields.text("name"),
        parallel=fields.flag("parallel"),
        dependencies=fields.texts("dependencies"),
        stories=tuple(
            story
            for one in fields.mappings("stories", f"a story of {fields.subject}")
            if (story := _story(one)) is not None
        ),
    )
    fields.leftovers()
    return wave


def _track(top: Fields) -> Iterable[Wave]:
    """The ``ui_integration`` track as a wave: a list of stories, or a mapping like a wave's."""
    entry = top.entry("ui_integration")
    if entry is None:
        return
    node, line = entry.value, entry.key.line
    if not isinstance(node, Mapping):
        node = Mapping((Entry(Scalar("stories", line, True), node),), line)
    fields = Fields(node, top.file, entry.key.text, top.findings)
    yield _wave_of(Fact(UI_TRACK, top.file, line), fields)


def _story(fields: Fields) -> Story | None:
    story_id = _sound_id(fields)
    if story_id is None:
        return None
    fields.about(story_id.value)
    story = Story(
        id=story_id,
        title=fields.text("title"),
        points=fields.integer("points"),
        agent=fields.text("agent"),
        dependencies=fields.texts("dependencies"),
        tasks=tuple(_tasks(fields)),
        criteria=fields.texts("acceptance_criteria") + fields.texts("criteria"),
        addresses=fields.texts("addresses"),
        mitigates=fields.texts("mitigates"),
    )
    fields.leftovers()
    return story


def _tasks(fields: Fields) -> Iterable[Task]:
    """A story's tasks. One that is a text alone is called by its position, from 1."""
    wrong: list[Node] = []
    for number, node in enumerate(fields.sequence("tasks"), start=1):
        if isinstance(node, Mapping):
            subject = f"task {number} of {fields.subject}"
            yield from _task(Fields(node, fields.file, subject, fields.findings))
        elif isinstance(node, Scalar) and node.text.strip():
            text = Fact(node.text.strip(), fields.file, node.line)
            yield Task(id=text.with_value(str(number)), description=text)
        else:
            wrong.append(node)
    fields.wrong_items("tasks", wrong, "a task")


def _task(fields: Fields) -> Iterable[Task]:
    task_id = fields.required_text("id")
    if task_id is None:
        return
    yield Task(
        id=task_id,
        description=fields.text("description"),
        files=fields.texts("files"),
        command=fields.text("command"),
    )
    fields.leftovers()


def _progress(progress: Fields) -> ProgressSummary:
    fields = progress.mapping("summary")
    if fields is None:
        return ProgressSummary()
    summary = ProgressSummary(
        total_stories=fields.integer("total_stories"),
        completed=fields.integer("completed"),
        in_progress=fields.integer("in_progress"),
        pending=fields.integer("pending"),
        total_points=fields.integer("total_points"),
        completed_points=fields.integer("completed_points"),
        percentage=fields.number("percentage"),
    )
    fields.leftovers()
    return summary


def _wave_status(progress: Fields) -> Iterable[WaveStatus]:
    fields = progress.mapping("wave_status")
    if fields is None:
        return
    for entry in fields.rest():
        status = fields.text(entry.key.text)
        if status is not None:
            wave = Fact(entry.key.text.strip(), progress.file, entry.key.line)
            yield WaveStatus(wave=wave, status=status)


def _memory(memory: Fields) -> Iterable[MemoryScope]:
    for name in ("global", "task", "local"):
        entry, fields = memory.entry(f"{name}_scope"), memory.mapping(f"{name}_scope")
        if entry is None or fields is None:
            continue
        yield MemoryScope(
            name=Fact(name, memory.file, entry.key.line),
            token_budget=fields.integer("token_budget"),
            content=fields.texts("content"),
            compression_trigger=fields.text("compression_trigger"),
        )
        fields.leftovers()
