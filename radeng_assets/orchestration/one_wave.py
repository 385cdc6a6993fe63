"""What a run of one wave leaves out: the stories of the plan's other waves.

The graph holds the whole plan, because the partition is known only when a run starts. Were the others skipped,
each would cost an event in Dagster's log, and a wave of a plan of 500 stories would begin with seconds of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import dagster as dg
from dagster._core.execution.context.system import PlanOrchestrationContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.system_config.objects import ResolvedRunConfig

from radeng_assets.orchestration.names import PARTITION_TAG, STORY_OUTPUTS
from radeng_assets.planning.schedule import Schedule


def foreign_steps(schedule: Schedule, wave: str | None) -> frozenset[str]:
    """The step keys of other waves' stories; none where a run is not one wave's."""
    if wave not in {known.id for known in schedule.waves}:
        return frozenset()
    others = (story for other in schedule.waves if other.id != wave for story in other.stories)
    return frozenset(f"{STORY_OUTPUTS}.{story.node}" for story in others)


def ops_of(job: dg.JobDefinition, schedule: Schedule, wave: str) -> list[str]:
    """What an execution in this process is to select of the wave job, so that it runs this wave's steps alone."""
    foreign = foreign_steps(schedule, wave)
    names = (name for node in job.graph.nodes for name in _names(node.name, node.definition))
    return [name for name in names if name not in foreign]


def _names(name: str, definition: dg.NodeDefinition) -> Iterator[str]:
    if isinstance(definition, dg.GraphDefinition):
        yield from (f"{name}.{inner.name}" for inner in definition.nodes)
    else:
        yield name


def without_foreign_steps(base: dg.ExecutorDefinition, schedule: Schedule) -> dg.ExecutorDefinition:
    """An executor that carries out only the steps of its run's own wave."""
    create = cast("Callable[[dg.InitExecutorContext], dg.Executor]", base.executor_creation_fn)

    def create_for_one_wave(context: dg.InitExecutorContext) -> dg.Executor:
        # The executor itself and not another one around it: Celery's asks its run's for more than Dagster's protocol.
        executor = create(context)
        execute_all = executor.execute

        def execute(plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan) -> Iterator[dg.DagsterEvent]:
            run, job = plan_context.dagster_run, plan_context.job.get_definition()
            foreign = foreign_steps(schedule, run.tags.get(PARTITION_TAG))
            keys = [key for key in execution_plan.step_keys_to_execute if key not in foreign]
            config = ResolvedRunConfig.build(job, run.run_config)
            return execute_all(plan_context, execution_plan.build_subset_plan(keys, job, config))

        executor.execute = execute
        return executor

    return dg.ExecutorDefinition(
        name=base.name,
        config_schema=base.config_schema,  # pyright: ignore[reportArgumentType]  # Dagster takes one that is resolved too
        requirements=base.get_requirements,
        executor_creation_fn=create_for_one_wave,
        description=base.description,
    )
