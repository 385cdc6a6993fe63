"""A whole campaign without Dagster: what does a commit prove, and what does a repeated step do?"""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.evidence.outcomes import StoryOutcome, WaveOutcome
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.admission import Refused
from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.campaign import Campaign, NoTicket
from radeng_assets.execution.gates import Limits, Showing, never
from radeng_assets.execution.muster import Muster
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.schedule import compile_schedule
from radeng_assets_tests.folders import CHECK, PLAN, PROOFS, commit, write_folder


def campaign(plan: Path, home: Path, target: Path | None, *, timeout_s: float = 60) -> Campaign:
    planning = read_planning(read_sources(plan))
    assert planning.execution_plan is not None
    schedule, _ = compile_schedule(planning.execution_plan)
    assert schedule is not None
    muster = Muster(
        plan=planning.execution_plan,
        name="plan",
        verification=planning.verification,
        home=home,
        target=str(target) if target else None,
        limits=Limits(timeout_s=timeout_s, output_bytes=10_000),
        policy=AgentPolicy(),
        stopping=never,
    )
    return Campaign(
        plan=planning.execution_plan,
        schedule=schedule,
        execution_digest=planning.digest,
        ledger=muster.ledger,
        runtime=muster.nobody(),
    )


def walk(campaign: Campaign, session: str = "s") -> dict[str, WaveOutcome]:
    outcomes: dict[str, WaveOutcome] = {}
    for wave in campaign.schedule.waves:
        campaign.open_wave(wave.id, session)
        for story in wave.stories:
            campaign.carry_out(wave.id, story.id, session)
        outcomes[wave.id] = campaign.close_wave(wave.id, session)
    return outcomes


def stories(outcomes: dict[str, WaveOutcome]) -> dict[str, StoryOutcome]:
    return {story.story: story for wave in outcomes.values() for story in wave.stories}


def statuses(outcomes: dict[str, WaveOutcome]) -> dict[str, str]:
    return {name: story.status for name, story in stories(outcomes).items()}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


class TestNone:
    """What does the commit prove as it is?"""

    def test_all_of_it(self, plan_folder: Path, target: Path, home: Path) -> None:
        this = campaign(plan_folder, home, target)
        outcomes = walk(this)
        assert set(statuses(outcomes).values()) == {"already_satisfied"}
        assert {wave.gate for wave in outcomes.values()} == {"passed"}
        assert this.final_gate("s").state == "passed"
        for story in stories(outcomes).values():
            assert [item.state for item in story.criteria] == ["passed"]
            for digest in story.evidence:
                envelope = EvidenceStore(home).get_envelope(digest)
                assert envelope.subject.commit == story.commit
                assert envelope.state == "passed"
        assert this.ledger.verify() == ()

    def test_a_removed_file(self, plan_folder: Path, target: Path, home: Path) -> None:
        (target / "docs" / "use.md").unlink()
        commit(target, "Remove the documentation")
        outcomes = walk(campaign(plan_folder, home, target))
        assert statuses(outcomes) == {
            "A-1": "already_satisfied",
            "A-2": "failed",
            "B-1": "already_satisfied",  # no wave waits for another here
        }
        assert "docs/*.md" in stories(outcomes)["A-2"].reason
        assert {name: wave.gate for name, wave in outcomes.items()} == {"wave-1": "failed", "wave-2": "passed"}

    def test_a_file_that_is_only_in_the_checkout(self, plan_folder: Path, target: Path, home: Path) -> None:
        (target / "docs" / "use.md").unlink()
        commit(target, "Remove the documentation")
        (target / "docs").mkdir(exist_ok=True)
        (target / "docs" / "use.md").write_text("not committed", encoding="utf-8")
        assert statuses(walk(campaign(plan_folder, home, target)))["A-2"] == "failed"

    def test_a_broken_test(self, plan_folder: Path, target: Path, home: Path) -> None:
        (target / "counter.py").write_text("def count(n):\n    return n\n", encoding="utf-8")
        commit(target, "Break it")
        outcomes = walk(campaign(plan_folder, home, target))
        assert set(statuses(outcomes).values()) == {"failed"}
        assert {wave.gate for wave in outcomes.values()} == {"failed"}

    @pytest.mark.parametrize("phase", ["pre_story", "post_story"])
    def test_a_gate_command_that_is_gone(self, phase: str, target: Path, home: Path, tmp_path: Path) -> None:
        plan = write_folder(tmp_path / "p", PLAN.replace(f'{phase}: ["{CHECK}"', f'{phase}: ["no-such-runner"'))
        outcomes = walk(campaign(plan, home, target))
        assert set(statuses(outcomes).values()) == {"blocked"}
        assert "no-such-runner" in stories(outcomes)["A-1"].reason
        assert {wave.gate for wave in outcomes.values()} == {"failed"}

    @pytest.mark.parametrize("phase", ["pre_story", "post_story", "post_wave"])
    def test_an_empty_gate(self, phase: str, target: Path, home: Path, tmp_path: Path) -> None:
        empty = PLAN.replace(f'{phase}: ["{CHECK}"]', f"{phase}: []")
        outcomes = walk(campaign(write_folder(tmp_path / "p", empty), home, target))
        assert {wave.gate for wave in outcomes.values()} == {"failed"}
        waived = empty.replace("quality_gate_required: true", "quality_gate_required: false")
        outcomes = walk(campaign(write_folder(tmp_path / "q", waived), home, target), "another")
        assert {wave.gate for wave in outcomes.values()} == {"passed"}

    def test_a_post_wave_gate_that_fails(self, target: Path, home: Path, tmp_path: Path) -> None:
        plan = write_folder(tmp_path / "p", PLAN.replace(f'post_wave: ["{CHECK}"', 'post_wave: ["false"'))
        outcomes = walk(campaign(plan, home, target))
        assert set(statuses(outcomes).values()) == {"already_satisfied"}
        assert {wave.gate for wave in outcomes.values()} == {"failed"}

    def test_a_gate_that_does_not_end(self, target: Path, home: Path, tmp_path: Path) -> None:
        plan = write_folder(tmp_path / "p", PLAN.replace(f'pre_story: ["{CHECK}"', 'pre_story: ["sleep 600"'))
        outcomes = walk(campaign(plan, home, target, timeout_s=1))
        assert set(statuses(outcomes).values()) == {"blocked"}
        assert "did not end" in stories(outcomes)["A-1"].reason

    def test_a_criterion_without_proof(self, target: Path, home: Path, tmp_path: Path) -> None:
        plan = write_folder(tmp_path / "p", PLAN, PROOFS.partition("  B-1:")[0])
        outcomes = walk(campaign(plan, home, target))
        assert statuses(outcomes)["B-1"] == "blocked"
        assert "verification.yaml" in stories(outcomes)["B-1"].reason
        assert statuses(outcomes)["A-1"] == "already_satisfied"

    def test_a_story_without_criteria(self, target: Path, home: Path, tmp_path: Path) -> None:
        plan = write_folder(tmp_path / "p", PLAN.replace('["It is published"]', "[]"), PROOFS.partition("  B-1:")[0])
        assert statuses(walk(campaign(plan, home, target)))["B-1"] == "blocked"

    def test_a_setup_that_fails_shows_nothing(self, target: Path, home: Path, tmp_path: Path) -> None:
        plan = write_folder(tmp_path / "p", PLAN, f'workspace: {{setup: ["false"]}}\n{PROOFS}')
        outcomes = walk(campaign(plan, home, target))
        assert set(statuses(outcomes).values()) == {"blocked"}
        assert "setup" in stories(outcomes)["A-1"].reason

    def test_a_setup_makes_the_worktree_runnable(self, target: Path, home: Path, tmp_path: Path) -> None:
        made = PLAN.replace(f'post_story: ["{CHECK}"', 'post_story: ["test -f made"')
        plan = write_folder(tmp_path / "p", made, f'workspace: {{setup: ["touch made"]}}\n{PROOFS}')
        assert set(statuses(walk(campaign(plan, home, target))).values()) == {"already_satisfied"}

    def test_each_list_of_commands_runs_once_a_session(self, plan_folder: Path, target: Path, home: Path) -> None:
        this = campaign(plan_folder, home, target)
        walk(this)
        assert len(list(this.ledger.entries("showing"))) == 1  # all gates and proofs are one command here
        walk(this, "another session asks anew")
        assert len(list(this.ledger.entries("showing"))) == 2

    def test_commands_of_a_gate_stop_at_the_first_that_fails(self, target: Path, home: Path, tmp_path: Path) -> None:
        plan = write_folder(tmp_path / "p", PLAN.replace(f'pre_story: ["{CHECK}"', 'pre_story: ["false", "true"'))
        this = campaign(plan, home, target)
        walk(this)
        shown = [Showing.model_validate(entry.body) for entry in this.ledger.entries("showing")]
        (failed,) = [item for item in shown if item.state == "failed"]
        assert len(failed.evidence) == 1
        assert "1 not run" in failed.reason

    def test_the_commit_is_pinned_when_the_wave_opens(self, plan_folder: Path, target: Path, home: Path) -> None:
        this = campaign(plan_folder, home, target)
        ticket = this.open_wave("wave-1", "s")
        (target / "counter.py").unlink()
        commit(target, "Remove the counter")
        outcome = this.carry_out("wave-1", "A-1", "s")
        assert outcome.commit == ticket.commit
        assert outcome.status == "already_satisfied"


class TestRehearsal:
    """The walk without target or agent."""

    def test_it_walks_in_order_and_shows_nothing(self, plan_folder: Path, home: Path) -> None:
        this = campaign(plan_folder, home, None)
        outcomes = walk(this)
        assert set(statuses(outcomes).values()) == {"rehearsed"}
        assert {wave.gate for wave in outcomes.values()} == {"rehearsed"}
        assert this.final_gate("s").state == "rehearsed"
        assert {item.state for story in stories(outcomes).values() for item in story.criteria} == {"rehearsed"}
        assert not (home / "evidence").exists()

    def test_a_wave_is_refused_until_what_it_needs_was_walked(self, plan_folder: Path, home: Path) -> None:
        this = campaign(plan_folder, home, None)
        with pytest.raises(Refused) as refusal:
            this.open_wave("wave-2", "s")
        assert refusal.value.run_first == ("wave-1",)
        assert len(refusal.value.reasons) == 2  # the wave, and the story A-1 of it
        this.open_wave("wave-1", "s")
        for story in ("A-1", "A-2"):
            this.carry_out("wave-1", story, "s")
        with pytest.raises(Refused):
            this.open_wave("wave-2", "s")  # wave-1 was not closed
        this.close_wave("wave-1", "s")
        assert this.open_wave("wave-2", "s").wave == "wave-2"

    def test_a_story_whose_predecessor_was_not_walked_is_blocked(self, plan_folder: Path, home: Path) -> None:
        this = campaign(plan_folder, home, None)
        this.open_wave("wave-1", "s")
        first = this.carry_out("wave-1", "A-1", "s")
        this.ledger.append("story", first.model_copy(update={"status": "blocked"}))
        assert this.carry_out("wave-1", "A-2", "s").status == "blocked"
        assert this.close_wave("wave-1", "s").gate == "blocked"

    def test_a_missing_story_does_not_close_a_wave(self, plan_folder: Path, home: Path) -> None:
        this = campaign(plan_folder, home, None)
        this.open_wave("wave-1", "s")
        this.carry_out("wave-1", "A-1", "s")
        assert this.close_wave("wave-1", "s").gate == "blocked"

    def test_a_step_without_an_open_wave(self, plan_folder: Path, home: Path) -> None:
        with pytest.raises(NoTicket):
            campaign(plan_folder, home, None).carry_out("wave-1", "A-1", "s")

    def test_another_plan_opens_nothing_here(self, plan_folder: Path, home: Path, tmp_path: Path) -> None:
        walk(campaign(plan_folder, home, None))
        edited = write_folder(tmp_path / "edited", PLAN.replace("points: 2", "points: 5"))
        with pytest.raises(Refused):
            campaign(edited, home, None).open_wave("wave-2", "t")
