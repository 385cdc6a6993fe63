"""From records to facts: money, steps, trends, and the same facts as metadata."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.envelope import Envelope, Subject, timestamp
from radeng_assets.evidence.ledger import Entry, Ledger
from radeng_assets.evidence.measures import Measurement, demand_of
from radeng_assets.evidence.outcomes import Tokens, WaveOutcome
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.attempts import Attempt, AttemptEnd
from radeng_assets.planning.folder import read_sources
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.page.facts import PageFacts
from radeng_assets.readiness.page.history import MOST, trends_of
from radeng_assets.readiness.page.spending import spending_of
from radeng_assets.readiness.page.steps import steps_of
from radeng_assets.readiness.page.tables import figures_of, tables_of
from radeng_assets.readiness.verdict import CriterionVerdict
from radeng_assets_tests.folders import write_folder
from radeng_assets_tests.readiness.page.sample import PLAN, case_of

WHEN = timestamp()
"""Now: the case is one of now, and its policy lets evidence get a week old."""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return case_of(read_sources(write_folder(tmp_path / "plan")))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.jsonl")


def attempted(ledger: Ledger, story: str, number: int, usd: str | None, *, plan: str = "p", tokens: int = 10) -> None:
    attempt = Attempt(
        plan=plan, execution="old", story=story, wave="w", session="s", number=number, base="b", began=WHEN
    )
    ledger.append("attempt", attempt)
    if usd is not None:
        end = AttemptEnd(key=attempt.key, ending="failed", tokens=Tokens(input=tokens, output=1), cost_usd=usd)
        ledger.append("attempt_end", end)


class TestSpending:
    def test_counts_what_was_paid_whether_or_not_it_still_counts(self, case: Case, ledger: Ledger) -> None:
        attempted(ledger, "A-1", 1, "0.105")
        attempted(ledger, "A-1", 2, "0.2")
        attempted(ledger, "B-1", 1, "1")
        attempted(ledger, "B-1", 2, None)
        attempted(ledger, "GONE-1", 1, "5")
        attempted(ledger, "A-2", 1, "100", plan="another plan")
        found = spending_of(ledger.entries(), "p", case.schedule, "100.00")
        assert (found.total.usd, found.total.attempts, found.total.tokens.input) == ("6.305", 4, 40)
        assert {row.subject: row.usd for row in found.waves} == {"wave-1": "0.305", "wave-2": "1.00"}
        assert {row.subject: row.usd for row in found.stories} == {
            "A-1": "0.305",
            "A-2": "0.00",
            "B-1": "1.00",
            "GONE-1": "5.00",
        }


class TestSteps:
    def verdict(self, facts: PageFacts, *items: tuple[str, str, str]) -> PageFacts:
        criteria = tuple(
            CriterionVerdict.model_validate({"id": name, "status": status, "reason": "r", "next": do})
            for name, status, do in items
        )
        return facts.model_copy(update={"verdict": facts.verdict.model_copy(update={"criteria": criteria})})

    def test_the_worst_first_then_what_serves_most(self, facts: PageFacts) -> None:
        made = self.verdict(
            facts,
            ("a", "unverified", "measure"),
            ("b", "unverified", "run"),
            ("c", "verified", ""),
            ("d", "stale", "run again"),
            ("e", "contradicted", "run"),
            ("f", "waived", ""),
            ("g", "unverified", "run"),
            ("h", "unverified", "scan"),
            ("i", "unverified", "scan"),
        )
        steps = steps_of(made.verdict)
        assert [(step.do, [item.id for item in step.criteria]) for step in steps] == [
            ("run", ["e", "b", "g"]),
            ("run again", ["d"]),
            ("scan", ["h", "i"]),
            ("measure", ["a"]),
        ]

    def test_nothing_that_fails_is_left_out(self, facts: PageFacts) -> None:
        named = {item.id for step in facts.steps for item in step.criteria}
        assert named == {c.id for c in facts.verdict.criteria if c.status not in ("verified", "waived")}


class TestTrends:
    """Only gaps here: figures need a run, and come from one in ``cli/test_report.py``."""

    def measured(self, ledger: Ledger, commit: str, *evidence: str) -> None:
        body = Measurement(
            report="ess",
            demand=demand_of("ess", ()),
            plan=PLAN,
            session="s",
            commit=commit,
            tree="t",
            evidence=evidence,
        )
        ledger.append("measurement", body)

    def trend(
        self, case: Case, ledger: Ledger, store: EvidenceStore, *, gone: str = ""
    ) -> list[tuple[str, object, str]]:
        def files(commit: str) -> Mapping[str, str] | None:
            return None if commit == gone else {}

        entries: tuple[Entry, ...] = tuple(ledger.entries())
        trends = {one.report: one for one in trends_of(case, entries, store.get_bytes, PLAN, files)}
        assert trends["coverage"].points == ()
        return [(point.commit, point.measured, point.reason) for point in trends["ess"].points]

    def test_evidence_that_is_gone_or_changed_leaves_a_gap(self, case: Case, ledger: Ledger, tmp_path: Path) -> None:
        store = EvidenceStore(tmp_path)
        envelope = Envelope(
            subject=Subject(commit="other", tree="t"),
            kind="ess",
            about="ess",
            state="passed",
            started=WHEN,
            ended=WHEN,
            session="s",
            plan=PLAN,
        )
        self.measured(ledger, "one", "sha256:" + "0" * 64)
        self.measured(ledger, "two", store.put_envelope(envelope))
        self.measured(ledger, "three")
        found = self.trend(case, ledger, store, gone="three")
        assert [(commit, measured) for commit, measured, _ in found] == [("one", None), ("two", None), ("three", None)]
        assert "is missing" in found[0][2]
        assert "another commit" in found[1][2]
        assert "does not have this commit" in found[2][2]

    def test_a_commit_counts_once_by_its_last_measurement_and_the_latest_are_shown(
        self, case: Case, ledger: Ledger, tmp_path: Path
    ) -> None:
        for number in range(MOST + 3):
            self.measured(ledger, f"c{number}", digest_of(number))
        self.measured(ledger, "c5", digest_of("again"))
        commits = [commit for commit, _, _ in self.trend(case, ledger, EvidenceStore(tmp_path))]
        assert commits == [*(f"c{n}" for n in range(3, MOST + 3) if n != 5), "c5"]

    def test_waves_are_named_at_the_commit_that_they_ended_on(self, case: Case, ledger: Ledger, tmp_path: Path) -> None:
        self.measured(ledger, "one")
        for wave in ("wave-1", "wave-2"):
            body = WaveOutcome(wave=wave, gate="passed", mode="none", plan=PLAN, session="s", commit="one")
            ledger.append("wave", body)
        trends = trends_of(case, tuple(ledger.entries()), EvidenceStore(tmp_path).get_bytes, PLAN, lambda _: {})
        assert trends[1].points[0].waves == ("wave-1", "wave-2")


class TestMetadata:
    def test_has_the_pages_facts(self, facts: PageFacts) -> None:
        figures = figures_of(facts)
        assert (figures["verdict"], figures["criteria met"], figures["stories done"]) == ("NOT_READY", 2, 11)
        assert figures["spent (USD)"] == pytest.approx(36.04)
        assert figures["audit findings (error)"] == 66
        tables = {table.title: table for table in tables_of(facts)}
        assert list(tables) == ["Criteria", "Steps", "Waves", "Trends", "Waivers", "Sign-offs"]
        assert len(tables["Criteria"].rows) == 8
        assert len(tables["Trends"].rows) == 11
        for table in tables.values():
            assert {len(row) for row in table.rows} == {len(table.columns)}

    def test_what_nobody_knows_is_left_out(self, facts: PageFacts) -> None:
        bare = facts.model_copy(update={"forecast": None, "trends": (), "waivers": (), "signoffs": ()})
        assert not any("forecast" in name for name in figures_of(bare))
        assert [table.title for table in tables_of(bare)] == ["Criteria", "Steps", "Waves"]
