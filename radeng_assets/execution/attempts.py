"""Attempts at stories, as the ledger has them: which are open, what the ended ones came to and cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.agents.agent import AgentReport, Tier
from radeng_assets.execution.brief import Failure
from radeng_assets.record import Record

AttemptEnding = Literal["merged", "failed", "refused"]
"""``merged``: proven and on the integration branch.

``failed``: not proven. ``refused``: no further attempt can help.
"""


class Attempt(Record):
    """An attempt that was begun. ``plan`` is the plan's name, ``execution`` the digest of what is carried out.

    ``number`` counts all attempts at the story, from 1, in every session; ``base`` is the commit it began from,
    ``began`` the time, which its commits carry too.
    """

    plan: str
    execution: str
    story: str
    wave: str
    session: str
    number: int
    base: str
    began: str
    tier: Tier = "plain"
    occasion: str = ""

    @property
    def key(self) -> str:
        """The attempt's name for ever."""
        return f"{self.plan}/{self.story}/{self.number}"


class AttemptEnd(Record):
    """What an attempt came to. ``commit`` is where it was merged; ``kept`` where its work is found in any case."""

    key: str
    ending: AttemptEnding
    reason: str = ""
    failures: tuple[Failure, ...] = ()
    commit: str | None = None
    kept: str | None = None
    changed: str = ""
    model: str = ""
    turns: int = 0
    tokens: Tokens = Tokens()
    cost_usd: str = "0.00"
    transcript: str | None = None
    sandboxed: bool = False
    declined: bool = False

    @classmethod
    def of(
        cls,
        attempt: Attempt,
        report: AgentReport,
        *,
        ending: AttemptEnding,
        reason: str = "",
        failures: tuple[Failure, ...] = (),
        commit: str | None = None,
        kept: str | None = None,
        changed: str = "",
        transcript: str | None = None,
    ) -> AttemptEnd:
        """The end of an attempt after an agent's report."""
        return cls(
            key=attempt.key,
            ending=ending,
            reason=reason,
            failures=failures,
            commit=commit,
            kept=kept,
            changed=changed,
            model=report.model,
            turns=report.turns,
            tokens=report.tokens,
            cost_usd=report.cost_usd,
            transcript=transcript,
            sandboxed=report.sandboxed,
            declined=report.declined,
        )


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts of one plan on one target."""

    ledger: Ledger
    plan: str

    def begin(self, attempt: Attempt) -> Attempt:
        """Record that an attempt begins."""
        self.ledger.append("attempt", attempt)
        return attempt

    def end(self, end: AttemptEnd) -> AttemptEnd:
        """Record what it came to."""
        self.ledger.append("attempt_end", end)
        return end

    def of(self, story: str) -> History:
        """Everything about one story."""
        begun: dict[str, Attempt] = {}
        ends: dict[str, AttemptEnd] = {}
        for entry in self.ledger.entries("attempt", "attempt_end"):
            if entry.kind == "attempt":
                attempt = Attempt.model_validate(entry.body)
                if (attempt.plan, attempt.story) == (self.plan, story):
                    begun[attempt.key] = attempt
            elif entry.body.get("key") in begun:
                end = AttemptEnd.model_validate(entry.body)
                ends[end.key] = end
        return History(attempts=tuple(begun.values()), ends=tuple(ends.values()))


class History(Record):
    """The attempts at one story, oldest first."""

    attempts: tuple[Attempt, ...] = ()
    ends: tuple[AttemptEnd, ...] = ()

    def open(self, execution: str) -> Attempt | None:
        """The attempt that was begun and has no end, under this very plan."""
        ended = {end.key for end in self.ends}
        waiting = [a for a in self.attempts if a.key not in ended and a.execution == execution]
        return waiting[-1] if waiting else None

    def tried(self, session: str, occasion: str) -> int:
        """How many attempts an occasion of a session has ended."""
        ended = {end.key for end in self.ends}
        here = (a for a in self.attempts if (a.session, a.occasion) == (session, occasion))
        return sum(1 for attempt in here if attempt.key in ended)

    @property
    def last(self) -> AttemptEnd | None:
        """The end of the last one."""
        return self.ends[-1] if self.ends else None

    @property
    def tokens(self) -> Tokens:
        """All that was consumed."""
        return Tokens(
            input=sum(end.tokens.input for end in self.ends),
            output=sum(end.tokens.output for end in self.ends),
        )

    @property
    def cost_usd(self) -> str:
        """All that was spent."""
        return total_usd(end.cost_usd for end in self.ends)


def total_usd(amounts: Iterable[str]) -> str:
    """The sum of decimal texts, with at least two digits after the point."""
    total = sum((Decimal(amount) for amount in amounts), Decimal(0))
    plain = total.normalize()
    return f"{total:.2f}" if plain.as_tuple().exponent in (0, -1, -2) or plain == plain.to_integral() else f"{plain:f}"
