"""The three scopes within their budgets, and a conversation whose pairs stay whole."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.distribution import bundled
from radeng_assets.execution.agents.claude.conversation import ELIDED, messages_of
from radeng_assets.execution.agents.claude.journal import Note
from radeng_assets.execution.agents.claude.memory import Budgets, estimate, fitted, memory_of
from radeng_assets.execution.brief import Brief, BriefCriterion, BriefTask, Failure
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.located import values


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
    messages = messages_of(notes, budget)
    assert [message["role"] for message in messages] == ["user", *["assistant", "user"] * len(turns)]
    for said, told in zip(messages[1::2], messages[2::2], strict=True):
        assert [block["id"] for block in said["content"]] == [block["tool_use_id"] for block in told["content"]]
    if turns:
        assert all(block["content"] != ELIDED for block in messages[-1]["content"])
        kept = [b["content"] for m in messages[2:-1:2] for b in m["content"] if b["content"] != ELIDED]
        assert sum(map(estimate, kept)) <= 2 * budget + 3 * 4000
