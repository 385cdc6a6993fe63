"""Waves as Kubernetes jobs, as far as a machine without a cluster can tell."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, cast

import dagster as dg
import pytest
import yaml
from dagster._config import process_config, resolve_to_config_type
from dagster_k8s import K8sRunLauncher
from kubernetes.client import ApiClient

from radeng_assets.orchestration.build import build_defs
from radeng_assets.orchestration.fleet.executors import k8s_config
from radeng_assets.orchestration.jobs import PLANNING_JOB, QUIET, WAVE_JOB
from radeng_assets.orchestration.site import Site
from radeng_assets.planning.snapshot import PIN, served_plan
from radeng_assets.settings import Settings
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.folders import write_folder

MANIFEST = ROOT / "deploy" / "k8s" / "radeng.yaml"
KINDS = {
    "Namespace": "V1Namespace",
    "ServiceAccount": "V1ServiceAccount",
    "Role": "V1Role",
    "RoleBinding": "V1RoleBinding",
    "PersistentVolumeClaim": "V1PersistentVolumeClaim",
    "ConfigMap": "V1ConfigMap",
    "Job": "V1Job",
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    for name, value in {
        "RADENG_EXECUTOR": "k8s",
        "RADENG_K8S_IMAGE": "registry.example/radeng:1",
        "RADENG_SHARED": str(tmp_path / "shared"),
        "RADENG_POSTGRES_URL": "postgresql://user:much-too-secret@db/radeng",
        "RADENG_TARGET_REPO": "https://git.example/product.git",
        "RADENG_HOME": str(tmp_path / "home"),
        "RADENG_PLAN_DIR": str(write_folder(tmp_path / "plan")),
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    return Site(settings, served_plan(settings.plan_dir, settings.home))


def test_the_same_definitions_with_waves_on_kubernetes(site: Site) -> None:
    defs = build_defs(site)
    job = defs.resolve_job_def(WAVE_JOB)
    assert job.executor_def.name == "k8s"
    assert defs.resolve_job_def(PLANNING_JOB).executor_def.name == "forkserver"
    assert dg.validate_run_config(job, QUIET)


def test_a_steps_pod_knows_its_runs_plan_and_no_secret(site: Site) -> None:
    told = k8s_config(2)["env_vars"]
    assert f"{PIN}={os.environ[PIN]}" in told
    assert f"RADENG_HOME={site.home.path}" in told
    assert "much-too-secret" not in json.dumps(told)


def test_the_manifest_is_what_kubernetes_and_dagster_take() -> None:
    documents = cast("list[dict[str, Any]]", list(yaml.safe_load_all(MANIFEST.read_text("utf-8"))))
    for document in documents:

        class Reply:
            data = json.dumps(document)

        ApiClient().deserialize(Reply, KINDS[document["kind"]])
    (instance,) = [d["data"]["dagster.yaml"] for d in documents if d["kind"] == "ConfigMap"]
    launcher = yaml.safe_load(instance)["run_launcher"]
    result = process_config(resolve_to_config_type(K8sRunLauncher.config_type()), launcher["config"])
    assert result.success, result.errors
