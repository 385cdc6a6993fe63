"""The response summary against the risks: each in one response, and none against its own status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.documents.risk_register import RiskResponse
from radeng_assets.planning.located import Place
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

KINDS = {"ACCEPT": "ACCEPT", "TRANSFER": "TRANSFER", "AVOID": "AVOID"}
"""Beginnings of a status that name a response of their own; any other status leaves the response open."""


def check(documents: Documents) -> Iterator[Issue]:
    """Risks in no response or in two, and risks whose status names another one."""
    responses: dict[str, list[RiskResponse]] = defaultdict(list)
    for row in documents.risks.responses:
        for name in dict.fromkeys(fact.value for fact in row.risks):
            responses[name].append(row)
    if not responses:
        return
    first = documents.risks.responses[0].kind.at
    for name, risk in documents.risk_of.items():
        rows = responses.get(name, [])
        if len(rows) != 1:
            said = " and ".join(f"{row.kind.value} ({_place(row)})" for row in rows) or f"no response ({first})"
            at = (risk.id.at, *(_place(row) for row in rows), *(() if rows else (first,)))
            yield Issue(name, f"{name} ({risk.id.at}) has {said}.", at, "Give it one response.")
        if risk.status is None:
            continue
        kind = next((kind for kind in KINDS if risk.status.value.strip().upper().startswith(kind)), None)
        for row in rows:
            if kind and not row.kind.value.upper().startswith(kind):
                message = (
                    f"{name} has the status {risk.status.value} ({risk.status.at}) and the response "
                    f"{row.kind.value} ({_place(row)})."
                )
                yield Issue(name, message, (risk.status.at, _place(row)), "Accept it or treat it: settle on one.")
        if kind == "ACCEPT" and risk.mitigations and "mitigat" in risk.status.value.lower() and not rows:
            message = f"{name} is accepted and mitigated at once ({risk.status.at})."
            yield Issue(name, message, (risk.status.at, risk.mitigations[0].at), "Settle on one.")


def _place(row: RiskResponse) -> Place:
    return (row.examples or row.kind).at


RULE = Rule(
    id="risk-response-differs",
    severity="error",
    why="Accepting a risk and treating it are opposite decisions. A risk with both, or with none, is one that "
    "nobody decided on.",
    example="R-007 has the status ACCEPTED_RISK with mitigation (…:214) and the response MITIGATE (…:588).",
    check=check,
)
