"""What is tried: faults, after which the verdict must fall for the right reason, and twins, after which it must not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from radeng_assets.readiness.verdict import Verdict
from radeng_assets_tests.truth.state import State

HOLDS = ("verified", "waived")


@dataclass(frozen=True)
class Fault:
    """One fault. ``criterion`` must fall, with ``word`` (a regular expression) in its reason.

    ``later`` is how long after the fault the verdict is asked for; negative where the clock was set back. ``agent`` is
    the mode that it is asked in: ``none`` asks about HEAD, ``command`` about what agents merged.
    """

    name: str
    criterion: str
    word: str
    seed: Callable[[State], object]
    later: timedelta = timedelta()
    agent: str = "none"

    def missed(self, verdict: Verdict) -> str:
        """Why the verdict did not find the fault; empty where it did."""
        found = next(item for item in verdict.criteria if item.id == self.criterion)
        if verdict.verdict == "READY":
            return "READY"
        if found.status in HOLDS:
            fell = ", ".join(item.id for item in verdict.criteria if item.status not in HOLDS)
            return f"{self.criterion} holds, and {fell} fell"
        if not re.search(self.word, found.reason, re.IGNORECASE):
            return f"{self.criterion} fell for another reason: {found.reason[:200]}"
        return ""


@dataclass(frozen=True)
class Twin:
    """One change that is no fault, alike to one that is."""

    name: str
    seed: Callable[[State], object]
    later: timedelta = timedelta()
    agent: str = "none"

    def missed(self, verdict: Verdict) -> str:
        """Why the verdict is wrong; empty where it is READY, as it must be."""
        fell = [f"{item.id}: {item.reason[:160]}" for item in verdict.criteria if item.status not in HOLDS]
        return "; ".join(fell) if verdict.verdict != "READY" else ""


Trial = Fault | Twin


def tried(trial: Trial, state: State) -> str:
    """Seed a trial into a state of its own, and judge it: what is wrong with the verdict, empty where nothing is."""
    trial.seed(state)
    moment = datetime.now(UTC) + trial.later
    asked = replace(state, agent=trial.agent)
    return trial.missed(asked.verdict(moment.isoformat(timespec="milliseconds") if trial.later else ""))
