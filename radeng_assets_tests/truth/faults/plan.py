"""The plan is edited after the sign-off, weakened, or cut."""

from __future__ import annotations

from collections.abc import Callable

from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Fault

README, PLAN, PROOFS, POLICY = "README.md", "EXECUTION-PLAN.yaml", "verification.yaml", "readiness.yaml"
TESTS, GAPS, RISKS = "TESTING-REQUIREMENTS.md", "COMPREHENSIVE-GAP-ANALYSIS.yaml", "RISK-ASSESSMENT.md"


def _edit(name: str, old: str, new: str) -> Callable[[State], None]:
    return lambda state: state.replan(name, old, new)


def _without_gates(state: State) -> None:
    state.replan(PLAN, '    post_final: ["python -m pytest -q tests"]\n', "")


def _new_gate(state: State) -> None:
    state.replan(PLAN, 'post_final: ["python -m pytest -q tests"]', 'post_final: ["python -m pytest -q tests", "true"]')


FAULTS = (
    Fault(
        "the README is edited after the sign-off",
        "stakeholder_signoff",
        "VOID.*README.md",
        _edit(README, "Lists what is missing", "Lists it all"),
    ),
    Fault(
        "a risk is rated down after the sign-off",
        "stakeholder_signoff",
        "VOID.*RISK-ASSESSMENT",
        _edit(RISKS, "| Probability | HIGH |", "| Probability | LOW |"),
    ),
    Fault(
        "a module's target is lowered",
        "stakeholder_signoff",
        "VOID.*TESTING",
        _edit(TESTS, "| 0% | 90% |", "| 0% | 50% |"),
    ),
    Fault(
        "a load level is taken out",
        "stakeholder_signoff",
        "VOID.*TESTING-REQ",
        _edit(TESTS, "- 100 agents: < 5% error rate, < 30s p99 latency\n", ""),
    ),
    Fault(
        "a module is taken out",
        "stakeholder_signoff",
        "VOID.*TESTING-REQ",
        _edit(TESTS, "| security/ | 0% | 90% | CRITICAL |\n", ""),
    ),
    Fault(
        "an item of OWASP's is taken out",
        "stakeholder_signoff",
        "VOID.*TESTING-REQ",
        _edit(TESTS, "| LLM06: Excessive Agency | An agent opens no box but its own | REQUIRED |\n", ""),
    ),
    Fault(
        "a load limit is raised",
        "stakeholder_signoff",
        "VOID.*TESTING",
        _edit(TESTS, "100 agents: < 5%", "100 agents: < 50%"),
    ),
    Fault(
        "the policy allows older evidence",
        "stakeholder_signoff",
        "VOID.*readiness.yaml",
        _edit(POLICY, "audit_blocks: true", "audit_blocks: true\nfreshness: {max_age_days: 3000}"),
    ),
    Fault(
        "a role is dropped from the policy",
        "stakeholder_signoff",
        "VOID.*readiness.yaml",
        _edit(POLICY, "roles: [product-owner, security-lead]", "roles: [product-owner]"),
    ),
    Fault(
        "signatures are not demanded any more",
        "stakeholder_signoff",
        "VOID.*readiness.yaml",
        _edit(POLICY, "signatures: required", "signatures: optional"),
    ),
    Fault(
        "a criterion is dropped from the plan",
        "stories_completed",
        "another execution plan|criteria",
        _edit(PLAN, "          - \"Nobody empties another's box or sends in another's name\"\n", ""),
    ),
    Fault(
        "a criterion is reworded",
        "stories_completed",
        "another execution plan|criteria",
        _edit(PLAN, '- "A forged token names nobody"', '- "A token names somebody"'),
    ),
    Fault(
        "a criterion is proved by `true`",
        "stories_completed",
        "another execution plan",
        _edit(PROOFS, "python -m pytest -q tests/security/test_tokens.py", "true"),
    ),
    Fault(
        "a proof is taken away",
        "stories_completed",
        "another execution plan|proof",
        _edit(PROOFS, '      3: {command: "python -m load 100"}\n', ""),
    ),
    Fault(
        "a gate is weakened",
        "stories_completed",
        "another execution plan",
        _edit(PLAN, 'post_story: ["python -m pytest -q tests"]', 'post_story: ["true"]'),
    ),
    Fault("a gate is taken away", "stories_completed", "another execution plan|final gate", _without_gates),
    Fault("a gate more than ran", "stories_completed", "another execution plan", _new_gate),
    Fault("a story is taken out", "stories_completed", "another execution plan", _edit(PLAN, "id: W2-S3", "id: W2-S4")),
    Fault(
        "the plan is broken",
        "stories_completed",
        "another execution plan|read whole",
        _edit(PLAN, "waves:\n", "waves: [\n"),
    ),
    Fault(
        "the UI track is taken out",
        "ui_integration",
        "no ui-integration track|another",
        _edit(PLAN, "ui_integration:", "nothing_of_it:"),
    ),
    Fault(
        "no load test is demanded",
        "load_test",
        "no measures|other commands",
        _edit(POLICY, "  load:\n    measures:", "  load:\n    unmeasured:"),
    ),
    Fault(
        "a scanner is dropped from the policy",
        "security_audit",
        "other commands",
        _edit(POLICY, "bandit -q -r postbox load", "bandit -q -r postbox/core"),
    ),
    Fault(
        "a blocking issue is reopened",
        "stakeholder_signoff",
        "VOID.*COMPREHENSIVE|blocking",
        _edit(
            GAPS,
            '  - "SEC-001: Nobody asks who is calling"\n',
            '  - "SEC-001: Nobody asks who is calling"\n  - "Letters can be read on the wire"\n',
        ),
    ),
)
