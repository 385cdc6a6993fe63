"""Things that one document says are running, and another says were not begun."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

_RUNNING = re.compile(
    r"\b(?P<thing>[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*)\b(?:\s*\([^()]{0,80}\))?\s+(?:is|are|was|has "
    r"been|runs)\s+(?:already\s+|now\s+)?"
    r"(?P<state>deployed|running|live|operational|in production|implemented|complete|completed|installed|done)\b"
)
_NOT_BEGUN = re.compile(r"\bNOT[ _](?:YET[ _])?STARTED\b")
_NEGATED = re.compile(r"\b(?:not|if|once|when|until|after)\b[^.]{0,40}$", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each thing and place that says it runs, citing one that says NOT STARTED of it."""
    unstarted: dict[str, list[Fact[str]]] = {}
    for text in _statements(documents):
        if _NOT_BEGUN.search(text.value):
            for thing in set(re.findall(r"\b[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*\b", text.value)):
                unstarted.setdefault(thing, []).append(text)
    for text in _statements(documents):
        for match in _RUNNING.finditer(text.value):
            thing = match["thing"]
            if thing in unstarted and not _NEGATED.search(text.value[: match.start()]):
                others = unstarted[thing]
                where = ", ".join(str(other.at) for other in others)
                message = f"{thing} is {match['state']} ({text.at}) and NOT STARTED ({where})."
                yield Issue(
                    thing,
                    message,
                    (text.at, *(other.at for other in others)),
                    "Find out which holds, and correct the other.",
                )


def _statements(documents: Documents) -> Iterator[Fact[str]]:
    gaps, risks, readme = documents.gaps, documents.risks, documents.readme
    facts: Iterator[Fact[str] | None] = iter(
        (
            *(row.issue for row in readme.blocking_issues),
            *gaps.blocking_issues,
            *(text for gap in gaps.gaps for text in (gap.title, gap.current_state)),
            *(text for risk in risks.risks for text in (risk.description, risk.root_cause)),
            gaps.summary,
            documents.plan.vision,
        )
    )
    yield from (fact for fact in facts if fact)


RULE = Rule(
    id="state-contradicted",
    severity="error",
    why="Plans build on what is there. What one document takes for running and another for not begun will be "
    "missing when it is needed.",
    example="ESS is deployed (RISK-ASSESSMENT.md:89) and NOT STARTED (README.md:146).",
    check=check,
)
