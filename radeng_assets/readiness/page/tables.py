"""The page's facts as plain figures and tables, for the web UI's metadata."""

from __future__ import annotations

from radeng_assets.evidence.outcomes import DONE
from radeng_assets.planning.findings import SEVERITIES
from radeng_assets.readiness.page.facts import PageFacts
from radeng_assets.readiness.reports.assessment import Cell, Table


def figures_of(facts: PageFacts) -> dict[str, str | float | int]:
    """Single facts by name. Numbers are plotted from one verdict to the next; what nobody knows is left out."""
    verdict, source = facts.verdict, facts.provenance
    shown: dict[str, str | float | int] = {
        "verdict": verdict.verdict,
        "headline": facts.headline,
        "digest": verdict.digest,
        "commit": source.commit or "(no target)",
        "as of": source.as_of,
        "plan digest": source.plan_digest,
        "ledger head": source.ledger_head,
        "criteria met": sum(1 for item in verdict.criteria if item.status in ("verified", "waived")),
        "stories done": sum(1 for story in facts.stories if story.verdict.status in DONE),
        "spent (USD)": float(facts.spending.total.usd),
        "tokens in": facts.spending.total.tokens.input,
        "tokens out": facts.spending.total.tokens.output,
    }
    for severity in SEVERITIES:
        shown[f"audit findings ({severity})"] = sum(1 for f in facts.audit.findings if f.severity == severity)
    if facts.forecast is not None:
        shown["forecast P50 (weeks)"] = facts.forecast.p50_weeks
        shown["forecast P85 (weeks)"] = facts.forecast.p85_weeks
    return shown


def tables_of(facts: PageFacts) -> tuple[Table, ...]:
    """Everything that has rows; a table without any is left out."""
    tables = (
        _criteria(facts),
        Table(
            title="Steps",
            columns=("do", "for"),
            rows=tuple((step.do, ", ".join(item.id for item in step.criteria)) for step in facts.steps),
        ),
        Table(
            title="Waves",
            columns=("wave", "gate", "stories", "done", "attempts", "cost (USD)", "reason"),
            rows=tuple(
                (
                    wave.id,
                    wave.gate,
                    len(wave.stories),
                    sum(1 for story in wave.stories if story.verdict.status in DONE),
                    wave.spend.attempts,
                    wave.spend.usd,
                    wave.reason,
                )
                for wave in facts.waves
            ),
        ),
        Table(
            title="Trends",
            columns=("report", "commit", "waves", "state", "measured"),
            rows=tuple(
                (trend.report, point.commit, ", ".join(point.waves), point.state, point.measured)
                for trend in facts.trends
                for point in trend.points
            ),
        ),
        Table(
            title="Waivers",
            columns=("subject", "criterion", "state", "expires", "approver", "reason", "problem"),
            rows=tuple(
                (
                    w.subject,
                    w.criterion,
                    w.state,
                    w.expires.isoformat() if w.expires else None,
                    w.approver,
                    w.reason,
                    w.problem,
                )
                for w in facts.waivers
            ),
        ),
        Table(
            title="Sign-offs",
            columns=("role", "name", "decision", "at", "state", "reason"),
            rows=tuple((s.role, s.name, s.decision, s.at, s.state, s.reason) for s in facts.signoffs),
        ),
        Table(
            title="Broken",
            columns=("what",),
            rows=tuple((reason,) for reason in facts.broken),
        ),
    )
    return tuple(table for table in tables if table.rows)


def _criteria(facts: PageFacts) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (c.id, c.status, c.claimed, c.measured, c.threshold, c.reason, c.next) for c in facts.verdict.criteria
    )
    columns = ("criterion", "status", "claimed", "measured", "threshold", "reason", "next")
    return Table(title="Criteria", columns=columns, rows=rows)
