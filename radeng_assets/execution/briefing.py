"""Making a brief: what the plan, its proofs and the attempt before say of one story."""

from __future__ import annotations

from radeng_assets.execution.brief import Brief, BriefCriterion, BriefTask, Failure
from radeng_assets.execution.proof import Examiner
from radeng_assets.planning.documents.execution_plan import ExecutionPlan, Story
from radeng_assets.planning.located import values


def brief_of(
    story: Story,
    *,
    plan: ExecutionPlan,
    name: str,
    wave: str,
    attempt: int,
    scope: tuple[str, ...],
    examiner: Examiner,
    failures: tuple[Failure, ...],
) -> Brief:
    """The brief of one attempt."""
    limits = plan.constraints
    constraints = [
        f"test coverage at least {limits.test_coverage_minimum.value:.0%}" if limits.test_coverage_minimum else "",
        f"type errors allowed: {limits.typecheck_errors_allowed.value}" if limits.typecheck_errors_allowed else "",
    ]
    return Brief(
        plan=name,
        wave=wave,
        story=story.id.value,
        title=story.title.value if story.title else story.id.value,
        role=story.agent.value if story.agent else "developer",
        attempt=attempt,
        points=story.points.value if story.points else None,
        vision=plan.vision.value if plan.vision else "",
        constraints=tuple(text for text in constraints if text),
        needs=values(story.dependencies),
        tasks=tuple(
            BriefTask(
                id=task.id.value,
                description=task.description.value if task.description else "",
                files=values(task.files),
                command=task.command.value if task.command else "",
            )
            for task in story.tasks
        ),
        scope=scope,
        criteria=tuple(
            BriefCriterion(number=number, text=text.value, proofs=examiner.proofs(story, number))
            for number, text in enumerate(story.criteria, start=1)
        ),
        gates=plan.gates.commands("post_story"),
        failures=failures,
    )
