"""The three jobs, and the executor that they run on."""

from __future__ import annotations

import dagster as dg

from radeng_assets.orchestration.names import AGENT_TAG, DOCUMENTS
from radeng_assets.orchestration.preload import PRELOAD

PLANNING_JOB = "planning_job"
WAVE_JOB = "wave_job"
READINESS_JOB = "readiness_job"

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The configuration of a run that prints nothing."""

_WAVE_ASSETS = ("ess_index_snapshot", "story_outputs", "coverage_report")
_READINESS_ASSETS = (
    "chaos_report",
    "load_test_report",
    "security_report",
    "ui_report",
    "documentation_report",
    "final_gate",
    "ess_integration_report",
    "progress",
    "production_readiness",
)


def executor(agents: int) -> dg.ExecutorDefinition:
    """Steps in processes of their own, at most ``agents`` story steps at once within a run.

    The pool ``agents`` holds the limit across runs; the tag limit holds it where no pool is configured.
    Forkserver, because a step then starts from a process that has Dagster and the plan in
    memory: about a ninth of the CPU time of spawning one (FIELD-NOTES 1).
    """
    return dg.multiprocess_executor.configured(
        {
            "start_method": {"forkserver": {"preload_modules": list(PRELOAD)}},
            "max_concurrent": agents + 1,
            "tag_concurrency_limits": [{"key": AGENT_TAG, "limit": agents}],
        },
        name="forkserver",
    )


def jobs(waves_on: dg.ExecutorDefinition) -> list[dg.UnresolvedAssetJobDefinition]:
    """Planning, one wave, readiness. ``waves_on`` is what waves run on."""
    return [
        planning_job(),
        dg.define_asset_job(
            WAVE_JOB,
            selection=dg.AssetSelection.assets(*_WAVE_ASSETS),
            executor_def=waves_on,
            description="Carries one wave out (or verifies it) and passes it through its gate.",
        ),
        dg.define_asset_job(
            READINESS_JOB,
            selection=dg.AssetSelection.assets(*_READINESS_ASSETS),
            description="Gathers the reports, runs the final gate and judges the eight criteria.",
        ),
    ]


def planning_job() -> dg.UnresolvedAssetJobDefinition:
    """Reading and auditing the documents."""
    return dg.define_asset_job(
        PLANNING_JOB,
        selection=dg.AssetSelection.groups(DOCUMENTS),
        description="Reads the planning folder, audits it and links it.",
    )
