"""What a reader of one report has to say about it, bounded: a hostile file cannot fill the memory with findings."""

from __future__ import annotations

from collections import Counter

from radeng_assets.planning.findings import Finding, Severity
from radeng_assets.planning.located import Place

REPORTED = 100
"""Most findings of one rule about one report; the rest are counted."""

_SHOWN = 200
"""Most characters of a subject: names in a report may be of any length."""


class Notes:
    """Collects the findings about the report ``file`` (the name that the caller gives it)."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._findings: list[Finding] = []
        self._seen: Counter[str] = Counter()

    def is_full(self, rule: str) -> bool:
        """Whether further findings of a rule are only counted, so that nobody need look for their line."""
        return self._seen[rule] >= REPORTED

    def error(self, rule: str, subject: str, message: str, fix: str, line: int | None = None) -> None:
        """Something of the report was not read, or does not agree with the rest of it."""
        self._add(rule, "error", subject, message, fix, line)

    def warning(self, rule: str, subject: str, message: str, fix: str, line: int | None = None) -> None:
        """Something that a person should know, and that takes nothing from the model."""
        self._add(rule, "warning", subject, message, fix, line)

    def findings(self) -> tuple[Finding, ...]:
        """Everything said so far, in order, and for each rule how much was not listed."""
        rest = (
            Finding(
                rule=rule,
                severity="error",
                subject=self.file,
                message=f"{count - REPORTED:,} more findings of this kind are not listed.",
                at=(Place(self.file),),
                fix="Mend the ones listed, then read again.",
            )
            for rule, count in self._seen.items()
            if count > REPORTED
        )
        return (*self._findings, *rest)

    def _add(self, rule: str, severity: Severity, subject: str, message: str, fix: str, line: int | None) -> None:
        if not self.is_full(rule):
            subject, at = subject[:_SHOWN] or self.file, (Place(self.file, line),)
            self._findings.append(
                Finding(rule=rule, severity=severity, subject=subject, message=message, at=at, fix=fix)
            )
        self._seen[rule] += 1
