"""One wave called parallel and sequential."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.documents.execution_plan import UI_TRACK
from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents, wave_key
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, says

PARALLEL, SEQUENTIAL = "parallel", "sequential"


def check(documents: Documents) -> Iterator[Issue]:
    """Plan, master plan, README and gap analysis against each other."""
    said: dict[str, list[Stated[str]]] = defaultdict(list)
    for wave in documents.plan.waves:
        if key := wave_key(wave.id.value):
            said[key].extend(_flag(wave.parallel))
    for wave in (*documents.master.waves, *documents.readme.waves):
        number = wave.number.value if wave.number else None
        if key := wave_key(wave.name.value, number):
            said[key].extend(_word(wave.mode))
    for wave in documents.plan.waves:
        key = wave_key(wave.id.value)
        others = [one for one in said.get(key, ()) if one.value == PARALLEL]
        if wave.parallel is None and wave.id.value != UI_TRACK and others:
            message = f"{key} is called parallel ({others[0].by}), but {wave.id.at} does not say so: it runs in order."
            at = (others[0].at[0], wave.id.at)
            yield Issue(key, message, at, "Write `parallel: true` to the wave.", "warning")
    for key, statements in said.items():
        yield from contradiction(key, f"Mode of {key}", statements, "Settle on one mode.")
    for wave in documents.gaps.waves:
        key = wave_key(wave.name.value)
        planned = documents.wave_by_key.get(key)
        if planned:
            both = [*_flag(wave.parallel), *_flag(planned.parallel)]
            for issue in contradiction(key, f"Mode of {key}", both, "Settle on one mode."):
                yield Issue(issue.subject, issue.message, issue.at, issue.fix, "warning")


def _flag(fact: Fact[bool] | None) -> list[Stated[str]]:
    return says(fact.with_value(PARALLEL if fact.value else SEQUENTIAL) if fact else None)


def _word(fact: Fact[str] | None) -> list[Stated[str]]:
    if fact is None:
        return []
    mode = next((mode for mode in (PARALLEL, SEQUENTIAL) if mode in fact.value.lower()), None)
    return says(fact.with_value(mode)) if mode else []


RULE = Rule(
    id="wave-mode-differs",
    severity="error",
    why=(
        "Stories of a parallel wave are carried out side by side, in the same repository. If the other document "
        "planned them "
        "one after the other, they get in each other's way."
    ),
    example="Mode of wave-2: sequential (EXECUTION-PLAN.yaml:106) against parallel "
    "(MASTER-IMPLEMENTATION-PLAN.md:210).",
    check=check,
)
