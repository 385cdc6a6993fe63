"""Trends: what each recorded measurement of a report came to, judged again by today's rules from its own evidence.

Nothing is remembered but evidence: a figure whose files are gone, or whose commands were others, leaves a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from pydantic import ValidationError

from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.measures import Measurement
from radeng_assets.evidence.outcomes import WaveOutcome
from radeng_assets.readiness.case import Case, Records, gather
from radeng_assets.readiness.circumstances import Circumstances, Target
from radeng_assets.readiness.page.facts import Trend, TrendPoint
from radeng_assets.readiness.reports.ess import ESS

FilesOf = Callable[[str], Mapping[str, str] | None]
"""Commit → its files (path → blob id); ``None`` for a commit that is not there any more."""

MOST = 40
"""Points of a trend: the latest commits. More of them cannot be told apart on a page."""

_TRENDS = (("coverage", "Line coverage", "test_coverage"), (ESS, "Veracity of the code index", "ess_integration"))


def trends_of(
    case: Case, entries: Sequence[Entry], read: Callable[[str], bytes], execution_digest: str, files_of: FilesOf
) -> tuple[Trend, ...]:
    """Coverage and veracity over commits, each by its last measurement, oldest first."""
    waves = _waves(entries)
    trends: list[Trend] = []
    for report, title, criterion in _TRENDS:
        points: list[TrendPoint] = []
        for entry, measurement in _measurements(entries, report):
            bare = TrendPoint(
                commit=measurement.commit, at=entry.at, waves=waves.get(measurement.commit, ()), state="missing"
            )
            files = files_of(measurement.commit)
            if files is None:
                points.append(bare.model_copy(update={"reason": "the target does not have this commit any more"}))
                continue
            circumstances = Circumstances(
                as_of=entry.at, target=Target(commit=measurement.commit, tree=measurement.tree), files=dict(files)
            )
            then = gather(
                Records((entry,), (), read),
                planning=case.planning,
                schedule=case.schedule,
                execution_digest=execution_digest,
                policy=case.policy,
                sound=case.sound,
                circumstances=circumstances,
            ).reports[report]
            # Of evidence that is gone, changed or of other commands no figure is shown, whatever it once said.
            shown = {"state": then.state, "reason": then.reason, "measured": then.measured}
            points.append(bare.model_copy(update=shown))
        now = case.reports.get(report)
        trends.append(
            Trend(
                report=report,
                title=title,
                criterion=criterion,
                threshold=now.threshold if now else None,
                points=tuple(points),
            )
        )
    return tuple(trends)


def charted(entries: Sequence[Entry]) -> tuple[tuple[Entry, Measurement], ...]:
    """The records that trends are drawn from."""
    return tuple(point for report, _, _ in _TRENDS for point in _measurements(entries, report))


def _measurements(entries: Iterable[Entry], report: str) -> list[tuple[Entry, Measurement]]:
    """The last measurement of each commit, in the order in which they were made."""
    last: dict[str, tuple[Entry, Measurement]] = {}
    for entry in entries:
        if entry.kind == "measurement" and entry.body.get("report") == report:
            # What cannot be read is no measurement; the verdict itself says that it is on record.
            with suppress(ValidationError):
                measurement = Measurement.model_validate(entry.body)
                last.pop(measurement.commit, None)
                last[measurement.commit] = (entry, measurement)
    return list(last.values())[-MOST:]


def _waves(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """Commit → the waves that ended on it."""
    found: dict[str, dict[str, None]] = {}
    for entry in entries:
        if entry.kind == "wave":
            with suppress(ValidationError):
                outcome = WaveOutcome.model_validate(entry.body)
                if outcome.commit is not None:
                    found.setdefault(outcome.commit, {})[outcome.wave] = None
    return {commit: tuple(waves) for commit, waves in found.items()}
