"""A rich case on the bundled plan: every status, every table, money, trends, waivers and sign-offs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from radeng_assets.canonical import digest_of
from radeng_assets.distribution import bundled
from radeng_assets.evidence.ledger import Entry, Ledger
from radeng_assets.evidence.outcomes import CriterionOutcome, StoryOutcome, StoryStatus, Tokens, WaveOutcome
from radeng_assets.execution.attempts import Attempt, AttemptEnd
from radeng_assets.planning.audit import audit
from radeng_assets.planning.folder import Sources, read_planning, read_sources
from radeng_assets.planning.schedule import ScheduledStory, compile_schedule
from radeng_assets.readiness.acceptance import WaiverVerdict
from radeng_assets.readiness.approval import SignoffStanding
from radeng_assets.readiness.case import Case, Lapse
from radeng_assets.readiness.circumstances import Circumstances, Target
from radeng_assets.readiness.judge import judge
from radeng_assets.readiness.page.assembly import Past, facts_of
from radeng_assets.readiness.page.facts import PageFacts, Trend, TrendPoint
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.assessment import Assessment, Issue, Table, issue_digest

COMMIT = Target(commit="3f9c1e7ab20d4c58a1b6e0927df3c4458e6a9b01", tree="b1946ac92492d2347c6235b4d2611184c0ffee00")
PLAN = "sha256:" + "5" * 64
NAME = "rad-engineer-v2"
_STATUS: tuple[StoryStatus, ...] = ("verified", "already_satisfied", "verified", "failed", "blocked")


def bundled_facts(scratch: Path) -> PageFacts:
    """The bundled plan, half carried out."""
    return rich_facts(bundled("plans") / NAME, scratch)


def rich_facts(folder: Path, scratch: Path) -> PageFacts:
    """A plan half carried out, with everything on the page that can be."""
    sources = read_sources(folder)
    case = case_of(sources)
    facts = facts_of(
        case,
        judge(case),
        audit=audit(sources, date(2026, 11, 27), case.planning),
        past=Past(entries=attempts(case, scratch / "ledger.jsonl"), read=_nothing, files_of=lambda _: None),
        plan_name=NAME,
        execution_digest=PLAN,
    )
    return facts.model_copy(update={"trends": TRENDS, "waivers": WAIVERS, "signoffs": SIGNOFFS})


def case_of(sources: Sources) -> Case:
    planning = read_planning(sources)
    assert planning.execution_plan is not None
    schedule = compile_schedule(planning.execution_plan)[0]
    assert schedule is not None
    waves = schedule.waves[:4]
    stories = [story for wave in waves for story in wave.stories]
    late = schedule.waves[4].stories[0].id if len(schedule.waves) > 4 else ""
    return Case(
        planning=planning,
        schedule=schedule,
        policy=Policy(),
        sound=True,
        circumstances=Circumstances(as_of="2026-11-27T09:30:00.000Z", target=COMMIT),
        stories={
            story.id: _outcome(story, wave.id, "verified" if wave in waves[:2] else _STATUS[stories.index(story) % 5])
            for wave in waves
            for story in wave.stories
        },
        waves={
            wave.id: WaveOutcome(
                wave=wave.id,
                gate="passed" if wave in waves[:2] else "failed",
                mode="claude",
                plan=PLAN,
                session="s",
                commit=COMMIT.commit,
                evidence=(digest_of(["gate", wave.id]),),
                reason="" if wave in waves[:2] else "`bun test --coverage` ended with 1",
            )
            for wave in waves
        },
        reports=REPORTS,
        lapsed={late: Lapse(stale=True, reason="it was shown on 77aa01d2c9b4, and since then src/auth.ts changed")}
        if late
        else {},
    )


def _outcome(scheduled: ScheduledStory, wave: str, status: StoryStatus) -> StoryOutcome:
    done = status in ("verified", "already_satisfied")
    return StoryOutcome(
        story=scheduled.id,
        wave=wave,
        status=status,
        mode="claude",
        plan=PLAN,
        session="s",
        commit=COMMIT.commit,
        tree=COMMIT.tree,
        attempts=1 if done else 3,
        tokens=Tokens(input=182_400, output=21_730),
        cost_usd="1.87",
        criteria=tuple(
            CriterionOutcome(
                number=number,
                text=text.value,
                state="passed" if done else "failed",
                evidence=(digest_of([scheduled.id, number]),) if done else (),
            )
            for number, text in enumerate(scheduled.story.criteria, start=1)
        ),
        evidence=(digest_of([scheduled.id, "gate"]), digest_of([scheduled.id, "files"])),
        reason="" if done else "criterion 2: `bun test src/sdk` ended with 1; the change deletes a test",
        sandboxed=True,
    )


def attempts(case: Case, ledger: Path) -> tuple[Entry, ...]:
    book = Ledger(ledger)
    for number, outcome in enumerate(case.stories.values()):
        for tried in range(1, outcome.attempts + 1):
            attempt = Attempt(
                plan=NAME,
                execution=PLAN,
                story=outcome.story,
                wave=outcome.wave,
                session="s",
                number=tried,
                base="0" * 40,
                began="2026-11-26T08:00:00.000Z",
            )
            book.append("attempt", attempt)
            end = AttemptEnd(
                key=attempt.key,
                ending="merged" if tried == outcome.attempts else "failed",
                tokens=Tokens(input=181_000 + 977 * number, output=20_100 + 313 * number),
                cost_usd=f"{1 + number * 0.17:.4f}",
            )
            book.append("attempt_end", end)
    return tuple(book.entries())


def _nothing(digest: str) -> bytes:
    raise AssertionError(digest)


_KEY = issue_digest("generic-api-key", "src/config.ts", "sk-…")

REPORTS = {
    "coverage": Assessment(
        report="coverage",
        state="passed",
        measured=0.79996,
        threshold=0.8,
        issues=(
            Issue(
                rule="coverage-below",
                subject="src/security",
                grade="high",
                message="872 of 1,004 lines are covered: 86.85 %, and the plan demands 90 %.",
                digest=issue_digest("coverage-below", "src/security", "872/1004"),
            ),
        ),
        tables=(
            Table(
                title="Coverage by module",
                columns=("module", "covered lines", "lines", "percent", "target"),
                rows=(
                    ("src/sdk", 2210, 2498, 88.47, 80),
                    ("src/security", 872, 1004, 86.85, 90),
                    ("src/ui", 1433, 2142, 66.9, 60),
                ),
            ),
        ),
        commit=COMMIT.commit,
        evidence=(digest_of("coverage"),),
    ),
    "chaos": Assessment(report="chaos", state="missing", reason="nothing is measured for it on this commit"),
    "load": Assessment(
        report="load",
        state="passed",
        measured=0.0034,
        threshold=0.05,
        tables=(
            Table(
                title="Load by number of agents",
                columns=("agents", "turns", "failed", "upper bound of error rate", "p99 seconds"),
                rows=((10, 4000, 0, 0.0009, 2.1), (50, 20000, 12, 0.0010, 4.4), (100, 40000, 118, 0.0034, 8.9)),
            ),
        ),
        commit=COMMIT.commit,
        evidence=(digest_of("load"),),
    ),
    "security": Assessment(
        report="security",
        state="passed",
        measured=2.0,
        threshold=0.0,
        issues=(
            Issue(
                rule="generic-api-key",
                subject="src/config.ts",
                grade="critical",
                message="What looks like a live API key is in the history of radeng/W2-S1.",
                digest=_KEY,
            ),
            Issue(
                rule="GHSA-9c8m-3v5f",
                subject="undici 5.28.2",
                grade="high",
                message="Requests can be split; 5.28.5 mends it.",
                digest=issue_digest("GHSA-9c8m-3v5f", "undici", "5.28.2"),
            ),
        ),
        commit=COMMIT.commit,
        evidence=(digest_of("secrets"), digest_of("audit")),
    ),
    "ui": Assessment(report="ui", state="no_runner", reason="`bunx playwright test` could not be started"),
    "documentation": Assessment(
        report="documentation", state="stale", reason="it is of 2026-10-01, and may be 30 days old at most"
    ),
    "ess": Assessment(
        report="ess",
        state="passed",
        measured=93.0,
        threshold=85.0,
        tables=(
            Table(
                title="Branches",
                columns=("branch", "state", "what it showed"),
                rows=(("service up", "passed", "named 5 places"), ("service down", "passed", "named 5 places")),
            ),
        ),
        commit=COMMIT.commit,
        evidence=(digest_of("up"), digest_of("down")),
    ),
}


def _points(values: tuple[float | None, ...]) -> tuple[TrendPoint, ...]:
    return tuple(
        TrendPoint(
            commit=digest_of(["commit", index]).removeprefix("sha256:")[:40],
            at=f"2026-11-{10 + 2 * index}T12:00:00.000Z",
            waves=(f"wave-{index + 1}",),
            measured=value,
            state="passed" if value is not None else "stale",
            reason="" if value is not None else "it was measured by other commands than readiness.yaml names now",
        )
        for index, value in enumerate(values)
    )


TRENDS = (
    Trend(
        report="coverage",
        title="Line coverage",
        criterion="test_coverage",
        threshold=0.8,
        points=_points((0.61, 0.68, None, 0.74, 0.775, 0.79996)),
    ),
    Trend(
        report="ess",
        title="Veracity of the code index",
        criterion="ess_integration",
        threshold=85.0,
        points=_points((88.0, 91.0, 84.0, 92.0, 93.0)),
    ),
)

WAIVERS = (
    WaiverVerdict(
        digest=_KEY,
        criterion="security_audit",
        subject="src/config.ts",
        grade="critical",
        reason="The key is revoked; the history is rewritten with the next release.",
        owner="Ada Byron",
        approver="Grace Hopper",
        risk="R-007",
        expires=date(2026, 12, 11),
        state="applied",
        at="readiness.yaml:12",
    ),
    WaiverVerdict(
        digest=issue_digest("x", "y", "z"),
        criterion="test_coverage",
        subject="src/legacy",
        grade="medium",
        reason="Goes away with wave 6.",
        owner="Ada Byron",
        approver="Ada Byron",
        risk="",
        expires=date(2026, 11, 1),
        state="invalid",
        problem="owner and approver are the same person",
        at="readiness.yaml:21",
    ),
)

SIGNOFFS = (
    SignoffStanding(
        role="engineering",
        name="Grace Hopper",
        decision="approve",
        at="2026-11-26T15:00:00.000Z",
        signed=True,
        state="void",
        reason="src/auth.ts changed since",
    ),
    SignoffStanding(
        role="security",
        name="Barbara Liskov",
        decision="reject",
        at="2026-11-27T08:12:00.000Z",
        signed=False,
        state="valid",
    ),
)
