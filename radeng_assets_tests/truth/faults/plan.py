"""The plan is edited after the sign-off, weakened, or cut."""

from __future__ import annotations

import shutil
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


def _proved_by(command: str) -> Callable[[State], None]:
    """A proof is weakened, everything is run again and holds, and all sign."""
    old = "python -m pytest -q tests/security/test_tokens.py"

    def seed(state: State) -> None:
        state.replan(PROOFS, old, command)
        state.carry_over(old=old, new=command)
        state.all_sign()

    return seed


def _gate_of(phase: str, old: str, commands: str) -> Callable[[State], None]:
    """The plan demands no gates any more; everything is run again and holds, and all sign."""

    def seed(state: State) -> None:
        state.replan(PLAN, "quality_gate_required: true", "quality_gate_required: false")
        state.replan(POLICY, "audit_blocks: true", "audit_blocks: false")
        state.replan(PLAN, f"{phase}: {old}", f"{phase}: {commands}")
        state.carry_over()
        state.all_sign()

    return seed


def _unrelated(pattern: str) -> Callable[[State], None]:
    """The policy calls the product unrelated, which changes; all sign."""

    def seed(state: State) -> None:
        state.replan(POLICY, "audit_blocks: true", f"audit_blocks: true\nfreshness: {{unrelated: ['{pattern}']}}")
        state.change("postbox/core/letter.py", lambda data: data + b"# Unrelated?\n")
        state.change("requirements.txt", lambda data: data + b"# Unrelated?\n")
        state.all_sign()

    return seed


def _unread(name: str, data: bytes) -> Callable[[State], None]:
    """A document in which blocking issues stand is damaged; nothing else demands it, and all sign."""

    def seed(state: State) -> None:
        state.replan(POLICY, "audit_blocks: true", "audit_blocks: false")
        (state.plan / name).write_bytes(data)
        state.all_sign()

    return seed


def _audited(state: State) -> None:
    """The plan contradicts itself, which its policy does not let pass; all sign."""
    state.replan(GAPS, "total_gaps_identified: 8", "total_gaps_identified: 9")
    state.all_sign()


def _put_back(state: State) -> None:
    """The plan is edited, and what was kept of it in the home is put back to what it was."""
    before = state.case().planning.digest.removeprefix("sha256:")
    state.replan(README, "Lists what is missing", "Lists it all")
    after = state.case().planning.digest.removeprefix("sha256:")
    plans = state.home / "plans"
    shutil.rmtree(plans / after)
    shutil.copytree(plans / before, plans / after)


FAULTS = (
    *(
        Fault(
            f"proved by `{command}`, run and signed again", "stories_completed", "can never fail", _proved_by(command)
        )
        for command in ("true", "exit 0", "echo it holds", "python -m pytest -q tests/security/test_tokens.py || true")
    ),
    Fault(
        "no gate of a story, run and signed again",
        "stories_completed",
        "post_story",
        _gate_of("post_story", '["python -m pytest -q tests"]', "[]"),
    ),
    Fault(
        "a final gate of `true`, run and signed again",
        "stories_completed",
        "can never fail|no evidence",
        _gate_of("post_final", '["python -m pytest -q tests"]', '["true"]'),
    ),
    Fault("everything is called unrelated", "stories_completed", "letter.py", _unrelated("**")),
    Fault("the product is called unrelated", "stories_completed", "letter.py", _unrelated("postbox")),
    Fault(
        "a broken gap analysis", "stories_completed", "GAP-ANALYSIS.*read whole", _unread(GAPS, b"blocking_issues: [")
    ),
    Fault("a README that is no text", "stories_completed", "README.*read whole", _unread(README, b"\xff\xfe\x00")),
    Fault("an audit that blocks has an error, signed again", "stories_completed", "audit has 1 open error", _audited),
    Fault("the frozen plan is put back", "stakeholder_signoff", "VOID.*README.md", _put_back),
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
            "blocking_issues:\n",
            'blocking_issues:\n  - "Letters can be read on the wire"\n',
        ),
    ),
)
