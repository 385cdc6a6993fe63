"""``readiness.yaml``: defaults, bounds, and a finding for everything that is not read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.ess.terms import EssTerms, GatewayTerms, VeracityTerms
from radeng_assets.execution.agent_policy import AgentPolicy, MachineLimits, RateLimits, SpendingLimits
from radeng_assets.planning.source import Source
from radeng_assets.readiness.policy import Policy, read_policy


def policy(text: str) -> tuple[Policy, list[str]]:
    read, findings = read_policy(Source("readiness.yaml", text, ""))
    return read, [finding.rule for finding in findings]


def test_no_file_is_the_defaults() -> None:
    assert read_policy(None) == (Policy(), ())


def test_values() -> None:
    text = "coverage_minimum: 0.9\ncommand_timeout_s: 60\ncommand_output_bytes: 1000\n"
    assert policy(text) == (
        Policy(coverage_minimum=0.9, command_timeout_s=60, command_output_bytes=1000),
        [],
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("coverage_minimum: 80\n", "wrong-value"),
        ("coverage_minimum: 0\n", "wrong-value"),
        ("coverage_minimum: lots\n", "wrong-value"),
        ("command_timeout_s: -1\n", "wrong-value"),
        ("command_timeout_s: [1]\n", "wrong-kind"),
        ("coverage_minium: 0.9\n", "unread-key"),
        ("- a\n", "wrong-kind"),
        ("a: [\n", "yaml-broken"),
    ],
)
def test_what_cannot_be_used_is_a_finding_and_the_default_holds(text: str, rule: str) -> None:
    assert policy(text) == (Policy(), [rule])


AGENTS = """agents:
  attempts: 2
  attempt_timeout_s: 60.5
  spending: {story: 0.75, day: 3}
  rates: {requests_per_minute: 10}
  machine: {load_per_core: 2}
  sandbox: required
  environment: [CODEX_HOME]
  api: true
"""


def test_what_agents_may_do_and_spend() -> None:
    read, findings = policy(AGENTS)
    assert findings == []
    assert read.agents == AgentPolicy(
        attempts=2,
        attempt_timeout_s=60.5,
        spending=SpendingLimits(story=Decimal("0.75"), day=Decimal(3)),
        rates=RateLimits(requests_per_minute=10),
        machine=MachineLimits(load_per_core=2),
        sandbox="required",
        environment=("CODEX_HOME",),
        api=True,
    )


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("attempts: 0", "wrong-value"),
        ("attempts: 1.5", "wrong-value"),
        ("sandbox: sometimes", "wrong-value"),
        ("spending: {story: -1}", "wrong-value"),
        ("spending: 5", "wrong-kind"),
        ("api: maybe", "wrong-value"),
        ("spending: {story: 1, month: 3}", "unread-key"),
    ],
)
def test_a_wrong_term_for_agents_leaves_the_default(line: str, rule: str) -> None:
    read, findings = policy(f"agents:\n  {line}\n")
    assert findings == [rule]
    assert read.agents == (
        AgentPolicy() if rule != "unread-key" else AgentPolicy(spending=SpendingLimits(story=Decimal(1)))
    )


def test_how_long_what_may_go_is_kept() -> None:
    read, findings = policy("retention: {days: 14, least: 5, runs: {days: 90}, evidence: {least: 10}}\n")
    assert findings == []
    assert read.retention.of("benches") == (14, 5)
    assert read.retention.of("runs") == (90, 5)
    assert read.retention.of("evidence") == (14, 10)
    assert Policy().retention.of("plans") == (7, 3)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("days: 0.5", "wrong-value"),  # what a run under way has made is younger than a day
        ("days: soon", "wrong-value"),
        ("least: 0", "wrong-value"),
        ("runs: {least: -1}", "wrong-value"),
        ("runs: 3", "wrong-kind"),
        ("ledger: {days: 7}", "unread-key"),  # the ledger is kept whole
    ],
)
def test_a_wrong_term_for_retention_leaves_the_default(line: str, rule: str) -> None:
    assert policy(f"retention:\n  {line}\n") == (Policy(), [rule])


ESS = """ess:
  veracity_minimum: 70
  max_age_days: 1.5
  fallback_deadline_s: 2
  veracity: {stale_document: 10, stale_after_days: 30}
  gateway: {query_timeout_s: 4, tries: 1, project: rad}
"""


def test_what_the_code_index_must_be() -> None:
    assert policy(ESS) == (
        Policy(
            ess=EssTerms(
                veracity_minimum=70,
                max_age_days=1.5,
                fallback_deadline_s=2,
                veracity=VeracityTerms(stale_document=10, stale_after_days=30),
                gateway=GatewayTerms(query_timeout_s=4, tries=1, project="rad"),
            )
        ),
        [],
    )


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("veracity_minimum: 101", "wrong-value"),
        ("veracity_minimum: 0", "wrong-value"),
        ("max_age_days: soon", "wrong-value"),
        ("veracity: {stale_document: 101}", "wrong-value"),
        ("gateway: {tries: 1000000000000}", "wrong-value"),
        ("gateway: {query_timeout_s: .inf}", "wrong-value"),
        ("gateway: [1]", "wrong-kind"),
        ("gateway: {project: [a]}", "wrong-kind"),
        ("api_key: abc", "unread-key"),
    ],
)
def test_a_wrong_term_for_the_code_index_leaves_the_default(line: str, rule: str) -> None:
    assert policy(f"ess:\n  {line}\n") == (Policy(), [rule])


@given(st.text())
def test_any_text_gives_a_policy(text: str) -> None:
    policy(text)
