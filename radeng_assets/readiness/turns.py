"""What turned between two verdicts, as far as people must hear of it or what is shown must follow."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.canonical import digest_of
from radeng_assets.readiness.verdict import Verdict
from radeng_assets.record import Record


class Posture(Record):
    """What a verdict says, without how it got there: two verdicts of equal posture need not be told apart.

    ``criteria`` are statuses by criterion, ``waivers`` and ``signoffs`` the states of each, in order.
    """

    verdict: str
    commit: str | None
    criteria: dict[str, str]
    waivers: tuple[str, ...] = ()
    signoffs: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The posture's identity."""
        return digest_of(self)


def posture_of(verdict: Verdict) -> Posture:
    """The posture of a verdict."""
    return Posture(
        verdict=verdict.verdict,
        commit=verdict.target.commit if verdict.target else None,
        criteria={criterion.id: criterion.status for criterion in verdict.criteria},
        waivers=tuple(f"{one.digest} {one.state}" for one in verdict.waivers),
        signoffs=tuple(f"{one.role} {one.at} {one.state}" for one in verdict.signoffs),
    )


def turns(before: Posture, after: Verdict) -> Iterator[str]:
    """What turned for the worse, in words: READY that is no more, and each criterion that became stale."""
    now = posture_of(after)
    about = f" on {now.commit[:12]}" if now.commit else ""
    if before.verdict == "READY" and now.verdict != "READY":
        yield f"READY no more{about}: {after.headline}"
    for criterion in after.criteria:
        if criterion.status == "stale" != before.criteria.get(criterion.id):
            yield f"{criterion.id} is stale{about}: {criterion.reason}"
