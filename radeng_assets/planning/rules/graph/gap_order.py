"""Gaps that are to be closed before, beside or without what they depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from radeng_assets.planning.documents.gap_analysis import GapWave
from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.gap_needs import gap_needs
from radeng_assets.planning.rules.rule import Issue, Rule

Position = tuple[int, int, GapWave, Fact[str]]
"""Number of the wave, place in it, the wave, and the gap where the wave names it."""


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each dependency between gaps against the order of the analysis' own waves, and of its tiers."""
    position: dict[str, Position] = {}
    for number, wave in enumerate(documents.gaps.waves):
        for place, gap in enumerate(wave.gaps):
            position.setdefault(gap.value, (number, place, wave, gap))
    tier = {gap.value: (number, tier, gap) for number, tier in enumerate(documents.gaps.tiers) for gap in tier.gaps}
    for name, needs in gap_needs(documents).items():
        for need in needs:
            if need.value in documents.gap_of and name in position:
                yield from _waves(name, need, position)
            if name in tier and need.value in tier and tier[name][0] < tier[need.value][0]:
                _, own, at = tier[name]
                _, other, there = tier[need.value]
                message = (
                    f"{name} is in {own.name.value} ({at.at}) and depends on {need.value}, which is only in "
                    f"{other.name.value} ({there.at})."
                )
                fix = f"Give {need.value} the priority of what needs it."
                yield Issue(name, message, (at.at, there.at, need.at), fix, "warning")


def _waves(name: str, need: Fact[str], position: Mapping[str, Position]) -> Iterator[Issue]:
    number, place, wave, fact = position[name]
    other = position.get(need.value)
    if other is None:
        message = (
            f"{name} is in {wave.name.value} ({fact.at}) and depends on {need.value}, which is in no wave ({need.at})."
        )
        yield Issue(name, message, (fact.at, need.at), f"Put {need.value} into a wave before it.")
        return
    parallel = wave.parallel is not None and wave.parallel.value
    if other[0] > number or (other[0] == number and (parallel or other[1] > place)):
        when = "the same parallel wave" if other[0] == number and parallel else other[2].name.value
        message = (
            f"{name} is in {wave.name.value} ({fact.at}) and depends on {need.value} in {when} ({other[3].at}), "
            "which is not before it."
        )
        yield Issue(name, message, (fact.at, other[3].at, need.at), f"Put {need.value} into a wave before it.")


RULE = Rule(
    id="gap-order-contradicted",
    severity="error",
    why=(
        "Waves and priorities say in which order gaps are closed, dependencies in which order they can be. A "
        "gap before what it "
        "needs cannot be closed when the plan says so."
    ),
    example="SEC-003 is in wave_4_security (…:784) and depends on SEC-002, which is in no wave.",
    check=check,
)
