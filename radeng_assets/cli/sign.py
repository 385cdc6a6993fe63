"""``radeng sign``: a person approves or rejects what the evidence shows now."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from radeng_assets.cli import console
from radeng_assets.cli.options import recall_settings
from radeng_assets.cli.render import verdict_line
from radeng_assets.evidence.ledger import LedgerMoved
from radeng_assets.evidence.ssh_signature import CannotSign, sign, verify
from radeng_assets.execution.git import NotARepository
from radeng_assets.home import Home
from radeng_assets.readiness.approval import standings
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.evidence_set import EvidenceSet
from radeng_assets.readiness.judge import judge, to_sign
from radeng_assets.readiness.people import agents_of, is_person
from radeng_assets.readiness.signoff import KIND, Decision, Signoff, check
from radeng_assets.readiness.verdict import Verdict

AGENT_VARIABLES = ("RADENG_STORY_ID", "RADENG_BRIEF", "RADENG_ATTEMPT")
"""Whoever has one of these in its environment is an agent at work on a story."""

LONGEST_NAME = 200
"""Most characters of a name."""


def sign_command(
    role: Annotated[str, typer.Option(help="The role that is signed for, one that readiness.yaml requires.")],
    name: Annotated[str, typer.Option(help="The person's name; with --key as allowed_signers spells it.")],
    decision: Annotated[Decision, typer.Option(help="What they decided.")],
    key: Annotated[Path | None, typer.Option(help="Sign with this SSH key too.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Record a person's decision over exactly what the evidence shows now. Any change of it makes the decision void.

    Exit 0: it is on record. 2: nothing was recorded, because there is nothing to sign, or nobody who may.
    """
    place = Home.of(recall_settings(home=home))
    _refuse_agents()
    if not place.verdict.is_file():
        console.fail(f"there is no verdict in {place.path} yet.", hint="Run `radeng run` first.")
    _refuse_broken(place)
    # Whatever is recorded from here on moves the head, and the ledger then refuses.
    head = place.ledger.head()
    case = _current()
    before = judge(case)
    signoff = Signoff(
        role=role,
        name=_person(name, case),
        decision=decision,
        evidence_set=_evidence(case, role),
        verdict=before.digest,
        ledger_head=head,
    )
    try:
        entry = place.ledger.append(KIND, _signed(signoff, key, case), after=head)
    except LedgerMoved as moved:
        console.fail(f"{moved}.", hint="Look at the verdict again, and sign that.")
    _show(signoff, entry.hash, before, _current(), json=json)


def _current() -> Case:
    # What only other verbs need is not imported for them.
    from radeng_assets.orchestration.site import Site

    try:
        return Site.current().case()
    except NotARepository as error:
        console.fail(str(error))


def _refuse_agents() -> None:
    found = [name for name in AGENT_VARIABLES if name in os.environ]
    if found:
        console.fail(f"{found[0]} is set, so this is an agent at work; agents do not sign.")


def _refuse_broken(place: Home) -> None:
    for problem in place.ledger.verify():
        what = f"ledger.jsonl:{problem.line}: {escape(problem.message)}"
        console.fail(f"{what}.", hint="What stands behind a broken record cannot be signed.")


def _person(name: str, case: Case) -> str:
    trimmed = name.strip()
    if len(trimmed) > LONGEST_NAME or not trimmed.isprintable():
        console.fail("the name is too long, or holds characters that cannot be printed.")
    if not is_person(trimmed, agents_of(case.planning)):
        console.fail(f"{escape(repr(trimmed))} is no person's name, and only people sign.")
    return trimmed


def _evidence(case: Case, role: str) -> EvidenceSet:
    roles = case.policy.signoff.roles
    if role not in roles:
        console.fail(f"no such role: {escape(repr(role))}.", hint=f"readiness.yaml requires {', '.join(roles)}.")
    if case.broken:
        console.fail(f"{escape(case.broken[0])}.", hint="What stands behind a broken record cannot be signed.")
    if case.target is None:
        console.fail("there is no commit to sign for.", hint="Run it on a repository: radeng run --target REPO.")
    return to_sign(case)


def _signed(signoff: Signoff, key: Path | None, case: Case) -> Signoff:
    """With the signature, where a key is named; it is checked as it will be later, before anything is recorded."""
    if key is None:
        if case.policy.signoff.signatures == "required":
            console.fail("readiness.yaml demands a signature.", hint="Name your SSH key with --key FILE.")
        return signoff
    try:
        signed = signoff.model_copy(update={"signature": sign(signoff.statement(), key)})
    except CannotSign as error:
        console.fail(f"{escape(str(error))}.")
    found = check(signed, case.planning.allowed_signers, verify, datetime.now(UTC))
    if found.state != "good":
        hint = "allowed_signers in the planning folder must name you, in the very spelling of --name, with this key."
        console.fail(f"the signature would not count: {escape(found.reason)}.", hint=hint)
    return signed


def _show(signoff: Signoff, entry: str, before: Verdict, now: Case, *, json: bool) -> None:
    after = judge(now)
    if json:
        mine = standings(now, to_sign(now))[-1]
        console.print_json(
            {
                "schema": "radeng/signoff/v1",
                "signoff": mine.model_dump(mode="json"),
                "evidence_set": signoff.evidence_set.digest,
                "record": entry,
                "before": before.headline,
                "after": after.headline,
                "verdict": after.digest,
            }
        )
        return
    word = "approved" if signoff.decision == "approve" else "rejected"
    console.out.print(f"{escape(signoff.name)} {word} {signoff.evidence_set.digest} as {escape(signoff.role)}.")
    console.out.print(f"before: {escape(before.headline)}")
    console.out.print(verdict_line(after))
