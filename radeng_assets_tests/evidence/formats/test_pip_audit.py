"""Dependency audits of pip-audit and npm: what was looked up, and what was left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from radeng_assets.evidence.formats.dependency_audit import Advisory, DependencyAudit
from radeng_assets.evidence.formats.npm_audit import read_npm_audit
from radeng_assets.evidence.formats.pip_audit import read_pip_audit
from radeng_assets.planning.findings import Finding
from radeng_assets_tests.evidence.formats.goldens import golden


def pip(*packages: Any) -> tuple[DependencyAudit | None, tuple[Finding, ...]]:
    return read_pip_audit(json.dumps({"dependencies": packages, "fixes": []}).encode(), "p.json")


def npm(**changes: Any) -> tuple[DependencyAudit | None, tuple[Finding, ...]]:
    return read_npm_audit(json.dumps({**json.loads(golden("npm_audit.json")), **changes}).encode(), "n.json")


def test_what_pip_audit_found() -> None:
    audit, findings = read_pip_audit(golden("pip_audit.json"), "p.json")
    assert findings == ()
    assert audit is not None
    assert audit == DependencyAudit(
        tool="pip-audit",
        audited=2,
        advisories=(Advisory(id="PYSEC-2019-217", package="jinja2", version="2.10", fixed=("2.10.1",)),),
    )
    assert audit.state == "failed"


def test_pip_audit_that_found_nothing_is_clean() -> None:
    audit, findings = read_pip_audit(golden("pip_audit.clean.json"), "p.json")
    assert (audit and audit.state, audit and audit.audited, findings) == ("passed", 1, ())


def test_pip_audit_offline_audited_nothing() -> None:
    audit, findings = read_pip_audit(golden("pip_audit.offline.json"), "p.json")
    assert audit is not None
    assert findings == ()
    assert (audit.audited, [name for name, _ in audit.skipped]) == (0, ["jinja2", "markupsafe"])
    assert audit.state == "missing"


def test_one_that_was_skipped_is_not_made_up_for() -> None:
    audit, _ = pip({"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "no"})
    assert audit is not None
    assert (audit.audited, audit.state) == (1, "skipped")


@pytest.mark.parametrize(
    "package",
    [
        *({}, 5, None, {"name": "a"}, {"name": "a", "version": "1"}, {"version": "1", "vulns": []}),
        *({"name": "a", "version": "1", "vulns": {}}, {"name": "a", "version": 1, "vulns": []}),
        {"name": "a", "skip_reason": ""},
    ],
)
def test_a_package_that_cannot_be_read_was_not_audited(package: Any) -> None:
    audit, findings = pip({"name": "b", "version": "1", "vulns": []}, package)
    assert audit is not None
    assert (audit.audited, audit.state) == (1, "skipped")
    assert all(finding.severity == "error" for finding in findings)
    assert findings


@pytest.mark.parametrize("weakness", [{}, 5, {"id": ""}, {"id": 7}])
def test_a_weakness_that_cannot_be_read_is_one(weakness: Any) -> None:
    audit, findings = pip({"name": "a", "version": "1", "vulns": [weakness]})
    assert audit is not None
    assert (len(audit.advisories), audit.state) == (1, "failed")
    assert "pip-audit-advisory" in {finding.rule for finding in findings}


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"dependencies": {}}', b'[{"name": "a", "vulns": []}]'])
def test_what_is_no_audit_is_refused(data: bytes) -> None:
    for read in (read_pip_audit, read_npm_audit):
        audit, findings = read(data, "r")
        assert audit is None
        assert len(findings) == 1


def test_what_npm_found() -> None:
    audit, findings = read_npm_audit(golden("npm_audit.json"), "n.json")
    assert findings == ()
    assert audit == DependencyAudit(
        tool="npm audit",
        audited=2,
        advisories=(Advisory(id="GHSA-xvch-5gv4-984h", package="minimist", version="<0.2.4", severity="critical"),),
    )
    clean, findings = read_npm_audit(golden("npm_audit.clean.json"), "n.json")
    assert (clean and clean.state, clean and clean.audited, findings) == ("passed", 2, ())
    offline, findings = read_npm_audit(golden("npm_audit.offline.json"), "n.json")
    assert offline is None
    assert len(findings) == 1


WEAK: dict[str, Any] = {"name": "a", "severity": "high"}
WRONG: list[dict[str, Any]] = [
    {"vulnerabilities": {}},
    {"metadata": {}},
    {"metadata": None},
    {"vulnerabilities": {"a": {**WEAK, "via": []}, "b": {**WEAK, "via": ["a"]}}},
    {"vulnerabilities": {"a": {**WEAK, "via": ["c"]}, "b": {**WEAK, "via": ["a"]}}},
    {"vulnerabilities": {"a": {**WEAK, "via": [{}]}, "b": {**WEAK, "via": ["a"]}}},
    {"vulnerabilities": {"a": WEAK, "b": {**WEAK, "via": ["a"]}}},
]


@pytest.mark.parametrize("changes", WRONG)
def test_a_count_or_a_cause_that_is_not_there_is_said(changes: Any) -> None:
    _, findings = npm(**changes)
    assert any(finding.severity == "error" for finding in findings)
