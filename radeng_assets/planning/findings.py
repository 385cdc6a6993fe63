"""What is wrong with a document, said so that a person can go there and mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from radeng_assets.planning.located import Place
from radeng_assets.record import Record

Severity = Literal["error", "warning", "info"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class Finding(Record):
    """One thing that a reader or a rule has to say about the planning folder.

    ``rule`` is a stable id in kebab-case; ``subject`` names what it is about (an id, a key, a
    file); ``message`` says what is so, with both values where two statements differ; ``at``
    cites every place concerned; ``fix`` says what would settle it.
    """

    rule: str
    severity: Severity
    subject: str
    message: str
    at: tuple[Place, ...] = ()
    fix: str = ""


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in reading order: by severity, then file and line, then rule. Duplicates go."""
    unique = dict.fromkeys(findings)
    return tuple(
        sorted(
            unique,
            key=lambda f: (
                SEVERITIES.index(f.severity),
                tuple((place.file, place.line or 0) for place in f.at),
                f.rule,
                f.subject,
                f.message,
            ),
        )
    )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is of level ``error``."""
    return any(finding.severity == "error" for finding in findings)
