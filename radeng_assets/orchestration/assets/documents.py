"""The planning documents as assets: each read from the pinned snapshot, with its findings as a check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import dagster as dg

from radeng_assets.orchestration.assets.outlook import forecast_metadata, ranking_metadata
from radeng_assets.orchestration.display import findings_counts, findings_table, table
from radeng_assets.orchestration.names import DOCUMENTS, OWNER, READS
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.documents.gap_analysis import GapAnalysis
from radeng_assets.planning.documents.master_plan import MasterPlan
from radeng_assets.planning.documents.risk_register import RiskRegister
from radeng_assets.planning.documents.testing_requirements import TestingRequirements
from radeng_assets.planning.findings import Finding, has_errors
from radeng_assets.planning.folder import (
    EXECUTION_PLAN,
    GAP_ANALYSIS,
    MASTER_PLAN,
    RISK_REGISTER,
    TESTING_REQUIREMENTS,
)
from radeng_assets.planning.snapshot import ServedPlan
from radeng_assets.record import Record

READABLE = "readable"
SERVED = "served_as_written"

D = TypeVar("D", bound=Record)


@dataclass(frozen=True, slots=True)
class _Document:
    """One planning document as an asset: where it is read from and what a person wants to see of it."""

    name: str
    file: str
    model: type[Record]
    description: str
    show: Callable[[Any], Mapping[str, Any]]


def document_assets(site: Site) -> list[dg.AssetsDefinition]:
    """The five document assets of a site."""
    return [_asset(site, document) for document in _DOCUMENTS]


def _asset(site: Site, document: _Document) -> dg.AssetsDefinition:
    specs = [
        dg.AssetCheckSpec(
            READABLE,
            asset=document.name,
            description=f"{document.file} was read without an error.",
        )
    ]
    if document.file == EXECUTION_PLAN:
        specs.append(
            dg.AssetCheckSpec(
                SERVED,
                asset=document.name,
                description="The folder as it stands is what is served: no edit has broken it.",
            )
        )

    @dg.asset(
        name=document.name,
        description=document.description,
        group_name=DOCUMENTS,
        owners=[OWNER],
        kinds={document.file.rsplit(".", 1)[-1].replace("md", "markdown")},
        check_specs=specs,
        freshness_policy=_review_policy(site) if document.file == RISK_REGISTER else None,
        metadata={READS: [document.file]},
    )
    def build():
        planning = site.planning
        value = getattr(planning, document.name) or document.model.model_validate({"file": document.file})
        findings = tuple(item for item in planning.findings if any(place.file == document.file for place in item.at))
        checks = [_readable(document, findings)]
        if document.file == EXECUTION_PLAN:
            checks.append(_served(site, document))
        return dg.MaterializeResult(
            value=value,
            metadata={
                **document.show(value),
                **(forecast_metadata(site) if document.file == EXECUTION_PLAN else {}),
                **findings_counts(findings),
                "findings": findings_table(findings),
                "plan_digest": planning.digest,
            },
            check_results=checks,
            data_version=dg.DataVersion(planning.digest),
        )

    return build


def _readable(document: _Document, findings: tuple[Finding, ...]) -> dg.AssetCheckResult:
    broken = has_errors(findings)
    return dg.AssetCheckResult(
        check_name=READABLE,
        asset_key=document.name,
        passed=not broken,
        severity=dg.AssetCheckSeverity.ERROR,
        description=_summary(findings) if broken else f"{document.file} was read whole.",
        metadata={"findings": findings_table(findings)},
    )


def _served(site: Site, document: _Document) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=SERVED, asset_key=document.name, severity=dg.AssetCheckSeverity.ERROR, **_served_words(site.served)
    )


def served_evaluation(plan: ServedPlan) -> dg.AssetCheckEvaluation:
    """The check ``served_as_written`` of a plan, without materializing anything."""
    return dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey("execution_plan"),
        check_name=SERVED,
        severity=dg.AssetCheckSeverity.ERROR,
        **_served_words(plan),
    )


def _served_words(plan: ServedPlan) -> dict[str, Any]:
    findings, broken = plan.broken_findings(), plan.broken is not None
    return {
        "passed": not broken,
        "description": f"The folder as it stands cannot be served: {_summary(findings)}"
        if broken
        else "The served plan is the folder as it stood when it was looked at last.",
        "metadata": {"findings": findings_table(findings), "served": plan.digest},
    }


def _summary(findings: tuple[Finding, ...]) -> str:
    errors = [item for item in findings if item.severity == "error"]
    if not errors:
        return "no error-level finding"
    first = errors[0]
    places = ", ".join(str(place) for place in first.at)
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{first.rule} at {places}: {first.message}{more}"


def _review_policy(site: Site) -> dg.FreshnessPolicy | None:
    """The risk register's own review cadence, the shortest that it states.

    One missed review is a warning, two are a failure. No cadence stated: no policy.
    """
    days = site.served.review_days()
    if days is None:
        return None
    return dg.FreshnessPolicy.time_window(fail_window=timedelta(days=2 * days), warn_window=timedelta(days=days))


def _gaps(value: GapAnalysis) -> Mapping[str, Any]:
    severities = [gap.severity.value if gap.severity else "(none)" for gap in value.gaps]
    return {
        "gaps": len(value.gaps),
        "by_severity": table(
            ("severity", "gaps"),
            ((name, severities.count(name)) for name in dict.fromkeys(severities)),
        ),
        "categories": table(
            ("category", "severity", "gaps"),
            (
                (
                    item.name.value if item.name else None,
                    item.severity.value if item.severity else None,
                    len(item.gaps),
                )
                for item in value.categories
            ),
        ),
        "points": sum(gap.effort.value for gap in value.gaps if gap.effort),
    }


def _risks(value: RiskRegister) -> Mapping[str, Any]:
    return {
        "risks": len(value.risks),
        "register": table(
            ("id", "title", "probability", "impact", "score", "owner", "status"),
            (
                tuple(
                    fact.value if fact else None
                    for fact in (
                        item.id,
                        item.title,
                        item.probability,
                        item.impact,
                        item.score,
                        item.owner,
                        item.status,
                    )
                )
                for item in value.risks
            ),
        ),
        **ranking_metadata(value),
    }


def _testing(value: TestingRequirements) -> Mapping[str, Any]:
    return {
        "test_cases": len(value.cases),
        "modules": table(
            ("module", "current", "target"),
            (
                (
                    item.module.value,
                    item.current.value if item.current else None,
                    item.target.value if item.target else None,
                )
                for item in value.modules
            ),
        ),
        "load": table(
            ("agents", "error rate", "p99 (s)"),
            (
                (
                    item.agents.value,
                    item.error_rate.value if item.error_rate else None,
                    item.p99_seconds.value if item.p99_seconds else None,
                )
                for item in value.load
            ),
        ),
    }


def _master(value: MasterPlan) -> Mapping[str, Any]:
    return {
        "stories": len(value.stories),
        "points": sum(story.points.value for story in value.stories if story.points),
        "waves": table(
            ("wave", "points", "stories", "mode"),
            (
                (
                    wave.name.value,
                    wave.points.value if wave.points else None,
                    len(wave.story_ids),
                    wave.mode.value if wave.mode else None,
                )
                for wave in value.waves
            ),
        ),
    }


def _execution(value: ExecutionPlan) -> Mapping[str, Any]:
    return {
        "stories": len(value.stories),
        "points": sum(story.points.value for story in value.stories if story.points),
        "waves": table(
            ("wave", "name", "parallel", "needs", "stories", "points"),
            (
                (
                    wave.id.value,
                    wave.name.value if wave.name else None,
                    wave.parallel.value if wave.parallel else None,
                    ", ".join(need.value for need in wave.dependencies),
                    len(wave.stories),
                    sum(story.points.value for story in wave.stories if story.points),
                )
                for wave in value.waves
            ),
        ),
    }


_DOCUMENTS = (
    _Document(
        "gap_analysis",
        GAP_ANALYSIS,
        GapAnalysis,
        "Gaps between today and production, as the gap analysis states them; every fact with its line.",
        _gaps,
    ),
    _Document(
        "risk_register",
        RISK_REGISTER,
        RiskRegister,
        "Risks with probability, impact, score and mitigation, as the risk assessment states them.",
        _risks,
    ),
    _Document(
        "testing_requirements",
        TESTING_REQUIREMENTS,
        TestingRequirements,
        "Coverage targets, load limits and test cases that the testing requirements ask for.",
        _testing,
    ),
    _Document(
        "master_plan",
        MASTER_PLAN,
        MasterPlan,
        "The plan as people read it: stories, waves and totals of the master implementation plan.",
        _master,
    ),
    _Document(
        "execution_plan",
        EXECUTION_PLAN,
        ExecutionPlan,
        "The plan as machines carry it out: waves, stories, gates and limits.",
        _execution,
    ),
)
