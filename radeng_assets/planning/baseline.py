"""``audit-baseline.yaml``: findings that a team has looked at and lives with, for now.

An entry names a finding by the digest of its *content* (rule, subject, message and the text of the cited lines, line
numbers left out): lines that move keep it, a line that changes ends it. Path and line would hide another fault that
comes to stand there. Each entry says why, who, and until when; what has expired or matches nothing is itself a finding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from radeng_assets.canonical import digest_of
from radeng_assets.planning.fields import Fields
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.folder import Sources
from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.source import Source
from radeng_assets.planning.yaml_nodes import Mapping as MappingNode
from radeng_assets.planning.yaml_tree import merge, read_stream
from radeng_assets.record import Record

_LINE = re.compile(r"(?<=\.yaml:)\d+|(?<=\.md:)\d+|\blines? \d+(?:-\d+)?")
"""Line numbers in a message."""


class Acceptance(Record):
    """One entry. ``expires`` is the last day on which it holds."""

    finding: Fact[str]
    reason: str
    by: str
    expires: date


class Accepted(Record):
    """A finding that an entry covers."""

    finding: Finding
    digest: str
    reason: str
    by: str
    expires: date


def finding_digest(finding: Finding, sources: Sources) -> str:
    """The digest of a finding's content (``sha256:…``)."""
    return digest_of(
        {
            "rule": finding.rule,
            "subject": finding.subject,
            "message": _LINE.sub("", finding.message),
            "lines": [[place.file, quote(place, sources).strip()] for place in finding.at],
        }
    )


def quote(place: Place, sources: Sources) -> str:
    """The text of a place's line; empty for a whole file, or one that could not be read."""
    source = sources.sources.get(place.file)
    return source.line(place.line) if source and place.line else ""


def read_baseline(source: Source) -> tuple[tuple[Acceptance, ...], tuple[Finding, ...]]:
    """The entries, and what is wrong with the file. An entry without reason, person or date accepts nothing."""
    documents, problems = read_stream(source)
    findings = list(problems)
    parts = [document for document in documents if isinstance(document, MappingNode)]
    fields = Fields(merge(parts, source.file, findings), source.file, source.file, findings)
    entries = [entry for one in fields.mappings("accepted", "an entry") if (entry := _entry(one))]
    fields.leftovers()
    return tuple(entries), tuple(findings)


def _entry(fields: Fields) -> Acceptance | None:
    digest = fields.required_text("finding")
    texts = [fields.required_text(key) for key in ("reason", "by", "expires")]
    fields.text("rule")
    fields.leftovers()
    if digest is None or None in texts:
        return None
    reason, by, expires = (text for text in texts if text)
    try:
        day = date.fromisoformat(expires.value)
    except ValueError:
        message = f"'expires' is {expires.value[:40]!r}, not a date; the entry accepts nothing."
        fields.finding("wrong-value", message, "Write the date as 2026-12-31.", line=expires.line)
        return None
    return Acceptance(finding=digest, reason=reason.value, by=by.value, expires=day)


def accept(
    findings: Sequence[Finding], entries: Sequence[Acceptance], sources: Sources, today: date
) -> tuple[tuple[Finding, ...], tuple[Accepted, ...], tuple[Finding, ...]]:
    """(findings that stay, findings that are accepted, findings about the entries themselves)."""
    holding = {entry.finding.value: entry for entry in entries if entry.expires >= today}
    digests = {finding: finding_digest(finding, sources) for finding in findings}
    kept = tuple(finding for finding in findings if digests[finding] not in holding)
    accepted = tuple(
        Accepted(finding=finding, digest=digest, reason=entry.reason, by=entry.by, expires=entry.expires)
        for finding, digest in digests.items()
        if (entry := holding.get(digest))
    )
    return kept, accepted, tuple(_about(entries, digests, today))


def _about(entries: Sequence[Acceptance], digests: Mapping[Finding, str], today: date) -> list[Finding]:
    known = set(digests.values())
    about: list[Finding] = []
    for entry in entries:
        name = entry.finding.value
        if entry.expires < today:
            rule, what = "baseline-expired", f"{entry.by}'s acceptance of {name[:19]}… ended on {entry.expires}"
            fix = "Mend what it accepted, or decide anew."
        elif name not in known:
            rule, what = "baseline-unmatched", f"{entry.by}'s acceptance of {name[:19]}… matches no finding"
            fix = "Remove the entry: what it accepted was mended, or changed."
        else:
            continue
        at = (entry.finding.at,)
        about.append(Finding(rule=rule, severity="warning", subject=name, message=f"{what}.", at=at, fix=fix))
    return about


def entry_lines(finding: Finding, digest: str) -> str:
    """The YAML of an entry that accepts a finding, for a person to complete."""
    return (
        f"  - finding: {digest}\n    rule: {finding.rule}  # {finding.subject}\n    reason: \n    by: \n    expires: \n"
    )
