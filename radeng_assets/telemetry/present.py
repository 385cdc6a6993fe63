"""The present: what is so now, beside what has happened. The last verdict, the broker, agents at work, checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import Field, ValidationError

from radeng_assets.evidence.store import EvidenceChanged, EvidenceMissing
from radeng_assets.execution.bench import at_work
from radeng_assets.execution.broker.client import broker_health
from radeng_assets.execution.broker.line import Health
from radeng_assets.home import Home
from radeng_assets.planning.audit import Audit
from radeng_assets.planning.findings import SEVERITIES, Severity
from radeng_assets.readiness.verdict import Verdict
from radeng_assets.record import Record
from radeng_assets.telemetry.activity import Activity, milliseconds
from radeng_assets.telemetry.probes import Readiness

if TYPE_CHECKING:
    from upath import UPath

T = TypeVar("T", bound=Record)


class Present(Record):
    """What is so at a moment (``at``, ms since 1970).

    ``evidence`` has, for each criterion of the verdict that cites any, the moment of the oldest. ``verdict_at`` is when
    the verdict was given. ``None`` stands for what there is not: no verdict, no audit, no broker.
    """

    at: int
    running: int = 0
    verdict: Verdict | None = None
    verdict_at: int | None = None
    evidence: dict[str, int] = Field(default_factory=dict[str, int])
    findings: dict[Severity, int] | None = None
    broker: Health | None = None
    stopped: bool = False
    readiness: Readiness | None = None


@dataclass
class Observer:
    """Looks at the present of a home again and again. Evidence never changes, so its time is read once."""

    home: Home
    _times: dict[str, int | None] = field(default_factory=dict[str, "int | None"])

    def look(self, course: Iterable[Activity], at: int, readiness: Readiness | None = None) -> Present:
        """What is so now. Never raises for what is damaged: that counts as not there."""
        verdict = _read(self.home.verdict, Verdict)
        audit = _read(self.home.assets / "plan_audit.json", Audit)
        return Present(
            at=at,
            running=sum(at_work(self.home.path, activity.key) for activity in course if is_open_attempt(activity)),
            verdict=verdict,
            verdict_at=round(self.home.verdict.stat().st_mtime * 1000) if verdict else None,
            evidence=self._oldest(verdict) if verdict else {},
            findings=_counted(audit) if audit else None,
            broker=broker_health(self.home.path),
            stopped=self.home.stop.pulled is not None,
            readiness=readiness,
        )

    def _oldest(self, verdict: Verdict) -> dict[str, int]:
        found: dict[str, int] = {}
        for criterion in verdict.criteria:
            times = [time for digest in criterion.evidence if (time := self._time(digest)) is not None]
            if times:
                found[criterion.id] = min(times)
        return found

    def _time(self, digest: str) -> int | None:
        """When a piece of evidence was made; ``None`` for what is no envelope, or is gone."""
        if digest not in self._times:
            try:
                self._times[digest] = milliseconds(self.home.store.get_envelope(digest).ended)
            except (EvidenceMissing, EvidenceChanged, ValueError):
                self._times[digest] = None
        return self._times[digest]


def is_open_attempt(activity: Activity) -> bool:
    """Whether this is an attempt that has not ended."""
    return activity.kind == "attempt" and not activity.over


def _counted(audit: Audit) -> dict[Severity, int]:
    return {level: sum(finding.severity == level for finding in audit.findings) for level in SEVERITIES}


def _read(path: Path | UPath, kind: type[T]) -> T | None:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
