"""One story that waits for different stories in different documents."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """Plan against master plan, and each tracker against the master plan."""
    for story, told in documents.told_twice:
        yield from _compare(story.id, story.dependencies, told.id, told.dependencies)
    for entry in documents.master.tracker:
        if told := documents.told_of.get(entry.id.value):
            yield from _compare(told.id, told.dependencies, entry.id, entry.dependencies)


def _compare(
    one: Fact[str], needs: tuple[Fact[str], ...], other: Fact[str], others: tuple[Fact[str], ...]
) -> Iterator[Issue]:
    if {need.value for need in needs} != {need.value for need in others}:
        message = f"{one.value} depends on {_list(needs)} ({one.at}) and on {_list(others)} ({other.at})."
        at: tuple[Place, ...] = (needs[0].at if needs else one.at, others[0].at if others else other.at)
        yield Issue(one.value, message, (*at, one.at, other.at), "Settle on one list of dependencies.")


def _list(needs: tuple[Fact[str], ...]) -> str:
    return ", ".join(dict.fromkeys(need.value for need in needs)) or "nothing"


RULE = Rule(
    id="story-dependencies-differ",
    severity="error",
    why=(
        "The pipeline runs by the execution plan's dependencies, people by the master plan's. Where they "
        "differ, a story starts "
        "before something that somebody counts on."
    ),
    example="W2-S1 depends on W1-S1, W1-S3 (EXECUTION-PLAN.yaml:109) and on W1-S1 (MASTER-IMPLEMENTATION-PLAN.md:216).",
    check=check,
)
