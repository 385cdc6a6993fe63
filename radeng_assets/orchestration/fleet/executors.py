"""The executor of waves that the setting names, with the same job, steps and names whichever it is."""

from __future__ import annotations

import os
from typing import Any

import dagster as dg

from radeng_assets.orchestration.fleet.terms import CELERY_URL, K8S_IMAGE, require_engine
from radeng_assets.orchestration.names import AGENT_TAG
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.shelf import offer
from radeng_assets.planning.snapshot import PIN

K8S_TRAVELS = (
    PIN,
    "RADENG_HOME",
    "DAGSTER_HOME",
    "RADENG_PLAN_DIR",
    "RADENG_AGENT",
    "RADENG_TARGET_REPO",
    "RADENG_AGENT_COMMAND",
    "RADENG_EXECUTOR",
    "RADENG_SHARED",
    K8S_IMAGE,
)
"""What a step's pod is told of its run. The database's address may be a secret, so it comes from one (deploy/k8s)."""


def wave_executor(site: Site) -> dg.ExecutorDefinition | None:
    """What the wave job runs on; ``None`` for the processes that everything else runs in. Raises ``NoEngine``."""
    require_engine(site.settings, os.environ)
    if not site.settings.fleet:
        return None
    commons = site.home.commons
    if commons is not None and site.served.folder is not None:
        offer(site.served.folder, commons.root)
    return _celery() if site.settings.executor == "celery" else _k8s(site.served.schedule.agents)


def _celery() -> dg.ExecutorDefinition:
    from dagster_celery import celery_executor

    from radeng_assets.orchestration.fleet.errand import tell_the_run, where_results_go

    tell_the_run()
    return celery_executor.configured({"broker": {"env": CELERY_URL}, "backend": where_results_go()}, name="celery")


def _k8s(agents: int) -> dg.ExecutorDefinition:
    from dagster_k8s import k8s_job_executor

    return k8s_job_executor.configured(k8s_config(agents), name="k8s")


def k8s_config(agents: int) -> dict[str, Any]:
    """What the executor is told of this run. At most ``agents`` stories at once; every one of them in a pod."""
    return {
        "job_image": {"env": K8S_IMAGE},
        "env_vars": [f"{name}={os.environ[name]}" for name in K8S_TRAVELS if os.environ.get(name)],
        "max_concurrent": agents + 1,
        "tag_concurrency_limits": [{"key": AGENT_TAG, "limit": agents}],
    }
