"""A sign-off: somebody approves or rejects an evidence set, in the ledger, with or without an SSH signature."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from radeng_assets.canonical import canonical
from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.ssh_signature import SignatureCheck
from radeng_assets.planning.documents.allowed_signers import AllowedSigners
from radeng_assets.readiness.evidence_set import EvidenceSet
from radeng_assets.readiness.freshness import moment
from radeng_assets.record import Record

KIND = "signoff"
"""The kind of ledger record."""

Decision = Literal["approve", "reject"]

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")

Verify = Callable[[bytes, str, str, str, datetime], SignatureCheck]
"""``ssh_signature.verify``, or what stands in for it: statement, signature, name, lines of signers, time."""


class Signoff(Record):
    """The body of a ledger record.

    ``verdict`` is the digest of the verdict that was looked at. ``ledger_head`` is the hash of the record before this
    one: whoever signs binds everything that was on record, so a ledger that is chained anew is not the one signed.
    """

    role: str
    name: str
    decision: Decision
    evidence_set: EvidenceSet
    verdict: str
    ledger_head: str
    signature: str | None = None

    def statement(self) -> bytes:
        """The exact bytes that are signed: the canonical JSON of everything but the signature."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}))


class RecordedSignoff(Record):
    """A sign-off as it was found on record. ``signoff`` is ``None`` where the record is none that can be read.

    ``in_place``: it stands where it was signed, right after the record that it names. ``at`` is the ledger's time.
    """

    at: str
    role: str
    signoff: Signoff | None = None
    in_place: bool = False
    signature: SignatureCheck = SignatureCheck()


def recorded_signoffs(
    entries: Iterable[Entry], signers: AllowedSigners | None, verify: Verify
) -> tuple[RecordedSignoff, ...]:
    """The sign-offs among ledger entries, in order, each with what its signature came to. Never raises."""
    return tuple(_recorded(entry, signers, verify) for entry in entries if entry.kind == KIND)


def _recorded(entry: Entry, signers: AllowedSigners | None, verify: Verify) -> RecordedSignoff:
    try:
        signoff, at = Signoff.model_validate(entry.body), moment(entry.at)
    except (ValidationError, ValueError):
        return RecordedSignoff(at=entry.at, role=str(entry.body.get("role", "")))
    return RecordedSignoff(
        at=entry.at,
        role=signoff.role,
        signoff=signoff,
        in_place=signoff.ledger_head == entry.prev,
        signature=check(signoff, signers, verify, at),
    )


def check(signoff: Signoff, signers: AllowedSigners | None, verify: Verify, at: datetime) -> SignatureCheck:
    """What a sign-off's signature comes to, by the signers that the plan names."""
    if signoff.signature is None:
        return SignatureCheck(state="none", reason="it has no signature")
    if signers is None:
        return SignatureCheck(state="unknown", reason="the plan folder has no allowed_signers to check it by")
    return verify(signoff.statement(), signoff.signature, signoff.name, signers.of(signoff.name), at)


def signed_commits(entries: Iterable[Entry]) -> Iterator[str]:
    """The commits that sign-offs are about. What is no commit id is left out: git must not take it for an option."""
    for entry in entries:
        if entry.kind == KIND:
            try:
                target = Signoff.model_validate(entry.body).evidence_set.target
            except ValidationError:
                continue
            if target is not None and _COMMIT.fullmatch(target.commit):
                yield target.commit
