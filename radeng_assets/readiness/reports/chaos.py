"""``chaos``: which tests of recovery ran, and whether the product recovered."""

from __future__ import annotations

from fnmatch import fnmatchcase

from radeng_assets.evidence.states import State, combine
from radeng_assets.readiness.reports.assessment import Assessment, Table
from radeng_assets.readiness.reports.junit_runs import recount
from radeng_assets.readiness.reports.material import Material

CHAOS = "chaos"


def assess(material: Material) -> Assessment:
    """At least one test passed, each that the policy requires among them, and none is known not to have.

    ``measured`` is how many of the required tests passed, ``threshold`` how many are required: one where none is named.
    """
    runs = recount(material)
    passed = sorted(set(runs.report.names("passed")))
    required = material.policy.reports.chaos.required or ("*",)
    shown = {pattern: tuple(name for name in passed if fnmatchcase(name, pattern)) for pattern in required}
    lacking = [pattern for pattern, names in shown.items() if not names]
    states: list[State] = [runs.state, *(["missing"] if lacking else [])]
    reasons = [runs.reason, *(f"no test of recovery like {pattern!r} passed" for pattern in lacking)]
    return Assessment(
        report=CHAOS,
        state=combine(states),
        reason="; ".join(reason for reason in reasons if reason),
        measured=float(len(shown) - len(lacking)),
        threshold=float(len(shown)),
        issues=runs.issues,
        findings=runs.findings,
        tables=(
            runs.table,
            Table(
                title="Tests of recovery",
                columns=("demanded", "passed"),
                rows=tuple((pattern, ", ".join(names)[:2000]) for pattern, names in shown.items()),
            ),
        ),
    )
