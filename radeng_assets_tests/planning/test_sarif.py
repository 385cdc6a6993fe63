"""SARIF as a code host needs it: rules, places below the repository's top, fingerprints, suppressions."""

from __future__ import annotations

from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, cast

import pytest

from radeng_assets.planning.audit import audit
from radeng_assets.planning.baseline import Accepted
from radeng_assets.planning.folder import read_sources
from radeng_assets.planning.sarif import FINGERPRINT, to_sarif

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def run(real_folder: Path) -> dict[str, Any]:
    found = audit(read_sources(real_folder), TODAY)
    first = Accepted(finding=found.findings[0], digest=found.digests[0], reason="Known", by="Me", expires=TODAY)
    document = to_sarif(found.model_copy(update={"accepted": (first,)}), PurePosixPath("docs/a plan"))
    assert document["version"] == "2.1.0"
    (only,) = cast(list[dict[str, Any]], document["runs"])
    return only


def test_every_result_names_a_rule_of_the_run(run: dict[str, Any], real_folder: Path) -> None:
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    assert {result["ruleId"] for result in run["results"]} <= set(rules)
    assert len(run["results"]) == len(audit(read_sources(real_folder), TODAY).findings) + 1


def test_a_result_has_its_places_level_and_fingerprint(run: dict[str, Any]) -> None:
    result = next(one for one in run["results"] if one["ruleId"] == "gap-effort-differs")
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "docs/a%20plan/COMPREHENSIVE-GAP-ANALYSIS.yaml"
    assert place["region"]["startLine"] == 735
    assert result["partialFingerprints"][FINGERPRINT].startswith("sha256:")
    assert [one["id"] for one in result["relatedLocations"]] == list(range(1, len(result["relatedLocations"]) + 1))
    assert {one["level"] for one in run["results"]} == {"error", "warning", "note"}


def test_an_accepted_finding_is_suppressed_with_its_reason(run: dict[str, Any]) -> None:
    suppressed = [one for one in run["results"] if "suppressions" in one]
    assert len(suppressed) == 1
    assert suppressed[0]["suppressions"] == [{"kind": "external", "justification": f"Known (Me, until {TODAY})"}]
