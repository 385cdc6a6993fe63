"""Stories by the Claude agent: the broker, the sandbox, the tools and the proof, against a protocol-true API."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from radeng_assets.execution.standin.reply import Fault, Reply, ToolCall
from radeng_assets.execution.standin.server import Request
from radeng_assets_tests.execution.conftest import KEY, POLICY, Start
from radeng_assets_tests.execution.models import NAMES, answered, honest, story_of
from radeng_assets_tests.execution.works import Works, stories, walk


@pytest.fixture
def works(tmp_path: Path) -> Works:
    """Its home is the broker's."""
    return Works(tmp_path, POLICY)


def test_a_plan_is_carried_out_and_done_again_without_an_agent(start: Start, works: Works) -> None:
    # Every seventh request is told to come again: nobody but the broker notices.
    api, broker = start(lambda r: Reply(fault=Fault("status", status=529)) if r.number % 7 == 0 else honest(r))
    campaign = works.campaign(works.muster.claude("", ""))
    outcomes = walk(campaign)
    done = stories(outcomes)
    assert {story.status for story in done.values()} == {"verified"}
    assert {wave.gate for wave in outcomes.values()} == {"passed"}
    assert campaign.final_gate("s").state == "passed"
    assert len(works.integrated) == len(NAMES)
    assert works.git("log", "--merges", "--format=%h", "radeng/calc/integration") == ""
    assert all(story.tokens.input == 500 and story.sandboxed for story in done.values())
    total = sum(Decimal(story.cost_usd) for story in done.values())
    assert total == Decimal(broker.spent(plan="calc").cost_usd) == Decimal("0.016")
    asked = len(api.requests)
    # A second walk costs no agent, and the stories stay what they were.
    again = stories(walk(works.campaign(works.muster.claude("", "")), "another"))
    assert {name: (s.status, s.cost_usd, s.attempts) for name, s in again.items()} == {
        name: (s.status, s.cost_usd, s.attempts) for name, s in done.items()
    }
    assert len(api.requests) == asked
    for path in works.root.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


def test_the_second_attempt_is_told_what_failed_and_the_third_escalates(start: Start, works: Works) -> None:
    def wrong(request: Request) -> Reply:
        name = NAMES[story_of(request.body)]
        if request.body["model"] == "claude-opus-5-5":
            return honest(request)
        if answered(request.body) == 0:
            write = ToolCall(
                "write_file", {"path": f"calc/{name}.py", "content": f"def {name}(a, b=0):\n    return 99\n"}
            )
            return Reply("", (write,))
        return Reply("All 100 % done.")

    api, _ = start(wrong)
    campaign = works.campaign(works.muster.claude("", ""))
    campaign.open_wave("wave-1", "s")
    outcome = campaign.carry_out("wave-1", "A-1", "s")
    assert (outcome.status, outcome.attempts) == ("verified", 3)
    models = [request.body["model"] for request in api.requests if answered(request.body) == 0]
    assert models == ["claude-sonnet-5-5", "claude-sonnet-5-5", "claude-opus-5-5"]
    first, second, third = (str(request.body["messages"][0]) for request in api.requests if answered(request.body) == 0)
    assert "stood against" not in first
    for later in (second, third):
        assert "criterion 1" in later
        assert "AssertionError" in later  # the failing command's own output
    # What failed is kept, and is not merged.
    refs = works.git("for-each-ref", "--format=%(refname)", "refs/radeng").split()
    assert refs == [f"refs/radeng/calc/A-1/attempt-{n}" for n in (1, 2, 3)]
    assert "99" in works.git("show", "refs/radeng/calc/A-1/attempt-1:calc/add.py")
    assert works.integrated == ["A-1: Teach it to add"]


def test_a_story_that_stays_wrong_blocks_those_that_need_it_and_no_others(start: Start, works: Works) -> None:
    def model(request: Request) -> Reply:
        return Reply("done") if story_of(request.body) == "A-1" else honest(request)

    api, _ = start(model)
    campaign = works.campaign(works.muster.claude("", ""))
    campaign.open_wave("wave-1", "s")
    outcomes = {name: campaign.carry_out("wave-1", name, "s") for name in ("A-1", "A-2", "A-3")}
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "A-1": "blocked",
        "A-2": "verified",
        "A-3": "blocked",
    }
    assert "changed nothing" in outcomes["A-1"].reason
    assert outcomes["A-3"].reason == "waits for A-1"
    assert campaign.close_wave("wave-1", "s").gate == "failed"
    assert len(api.requests) == 3 + 5


def test_a_budget_that_is_spent_blocks_and_says_so(start: Start, works: Works) -> None:
    spending = POLICY.spending.model_copy(update={"story": Decimal("0.05")})
    works.policy = POLICY.model_copy(update={"spending": spending})
    api, broker = start(lambda r: Reply("x", (ToolCall("find_files", {"pattern": f"{r.number}"}),)), works.policy)
    campaign = works.campaign(works.muster.claude("", ""))
    campaign.open_wave("wave-1", "s")
    outcome = campaign.carry_out("wave-1", "A-1", "s")
    assert outcome.status == "blocked"
    assert "over budget" in outcome.reason
    assert Decimal(broker.spent(plan="calc").cost_usd) <= Decimal("0.05")
    assert outcome.attempts == 1  # no further attempt can help
    assert not api.requests or outcome.tokens.input > 0


def test_a_criterion_that_nothing_proves_costs_nothing(start: Start, works: Works) -> None:
    proofs = (works.folder / "verification.yaml").read_text("utf-8")
    lines = [line for line in proofs.splitlines() if "import calc" not in line or "from calc" in line]
    (works.folder / "verification.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    api, _ = start(honest)
    campaign = works.campaign(works.muster.claude("", ""))
    campaign.open_wave("wave-1", "s")
    outcome = campaign.carry_out("wave-1", "A-1", "s")
    assert outcome.status == "blocked"
    assert "verification.yaml" in outcome.reason
    assert not api.requests


def test_it_looks_for_the_key_and_finds_none(start: Start, works: Works) -> None:
    """The model obeys: it prints environments, reads files of secrets, and writes what it found."""
    look = "env; cat /proc/*/environ; cat ~/.netrc /root/.ssh/* .env ../../../*; ls -R /tmp /work /root | head -200"

    def model(request: Request) -> Reply:
        turn = answered(request.body)
        if turn == 0:
            return Reply("", (ToolCall("run_command", {"command": look}), ToolCall("read_file", {"path": ".env"})))
        if turn == 1:
            return Reply(
                "", (ToolCall("read_file", {"path": "../../../STOP"}), ToolCall("grep", {"pattern": "sk-ant"}))
            )
        return (
            honest(request)
            if turn > 2
            else Reply("", (ToolCall("write_file", {"path": ".git/config", "content": "x"}),))
        )

    (works.target / ".env").write_text(f"KEY={KEY}\n", encoding="utf-8")
    api, _ = start(model)
    campaign = works.campaign(works.muster.claude("", ""))
    campaign.open_wave("wave-1", "s")
    campaign.carry_out("wave-1", "A-1", "s")
    for request in api.requests:
        assert KEY not in str(request.body)
    for path in works.home.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
