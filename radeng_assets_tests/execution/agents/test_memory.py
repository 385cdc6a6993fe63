"""The three scopes within their budgets, and a conversation whose pairs stay whole."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.distribution import bundled
from radeng_assets.execution.agents.claude.conversation import ELIDED, messages_of
from radeng_assets.execution.agents.claude.journal import Journal, Note
from radeng_assets.execution.agents.claude.measure import Count, Measured, measured_memory
from radeng_assets.execution.agents.claude.memory import SCOPES, Budgets, Memory, estimate, fitted, memory_of
from radeng_assets.execution.brief import Brief, BriefCriterion, BriefTask, Failure
from radeng_assets.execution.standin.reply import Reply
from radeng_assets.execution.standin.server import StandIn
from radeng_assets.planning.documents.execution_plan import MemoryScope
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.located import values
from radeng_assets_tests.execution.agents.work import Desk, Straight


def largest_story() -> Brief:
    """The story of the reference plan with the most text, in its third attempt after long failures."""
    plan = read_planning(read_sources(bundled("plans") / "rad-engineer-v2")).execution_plan
    assert plan is not None
    story = max(plan.stories, key=lambda story: len(story.model_dump_json()))
    return Brief(
        plan="rad-engineer-v2",
        wave="wave-1",
        story=story.id.value,
        title=story.title.value if story.title else "",
        role="developer",
        attempt=3,
        vision=(plan.vision.value if plan.vision else "") * 20,
        constraints=tuple(f"constraint {n} " * 20 for n in range(20)),
        tasks=tuple(
            BriefTask(id=t.id.value, description=t.description.value if t.description else "", files=values(t.files))
            for t in story.tasks
        ),
        scope=values(story.files),
        criteria=tuple(BriefCriterion(number=n, text=c.value) for n, c in enumerate(story.criteria, start=1)),
        gates=plan.gates.commands("post_story"),
        failures=tuple(
            Failure(
                where=f"gate {n}",
                reason="it failed",
                output="a line of the output that is not short at all, and so there is much of it\n" * 2000,
            )
            for n in range(5)
        ),
    )


def test_each_scope_is_within_its_budget_on_the_largest_story() -> None:
    plan = read_planning(read_sources(bundled("plans") / "rad-engineer-v2")).execution_plan
    assert plan is not None
    budgets = Budgets.of(plan.memory)
    assert (budgets.global_, budgets.task, budgets.local) == (500, 2000, 5000)
    brief = largest_story()
    memory = memory_of(brief, budgets)
    for text, budget in ((memory.global_, 500), (memory.task, 2000), (memory.local, 5000)):
        assert 0 < estimate(text) <= budget
    assert "cut to the budget" in memory.global_
    assert "cut to the budget" in memory.local
    assert f"# {brief.story}: " in memory.task


def test_a_small_brief_is_told_whole() -> None:
    brief = largest_story().model_copy(update={"vision": "One line.", "constraints": ("two",), "failures": ()})
    memory = memory_of(brief, Budgets())
    assert "cut to the budget" not in memory.global_ + memory.task
    assert memory.local == ""


def test_places_in_the_code_come_after_what_failed_and_within_the_budget() -> None:
    brief = largest_story()
    places = tuple(f"src/{number}.ts:{number}-{number + 9} class C{number}" for number in range(12))
    small = brief.model_copy(update={"failures": (Failure(where="gate", reason="it failed"),)})
    local = memory_of(small, Budgets(), places).local
    assert local.index("it failed") < local.index("src/0.ts:0-9 class C0") < local.index("src/11.ts")
    assert estimate(memory_of(brief, Budgets(), places).local) <= Budgets().local
    first = memory_of(brief.model_copy(update={"failures": ()}), Budgets(local=60), places).local
    assert "src/0.ts" in first
    assert "lines cut to the budget" in first
    assert estimate(first) <= 60


@given(st.lists(st.text(max_size=200), max_size=30), st.integers(20, 300))
def test_what_is_fitted_is_within_any_budget(lines: list[str], budget: int) -> None:
    text = fitted(lines, budget)
    assert estimate(text) <= budget
    if estimate("\n".join(lines)) <= budget:
        assert text == "\n".join(lines)


SIZES = st.lists(st.lists(st.integers(0, 4000), min_size=1, max_size=3), max_size=12)


@given(SIZES, st.integers(10, 2000))
def test_every_call_has_its_result_whatever_is_left_out(turns: list[list[int]], budget: int) -> None:
    notes = [Note("opened", {"first": [{"type": "text", "text": "go"}]})]
    for number, sizes in enumerate(turns):
        calls: list[Any] = [
            {"type": "tool_use", "id": f"{number}-{k}", "name": "x", "input": {}} for k in range(len(sizes))
        ]
        notes.append(Note("answered", {"content": calls, "stop_reason": "tool_use"}))
        notes += [
            Note("done", {"id": f"{number}-{k}", "text": "y" * size, "is_error": False}) for k, size in enumerate(sizes)
        ]
    messages = messages_of(notes, Budgets(local=budget))
    assert [message["role"] for message in messages] == ["user", *["assistant", "user"] * len(turns)]
    for said, told in zip(messages[1::2], messages[2::2], strict=True):
        assert [block["id"] for block in said["content"]] == [block["tool_use_id"] for block in told["content"]]
    if turns:
        assert all(block["content"] != ELIDED for block in messages[-1]["content"])
        kept = [b["content"] for m in messages[2:-1:2] for b in m["content"] if b["content"] != ELIDED]
        assert sum(map(estimate, kept)) <= 2 * budget + 3 * 4000


def finished(after: int | None) -> list[Note]:
    """Five turns of 900 tokens each; after one of them the agent reports that a task has ended."""
    notes = [Note("opened", {"first": [{"type": "text", "text": "go"}]})]
    for number in range(5):
        name = "report" if number == after else "grep"
        calls: list[Any] = [{"type": "tool_use", "id": f"{number}", "name": name, "input": {}}]
        notes.append(Note("answered", {"content": calls, "stop_reason": "tool_use"}))
        notes.append(Note("done", {"id": f"{number}", "text": "y" * 2700, "is_error": False}))
    return notes


@pytest.mark.parametrize(
    ("after", "trigger", "left_out"),
    [(3, "After a task", 2), (None, "After a task", 0), (3, "When it is full", 0)],
)
def test_older_results_are_compressed_at_the_plans_trigger(after: int | None, trigger: str, left_out: int) -> None:
    place = {"file": "EXECUTION-PLAN.yaml", "line": 1}
    scope = MemoryScope.model_validate(
        {
            "name": {"value": "local", **place},
            "token_budget": {"value": 2000, **place},
            "compression_trigger": {"value": trigger, **place},
        }
    )
    messages = messages_of(finished(after), Budgets.of([scope]))
    told = [block["content"] for message in messages[2::2] for block in message["content"]]
    assert told.count(ELIDED) == left_out
    assert told[-1] != ELIDED


def counted(brief: Brief, count: Count) -> tuple[Memory, Measured]:
    return asyncio.run(measured_memory(brief, Budgets(), count))


def test_each_scope_is_within_its_budget_by_the_endpoints_count() -> None:
    async def dense(text: str) -> int:
        return len(text)  # a token for each letter: three times the estimate

    memory, measured = counted(largest_story(), dense)
    assert measured.by == "endpoint"
    for scope in SCOPES:
        assert 0 < len(memory.text(scope)) <= Budgets().of_scope(scope)
        assert measured.tokens[scope] == len(memory.text(scope))


def test_what_fits_by_no_count_is_left_out_and_where_nobody_counts_the_estimate_holds() -> None:
    async def absurd(text: str) -> int:
        del text
        return 10**9

    async def nobody(text: str) -> None:
        del text

    memory, measured = counted(largest_story(), absurd)
    assert (memory.global_, memory.task, memory.local) == ("", "", "")
    memory, measured = counted(largest_story(), nobody)
    assert memory == memory_of(largest_story(), Budgets())
    assert measured.by == "estimate"
    assert measured.tokens["task"] == estimate(memory.task)


@pytest.mark.parametrize(("there", "by"), [(True, "endpoint"), (False, "estimate")])
def test_the_agent_asks_the_endpoint_where_there_is_one(tmp_path: Path, there: bool, by: str) -> None:
    with StandIn(lambda _: Reply("done"), counts_tokens=there) as api:
        desk = Desk(tmp_path, lambda _: Straight(api.url))
        assert desk.work().ending == "claimed"
    opened = Journal.open(desk.scratch / "journal.jsonl").last("opened")
    assert opened
    assert Measured.model_validate(opened["measured"]).by == by
