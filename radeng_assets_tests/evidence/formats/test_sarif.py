"""SARIF: what a scanner found, and whether its silence means anything."""

from __future__ import annotations

import json
from typing import Any

import pytest

from radeng_assets.evidence.formats.sarif import SarifReport, read_sarif
from radeng_assets.evidence.formats.sarif_result import SarifFinding
from radeng_assets.evidence.states import State
from radeng_assets.planning.findings import Finding
from radeng_assets_tests.evidence.formats.goldens import sarif

Json = dict[str, Any]

RULE = {"id": "R1", "defaultConfiguration": {"level": "error"}, "properties": {"security-severity": "7.5"}}
CLEAN: Json = {
    "tool": {"driver": {"name": "scan", "version": "1", "rules": [RULE]}},
    "invocations": [{"executionSuccessful": True}],
    "results": [],
}


def read(*runs: Json) -> tuple[SarifReport, tuple[Finding, ...]]:
    data = json.dumps({"version": "2.1.0", "runs": runs}, indent=1).encode()
    report, findings = read_sarif(data, "s.sarif")
    assert report is not None
    assert all(place.file == "s.sarif" and place.line for finding in findings for place in finding.at)
    return report, findings


def result(**changes: Any) -> SarifFinding:
    place = {"artifactLocation": {"uri": "a%20b.py"}, "region": {"startLine": 3, "snippet": {"text": "  key = 1\n"}}}
    one = {"ruleId": "R1", "message": {"text": "m"}, "locations": [{"physicalLocation": place}], **changes}
    return read({**CLEAN, "results": [one]})[0].runs[0].findings[0]


def test_bandit_wrote_two_findings() -> None:
    (run,) = sarif("bandit.sarif").runs
    assert (run.tool, run.version, run.rules) == ("Bandit", "1.9.4", ("B404", "B602"))
    assert [(f.rule, f.level, f.path, f.line) for f in run.findings] == [
        ("B404", "note", "tools/export.py", 1),
        ("B602", "error", "tools/export.py", 12),
    ]
    assert all(f.content for f in run.findings)
    assert run.state == "failed"


def test_bandit_that_found_nothing_is_clean() -> None:
    report = sarif("bandit.clean.sarif")
    assert report.runs[0].findings == ()
    assert report.state == "passed"


def test_no_secret_is_kept() -> None:
    canary = "sk-" + "canary" * 4
    place = {"region": {"snippet": {"text": canary}}}
    one = {"ruleId": "R1", "message": {"text": canary}, "locations": [{"physicalLocation": place}]}
    report, findings = read({**CLEAN, "results": [one]})
    assert canary not in report.model_dump_json()
    assert canary not in str(findings)


NOTIFIED = {"executionSuccessful": True, "toolExecutionNotifications": [{"level": "error", "message": {"text": "x"}}]}


VERSION_ALONE: Json = {"driver": {"name": "scan", "version": "1"}}

RUNS: list[tuple[Json, State]] = [
    ({}, "passed"),
    ({"invocations": []}, "passed"),
    ({"invocations": [{"executionSuccessful": False}]}, "no_runner"),
    ({"invocations": [{"executionSuccessful": True}, {"executionSuccessful": False}]}, "no_runner"),
    ({"invocations": [{}]}, "no_runner"),
    ({"invocations": [NOTIFIED]}, "no_runner"),
    ({"tool": {"driver": {"name": "scan"}}}, "no_runner"),
    ({"tool": VERSION_ALONE}, "no_runner"),
    ({"tool": VERSION_ALONE, "properties": {"metrics": {"_totals": {"loc": 14}}}}, "passed"),
    ({"tool": VERSION_ALONE, "properties": {"metrics": {"_totals": {"loc": 0}}}}, "no_runner"),
    ({"tool": VERSION_ALONE, "properties": {"packages": 3}}, "passed"),
    ({"tool": VERSION_ALONE, "artifacts": [{"location": {"uri": "a.py"}}]}, "passed"),
    ({"tool": VERSION_ALONE, "artifacts": []}, "no_runner"),
    ({"tool": {"driver": {"name": "scan"}}, "properties": {"metrics": {"_totals": {"loc": 14}}}}, "no_runner"),
    ({"tool": {"driver": {"name": "scan"}, "extensions": [{"rules": [RULE]}]}}, "passed"),
    ({"tool": None}, "no_runner"),
    ({"results": None}, "no_runner"),
    ({"externalPropertyFileReferences": {"results": [{"itemCount": 3}]}}, "no_runner"),
    ({"results": [{"ruleId": "R1", "level": "note"}]}, "failed"),
    ({"results": [{"ruleId": "R1"}], "invocations": [{"executionSuccessful": False}]}, "failed"),
    ({"results": [{"ruleId": "R1", "kind": "review"}]}, "human_needed"),
    ({"results": [{"ruleId": "R1", "kind": "pass"}]}, "passed"),
    ({"results": [{"ruleId": "R1", "suppressions": [{"kind": "inSource"}]}]}, "passed"),
]


@pytest.mark.parametrize(("changes", "state"), RUNS)
def test_the_state_of_a_run(changes: Json, state: State) -> None:
    report, findings = read({**CLEAN, **changes})
    assert report.state == state
    assert ("sarif-not-clean" in {finding.rule for finding in findings}) == bool(report.runs[0].doubts)


def test_one_run_in_doubt_is_enough() -> None:
    assert read(CLEAN, {**CLEAN, "results": None})[0].state == "no_runner"
    report, findings = read()
    assert report.state == "missing"
    assert [finding.rule for finding in findings] == ["sarif-no-run"]


def test_levels_and_scores_come_from_the_result_else_from_its_rule() -> None:
    assert (result().level, result().severity) == ("error", 7.5)
    assert result(level="note", properties={"security-severity": 9.1}).severity == 9.1
    assert result(ruleId="R1/sub").level == "error"
    assert result(ruleId="other").level == "warning"
    assert result(ruleId="other").severity is None
    assert result(ruleId=None, ruleIndex=0).rule == "R1"
    assert result(kind="informational").level == "none"


@pytest.mark.parametrize("score", ["high", "nan", "11", -1, [], "", "1e999"])
def test_a_score_off_the_scale_is_none(score: object) -> None:
    one = {"ruleId": "other", "properties": {"security-severity": score}}
    report, findings = read({**CLEAN, "results": [one]})
    assert report.runs[0].findings[0].severity is None
    assert [finding.rule for finding in findings] == ["sarif-severity"]


SUPPRESSIONS: list[tuple[object, bool]] = [
    ([], False),
    ([{"kind": "inSource"}], True),
    ([{"kind": "external", "status": "accepted"}], True),
    ([{"kind": "external", "status": "underReview"}], False),
    ([{"kind": "inSource"}, {"kind": "external", "status": "rejected"}], False),
    ([5], False),
    ([{}], False),
    ("yes", False),
]


@pytest.mark.parametrize(("suppressions", "suppressed"), SUPPRESSIONS)
def test_only_accepted_suppressions_suppress(suppressions: object, suppressed: bool) -> None:
    assert result(suppressions=suppressions).suppressed == suppressed


def place(uri: str, line: int, text: str | None) -> list[Json]:
    region: Json = {"startLine": line} if text is None else {"startLine": line, "snippet": {"text": text}}
    return [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}]


def test_what_is_quoted_identifies_a_finding_wherever_it_stands() -> None:
    first = result(locations=place("a.py", 3, "token = 'x'")).content
    assert first == result(locations=place("a.py", 90, "    token =  'x'\n")).content
    assert first != result(locations=place("a.py", 3, "token = 'y'")).content
    assert result(locations=place("a.py", 3, None)).content is None


def test_a_result_that_cannot_be_read_is_still_a_finding() -> None:
    report, findings = read({**CLEAN, "results": [5, None, {}]})
    assert report.state == "failed"
    assert len(report.runs[0].findings) == 3
    assert [finding.rule for finding in findings] == ["sarif-rule"] * 3


def test_uris_are_paths() -> None:
    assert result().path == "a b.py"
    assert result(locations=place("file:///w/a.py", 1, None)).path == "/w/a.py"
    assert result(locations=place("http://[bad", 1, None)).path == "http://[bad"
    assert result(locations=[]).path is None


@pytest.mark.parametrize("data", [b"{}", b"[]", b'{"version": "2.0.0", "runs": []}', b'{"version": "2.1.0"}', b"{"])
def test_what_is_no_sarif_is_refused(data: bytes) -> None:
    report, findings = read_sarif(data, "s.sarif")
    assert report is None
    assert len(findings) == 1
