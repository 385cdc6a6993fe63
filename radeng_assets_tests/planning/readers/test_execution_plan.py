from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radeng_assets.planning.documents.execution_plan import UI_TRACK, ExecutionPlan
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.ids import is_valid_id
from radeng_assets.planning.located import Fact, values
from radeng_assets.planning.readers.execution_plan import read_execution_plan
from radeng_assets.planning.source import Source, read_source
from radeng_assets_tests.planning.mutations import Edit, damage, edits, slips

FILE = "EXECUTION-PLAN.yaml"


def real_source(folder: Path) -> Source:
    source, findings = read_source(folder, FILE)
    assert source is not None
    assert findings == ()
    return source


@pytest.fixture
def real(real_folder: Path) -> Source:
    return real_source(real_folder)


def read(text: str) -> tuple[ExecutionPlan, tuple[Finding, ...]]:
    return read_execution_plan(Source(FILE, text, ""))


def said(findings: tuple[Finding, ...]) -> list[tuple[str, str, list[int | None]]]:
    return [(f.rule, f.subject, [place.line for place in f.at]) for f in findings]


# --- the published document ---------------------------------------------------------------------


def test_the_real_plan_has_no_finding(real: Source):
    assert read_execution_plan(real)[1] == ()


def test_counts_of_the_real_plan(real: Source):
    plan, _ = read_execution_plan(real)
    assert [wave.id.value for wave in plan.waves] == [
        *(f"wave-{number}" for number in range(1, 7)),
        UI_TRACK,
    ]
    assert [len(wave.stories) for wave in plan.waves] == [3, 3, 3, 4, 3, 4, 3]
    assert [wave.parallel and wave.parallel.value for wave in plan.waves] == [
        *(True, False, True, False, False, False),
        None,
    ]
    assert [values(wave.dependencies) for wave in plan.waves] == [
        *((), ("wave-1",), ("wave-1",), ("wave-3",), ("wave-2",), ("wave-4", "wave-5"), ()),
    ]
    assert len(plan.stories) == 23
    assert sum(story.points.value for story in plan.stories if story.points) == 107
    assert sum(len(story.tasks) for story in plan.stories) == 137
    assert sum(len(story.criteria) for story in plan.stories) == 82
    assert all(story.title and story.agent for story in plan.stories)
    assert all(task.description for story in plan.stories for task in story.tasks)
    assert sum(bool(task.command) for story in plan.stories for task in story.tasks) == 7


def test_limits_gates_and_claims_of_the_real_plan(real: Source):
    plan, _ = read_execution_plan(real)
    assert plan.constraints.max_parallel_agents == Fact(3, FILE, 28)
    assert plan.constraints.quality_gate_required == Fact(True, FILE, 29)
    assert plan.constraints.test_coverage_minimum == Fact(0.80, FILE, 30)
    assert plan.constraints.typecheck_errors_allowed == Fact(0, FILE, 31)
    assert plan.gates.commands("pre_story") == ("bun run typecheck", "bun run lint")
    assert len(plan.gates.post_story) == 3
    assert len(plan.gates.post_wave) == 1
    assert len(plan.gates.post_final) == 2
    assert len(plan.capabilities) == 6
    assert plan.vision is not None
    assert plan.meta.total_stories == Fact(23, FILE, 7)
    assert plan.meta.total_points == Fact(107, FILE, 8)
    assert plan.meta.estimated_weeks == Fact("8-12", FILE, 9)
    assert [(scope.name.value, scope.token_budget) for scope in plan.memory] == [
        ("global", Fact(500, FILE, 703)),
        ("task", Fact(2000, FILE, 710)),
        ("local", Fact(5000, FILE, 717)),
    ]
    assert [len(scope.content) for scope in plan.memory] == [3, 3, 3]
    assert len(plan.checkpoints) == 3
    assert plan.progress.pending == Fact(23, FILE, 684)
    assert plan.progress.percentage == Fact(0.0, FILE, 687)
    assert [(one.wave.value, one.status.value) for one in plan.wave_status] == [
        (wave.id.value, "pending") for wave in plan.waves
    ]


def test_facts_of_the_real_plan_carry_the_lines_that_state_them(real: Source):
    plan, _ = read_execution_plan(real)
    rows = real.text.split("\n")
    stories = {story.id.value: story for story in plan.stories}
    facts = [
        plan.header.status,
        plan.gates.post_wave[0],
        plan.waves[3].id,
        plan.waves[5].dependencies[1],
        stories["W2-S1"].title,
        stories["W2-S1"].points,
        stories["W4-S4"].dependencies[1],
        stories["W4-S4"].tasks[0].command,
        stories["W6-S4"].tasks[3].id,
        stories["W6-S4"].tasks[3].files[0],
        stories["W5-S3"].criteria[3],
        stories["UI-S3"].agent,
        plan.checkpoints[2],
        plan.memory[2].compression_trigger,
    ]
    for fact in facts:
        assert fact is not None
        assert str(fact.value) in rows[fact.line - 1]
    assert [fact.line for fact in facts if fact] == [
        *(5, 36, 302, 500, 129, 130, 386, 390, 598, 600, 495, 656, 727, 722),
    ]
    assert plan.waves[-1].id.line == 610


# --- shapes -------------------------------------------------------------------------------------

STORY = "{id: A-1, points: 2, tasks: [{id: t, files: a.py}], acceptance_criteria: [c]}"


def test_everything_may_stand_in_one_document():
    plan, findings = read(
        "meta: {version: 1, total_stories: 1}\n"
        "global: {constraints: {max_parallel_agents: 2}, quality_gates: {post_final: make all}}\n"
        f"waves:\n  - {{id: w, stories: [{STORY}]}}\n"
        f"ui_integration:\n  - {STORY.replace('A-1', 'U-1')}\n"
    )
    assert findings == ()
    assert plan.constraints.max_parallel_agents == Fact(2, FILE, 2)
    assert plan.gates.post_final == (Fact("make all", FILE, 2),)
    assert [story.id.value for story in plan.stories] == ["A-1", "U-1"]
    assert values(plan.stories[0].files) == ("a.py",)
    assert plan.waves[1].id == Fact(UI_TRACK, FILE, 5)
    assert plan.waves[1].parallel is None


def test_waves_in_two_documents_are_joined_and_other_keys_are_duplicates():
    plan, findings = read(
        "meta: {version: 1}\nwaves: [{id: a, stories: []}]\n---\nmeta: {version: 2}\nwaves: [{id: b, stories: []}]\n"
    )
    assert [wave.id.value for wave in plan.waves] == ["a", "b"]
    assert plan.header.version == Fact("1", FILE, 1)
    assert said(findings) == [("yaml-duplicate-key", "meta", [1, 4])]


def test_the_ui_track_may_be_a_mapping_like_a_wave():
    plan, findings = read(
        "waves: [{id: w, stories: []}]\n"
        "ui_integration:\n  name: UI\n  parallel: true\n  dependencies: [w]\n"
        f"  stories: [{STORY}]\n"
    )
    assert findings == ()
    track = plan.waves[-1]
    assert track.id == Fact(UI_TRACK, FILE, 2)
    assert track.name == Fact("UI", FILE, 3)
    assert track.parallel == Fact(True, FILE, 4)
    assert values(track.dependencies) == ("w",)
    assert len(track.stories) == 1


def test_a_wave_that_has_the_name_of_the_ui_track_stays_for_the_audit():
    plan, findings = read(f"waves: [{{id: {UI_TRACK}, stories: []}}]\nui_integration: [{STORY}]\n")
    assert [wave.id.value for wave in plan.waves] == [UI_TRACK, UI_TRACK]
    assert findings == ()


def test_a_story_in_other_words():
    plan, findings = read(
        "waves:\n  - id: w\n    stories:\n      - id: A\n        points: -3\n"
        "        tasks:\n          - first\n          - id: x\n            files: [a, b]\n"
        "          - third\n        acceptance_criteria: one\n        criteria: [two]\n"
        "        addresses: [G-1]\n        mitigates: R-1\n"
    )
    assert findings == ()
    (story,) = plan.stories
    assert story.points == Fact(-3, FILE, 5)
    assert [task.id for task in story.tasks] == [
        Fact("1", FILE, 7),
        Fact("x", FILE, 8),
        Fact("3", FILE, 10),
    ]
    assert story.tasks[2].description == Fact("third", FILE, 10)
    assert values(story.tasks[1].files) == ("a", "b")
    assert values(story.criteria) == ("one", "two")
    assert values(story.addresses) == ("G-1",)
    assert values(story.mitigates) == ("R-1",)


# --- what is wrong is said ----------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["../x", "'a b'", "a/b", "x" * 65, "é", "-x", "a..b", "'.'", '"a\\nb"'])
def test_a_malformed_id_leaves_out_its_story_or_wave_and_names_the_lines(bad: str):
    plan, findings = read(
        f"waves:\n  - id: {bad}\n    stories:\n      - id: A\n  - id: w\n    stories:\n"
        f"      - title: t\n        id: {bad}\n        points: 1\n      - id: B\n"
    )
    assert [wave.id.value for wave in plan.waves] == ["w"]
    assert [story.id.value for story in plan.stories] == ["B"]
    assert [(rule, lines) for rule, _, lines in said(findings)] == [
        ("malformed-id", [2]),
        ("malformed-id", [8]),
    ]
    assert {finding.severity for finding in findings} == {"error"}
    assert "a wave (lines 2-4)" in findings[0].message
    assert "a story of w (lines 7-9)" in findings[1].message


def test_what_has_no_id_is_left_out_and_said():
    plan, findings = read(
        "waves:\n  - name: x\n    stories: []\n  - id: w\n    stories:\n      - title: t\n"
        "      - id: A\n        tasks:\n          - description: d\n          - id: t\n"
    )
    assert [story.id.value for story in plan.stories] == ["A"]
    assert len(plan.stories[0].tasks) == 1
    assert said(findings) == [
        ("missing-key", "a wave", [2]),
        ("missing-key", "a story of w", [6]),
        ("missing-key", "task 1 of A", [9]),
    ]
    assert "(lines 2-3)" in findings[0].message


def test_a_wave_without_stories_is_an_error():
    plan, findings = read("waves:\n  - id: w\n    storys: [{id: A}]\n")
    assert len(plan.waves) == 1
    assert said(findings) == [("missing-key", "w", [2]), ("unread-key", "storys", [3])]


@pytest.mark.parametrize("text", ["meta: {version: 1}", "waves: []", "waves:", f"ui_integration: [{STORY}]", "", "- x"])
def test_a_plan_without_waves_is_an_error(text: str):
    _, findings = read(text)
    missing = [finding for finding in findings if finding.rule == "missing-section"]
    assert [(finding.subject, finding.severity) for finding in missing] == [("waves", "error")]


def test_values_of_the_wrong_kind_cost_only_themselves():
    plan, findings = read(
        "global:\n  constraints:\n    - max_parallel_agents: many\n    - what: 1\n"
        "  quality_gates:\n    pre_story: {a: b}\n    pre_storm: [x]\n"
        "waves:\n  - id: w\n    parallel: maybe\n    stories:\n      - id: A\n"
        "        points: 2.5\n        dependencies: {x: y}\n        tasks:\n          - [nested]\n"
        "          - id: t\n            file: a.py\n      - not a story\n"
        "progress: soon\nmemory_strategy:\n  task_scope: {token_budget: 2k}\n  swap_scope: {}\n"
    )
    assert [story.id.value for story in plan.stories] == ["A"]
    assert len(plan.stories[0].tasks) == 1
    assert sorted((lines[0] or 0, rule) for rule, _, lines in said(findings)) == [
        *((3, "wrong-value"), (4, "unread-key"), (6, "wrong-kind"), (7, "unread-key")),
        *((10, "wrong-value"), (13, "wrong-value"), (14, "wrong-kind"), (16, "wrong-kind")),
        *((18, "unread-key"), (19, "wrong-kind"), (20, "wrong-kind"), (22, "wrong-value")),
        (23, "unread-key"),
    ]


def test_a_broken_story_costs_its_own_lines_only(real: Source):
    broken = real.text.replace('title: "Real Agent Spawning"', 'title: "Real Agent Spawning')
    plan, findings = read(broken)
    assert len(plan.stories) == 23
    assert [story.id.value for story in plan.stories if story.title is None] == ["W2-S1"]
    assert [finding.rule for finding in findings] == ["yaml-broken"]
    assert "Lost: line 129." in findings[0].message


# --- properties ---------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(damages=edits())
def test_a_damaged_plan_is_read_without_raising(real_folder: Path, damages: list[Edit]):
    plan, _ = read(damage(real_source(real_folder).text, damages))
    assert all(is_valid_id(story.id.value) for story in plan.stories)
    assert all(is_valid_id(wave.id.value) for wave in plan.waves)


@settings(max_examples=100, deadline=None)
@given(damages=slips())
def test_no_slip_loses_a_story_in_silence(real_folder: Path, damages: list[Edit]):
    before = real_source(real_folder).text
    text = damage(before, damages)
    plan, findings = read(text)
    commented_out = max(0, text.count("#") - before.count("#"))
    assert len(plan.waves) >= 7 or findings
    assert len(plan.stories) >= 23 or findings
    assert sum(len(story.tasks) for story in plan.stories) + commented_out >= 137 or findings


VALUE = st.recursive(
    st.sampled_from(["x", "1", "-2", "true", "~", "''", "../y", "*a", "!t z", "{}", "[]"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(["id", "stories", "tasks", "points", "files", "parallel", "dependencies", "odd"]),
            inner,
            max_size=4,
        ).map(lambda d: "{" + ", ".join(f"{key}: {value}" for key, value in d.items()) + "}"),
    ),
    max_leaves=12,
)
SECTIONS = ("meta", "global", "waves", "ui_integration", "progress", "memory_strategy", "other")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SECTIONS), VALUE, st.sampled_from(["", "---\n"]))))
def test_any_tree_under_any_section_is_read_without_raising(sections: list[tuple[str, str, str]]):
    text = "".join(f"{marker}{key}: {value}\n" for key, value, marker in sections)
    plan, findings = read(text)
    assert all(is_valid_id(story.id.value) for story in plan.stories)
    assert [finding for finding in findings if finding.rule == "yaml-broken"] == []
