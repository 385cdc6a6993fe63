from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.findings import SEVERITIES, Finding, Severity, has_errors, worst_first
from radeng_assets.planning.located import Place


def finding(severity: Severity, *at: Place, rule: str = "rule", subject: str = "subject") -> Finding:
    return Finding(rule=rule, severity=severity, subject=subject, message="message", at=at)


findings = st.builds(
    finding,
    st.sampled_from(SEVERITIES),
    st.builds(Place, st.sampled_from(["A.md", "B.md"]), st.none() | st.integers(1, 3)),
    rule=st.sampled_from(["a-rule", "b-rule"]),
    subject=st.sampled_from(["x", "y"]),
)


def test_errors_come_first_then_file_and_line_as_a_number():
    info = finding("info", Place("A.md", 1))
    later = finding("error", Place("B.md", 10))
    sooner = finding("error", Place("B.md", 9))
    whole = finding("error", Place("B.md"))
    warning = finding("warning", Place("A.md", 1))
    assert worst_first([info, later, warning, sooner, whole]) == (whole, sooner, later, warning, info)


def test_a_finding_that_cites_no_place_is_ordered_as_well():
    nowhere = finding("error")
    assert worst_first([finding("error", Place("A.md", 1)), nowhere])[0] == nowhere


def test_the_same_finding_is_said_once():
    assert worst_first([finding("error"), finding("error"), finding("info")]) == (finding("error"), finding("info"))


@given(st.lists(findings, max_size=12))
def test_the_order_does_not_depend_on_the_order_of_reading(given_findings: list[Finding]):
    ordered = worst_first(given_findings)
    assert ordered == worst_first(reversed(given_findings))
    assert set(ordered) == set(given_findings)
    assert [SEVERITIES.index(f.severity) for f in ordered] == sorted(SEVERITIES.index(f.severity) for f in ordered)


def test_only_errors_are_errors():
    assert has_errors([finding("info"), finding("error")])
    assert not has_errors([finding("info"), finding("warning")])
    assert not has_errors([])
