"""The forecast and the risk ranking as a person reads them."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from radeng_assets.planning.folder import Planning
from radeng_assets.planning.forecast import Forecast, forecast
from radeng_assets.planning.ranking import Ranking, rank_risks
from radeng_assets.planning.schedule import compile_schedule

_BAR = 40
_FLIPS = 8
"""Most pairs of risks that are listed, the worst first."""


def outlook(planning: Planning) -> tuple[Forecast | None, Ranking]:
    """The forecast of the folder's plan (``None`` where it has no sound schedule) and the ranking of its risks."""
    plan = planning.execution_plan
    schedule = compile_schedule(plan)[0] if plan else None
    weeks = plan.meta.estimated_weeks if plan else None
    predicted = forecast(schedule, claimed=weeks.value if weeks else None) if schedule else None
    risks = rank_risks(planning.risk_register) if planning.risk_register else Ranking()
    return predicted, risks


def outlook_report(predicted: Forecast | None, ranking: Ranking) -> Group:
    """Forecast and ranking, each with what it assumes."""
    parts: list[RenderableType] = []
    if predicted is None:
        parts.append(Text("No forecast: the plan cannot be put in order; see the findings.", style="yellow"))
    else:
        parts += _forecast(predicted)
    if ranking.risks:
        parts += [Text(), _ranking(ranking)]
        for flip in ranking.flips[:_FLIPS]:
            pair = f"{', '.join(flip.above)} above {', '.join(flip.below)}"
            parts.append(Text.assemble((f"{flip.kind} ", "yellow"), f"{pair}. ", (flip.reason, "dim")))
        if len(ranking.flips) > _FLIPS:
            parts.append(Text(f"and {len(ranking.flips) - _FLIPS} pairs more whose ranges overlap", style="dim"))
    return Group(*parts)


def _forecast(predicted: Forecast) -> list[RenderableType]:
    within = predicted.probability_within_claim
    claim = f"; the plan claims {predicted.claimed}" if predicted.claimed else "; the plan claims nothing"
    held = f", which holds in {within:.0%} of the runs" if within is not None else ""
    head = (
        f"Half of the runs end within {predicted.p50_weeks:.1f} weeks, 85 % within "
        f"{predicted.p85_weeks:.1f}{claim}{held}."
    )
    parts: list[RenderableType] = [Text(head, style="bold")]
    most = max(predicted.histogram.counts)
    edges = predicted.histogram.edges
    for low, count in zip(edges, predicted.histogram.counts, strict=False):
        if count:
            parts.append(Text(f"{low:7.1f} weeks  {'#' * round(_BAR * count / most)} {count}", style="cyan"))
    table = Table(title="Most often on the critical path", title_justify="left")
    table.add_column("story")
    table.add_column("share of runs", justify="right")
    for item in sorted(predicted.criticality, key=lambda item: -item.share)[:10]:
        table.add_row(item.story, f"{item.share:.0%}")
    return [*parts, table, *(Text(line, style="dim") for line in predicted.stated)]


def _ranking(ranking: Ranking) -> Table:
    table = Table(title="Risks by expected loss (loss units, with ranges)", title_justify="left", expand=True)
    for name in ("rank", "by matrix", "risk"):
        table.add_column(name, justify="left" if name == "risk" else "right", no_wrap=True)
    table.add_column("title", ratio=1, overflow="ellipsis", no_wrap=True)
    for name in ("loss", "range", "score"):
        table.add_column(name, justify="right", no_wrap=True)
    for risk in ranking.risks:
        reach = "" if risk.loss_low is None or risk.loss_high is None else f"{risk.loss_low:.2g} - {risk.loss_high:.2g}"
        loss = "-" if risk.loss is None else f"{risk.loss:.2f}"
        places = (str(risk.rank or "-"), str(risk.rank_by_matrix or "-"))
        table.add_row(*places, risk.id, risk.title or "", loss, reach, risk.score or risk.stated_score or "-")
    return table
