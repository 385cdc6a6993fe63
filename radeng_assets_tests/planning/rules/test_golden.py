"""The real folder's findings, one by one. Every entry was checked by hand against the documents.

After a change of the rules that is meant: ``python -m radeng_assets_tests.planning.rules.test_golden`` writes the file
anew; read its diff against the documents before committing it.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from radeng_assets.distribution import bundled
from radeng_assets.planning.audit import audit
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.folder import read_sources
from radeng_assets.planning.rules.book import READING, family_of

GOLDEN = Path(__file__).with_name("golden.json")
TODAY = date(2026, 11, 23)


def told(finding: Finding) -> list[str]:
    """Rule, level, subject and places: what a finding is about, in figures and none of the prose."""
    return [finding.rule, finding.severity, finding.subject, *(str(place) for place in finding.at)]


def of_rules(folder: Path) -> tuple[Finding, ...]:
    found = audit(read_sources(folder), TODAY).findings
    return tuple(finding for finding in found if family_of(finding.rule) != READING)


@pytest.fixture(scope="module")
def findings(real_folder: Path) -> tuple[Finding, ...]:
    return of_rules(real_folder)


def test_every_finding_is_the_known_one(findings: tuple[Finding, ...]) -> None:
    known = [tuple(entry) for entry in json.loads(GOLDEN.read_text("utf-8"))]
    found = [tuple(told(finding)) for finding in findings]
    assert sorted(set(found) - set(known)) == [], "new"
    assert sorted(set(known) - set(found)) == [], "gone"
    assert found == known


def test_the_bundled_plan_has_the_same_contradictions(findings: tuple[Finding, ...]) -> None:
    """Its words are ours, its figures the published ones: so are its faults."""
    bundle = of_rules(bundled("plans") / "rad-engineer-v2")
    assert _subjects(bundle) == _subjects(findings)


def _subjects(findings: tuple[Finding, ...]) -> Counter[tuple[str, str, str]]:
    return Counter((finding.rule, finding.severity, finding.subject) for finding in findings)


def test_every_finding_about_two_statements_cites_both(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        if " against " in finding.message or " and stands in " in finding.message:
            assert len(finding.at) >= 2, finding


# What the issue names, in its words, as (rule, subject, words that the message must have).
NAMED = (
    ("gap-count-differs", "total_gaps_identified", ("47", "34")),
    ("gap-count-differs", "critical_gaps", ("12", "3")),
    ("gap-count-differs", "low_gaps", ("5", "1")),
    ("gap-count-differs", "medium_low_gaps", ("17", "13")),
    ("gap-effort-differs", "total_effort_estimate", ("156", "205")),
    ("point-count-differs", "total_points", ("204", "147", "107")),
    ("story-count-differs", "total_stories", ("39", "30", "23")),
    ("wave-missing", "wave-7", ("EXECUTION-PLAN.yaml",)),
    ("wave-missing", "wave-8", ("EXECUTION-PLAN.yaml",)),
    ("scope-differs", "UI Integration", ("41", "16")),
    ("scope-differs", "UI Integration", ("Stories", "7", "3")),
    ("dependency-on-unordered-wave", "W5-S2", ("wave-3", "wave-2")),
    ("sequential-wave-contradicted", "W2-S3", ("W2-S2", "SEQUENTIAL")),
    ("risk-section-differs", "R-011", ("MEDIUM-HIGH",)),
    ("matrix-differs", "R-002", ("in no cell",)),
    ("matrix-differs", "R-007", ("not its own",)),
    ("matrix-differs", "R-027", ("not its own",)),
    ("matrix-differs", "R-018", ("2 times", "each time wrongly")),
    ("matrix-differs", "R-011", ("2 times",)),
    ("matrix-differs", "R-016", ("2 times",)),
    ("matrix-differs", "R-021", ("2 times",)),
    ("risk-order-contradicted", "R-006", ("HIGH x HIGH", "R-005", "MEDIUM x HIGH")),
    ("risk-response-differs", "R-007", ("ACCEPTED_RISK", "MITIGATE")),
    ("state-contradicted", "ESS", ("deployed", "NOT STARTED")),
    ("coverage-claim-contradicted", "test coverage", ("97%", "70%")),
    ("blocking-list-differs", "SEC-001", ("README.md:149", "critical path")),
    ("standard-outdated", "OWASP LLM Top 10", ("2023", "2025")),
)


@pytest.mark.parametrize(("rule", "subject", "words"), NAMED)
def test_what_the_issue_names_is_found(
    findings: tuple[Finding, ...], rule: str, subject: str, words: tuple[str, ...]
) -> None:
    messages = [finding.message for finding in findings if (finding.rule, finding.subject) == (rule, subject)]
    assert any(all(word in message for word in words) for message in messages), messages


COUNTED = (
    ("tier-severity-differs", "error", 7),
    ("gap-placed-wrongly", "error", 4),
    ("gap-placed-wrongly", "warning", 10),
    ("criteria-count-differs", "warning", 16),
    ("story-missing", "error", 7),
)


@pytest.mark.parametrize(("rule", "severity", "count"), COUNTED)
def test_what_the_issue_counts_is_as_often_there(
    findings: tuple[Finding, ...], rule: str, severity: str, count: int
) -> None:
    assert sum(1 for finding in findings if (finding.rule, finding.severity) == (rule, severity)) == count


# What looks like a fault in the real documents and is none: (rule, subject) that must not be there.
TRAPS = (
    ("gap-count-differs", "high_gaps"),
    ("gap-count-differs", "medium_gaps"),
    ("gap-category-count-differs", "Security Hardening"),
    ("risk-count-differs", "high risks"),
    ("risk-response-count-differs", "MITIGATE"),
    ("wave-total-differs", "wave-6"),
    ("scope-differs", "Original Plan"),
    ("scope-differs", "scope: stories"),
    ("duration-differs", "estimated_weeks"),
    ("coverage-target-differs", "test_coverage_minimum"),
    ("load-criterion-differs", "100 agents"),
    ("story-title-differs", "W1-S3"),
    ("story-points-differ", "W7-S4"),
    ("matrix-differs", "R-003"),
    ("matrix-differs", "R-004"),
    ("gap-dependencies-differ", "UI-004"),
    ("category-severity-differs", "Documentation"),
    ("evidence-lines-differ", "SDK-001"),
    ("agent-limit-exceeded", "W6-S4"),
    ("test-effort-differs", "Unit Tests"),
    ("gate-commands-differ", "post_story"),
)


@pytest.mark.parametrize(("rule", "subject"), TRAPS)
def test_what_only_looks_like_a_fault_is_passed_over(findings: tuple[Finding, ...], rule: str, subject: str) -> None:
    assert not [finding.message for finding in findings if (finding.rule, finding.subject) == (rule, subject)]


def write() -> None:
    """Write ``GOLDEN`` anew from the real folder."""
    entries = [json.dumps(told(finding), ensure_ascii=False) for finding in of_rules(REAL)]
    GOLDEN.write_text("[\n" + ",\n".join(entries) + "\n]\n", encoding="utf-8")


REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "rad-engineer-v2"

if __name__ == "__main__":
    write()
