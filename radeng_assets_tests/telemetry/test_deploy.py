"""The dashboard and the alert rules ask for metrics and labels that there are; the docs list those of the code."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from radeng_assets.telemetry.catalogue import BY_NAME, METRICS, Metric, table
from radeng_assets.telemetry.lines import LogLine
from radeng_assets.telemetry.probes import CHECKS
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.processes import radeng_here

DASHBOARD = ROOT / "deploy" / "grafana" / "radeng.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"

_SELECTOR = re.compile(r"(radeng_\w+)(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
_BY = re.compile(r"by \(([^)]*)\)")

SCRAPED = {"job", "instance"}
"""Labels that Prometheus adds."""


def expressions() -> Iterator[tuple[str, str]]:
    """(where, PromQL) of every query there is."""
    dashboard: dict[str, Any] = json.loads(DASHBOARD.read_text("utf-8"))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield f"dashboard: {panel['title']}", target["expr"]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield f"dashboard: ${variable['name']}", variable["query"]
    for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]:
        for rule in group["rules"]:
            yield f"alert: {rule['alert']}", rule["expr"]


def metric_of(series: str) -> Metric:
    """The metric that a series belongs to. ``KeyError`` for none."""
    if series in BY_NAME:
        assert BY_NAME[series].kind != "histogram", f"{series} is a histogram: it has _bucket, _sum and _count"
        return BY_NAME[series]
    stem = re.sub("_(bucket|sum|count)$", "", series)
    metric = BY_NAME[stem]
    assert metric.kind == "histogram", series
    return metric


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_a_query_names_what_there_is(where: str, expression: str) -> None:
    found = _SELECTOR.findall(expression)
    assert found, where
    labels: set[str] = SCRAPED | {"le"}
    for series, matchers in found:
        metric = metric_of(series)
        labels |= set(metric.labels)
        assert {name for name, _, _ in _MATCHER.findall(matchers)} <= {*metric.labels, *SCRAPED}, where
        # What only grows is looked at by how fast; what does not is not.
        rated = re.search(rf"(rate|increase)\({series}\b", expression) is not None
        assert rated == (metric.kind != "gauge"), f"{where}: {series}"
    for names in _BY.findall(expression):
        assert {name.strip() for name in names.split(",")} <= labels, where


def test_legends_and_annotations_name_labels_that_there_are() -> None:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            known = {label for series, _ in _SELECTOR.findall(target["expr"]) for label in metric_of(series).labels}
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= known, panel["title"]
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))


def test_every_metric_is_worth_its_place() -> None:
    """Names say their unit, and what only grows ends in ``_total``: Prometheus' naming practices."""
    for metric in METRICS:
        assert re.fullmatch(r"radeng_[a-z]+(_[a-z]+)*", metric.name)
        assert (metric.kind == "counter") == metric.name.endswith("_total"), metric.name
        assert (metric.kind == "histogram") == bool(metric.buckets), metric.name
        assert list(metric.buckets) == sorted(set(metric.buckets))
        assert metric.says.endswith(".")
        if metric.kind == "histogram" or re.search("_(age|timestamp)_", metric.name):
            assert metric.name.endswith("_seconds")
    assert len(BY_NAME) == len(METRICS)


def test_the_docs_list_what_the_code_has() -> None:
    docs = (ROOT / "docs" / "observability.md").read_text("utf-8")
    assert table() in docs
    fields = next(line for line in docs.splitlines() if line.startswith("Every field"))
    assert re.findall(r"`(\w+)`", fields) == list(LogLine.model_fields)
    checks = docs[docs.index("| check |") : docs.index("It listens on loopback")]
    assert re.findall(r"^\| `(\w+)`", checks, re.MULTILINE) == list(CHECKS)


def commands() -> list[tuple[str, ...]]:
    """Every ``radeng`` of the docs' fenced commands."""
    docs = (ROOT / "docs" / "observability.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", docs, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [tuple(shlex.split(line)[1:]) for line in lines if line.startswith("radeng ")]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_a_command_of_the_docs_is_one(command: tuple[str, ...], tmp_path: Path) -> None:
    """``cli/test_telemetry`` runs them; here, that they are spelled as the verbs are."""
    done = radeng_here(command[0], "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert all(option in done.stdout for option in command if option.startswith("--"))
