"""A case in which everything holds but the sign-off, to take apart: what it came to, without the evidence behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from radeng_assets.evidence.outcomes import CriterionOutcome, GateOutcome, StoryOutcome, WaveOutcome
from radeng_assets.evidence.states import State
from radeng_assets.planning.folder import POLICY, read_planning, read_sources
from radeng_assets.planning.schedule import compile_schedule
from radeng_assets.planning.snapshot import ServedPlan, pin_plan
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.circumstances import Circumstances, Target
from radeng_assets.readiness.policy import read_policy
from radeng_assets.readiness.reports.assessment import Assessment, Grade, Issue, issue_digest
from radeng_assets.readiness.reports.reports import ASSESSORS
from radeng_assets_tests.folders import PLAN, UI, write_folder

TODAY = date(2026, 11, 27)
TARGET = Target(commit="c" * 40, tree="7" * 40)

README = "# Plan\n\n## Success Criteria\n\n- [x] Stakeholder sign-off obtained\n- [x] Security audit passes\n"
RISKS = """\
# Risks

## High Risks

### R-001: A secret leaks

| Attribute | Value |
|-----------|-------|
| Probability | LOW |
| Impact | HIGH |
| Risk Score | HIGH |

**Description**: A secret leaks.
"""


def write_plan(folder: Path, policy: str = "", signers: str = "") -> Path:
    """A planning folder with a UI track, a README that ticks its boxes, one risk, a policy and allowed signers."""
    write_folder(folder, PLAN + UI)
    (folder / "README.md").write_text(README, encoding="utf-8")
    (folder / "RISK-ASSESSMENT.md").write_text(RISKS, encoding="utf-8")
    for name, text in ((POLICY, policy), ("allowed_signers", signers)):
        (folder / name).unlink(missing_ok=True)
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def served(folder: Path) -> ServedPlan:
    """The folder as a run would serve it."""
    return pin_plan(read_sources(folder), folder.parent / "home", {})


def case_of(
    folder: Path,
    *issues: Issue,
    states: Mapping[str, State] | None = None,
    today: date = TODAY,
    target: Target | None = TARGET,
    **more: Any,
) -> Case:
    """The case of a folder in which everything was shown. ``issues`` are the security report's."""
    sources = read_sources(folder)
    planning = read_planning(sources)
    assert planning.execution_plan is not None
    schedule, _ = compile_schedule(planning.execution_plan)
    assert schedule is not None
    policy, _ = read_policy(sources.sources.get(POLICY))
    reports = {name: Assessment(report=name, state=(states or {}).get(name, "passed")) for name in ASSESSORS}
    reports["security"] = reports["security"].model_copy(update={"issues": issues})
    reports["ess"] = reports["ess"].model_copy(update={"measured": 100.0, "evidence": ("sha256:" + "1" * 64,)})
    about: dict[str, Any] = {"plan": "p", "session": "s", "commit": target.commit if target else None}
    stories = {
        story.id: StoryOutcome(
            story=story.id,
            wave=wave.id,
            status="already_satisfied",
            mode="none",
            criteria=(CriterionOutcome(number=1, text="It works", state="passed"),),
            **about,
        )
        for wave in schedule.waves
        for story in wave.stories
    }
    return Case(
        planning=planning,
        schedule=schedule,
        execution_digest=served(folder).execution_digest,
        policy=policy,
        sound=True,
        circumstances=Circumstances(as_of=f"{today}T12:00:00Z", target=target),
        stories=stories,
        waves={wave.id: WaveOutcome(wave=wave.id, gate="passed", mode="none", **about) for wave in schedule.waves},
        final_gate=GateOutcome(phase="post_final", state="passed", **about),
        reports=reports,
    ).model_copy(update=more)


def issue(content: str = "password = hunter2", grade: Grade = "high") -> Issue:
    """A secret found in a file."""
    return Issue(
        rule="secret",
        subject="app.py",
        grade=grade,
        message=f"a secret in app.py ({content[:10]})",
        digest=issue_digest("secret", "app.py", content),
    )


def waiver(of: Issue, **changes: Any) -> dict[str, Any]:
    """A waiver that accepts an issue, as ``readiness.yaml`` says it; a change to ``None`` leaves the field out."""
    whole = {
        "digest": of.digest,
        "reason": "A revoked test password, kept for the migration",
        "owner": "Grace Hopper",
        "requester": "Alan Turing",
        "approver": "Ada Lovelace <ada@example.org>",
        "granted": TODAY - timedelta(days=7),
        "expires": TODAY + timedelta(days=7),
        "risk": "R-001",
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not None}


def policy_of(*waivers: Mapping[str, Any], head: str = "") -> str:
    """A ``readiness.yaml`` with waivers."""
    return head + "waivers:\n" + "".join(f"  - {_inline(one.items())}\n" for one in waivers)


def _inline(pairs: Iterable[tuple[str, Any]]) -> str:
    return "{" + ", ".join(f'{key}: "{value}"' for key, value in pairs) + "}"
