"""What may come, as metadata: the schedule's forecast and the risks by expected loss."""

from typing import Any

import dagster as dg

from radeng_assets.orchestration.display import table
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.documents.risk_register import RiskRegister
from radeng_assets.planning.forecast import Forecast, forecast
from radeng_assets.planning.ranking import rank_risks

_STORIES = 1000
"""Most stories that are forecast when the plan is materialized: 10,000 runs of so many take a second."""

_BAR = 40
"""Widest bar of the histogram, in characters."""

_FLIPS = 20
"""Most pairs that are listed, the worst first."""


def forecast_metadata(site: Site) -> dict[str, Any]:
    """P50 and P85 in weeks against the plan's claim, each story's share of critical paths, and the assumptions."""
    schedule, plan = site.served.schedule, site.planning.execution_plan
    if not 0 < len(schedule.stories) <= _STORIES or plan is None:
        return {}
    weeks = plan.meta.estimated_weeks
    result = forecast(schedule, claimed=weeks.value if weeks else None)
    within = result.probability_within_claim
    return {
        "forecast_p50_weeks": result.p50_weeks,
        "forecast_p85_weeks": result.p85_weeks,
        "forecast_claimed_weeks": result.claimed or "(none)",
        **({} if within is None else {"forecast_probability_within_claim": within}),
        "forecast": dg.MetadataValue.md(_histogram(result)),
        "critical_path": table(
            ("story", "probability of being on the critical path"),
            ((item.story, item.share) for item in sorted(result.criticality, key=lambda item: -item.share)),
        ),
    }


def _histogram(result: Forecast) -> str:
    most = max(result.histogram.counts)
    edges = result.histogram.edges
    rows = [
        f"{low:6.1f} - {high:5.1f} weeks  {'#' * round(_BAR * count / most)} {count}"
        for low, high, count in zip(edges, edges[1:], result.histogram.counts, strict=False)
        if count
    ]
    assumed = "\n".join(f"- {line}" for line in result.stated)
    return f"```\n{chr(10).join(rows)}\n```\n{assumed}"


def ranking_metadata(register: RiskRegister) -> dict[str, Any]:
    """Risks by expected loss with ranges, and the pairs whose order the matrix gets wrong or cannot tell."""
    ranking = rank_risks(register)
    columns = ("rank", "by matrix", "id", "title", "expected loss", "from", "to", "score")
    return {
        "by_expected_loss": table(
            columns,
            (
                (
                    item.rank,
                    item.rank_by_matrix,
                    item.id,
                    item.title,
                    item.loss,
                    item.loss_low,
                    item.loss_high,
                    item.score,
                )
                for item in ranking.risks
            ),
        ),
        "order_in_doubt": table(
            ("kind", "above", "below", "reason"),
            ((flip.kind, ", ".join(flip.above), ", ".join(flip.below), flip.reason) for flip in ranking.flips[:_FLIPS]),
        ),
        "assumed_ranges": table(
            ("level", "probability from", "to", "loss from", "to (units)"),
            (
                (one.level, one.probability_low, one.probability_high, one.impact_low, one.impact_high)
                for one in ranking.scale
            ),
        ),
    }
