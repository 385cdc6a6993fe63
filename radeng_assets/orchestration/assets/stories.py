"""Story nodes: one lineage node a story, grouped by wave, its acceptance criteria as checks.

The nodes are not executable: the ops of ``story_outputs`` log their materializations (only for what is
proven), observations and check results. The checks can be asked again at any time; they then say what
the ledger says.
"""

from collections.abc import Iterator

import dagster as dg

from radeng_assets.evidence.outcomes import DONE, CriterionOutcome, StoryOutcome
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.orchestration.names import (
    OWNER,
    STORY_OUTPUTS,
    criterion_check,
    story_key,
    wave_group,
)
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.schedule import ScheduledStory, ScheduledWave


def story_nodes(site: Site) -> list[dg.AssetSpec]:
    """A spec for each story; its edges are the plan's own dependencies."""
    known = {story.id for story in site.served.schedule.stories}
    return [
        _node(wave, story, known, site.waits.get(story.id, ""))
        for wave in site.served.schedule.waves
        for story in wave.stories
    ]


def _node(wave: ScheduledWave, story: ScheduledStory, known: set[str], waits: str) -> dg.AssetSpec:
    needs = [need for need in (*story.needs, *story.needs_elsewhere) if need in known]
    plan = story.story
    title = plan.title.value if plan.title else story.id
    criteria = "\n".join(f"{n}. {fact.value}" for n, fact in enumerate(plan.criteria, start=1))
    held = f"It {waits}.\n\n" if waits else ""
    return dg.AssetSpec(
        key=story_key(story.id),
        group_name=wave_group(wave.id),
        deps=[story_key(need) for need in needs] or [dg.AssetKey(STORY_OUTPUTS)],
        description=f"**{story.id}: {title}**\n\n{held}Acceptance criteria:\n\n{criteria}",
        owners=[OWNER],
        kinds={plan.agent.value} if plan.agent else set(),
        metadata={
            "story": story.id,
            "wave": wave.id,
            "points": plan.points.value if plan.points else 0,
            "planned_at": str(plan.id.at),
            **({"waits": waits} if waits else {}),
        },
    )


def last_stories(site: Site) -> list[dg.AssetKey]:
    """The stories that no other story needs: where the waves end in the lineage."""
    stories = site.served.schedule.stories
    needed = {need for story in stories for need in (*story.needs, *story.needs_elsewhere)}
    return [story_key(story.id) for story in stories if story.id not in needed]


def story_events(
    story: ScheduledStory, outcome: StoryOutcome, store: EvidenceStore
) -> Iterator[dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckEvaluation]:
    """What one outcome looks like on the story's node.

    Proven work is a materialization. Everything else (a rehearsal, a failure) is an observation: the node must
    not look done. A rehearsal judged no criterion, so it reports none.
    """
    metadata = {
        "status": outcome.status,
        "mode": outcome.mode,
        "commit": outcome.commit or "(no target)",
        "attempts": outcome.attempts,
        "input_tokens": outcome.tokens.input,
        "output_tokens": outcome.tokens.output,
        "cost_usd": outcome.cost_usd,
        "reason": outcome.reason,
        "evidence": ", ".join(outcome.evidence) or "none",
        **({"changed": outcome.changed} if outcome.changed else {}),
        **({"transcript": _transcript(store, outcome.transcript)} if outcome.transcript else {}),
        **({} if outcome.sandboxed is None else {"sandboxed": outcome.sandboxed}),
    }
    key = story_key(story.id)
    if outcome.status in DONE:
        yield dg.AssetMaterialization(asset_key=key, metadata=metadata)
    else:
        yield dg.AssetObservation(asset_key=key, metadata=metadata)
    if outcome.status == "rehearsed":
        return
    for item in outcome.criteria:
        yield dg.AssetCheckEvaluation(
            asset_key=key,
            check_name=criterion_check(item.number),
            passed=item.state == "passed",
            severity=_severity(item),
            description=_words(item),
            metadata={"state": item.state, "evidence": ", ".join(item.evidence) or "none"},
        )


def _transcript(store: EvidenceStore, digest: str) -> dg.MetadataValue:
    """The file, which the web UI lets a person copy the path of."""
    return dg.MetadataValue.path(str(store.path(digest)))


def _severity(item: CriterionOutcome) -> dg.AssetCheckSeverity:
    """Shown not to hold is an error; not shown either way is a warning. Neither passes."""
    return dg.AssetCheckSeverity.ERROR if item.state == "failed" else dg.AssetCheckSeverity.WARN


def _words(item: CriterionOutcome) -> str:
    return f"{item.text}: {item.reason or item.state}"


def criteria_checks(site: Site) -> dg.AssetChecksDefinition | None:
    """All acceptance criteria as checks of their stories; ``None`` for a plan without any."""
    stories = {story_key(story.id): story for story in site.served.schedule.stories}
    specs = [
        dg.AssetCheckSpec(criterion_check(number), asset=key, description=fact.value)
        for key, story in stories.items()
        for number, fact in enumerate(story.story.criteria, start=1)
    ]
    if not specs:
        return None

    @dg.multi_asset_check(
        name="acceptance_criteria",
        specs=specs,
        can_subset=True,
        description="What the ledger says of each acceptance criterion on the target's commit.",
    )
    def acceptance_criteria(
        context: dg.AssetCheckExecutionContext,
    ) -> Iterator[dg.AssetCheckResult]:
        outcomes = site.case().stories
        for check in sorted(context.selected_asset_check_keys):
            outcome = outcomes.get(stories[check.asset_key].id)
            number = int(check.name.rpartition("_")[2])
            item = next((c for c in outcome.criteria if c.number == number), None) if outcome else None
            yield dg.AssetCheckResult(
                asset_key=check.asset_key,
                check_name=check.name,
                passed=item is not None and item.state == "passed",
                severity=_severity(item) if item else dg.AssetCheckSeverity.WARN,
                description=_words(item) if item else "Nothing is recorded for this commit.",
            )

    return acceptance_criteria
