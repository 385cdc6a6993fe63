"""Results as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from radeng_assets.evidence.outcomes import DONE
from radeng_assets.planning.findings import SEVERITIES, Finding, Severity
from radeng_assets.planning.folder import PlanCounts
from radeng_assets.readiness.verdict import Verdict, WaveVerdict

SEVERITY_STYLE: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_STATUS_STYLE = {
    "verified": "green",
    "waived": "green",
    "passed": "green",
    "already_satisfied": "green",
    "contradicted": "bold red",
    "failed": "bold red",
    "stale": "yellow",
    "blocked": "yellow",
    "unverified": "yellow",
    "rehearsed": "cyan",
    "not_run": "dim",
}


def counts_line(counts: PlanCounts) -> str:
    """One line that says what the folder holds."""
    return "  ".join(
        f"[bold]{value}[/] {name}" for name, value in counts.model_dump().items() if name in PlanCounts.model_fields
    )


def findings_table(findings: Sequence[Finding]) -> Table:
    """Findings, worst first, with their places and what to do."""
    table = Table(title="Findings", title_justify="left", show_lines=True, expand=True)
    for name, ratio in (("", 1), ("rule", 2), ("where", 3), ("what", 6)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for item in findings:
        fix = f"\n[dim]→ {escape(item.fix)}[/]" if item.fix else ""
        table.add_row(
            f"[{SEVERITY_STYLE[item.severity]}]{item.severity}[/]",
            escape(item.rule),
            escape("\n".join(str(place) for place in item.at)),
            escape(item.message) + fix,
        )
    return table


def findings_summary(findings: Sequence[Finding]) -> str:
    """How many findings of each severity, in one line."""
    counts = {severity: sum(1 for item in findings if item.severity == severity) for severity in SEVERITIES}
    return ", ".join(f"{count} {severity}" for severity, count in counts.items() if count) or "none"


def waves_table(verdict: Verdict) -> Table:
    """Each wave: what became of its stories, and its gate."""
    table = Table(title="Waves", title_justify="left", expand=True)
    table.add_column("wave", no_wrap=True)
    table.add_column("stories", justify="right")
    table.add_column("done", justify="right")
    table.add_column("stories by status", ratio=3, overflow="fold")
    table.add_column("gate", no_wrap=True)
    table.add_column("reason", ratio=4, overflow="fold")
    for wave in verdict.waves:
        table.add_row(
            escape(wave.id),
            str(len(wave.stories)),
            str(sum(1 for story in wave.stories if story.status in DONE)),
            _statuses(wave),
            _styled(wave.gate),
            escape(wave.reason),
        )
    return table


def _statuses(wave: WaveVerdict) -> str:
    statuses = [story.status for story in wave.stories]
    return ", ".join(f"{statuses.count(status)} {_styled(status)}" for status in dict.fromkeys(statuses))


def criteria_table(verdict: Verdict) -> Table:
    """The eight criteria: claimed, measured, why, and what to do."""
    table = Table(title="Success criteria", title_justify="left", show_lines=True, expand=True)
    table.add_column("criterion", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("measured", justify="right", no_wrap=True)
    table.add_column("why, and what next", ratio=1, overflow="fold")
    for item in verdict.criteria:
        following = f"\n[dim]→ {escape(item.next)}[/]" if item.next else ""
        table.add_row(
            item.id,
            _styled(item.status),
            _measured(item.measured, item.threshold),
            escape(item.reason) + following,
        )
    return table


def _measured(measured: float | None, threshold: float | None) -> str:
    shown = "-" if measured is None else f"{measured:g}"
    return shown if threshold is None else f"{shown} / {threshold:g}"


def verdict_line(verdict: Verdict) -> str:
    """The verdict itself, with what it is about."""
    style = "bold green" if verdict.verdict == "READY" else "bold red"
    about = f"commit {verdict.target.commit[:12]}" if verdict.target else "no target"
    headline = f"[{style}]{escape(verdict.headline or verdict.verdict)}[/]"
    return f"{headline} ({about}, plan {verdict.plan.digest[7:19]}, {verdict.digest[:19]}…)"


def _styled(status: str) -> str:
    return f"[{_STATUS_STYLE.get(status, '')}]{status}[/]"
