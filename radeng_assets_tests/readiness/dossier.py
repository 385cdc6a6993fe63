"""A record of everything that makes a small plan READY, made of real envelopes and a real ledger, piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from radeng_assets.evidence.envelope import Artifact, Envelope, Subject
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.outcomes import CriterionOutcome, GateOutcome, StoryOutcome, WaveOutcome
from radeng_assets.evidence.states import State
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.planning.folder import Planning, read_planning, read_sources
from radeng_assets.planning.schedule import Schedule, compile_schedule
from radeng_assets.readiness.case import Case, Records, gather
from radeng_assets.readiness.circumstances import Circumstances, Target
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.reports import ASSESSORS
from radeng_assets_tests.folders import CHECK, PLAN, PROOFS, UI, write_folder

TARGET = Target(commit="c" * 40, tree="7" * 40)
THIS = "sha256:this"
_BEGAN = datetime.now(UTC).replace(microsecond=0)


def at(**since: float) -> str:
    """A moment, by what lies between it and the evidence's (``timedelta``'s words)."""
    return (_BEGAN + timedelta(**since)).isoformat()


NOW = at(hours=1)
"""The moment of judging: after everything that a test records."""

UI_PROOF = f"""\
  UI-1:
    criteria:
      1: {{command: "{CHECK}"}}
"""
README = "# Plan\n\n## Success Criteria\n\n- [x] All 4 stories completed\n- [ ] Security audit passes\n"
STORIES = {"A-1": "wave-1", "A-2": "wave-1", "B-1": "wave-2", "UI-1": "ui-integration"}
TEXTS = {"A-1": "It counts", "A-2": "It counts down", "B-1": "It is published", "UI-1": "It shows"}
WAVES = ("wave-1", "wave-2", "ui-integration")


def write_plan(folder: Path) -> Path:
    """The plan of this record: four stories, one of them of the UI track, each with a proof."""
    write_folder(folder, PLAN + UI, PROOFS + UI_PROOF)
    (folder / "README.md").write_text(README, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Dossier:
    """A home folder in the making."""

    home: Path
    planning: Planning
    schedule: Schedule
    ledger: Ledger = field(init=False)
    store: EvidenceStore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ledger", Ledger(self.home / "ledger.jsonl"))
        object.__setattr__(self, "store", EvidenceStore(self.home))

    @classmethod
    def at(cls, home: Path) -> Dossier:
        planning = read_planning(read_sources(write_plan(home / "plan")))
        assert planning.execution_plan is not None
        schedule, _ = compile_schedule(planning.execution_plan)
        assert schedule is not None
        return cls(home, planning, schedule)

    def envelope(self, state: State = "passed", command: str = CHECK, **changes: Any) -> str:
        """An envelope of a command; its digest."""
        said = b"OK\n"
        output = Artifact(name="output", digest=self.store.put_bytes(said), kept_bytes=3, total_bytes=3)
        plain = Envelope(
            subject=Subject(commit=TARGET.commit, tree=TARGET.tree),
            kind="criterion",
            about="A-1#1",
            command=command,
            argv=tuple(command.split()),
            exit_code=0 if state == "passed" else 1,
            state=state,
            started=at(),
            ended=at(seconds=1),
            artifacts=(output,),
            session="s",
            plan=THIS,
        )
        return self.store.put_envelope(plain.model_copy(update=changes))

    def story(self, story: str, status: str = "already_satisfied", **changes: Any) -> None:
        state: State = "passed" if status in ("already_satisfied", "verified") else "failed"
        evidence = (self.envelope(state),)
        outcome = StoryOutcome.model_validate(
            {
                "story": story,
                "wave": STORIES[story],
                "status": status,
                "mode": "none",
                "plan": THIS,
                "session": "s",
                "commit": TARGET.commit,
                "tree": TARGET.tree,
                "criteria": [CriterionOutcome(number=1, text=TEXTS[story], state=state, evidence=evidence)],
                "evidence": evidence,
            }
        )
        self.ledger.append("story", outcome.model_copy(update=changes))

    def wave(self, wave: str, gate: str = "passed", **changes: Any) -> None:
        outcome = WaveOutcome.model_validate(
            {
                "wave": wave,
                "gate": gate,
                "mode": "none",
                "plan": THIS,
                "session": "s",
                "commit": TARGET.commit,
                "tree": TARGET.tree,
                "evidence": (self.envelope(),),
            }
        )
        self.ledger.append("wave", outcome.model_copy(update=changes))

    def final(self, state: State = "passed", **changes: Any) -> None:
        outcome = GateOutcome(
            phase="post_final",
            state=state,
            plan=THIS,
            session="s",
            commit=TARGET.commit,
            tree=TARGET.tree,
            evidence=(self.envelope(),),
        )
        self.ledger.append("gate", outcome.model_copy(update=changes))

    def everything(self, but: str = "") -> None:
        """Everything that the ledger holds of a plan that is done, but one piece."""
        for story in STORIES:
            if story != but:
                self.story(story)
        for wave in WAVES:
            if wave != but:
                self.wave(wave)
        if but != "final":
            self.final()

    def case(
        self,
        reports: Mapping[str, Assessment] | None = None,
        *,
        target: Target | None = TARGET,
        plan: str = THIS,
        sound: bool = True,
        policy: Policy | None = None,
        as_of: str = NOW,
        changes: Mapping[str, tuple[str, ...] | None] | None = None,
    ) -> Case:
        """The case of what is on record; ``reports`` take the place of what was measured (default: all pass)."""
        problems = tuple(problem.message for problem in self.ledger.verify())
        case = gather(
            Records(tuple(self.ledger.entries()) if not problems else (), problems, self.store.get_bytes),
            planning=self.planning,
            schedule=self.schedule,
            execution_digest=plan,
            policy=policy or Policy(),
            sound=sound,
            circumstances=Circumstances(as_of=as_of, target=target, changes=dict(changes or {})),
        )
        return case.model_copy(update={"reports": {**passing(), **(reports or {})}}) if target else case


def passing() -> dict[str, Assessment]:
    """Every report, passed."""
    return {name: assessed(name) for name in ASSESSORS}


def assessed(name: str, state: State = "passed", **changes: Any) -> Assessment:
    """One report, as it was assessed."""
    plain = Assessment(
        report=name,
        state=state,
        measured=100.0 if name == "ess" else None,
        threshold=85.0 if name == "ess" else None,
        commit=TARGET.commit,
        evidence=("sha256:" + "1" * 64,),
    )
    return plain.model_copy(update=changes)
