"""``story_outputs``: the waves as a graph of story ops, one partition a wave, with the gate as its check.

The graph holds every story of the plan. A run leaves other waves' stories out (``one_wave``); where one does not, they
are skipped: the opening op has one optional output a story and emits only those of the partition's wave. Nothing but
order travels along the edges: what a story came to stands in the ledger, the one record that survives a kill.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import dagster as dg
from dagster_shared.utils.warnings import PreviewWarning

from radeng_assets.evidence.outcomes import StoryOutcome, WaveOutcome
from radeng_assets.execution.admission import Refused
from radeng_assets.execution.integration import Diverged
from radeng_assets.orchestration.agent_slot import agent_slot
from radeng_assets.orchestration.assets.stories import story_events
from radeng_assets.orchestration.attendance import halt_with_run
from radeng_assets.orchestration.display import table
from radeng_assets.orchestration.freshness import fresh_for
from radeng_assets.orchestration.names import (
    AGENT_POOL,
    AGENT_TAG,
    OWNER,
    PRIORITY_TAG,
    READS,
    SESSION_TAG,
    STORY_OUTPUTS,
    WAVES,
)
from radeng_assets.orchestration.site import Site
from radeng_assets.orchestration.turn import await_turn
from radeng_assets.planning.chains import chains
from radeng_assets.planning.folder import INTEGRATION_DEPENDENCIES, INTEGRATION_STATUS, POLICY, VERIFICATION
from radeng_assets.planning.schedule import ScheduledStory

WAVE_GATE = "wave_gate"


def session_of(run: dg.DagsterRun) -> str:
    """What ties the runs of one campaign together: the tag that ``radeng run`` sets, else the root run.

    Re-execution after a failure keeps its root run, and so what was shown already.
    """
    return run.tags.get(SESSION_TAG) or run.root_run_id or run.run_id


def wave_partitions(site: Site) -> dg.StaticPartitionsDefinition:
    """One partition a wave, in the plan's order of work."""
    return dg.StaticPartitionsDefinition([wave.id for wave in site.served.schedule.waves])


def story_outputs(site: Site, partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """The graph-backed asset."""
    schedule = site.served.schedule
    opening = _opening_op(site)
    urgency = chains(schedule)
    ops = {story.id: _story_op(site, story, urgency[story.id]) for story in schedule.stories}
    closing = _closing_op(site)

    @dg.graph(name=STORY_OUTPUTS, ins={"execution_plan": dg.GraphIn()}, out=dg.GraphOut())
    def graph(execution_plan: Any) -> Any:
        # Every op's name is its story's node name, and so are the opening op's outputs.
        tickets = opening(execution_plan=execution_plan)
        done: dict[str, Any] = {}
        for story in schedule.stories:
            ticket = getattr(tickets, story.node) if len(schedule.stories) > 1 else tickets
            before = [done[need] for need in dict.fromkeys((*story.needs, *story.after))]
            done[story.id] = ops[story.id](ticket=[ticket, *before])
        return closing(list(done.values()))

    definition = dg.AssetsDefinition.from_graph(
        graph,
        keys_by_input_name={"execution_plan": dg.AssetKey("execution_plan")},
        keys_by_output_name={"result": dg.AssetKey(STORY_OUTPUTS)},
        partitions_def=partitions,
        group_name=WAVES,
        descriptions_by_output_name={
            "result": "What became of a wave's stories: status, proof and cost of each, and the wave's gate."
        },
    )
    return definition.map_asset_specs(
        lambda spec: spec.replace_attributes(
            owners=[OWNER], kinds={"git"}, freshness_policy=fresh_for(site.policy.freshness.max_age_days)
        ).merge_attributes(metadata={READS: [VERIFICATION, POLICY, INTEGRATION_STATUS, INTEGRATION_DEPENDENCIES]})
    )


def _opening_op(site: Site) -> dg.OpDefinition:
    schedule = site.served.schedule

    @dg.op(
        name="open_wave",
        description="Opens a wave: refuses unless all that it depends on is done, then pins the commit.",
        ins={"execution_plan": dg.In(dg.Nothing)},
        out={story.node: dg.Out(dg.Nothing, is_required=False) for story in schedule.stories},
    )
    def open_wave(context: dg.OpExecutionContext) -> Iterator[dg.Output[None]]:
        halt_with_run()
        await_turn(site, context)
        wave = schedule.wave(context.partition_key)
        if site.policy.audit_blocks and (refusal := site.audit().refusal()):
            raise dg.Failure(description=f"{wave.id} cannot open: {refusal}", allow_retries=False)
        try:
            ticket = site.campaign.open_wave(wave.id, session_of(context.run))
        except Refused as refusal:
            raise dg.Failure(
                description=str(refusal),
                metadata={"run_first": ", ".join(refusal.run_first)},
                allow_retries=False,
            ) from None
        except Diverged as diverged:
            raise dg.Failure(description=f"{wave.id} cannot open: {diverged}", allow_retries=False) from None
        context.log.info(f"{wave.id} is open in mode {ticket.mode} at commit {ticket.commit}")
        for story in wave.stories:
            yield dg.Output(None, story.node)

    return open_wave


def _story_op(site: Site, story: ScheduledStory, urgency: int) -> dg.OpDefinition:
    """``urgency`` decides which of the stories that wait for an agent has the next one."""

    @dg.op(
        name=story.node,
        description=story.story.title.value if story.story.title else story.id,
        ins={"ticket": dg.In(dg.Nothing)},
        out=dg.Out(dg.Nothing),
        pool=AGENT_POOL,
        tags={AGENT_TAG: "1", PRIORITY_TAG: str(urgency), "radeng/story": _tag(story.id)},
    )
    def carry_out(context: dg.OpExecutionContext) -> None:
        halt_with_run()
        _carry_out(site, story, context)

    return carry_out


def _carry_out(site: Site, story: ScheduledStory, context: dg.OpExecutionContext) -> None:
    outcome = site.campaign.carry_out(
        context.partition_key, story.id, session_of(context.run), context.log.info, context.run_id
    )
    context.log.info(f"{story.id}: {outcome.status}. {outcome.reason}")
    for event in story_events(story, outcome, site.home.store):
        context.log_event(event)  # pyright: ignore[reportArgumentType]  # its annotation lacks check evaluations


def _tag(value: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", value)


def _closing_op(site: Site) -> dg.OpDefinition:
    @dg.op(
        name="close_wave",
        description="Closes a wave: runs its post_wave gate and records what became of its stories. "
        "Where agents left stories undone it fails, and a re-execution from failure carries those out again.",
        ins={"done": dg.In(dg.Nothing)},
        out=dg.Out(WaveOutcome),
    )
    def close_wave(context: dg.OpExecutionContext) -> dg.Output[WaveOutcome]:
        halt_with_run()
        wave, session = context.partition_key, session_of(context.run)
        _carry_out_again(site, context)
        outcome = site.campaign.close_wave(wave, session, context.run_id)
        metadata = _wave_metadata(outcome)
        if outcome.gate != "passed" and site.campaign.delivers:
            # The step that fails is the one that a re-execution runs, so it is this one and not the check after it.
            context.log_event(_evaluation(outcome))  # pyright: ignore[reportArgumentType]  # as above
            raise dg.Failure(f"The gate of {wave} is {outcome.gate}: {outcome.reason}", metadata, allow_retries=False)
        return dg.Output(outcome, metadata=metadata)

    return close_wave


def _carry_out_again(site: Site, context: dg.OpExecutionContext) -> None:
    """In a run that was re-executed from failure: the stories that are not done, whose own steps are no part of it.

    A step that left a story undone has not failed, or nothing that only comes after it could go on.
    """
    steps = context.run.step_keys_to_execute
    if steps is None or not site.campaign.delivers:
        return
    wave = site.served.schedule.wave(context.partition_key)
    undone = site.campaign.undone(wave.id, session_of(context.run))
    left = [story for story in wave.stories if story.id in undone and f"{STORY_OUTPUTS}.{story.node}" not in steps]
    with agent_slot(context) if left else nullcontext():
        for story in left:
            _carry_out(site, story, context)


def _evaluation(outcome: WaveOutcome) -> dg.AssetCheckEvaluation:
    """A gate that did not pass, as the check that comes after it would have said."""
    result = gate_result(outcome)
    return dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey(STORY_OUTPUTS),
        check_name=WAVE_GATE,
        passed=result.passed,
        severity=result.severity,
        description=result.description,
        metadata=result.metadata,
        blocking=True,
        partition=outcome.wave,
    )


def _wave_metadata(outcome: WaveOutcome) -> dict[str, Any]:
    return {
        "gate": outcome.gate,
        "mode": outcome.mode,
        "commit": outcome.commit or "(no target)",
        "reason": outcome.reason,
        "stories": table(
            ("story", "status", "criteria shown", "attempts", "cost (USD)", "reason"),
            (_row(story) for story in outcome.stories),
        ),
    }


def _row(story: StoryOutcome) -> tuple[str | int, ...]:
    shown = sum(1 for item in story.criteria if item.state == "passed")
    return (
        story.story,
        story.status,
        f"{shown} of {len(story.criteria)}",
        story.attempts,
        story.cost_usd,
        story.reason,
    )


def wave_gate(site: Site, partitions: dg.PartitionsDefinition[str]) -> dg.AssetChecksDefinition:
    """The blocking check behind which everything waits that needs the wave."""
    with warnings.catch_warnings():
        # A partitioned check is a preview API of Dagster 1.13; pinned, and proved in the tests.
        warnings.simplefilter("ignore", PreviewWarning)

        @dg.asset_check(
            asset=STORY_OUTPUTS,
            name=WAVE_GATE,
            description="Every story of the wave is done and its post_wave gate passed.",
            blocking=True,
            partitions_def=partitions,
        )
        def check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
            outcome = site.campaign.wave_outcome(context.partition_key, session_of(context.run))
            return gate_result(outcome)

    return check


def gate_result(outcome: WaveOutcome | None) -> dg.AssetCheckResult:
    """A wave's outcome as its check.

    A rehearsal shows nothing, so its gate does not pass; it is a warning, on which the walk goes on.
    """
    if outcome is None:
        return dg.AssetCheckResult(passed=False, description="The wave has no recorded outcome.")
    rehearsed = outcome.gate == "rehearsed"
    return dg.AssetCheckResult(
        passed=outcome.gate == "passed",
        severity=dg.AssetCheckSeverity.WARN if rehearsed else dg.AssetCheckSeverity.ERROR,
        description=outcome.reason or f"gate {outcome.gate}",
        metadata={"gate": outcome.gate, "evidence": ", ".join(outcome.evidence) or "none"},
    )
