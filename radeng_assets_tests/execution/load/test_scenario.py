"""The scenario: the same each time, a conversation that goes on, and faults as often as it says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from radeng_assets.execution.load.limits import REFERENCE, Limit, limit_at, limits_of
from radeng_assets.execution.load.report import Faults
from radeng_assets.execution.load.scenario import LATEST_RESET, Scenario
from radeng_assets.execution.standin.reply import Reply, events
from radeng_assets.planning.folder import read_planning, read_sources

SCENARIO = Scenario(agents=100, turns=30)


def replies(scenario: Scenario) -> list[Reply]:
    return [scenario.reply(name, turn) for name in scenario.names for turn in range(1, scenario.turns + 1)]


def test_a_seed_says_everything_and_another_something_else() -> None:
    assert replies(SCENARIO) == replies(Scenario(agents=100, turns=30))
    assert replies(SCENARIO) != replies(SCENARIO.model_copy(update={"seed": 5}))


def test_latencies_are_spread_and_faults_as_often_as_said() -> None:
    answers = replies(SCENARIO)
    delays = [reply.delay_s for reply in answers if reply.fault is None]
    assert 1.0 <= min(delays) < 1.05
    assert 3.95 < max(delays) <= 4.0
    kinds = Counter(reply.fault.status if reply.fault.kind == "status" else 0 for reply in answers if reply.fault)
    assert kinds.keys() == {429, 529, 0}
    # 3000 tries: 60 and 30 are expected, and five standard deviations are 38 and 27.
    assert 22 < kinds[429] + kinds[529] < 98
    assert 3 < kinds[0] < 57
    resets = {reply.fault.at for reply in answers if reply.fault and reply.fault.kind == "reset"}
    assert resets <= set(range(LATEST_RESET + 1))
    assert 0 in resets
    assert max(resets) > 0


def test_a_reset_comes_before_the_end_of_every_stream() -> None:
    calm = SCENARIO.model_copy(update={"throttled": 0.0, "resets": 0.0})
    for turn in range(1, calm.turns + 1):
        assert len(list(events(calm.reply("agent-1", turn), 1, "m"))) > LATEST_RESET


def test_faults_are_counted_until_a_turn_is_answered_or_given_up() -> None:
    calm = SCENARIO.model_copy(update={"throttled": 0.0, "resets": 0.0})
    assert calm.faults == Faults()
    assert SCENARIO.faults.throttled > 0 < SCENARIO.faults.resets
    hopeless = Scenario(agents=2, turns=10, throttled=1.0, resets=0.0)
    assert hopeless.faults == Faults(throttled=2 * 10 * 6)


def test_an_agent_is_given_files_and_leaves_more() -> None:
    assert set(Scenario(agents=1, turns=10).files) == {
        "README.md",
        "parts/part_0.py",
        "notes/part_0.md",
        "parts/part_1.py",
    }
    assert SCENARIO.files["parts/part_3.py"].startswith("MOST = 3\n")


class TestLimits:
    """What a level must stay under."""

    def test_those_of_the_reference_plan(self, real_folder: Path) -> None:
        testing = read_planning(read_sources(real_folder)).testing_requirements
        assert testing is not None
        assert limits_of(testing.load) == REFERENCE

    def test_a_level_between_two_is_held_to_the_one_below(self) -> None:
        assert [limit_at(n, REFERENCE).agents for n in (1, 10, 49, 50, 99, 100, 500)] == [10, 10, 10, 50, 50, 100, 100]

    def test_half_a_criterion_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "TESTING-REQUIREMENTS.md").write_text(
            "# T\n\n## Load\n\n- 7 agents: < 3% error rate, < 250ms p99 latency\n- 9 agents: < 3% error rate\n", "utf-8"
        )
        testing = read_planning(read_sources(tmp_path)).testing_requirements
        assert testing is not None
        assert limits_of(testing.load) == (Limit(agents=7, error_rate=0.03, p99_s=0.25),)
