"""The master plan's scope, line by line, against the work that the plans hold, and against its own total."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.documents.execution_plan import UI_TRACK
from radeng_assets.planning.documents.master_plan import ScopeClaim
from radeng_assets.planning.located import Place
from radeng_assets.planning.rules.documents import Documents, present, wave_key
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, says
from radeng_assets.planning.rules.words import same_title


def check(documents: Documents) -> Iterator[Issue]:
    """Sums that do not make the total, the same block told differently, and blocks that no story carries."""
    yield from _sums(documents)
    for claim in documents.master.scope:
        yield from _block(documents, claim)
    yield from _picture(documents)


def _sums(documents: Documents) -> Iterator[Issue]:
    master = documents.master
    points = present(claim.points for claim in master.scope)
    if len(points) > 1:
        total = Stated(sum(point.value for point in points), "sum of the scope", tuple(point.at for point in points))
        said = [*says(master.claimed_points, "claimed in"), total]
        yield from contradiction("scope: points", "Points of the whole scope", said, "Add the scope up again.")
    # A block that comes in phases instead of stories counts its phases.
    parts = present(claim.stories or claim.phases for claim in master.scope)
    stories = sum(part.value for part in parts)
    without_phases = sum(part.value for part in present(claim.stories for claim in master.scope))
    claimed = master.claimed_stories
    if len(parts) > 1 and claimed and claimed.value not in (stories, without_phases):
        total = Stated(stories, "sum of the scope", tuple(part.at for part in parts))
        said = [*says(claimed, "claimed in"), total]
        yield from contradiction("scope: stories", "Stories of the whole scope", said, "Add the scope up again.")


def _block(documents: Documents, claim: ScopeClaim) -> Iterator[Issue]:
    name = claim.name.value
    sizes = list(_sizes(documents, name))
    fix = "Correct the scope, or plan its stories."
    told = [block for block in documents.readme.points_blocks if same_title(block.name.value, name)]
    said = [*says(claim.points, "claimed in"), *(one for block in told for one in says(block.points, "claimed in"))]
    if sizes:
        said += [Stated(points, f"counted in {place.file}", (place,)) for points, _, place in sizes]
        yield from contradiction(name, f"Points of {name}", said, fix)
        stories = [Stated(stories, f"counted in {place.file}", (place,)) for _, stories, place in sizes]
        yield from contradiction(name, f"Stories of {name}", [*says(claim.stories, "claimed in"), *stories], fix)
        return
    yield from contradiction(name, f"Points of {name}", said, fix)
    if claim.points and documents.plan.stories and not _is_a_sum(documents, claim):
        message = (
            f"The scope counts {claim.points.value} points of {name} ({claim.name.at}), which no wave or "
            "story of the plans carries."
        )
        at = (claim.name.at, documents.plan.stories[0].id.at)
        yield Issue(name, message, at, fix, "warning")


def _sizes(documents: Documents, name: str) -> Iterator[tuple[int, int, Place]]:
    """(points, stories, place) of what goes by the block's name in each plan."""
    key = wave_key(name)
    for wave in documents.plan.waves:
        if (key and wave_key(wave.id.value) == key) or (wave.name and same_title(wave.name.value, name)):
            points = present(story.points for story in wave.stories)
            yield sum(point.value for point in points), len(wave.stories), wave.id.at
    for wave in documents.master.waves:
        number = wave.number.value if wave.number else None
        if key and wave_key(wave.name.value, number) == key:
            told = [documents.told_of[story.value] for story in wave.story_ids]
            yield sum(point.value for point in present(story.points for story in told)), len(told), wave.name.at


def _is_a_sum(documents: Documents, claim: ScopeClaim) -> bool:
    """Whether the numbered waves, or all of them, have just the block's points (the original plan is all of them)."""
    waves = documents.plan.waves
    numbered = [wave for wave in waves if wave.id.value != UI_TRACK]
    sums = [
        sum(point.value for wave in some for point in present(story.points for story in wave.stories))
        for some in (numbered, waves)
    ]
    return claim.points is not None and claim.points.value in sums


def _picture(documents: Documents) -> Iterator[Issue]:
    """The README's picture: its last block is what the others, or some of them, add up to."""
    blocks = documents.readme.points_blocks
    if len(blocks) < 3:
        return
    *parts, whole = blocks
    sums = {0}
    for part in parts:
        sums |= {total + part.points.value for total in sums}
    if whole.points.value not in sums:
        shown = ", ".join(f"{part.name.value} {part.points.value}" for part in parts)
        message = f"{whole.name.value} has {whole.points.value} points, which no sum of its parts gives ({shown})."
        at = (whole.points.at, *(part.points.at for part in parts))
        yield Issue(whole.name.value, message, at, "Correct the picture.")


RULE = Rule(
    id="scope-differs",
    severity="error",
    why=(
        "The scope is what was promised. A block with other points than the waves that go by its name, or one "
        "that no story "
        "carries at all, is work that was promised and not planned."
    ),
    example="Points of UI Integration: 41 (claimed in MASTER-IMPLEMENTATION-PLAN.md:15) against 16 (counted in "
    "EXECUTION-PLAN.yaml).",
    check=check,
)
