"""The order of waves that the README draws against the execution plan's dependencies."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each arrow that no chain of the plan's own dependencies makes true."""
    for one, other in documents.readme.drawn_order:
        first, second = (documents.wave_by_key.get(f"wave-{number.value}") for number in (one, other))
        if first is None or second is None or first.id.value in documents.waves_before[second.id.value]:
            continue
        needs = ", ".join(wave.value for wave in second.dependencies) or "no wave"
        message = (
            f"{second.id.value} is drawn after {first.id.value} ({other.at}), but depends on {needs} ({second.id.at})."
        )
        at = (other.at, second.id.at, *(wave.at for wave in second.dependencies))
        yield Issue(second.id.value, message, at, "Correct the picture, or the wave's dependencies.")


RULE = Rule(
    id="drawn-order-differs",
    severity="info",
    why=(
        "People plan by the picture, the pipeline runs by the dependencies. An arrow without a dependency is an "
        "order that "
        "nothing keeps: the two waves may run at the same time, which may be meant."
    ),
    example="wave-3 is drawn after wave-2 (README.md:126), but depends on wave-1 (EXECUTION-PLAN.yaml:212).",
    check=check,
)
