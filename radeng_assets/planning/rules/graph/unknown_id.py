"""References to gaps, risks and stories that are not there. The schedule finds the execution plan's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each reference. References into a document that lists nothing are not judged."""
    gaps, risks, plan, master = documents.gaps, documents.risks, documents.plan, documents.master
    known_gaps, known_risks = documents.gap_of.keys(), documents.risk_of.keys()
    for gap in gaps.gaps:
        yield from _unknown("gap", gap.id.value, gap.dependencies, known_gaps)
    for edge in gaps.dependencies:
        yield from _unknown("gap", "the dependency graph", (edge.gap,), known_gaps)
        yield from _unknown("gap", edge.gap.value, edge.needs, known_gaps)
    for group in (*gaps.tiers, *gaps.waves):
        yield from _unknown("gap", group.name.value, group.gaps, known_gaps)
    for row in documents.readme.blocking_issues:
        yield from _unknown("gap", row.issue.value, row.gaps, known_gaps)
    for cell in risks.matrix:
        yield from _unknown("risk", f"the matrix ({cell.probability} x {cell.impact})", cell.risks, known_risks)
    for response in risks.responses:
        yield from _unknown("risk", f"the response {response.kind.value}", response.risks, known_risks)
    for section in documents.readme.documents:
        for claim in section.ids:
            yield from _unknown("risk", f"{documents.readme.file}: {claim.label.value}", claim.ids, known_risks)
    for story in plan.stories:
        yield from _unknown("gap", story.id.value, story.addresses, known_gaps)
        yield from _unknown("risk", story.id.value, story.mitigates, known_risks)
    for entry in documents.verification.stories:
        yield from _unknown("gap", entry.story.value, entry.addresses, known_gaps)
        yield from _unknown("risk", entry.story.value, entry.mitigates, known_risks)
    known_stories = documents.told_of.keys() | documents.story_of.keys()
    for told in master.stories:
        yield from _unknown("story", told.id.value, told.dependencies, known_stories)
    for item in master.tracker:
        yield from _unknown("story", item.id.value, item.dependencies, known_stories)
    known_waves = {wave.id.value for wave in plan.waves}
    yield from _unknown("wave", "wave_status", (status.wave for status in plan.wave_status), known_waves)


def _unknown(kind: str, subject: str, ids: Iterable[Fact[str]], known: Collection[str]) -> Iterator[Issue]:
    for fact in ids if known else ():
        if fact.value not in known:
            message = f"{subject} names the {kind} {fact.value!r} ({fact.at}), which no document describes."
            yield Issue(fact.value, message, (fact.at,), f"Correct the id, or describe the {kind}.")


RULE = Rule(
    id="unknown-id",
    severity="error",
    why="A reference to something that nobody described is either a slip of the keyboard or a part of the plan "
    "that was lost.",
    example="SEC-003 names the gap 'SEC-009' (COMPREHENSIVE-GAP-ANALYSIS.yaml:559), which no document describes.",
    check=check,
)
