"""The order of work: topological, stable, and refused where it cannot be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.documents.common import Task
from radeng_assets.planning.documents.execution_plan import (
    Constraints,
    ExecutionPlan,
    Story,
    Wave,
)
from radeng_assets.planning.located import Fact, values
from radeng_assets.planning.schedule import compile_schedule, node_name

FILE = "EXECUTION-PLAN.yaml"


def fact(text: str, line: int = 1) -> Fact[str]:
    return Fact(text, FILE, line)


def story(name: str, *needs: str, line: int = 1) -> Story:
    return Story(id=fact(name, line), dependencies=tuple(fact(need, line) for need in needs))


def wave(name: str, *stories: Story, needs: tuple[str, ...] = (), parallel: bool = True) -> Wave:
    return Wave(
        id=fact(name),
        parallel=Fact(parallel, FILE, 1),
        dependencies=tuple(fact(need) for need in needs),
        stories=stories,
    )


def plan(*waves: Wave, agents: int | None = None) -> ExecutionPlan:
    limit = Fact(agents, FILE, 1) if agents is not None else None
    return ExecutionPlan(file=FILE, waves=waves, constraints=Constraints(max_parallel_agents=limit))


def test_waves_follow_what_they_need_and_keep_the_files_order_otherwise() -> None:
    schedule, findings = compile_schedule(
        plan(
            wave("w3", story("c", "b")),
            wave("w1", story("a")),
            wave("w2", story("b"), needs=("w1",)),
        )
    )
    assert not findings
    assert schedule is not None
    assert [item.id for item in schedule.waves] == ["w1", "w2", "w3"]
    # w3 never names w2; its story does, and that orders the waves just as well.
    assert schedule.wave("w3").prerequisites == ("b",)


def test_a_sequential_wave_runs_in_order_and_a_parallel_one_by_need_only() -> None:
    stories = (story("a"), story("b"), story("c", "a"))
    parallel, _ = compile_schedule(plan(wave("w", *stories)))
    in_order, _ = compile_schedule(plan(wave("w", *stories, parallel=False)))
    assert parallel is not None
    assert in_order is not None
    assert [(s.id, s.needs, s.after) for s in parallel.stories] == [
        ("a", (), ()),
        ("b", (), ()),
        ("c", ("a",), ()),
    ]
    assert [(s.id, s.after) for s in in_order.stories] == [("a", ()), ("b", ("a",)), ("c", ("b",))]


def test_stories_of_a_parallel_wave_that_declare_one_file_run_one_after_another() -> None:
    def touching(name: str, *files: str, needs: tuple[str, ...] = ()) -> Story:
        task = Task(id=fact("1"), files=tuple(fact(path) for path in files))
        return story(name, *needs).model_copy(update={"tasks": (task,)})

    stories = (touching("a", "x"), touching("b", "y"), touching("c", "y", "x"), touching("d", "x", needs=("a",)))
    schedule, _ = compile_schedule(plan(wave("w", *stories)))
    assert schedule is not None
    assert [(s.id, s.after) for s in schedule.stories] == [("a", ()), ("b", ()), ("c", ("a", "b")), ("d", ("c",))]


def test_a_wave_that_does_not_say_runs_in_order() -> None:
    silent = Wave(id=fact("w"), stories=(story("a"), story("b")))
    schedule, _ = compile_schedule(plan(silent))
    assert schedule is not None
    assert schedule.stories[1].after == ("a",)


def test_the_number_of_agents_is_the_plans_and_never_below_one() -> None:
    for stated, expected in ((3, 3), (0, 1), (-2, 1), (None, 1)):
        schedule, _ = compile_schedule(plan(wave("w", story("a")), agents=stated))
        assert schedule is not None
        assert schedule.agents == expected


def test_ids_that_dagster_cannot_tell_apart_are_refused_with_both_places() -> None:
    schedule, findings = compile_schedule(plan(wave("w", story("A-1", line=3), story("a_1", line=9))))
    assert schedule is None
    assert [(f.rule, [p.line for p in f.at]) for f in findings] == [("duplicate-id", [3, 9])]


def test_cycles_of_stories_and_of_waves_are_named() -> None:
    schedule, findings = compile_schedule(plan(wave("w", story("a", "b"), story("b", "a"))))
    assert schedule is None
    assert findings[0].rule == "story-cycle"
    assert "a" in findings[0].message
    assert "b" in findings[0].message
    schedule, findings = compile_schedule(plan(wave("w1", story("a"), needs=("w2",)), wave("w2", story("b", "a"))))
    assert schedule is None
    assert findings[0].rule == "wave-cycle"


def test_what_the_plan_lacks_is_a_finding_and_stays_a_need() -> None:
    schedule, findings = compile_schedule(plan(wave("w1", story("a", "ghost", line=7), needs=("nowhere",))))
    assert sorted((f.rule, f.subject) for f in findings) == [
        ("unknown-story", "a"),
        ("unknown-wave", "w1"),
    ]
    assert schedule is not None
    assert schedule.wave("w1").needs == ("nowhere",)
    assert schedule.wave("w1").prerequisites == ("ghost",)


def test_no_story_no_schedule() -> None:
    schedule, findings = compile_schedule(plan(wave("w")))
    assert schedule is None
    assert findings[0].rule == "plan-without-stories"


def test_node_names() -> None:
    assert node_name("W1-S1") == "W1_S1"
    assert node_name("a.b-c_d") == "a_b_c_d"


@given(st.integers(2, 25), st.data())
def test_every_order_respects_every_need(count: int, data: st.DataObject) -> None:
    names = [f"s{index}" for index in range(count)]
    needs = {
        name: data.draw(st.sets(st.sampled_from(names[:index]), max_size=4)) if index else set[str]()
        for index, name in enumerate(names)
    }
    shuffled = data.draw(st.permutations(names))
    stories = tuple(story(name, *sorted(needs[name])) for name in shuffled)
    schedule, findings = compile_schedule(plan(wave("w", *stories, parallel=False)))
    assert not findings
    assert schedule is not None
    order = [item.id for item in schedule.stories]
    assert sorted(order) == sorted(names)
    for name, required in needs.items():
        assert all(order.index(need) < order.index(name) for need in required)
    assert values(tuple(item.story.id for item in schedule.stories)) == tuple(order)
