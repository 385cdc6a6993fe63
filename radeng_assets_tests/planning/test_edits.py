"""An edit counts once the folder has stood still, whatever clocks and ticks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.edits import Memory
from radeng_assets.planning.readers.execution_plan import read_execution_plan
from radeng_assets.planning.schedule import compile_schedule, shape
from radeng_assets.planning.source import Source
from radeng_assets_tests.folders import PLAN

BEGAN = datetime(2026, 11, 27, 12, tzinfo=UTC)
FOLDERS = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from(["1", "2"]), max_size=3)


def at(seconds: float) -> str:
    return (BEGAN + timedelta(seconds=seconds)).isoformat()


Look = tuple[dict[str, str], int]


@given(st.lists(st.tuples(FOLDERS, st.integers(0, 9)), min_size=1, max_size=12), st.integers(0, 10))
def test_nothing_settles_before_two_equal_looks_that_lie_the_quiet_time_apart(looks: list[Look], quiet: int) -> None:
    memory, now = Memory.begin({}, at(0)), 0
    history: list[Look] = []
    for folder, pause in looks:
        now += pause
        before, memory = memory, memory.look(folder, at(now))
        same = [when for _, when in takewhile(lambda look, now=folder: look[0] == now, reversed(history))]
        assert memory.settled(before, at(now), quiet) == (bool(same) and now - same[-1] >= quiet)
        history.append((folder, now))


@given(FOLDERS, FOLDERS)
def test_what_was_passed_on_is_no_edit_and_names_what_differs_before(old: dict[str, str], new: dict[str, str]) -> None:
    memory = Memory.begin(old, at(0))
    assert set(memory.edited(new)) == {name for name in {*old, *new} if old.get(name) != new.get(name)}
    passed = memory.passed_on(new)
    assert passed.edited(new) == ()
    assert passed.edition not in (memory.edition, passed.passed_on(old).edition)


def test_a_clock_that_is_set_back_begins_the_wait_anew_and_does_not_stop_it() -> None:
    first = Memory.begin({}, at(0)).look({"a": "1"}, at(1000))
    back = first.look({"a": "1"}, at(10))
    assert not back.settled(first, at(10), 3)
    later = back.look({"a": "1"}, at(13))
    assert later.settled(back, at(13), 3)


def test_asking_is_repeated_only_after_a_while_and_for_another_folder_at_once() -> None:
    memory = Memory.begin({}, at(0)).model_copy(update={"asked": "x", "asked_at": at(100)})
    assert [memory.may_ask("x", at(now), 60) for now in (100, 159, 160, 50)] == [False, False, True, True]
    assert memory.may_ask("y", at(101), 60)


def test_a_memory_that_cannot_be_read_is_none() -> None:
    assert [Memory.recall(text) for text in (None, "", "{", "[]", '{"known": 1}')] == [None] * 5
    memory = Memory.begin({"a": "1"}, at(0))
    assert Memory.recall(memory.model_dump_json()) == memory


# --- the shape of a plan -----------------------------------------------------------------------


SECOND = "points: 2\n        agent: developer\n        dependencies: [A-1]"


def shape_of(text: str) -> str:
    plan: ExecutionPlan = read_execution_plan(Source("EXECUTION-PLAN.yaml", text, "0" * 64))[0]
    schedule, _ = compile_schedule(plan)
    assert schedule is not None
    return shape(schedule)


def test_words_points_and_agents_are_no_shape() -> None:
    for old, new in (
        ("points: 2", "points: 5"),
        ("title: Count down", "title: Down"),
        ('["It counts down"]', '["It falls"]'),
        ("agent: planner", "agent: developer"),
        ("max_parallel_agents: 2", "max_parallel_agents: 3"),
        ("name: House", "name: Home"),
    ):
        assert old in PLAN
        assert shape_of(PLAN.replace(old, new)) == shape_of(PLAN)


def test_stories_waves_order_and_the_number_of_checks_are() -> None:
    for old, new in (
        ("id: A-2", "id: A-3"),
        ("id: wave-2", "id: wave-3"),
        (SECOND, SECOND.replace("[A-1]", "[]")),
        ("parallel: true", "parallel: false"),
        ('["It counts down"]', '["It counts down", "It stops"]'),
    ):
        assert old in PLAN
        assert shape_of(PLAN.replace(old, new)) != shape_of(PLAN)
