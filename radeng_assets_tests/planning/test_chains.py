"""What hangs on a story: by hand for a small plan, and against every path of generated ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.chains import chains, points, waves_before
from radeng_assets.planning.documents.common import Task
from radeng_assets.planning.documents.execution_plan import Story, Wave
from radeng_assets.planning.located import Fact
from radeng_assets.planning.schedule import Schedule, compile_schedule
from radeng_assets_tests.planning.test_schedule import FILE, fact, plan, story, wave


def compiled(*waves: Wave) -> Schedule:
    schedule, findings = compile_schedule(plan(*waves))
    assert schedule is not None, findings
    return schedule


def test_a_wave_comes_after_those_it_names_and_those_of_its_stories() -> None:
    schedule = compiled(
        wave("w1", story("a")), wave("w2", story("b"), needs=("w1", "gone")), wave("w3", story("c", "b", "lost"))
    )
    assert waves_before(schedule) == {"w1": set(), "w2": {"w1"}, "w3": {"w2"}}


def test_a_wave_comes_after_an_earlier_one_that_declares_the_same_file() -> None:
    def touching(name: str, path: str) -> Story:
        return story(name).model_copy(update={"tasks": (Task(id=fact("1"), files=(fact(path),)),)})

    schedule = compiled(wave("w1", touching("a", "x")), wave("w2", touching("b", "y")), wave("w3", touching("c", "x")))
    assert waves_before(schedule) == {"w1": set(), "w2": set(), "w3": {"w1"}}


def test_a_chain_goes_through_the_wave_and_on_in_those_behind_it() -> None:
    schedule = compiled(
        wave("w1", story("a"), story("b")),
        wave("w2", story("c"), story("d"), needs=("w1",), parallel=False),
        wave("w3", story("e"), story("f", "e"), story("g")),
    )
    lengths = chains(schedule, lambda _: 1)
    assert lengths == {"a": 3, "b": 3, "c": 2, "d": 1, "e": 2, "f": 1, "g": 1}


def test_a_weight_is_the_storys_points_and_never_less_than_one() -> None:
    plain = story("a")
    assert points(plain) == 1
    assert points(plain.model_copy(update={"points": Fact(8, FILE, 1)})) == 8
    assert points(plain.model_copy(update={"points": Fact(-3, FILE, 1)})) == 1


@given(st.data())
def test_a_chain_is_the_longest_of_all_paths(data: st.DataObject) -> None:
    waves: list[Wave] = []
    for number in range(data.draw(st.integers(1, 5))):
        needs = tuple(f"w{earlier}" for earlier in range(number) if data.draw(st.booleans()))
        names = [f"s{number}x{index}" for index in range(data.draw(st.integers(1, 3)))]
        own = [
            story(name, *(need for need in names[:index] if data.draw(st.booleans())))
            for index, name in enumerate(names)
        ]
        waves.append(wave(f"w{number}", *own, needs=needs, parallel=data.draw(st.booleans())))
    schedule = compiled(*waves)
    before = waves_before(schedule)
    home = schedule.wave_of()
    stories = {item.id: item for item in schedule.stories}

    def longest(name: str) -> int:
        behind = [
            other
            for other, item in stories.items()
            if name in (*item.needs, *item.after) or home[name] in before[home[other]]
        ]
        return 1 + max(map(longest, behind), default=0)

    assert chains(schedule, lambda _: 1) == {name: longest(name) for name in stories}
