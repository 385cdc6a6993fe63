"""What a rule of the audit is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from radeng_assets.planning.findings import Finding, Severity
from radeng_assets.planning.located import Place
from radeng_assets.planning.rules.documents import Documents


@dataclass(frozen=True, slots=True)
class Issue:
    """What a check has to say. ``severity`` only where it differs from the rule's own.

    ``subject`` names what it is about (an id wherever there is one), ``at`` cites every place concerned,
    ``fix`` says what would settle it.
    """

    subject: str
    message: str
    at: tuple[Place, ...]
    fix: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``why`` is a paragraph for somebody who never saw it, ``example`` a finding in a line or two."""

    id: str
    severity: Severity
    why: str
    example: str
    check: Callable[[Documents], Iterable[Issue]]

    def findings(self, documents: Documents) -> Iterator[Finding]:
        """What the rule finds in the documents."""
        for issue in self.check(documents):
            yield Finding(
                rule=self.id,
                severity=issue.severity or self.severity,
                subject=issue.subject,
                message=issue.message,
                at=tuple(dict.fromkeys(issue.at)),
                fix=issue.fix,
            )
