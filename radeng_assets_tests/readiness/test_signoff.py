"""Sign-off: the required people approved this very evidence, and every way to only seem so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from radeng_assets.canonical import canonical, digest_of
from radeng_assets.evidence.ledger import GENESIS, Entry, Head, Ledger, LedgerMoved
from radeng_assets.evidence.ssh_signature import SignatureCheck, sign, verify
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.circumstances import Target
from radeng_assets.readiness.judge import judge, to_sign
from radeng_assets.readiness.people import is_person, same_person
from radeng_assets.readiness.signoff import KIND, Decision, Signoff, Verify, recorded_signoffs, signed_commits
from radeng_assets.readiness.verdict import CriterionVerdict, Verdict
from radeng_assets.record import Record
from radeng_assets_tests.evidence.test_ssh_signature import line, make_key
from radeng_assets_tests.readiness.cases import TODAY, case_of, issue, policy_of, waiver, write_plan

REQUIRED = "signoff: {signatures: required}\n"
TWO = "signoff: {roles: [stakeholder, security]}\n"


class Note(Record):
    text: str


@dataclass
class Desk:
    """A plan folder, a ledger, and people who sign."""

    folder: Path
    ledger: Ledger
    keys: dict[str, Path]

    def plan(self, policy: str = "", signers: str = "") -> None:
        write_plan(self.folder, policy, signers)

    def touch(self, name: str) -> None:
        """One more byte."""
        (self.folder / name).write_bytes((self.folder / name).read_bytes() + b" ")

    def case(self, *, check: Verify = verify, **more: Any) -> Case:
        case = case_of(self.folder, **more)
        entries = tuple(self.ledger.entries())
        broken = tuple(problem.message for problem in self.ledger.verify())
        signoffs = recorded_signoffs(entries, case.planning.allowed_signers, check)
        return case.model_copy(update={"signoffs": signoffs, "broken": broken})

    def draft(self, name: str = "Ada", role: str = "stakeholder", decision: Decision = "approve") -> Signoff:
        case = self.case()
        return Signoff(
            role=role,
            name=name,
            decision=decision,
            evidence_set=to_sign(case),
            verdict=judge(case).digest,
            ledger_head=self.ledger.head(),
        )

    def sign(self, *args: Any, key: str = "", **more: Any) -> Signoff:
        draft = self.draft(*args, **more)
        if key:
            draft = draft.model_copy(update={"signature": sign(draft.statement(), self.keys[key])})
        self.ledger.append(KIND, draft, after=draft.ledger_head)
        return draft

    def verdict(self, **more: Any) -> Verdict:
        return judge(self.case(**more))

    def criterion(self, **more: Any) -> CriterionVerdict:
        return self.verdict(**more).criteria[-1]

    def states(self, **more: Any) -> list[str]:
        return [one.state for one in self.verdict(**more).signoffs]

    def rechained(self, *bodies: tuple[str, dict[str, Any]]) -> None:
        """Write the ledger anew, its chain made right again."""
        prev, lines = GENESIS, b""
        for seq, (kind, body) in enumerate(bodies, start=1):
            draft = Entry(seq=seq, prev=prev, kind=kind, at=f"{TODAY}T10:00:00Z", body=body, hash="")
            entry = draft.model_copy(update={"hash": draft.content_hash()})
            lines, prev = lines + canonical(entry) + b"\n", entry.hash
        self.ledger.path.write_bytes(lines)
        self.ledger.head_file.write_bytes(canonical(Head(seq=len(bodies), hash=prev)))
        assert self.ledger.verify() == ()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: make_key(folder, name.lower()) for name in ("Ada", "Eve")}


@pytest.fixture
def desk(tmp_path: Path, keys: dict[str, Path]) -> Desk:
    desk = Desk(write_plan(tmp_path / "plan"), Ledger(tmp_path / "ledger.jsonl"), keys)
    desk.ledger.append("note", Note(text="before"))
    return desk


@pytest.fixture
def signed(desk: Desk) -> Desk:
    """A plan that demands signatures, and Ada's key on it."""
    desk.plan(REQUIRED, line("Ada", desk.keys["Ada"]))
    return desk


class TestApproval:
    def test_nobody_signed(self, desk: Desk) -> None:
        found = desk.criterion()
        assert (found.status, found.measured, found.threshold) == ("unverified", 0.0, 1.0)
        assert desk.verdict().headline == "NOT_READY: 7 of 8 criteria hold"

    def test_approved_is_ready(self, desk: Desk) -> None:
        desk.sign()
        verdict = desk.verdict()
        assert (verdict.verdict, verdict.headline) == ("READY", "READY")
        assert [(one.role, one.name, one.decision, one.signed, one.state) for one in verdict.signoffs] == [
            ("stakeholder", "Ada", "approve", False, "valid")
        ]

    def test_what_comes_after_does_not_matter(self, desk: Desk) -> None:
        desk.sign()
        desk.ledger.append("note", Note(text="after"))
        assert desk.verdict().verdict == "READY"
        assert desk.verdict(today=TODAY.replace(day=29)).verdict == "READY"

    def test_the_headline_counts_waivers(self, desk: Desk) -> None:
        other = issue("token = abc")
        desk.plan(policy_of(waiver(issue()), waiver(other, expires=TODAY)))
        case = desk.case()
        issues = (issue(), other)
        reports = {**case.reports, "security": case.reports["security"].model_copy(update={"issues": issues})}
        case = case.model_copy(update={"reports": reports})
        draft = desk.draft().model_copy(update={"evidence_set": to_sign(case)})
        desk.ledger.append(KIND, draft)
        case = case.model_copy(update={"signoffs": desk.case().signoffs})
        assert judge(case).headline == f"READY with 2 waivers, first expires on {TODAY}"
        assert judge(case.model_copy(update={"reports": desk.case().reports})).headline.startswith("NOT_READY")

    def test_approval_makes_up_for_nothing(self, desk: Desk) -> None:
        case = desk.case(states={"load": "missing"})
        draft = desk.draft().model_copy(update={"evidence_set": to_sign(case)})
        desk.ledger.append(KIND, draft)
        verdict = desk.verdict(states={"load": "missing"})
        assert verdict.criteria[-1].status == "verified"
        assert (verdict.verdict, verdict.headline) == ("NOT_READY", "NOT_READY: 7 of 8 criteria hold")

    def test_without_a_target_there_is_nothing_to_approve(self, desk: Desk) -> None:
        draft = desk.draft().model_copy(update={"evidence_set": to_sign(desk.case(target=None))})
        desk.ledger.append(KIND, draft)
        assert desk.criterion(target=None).status == "unverified"


class TestVoid:
    def test_a_byte_of_the_plan_folder(self, desk: Desk) -> None:
        desk.sign()
        desk.touch("README.md")
        found = desk.criterion()
        assert found.status == "stale"
        assert found.reason.startswith("VOID: since Ada signed as stakeholder on ")
        assert found.reason.endswith(", README.md of the plan changed")
        assert desk.states() == ["void"]

    def test_the_policy(self, desk: Desk) -> None:
        desk.sign()
        desk.plan("coverage_minimum: 0.1\n")
        assert "readiness.yaml of the plan (new)" in desk.criterion().reason

    def test_another_commit_names_the_paths(self, desk: Desk) -> None:
        desk.sign()
        case = desk.case(target=Target(commit="d" * 40, tree="8" * 40))
        known = case.circumstances.model_copy(update={"changes": {"c" * 40: ("a.py", "b.py", "c.py", "d.py")}})
        found = judge(case.model_copy(update={"circumstances": known})).criteria[-1]
        assert found.status == "stale"
        assert "a.py of the target, b.py of the target, c.py of the target and 1 more changed" in found.reason

    def test_a_status(self, desk: Desk) -> None:
        desk.sign()
        verdict = desk.verdict(states={"load": "stale"})
        assert "load_test (verified → stale), the report load (passed → stale) changed" in verdict.criteria[-1].reason

    def test_it_holds_again_once_the_same_is_shown_again(self, desk: Desk) -> None:
        desk.sign()
        assert desk.criterion(states={"load": "stale"}).status == "stale"
        assert desk.criterion().status == "verified"

    def test_an_expired_waiver(self, desk: Desk) -> None:
        desk.plan(policy_of(waiver(issue(), expires=TODAY)))
        case = case_of(desk.folder, issue())
        desk.ledger.append(KIND, desk.draft().model_copy(update={"evidence_set": to_sign(case)}))
        tomorrow = case_of(desk.folder, issue(), today=TODAY.replace(day=28))
        found = judge(tomorrow.model_copy(update={"signoffs": desk.case().signoffs})).criteria[-1]
        assert "security_audit (waived → contradicted)" in found.reason


class TestRejection:
    def test_a_rejection_against_a_tick_is_a_contradiction(self, desk: Desk) -> None:
        desk.sign(decision="reject")
        found = desk.criterion()
        assert (found.status, found.measured) == ("contradicted", 0.0)
        assert found.reason.startswith("Ada rejected it as stakeholder on ")

    def test_without_a_tick_it_is_unverified(self, desk: Desk) -> None:
        readme = desk.folder / "README.md"
        readme.write_text(readme.read_text("utf-8").replace("[x] Stake", "[ ] Stake"), encoding="utf-8")
        desk.sign(decision="reject")
        assert case_of(desk.folder).planning.readme is not None
        assert desk.criterion().status == "unverified"

    def test_the_latest_of_a_role_counts(self, desk: Desk) -> None:
        desk.sign()
        desk.sign("Bob", decision="reject")
        assert desk.criterion().status == "contradicted"
        assert desk.states() == ["superseded", "valid"]
        desk.sign()
        assert desk.criterion().status == "verified"

    def test_a_rejection_that_the_evidence_outran_is_void_and_no_approval(self, desk: Desk) -> None:
        desk.sign(decision="reject")
        desk.touch("README.md")
        assert desk.criterion().status == "stale"

    def test_any_role_may_reject(self, desk: Desk) -> None:
        desk.sign()
        desk.sign("Eve", "auditor", "reject")
        assert desk.criterion().status == "contradicted"


class TestRoles:
    def test_every_role_is_needed(self, desk: Desk) -> None:
        desk.plan(TWO)
        desk.sign()
        found = desk.criterion()
        assert (found.status, found.measured, found.threshold) == ("unverified", 1.0, 2.0)
        assert "as security" in found.reason
        desk.sign("Grace", "security")
        assert desk.criterion().status == "verified"

    def test_a_role_that_nobody_asked_for_approves_nothing(self, desk: Desk) -> None:
        desk.sign(role="janitor")
        desk.sign(role="Stakeholder")
        assert desk.criterion().status == "unverified"

    @pytest.mark.parametrize("name", ["ada", " ADA ", "\u0410da", "A\u200bda", "Ada <x@example.org>"])
    def test_one_person_does_not_sign_two(self, name: str, desk: Desk) -> None:
        desk.plan(TWO)
        desk.sign("Ada")
        desk.sign(name, "security")
        found = desk.criterion()
        assert found.status == "unverified"
        assert "one person" in found.reason

    def test_one_key_does_not_either(self, desk: Desk) -> None:
        desk.plan(TWO, line("Ada", desk.keys["Ada"]) + line("Grace", desk.keys["Ada"]))
        desk.sign(key="Ada")
        desk.sign("Grace", "security", key="Ada")
        assert "one key" in desk.criterion().reason

    def test_unless_the_policy_lets_them(self, desk: Desk) -> None:
        desk.plan("signoff: {roles: [stakeholder, security], distinct: false}\n")
        desk.sign()
        desk.sign(role="security")
        assert desk.criterion().status == "verified"


PROGRAMS = (
    *("claude", "Claude Code", "CODEX-CLI", "cl\u0430ude", "agent", "bot", "dependabot[bot]"),
    *("developer", "Test-Writer", "code reviewer", "planner", "developer@example.org"),
    *("claude-opus-4", "GPT-4o", "Gemini 2.5 Pro", "agent-7", "AI Agent 007", "developer-2", "Developer Agent"),
    *("Claude <noreply@anthropic.com>", "", "?"),
)
PEOPLE = (
    "Claude Shannon",
    "Ada",
    "ada@example.org",
    "李小龍",
    "Zoë Bot-Tero",
    "Gemini Ganesan",
    "Elizabeth 2",
    "Ai Weiwei",
)


class TestPeople:
    @pytest.mark.parametrize("name", PROGRAMS)
    def test_agents_do_not_sign(self, name: str, desk: Desk) -> None:
        desk.sign(name)
        assert desk.states() == ["invalid"]
        assert desk.criterion().status == "unverified"

    @pytest.mark.parametrize("name", PEOPLE)
    def test_people_may_be_called_anything_else(self, name: str) -> None:
        assert is_person(name, ["developer"])

    def test_who_is_who(self) -> None:
        assert same_person("Ada Lovelace", "ada.lovelace@example.org")
        assert same_person("Straße", "STRASSE")
        assert not same_person("Ada Lovelace", "Ada Byron")
        assert not same_person("ada@example.org", "ada@example.com")
        assert not same_person("?", "?")


class TestSignatures:
    def test_a_good_one_counts(self, signed: Desk) -> None:
        signed.sign(key="Ada")
        (found,) = signed.verdict().signoffs
        assert (found.state, found.signed) == ("valid", True)
        assert found.key.startswith("SHA256:")
        assert signed.verdict().verdict == "READY"

    def test_none_does_not_where_one_is_demanded(self, signed: Desk) -> None:
        signed.sign()
        assert signed.states() == ["invalid"]
        assert signed.criterion().status == "unverified"

    def test_one_of_another_key_is_forged(self, signed: Desk) -> None:
        signed.sign(key="Eve")
        assert signed.states() == ["invalid"]

    def test_a_forged_one_is_worse_than_none_where_none_is_demanded(self, desk: Desk) -> None:
        desk.plan("", line("Ada", desk.keys["Ada"]))
        desk.sign(key="Eve")
        assert desk.states() == ["invalid"]

    def test_one_of_another_record_is_none(self, signed: Desk) -> None:
        rejected = signed.sign(decision="reject", key="Ada")
        signed.ledger.append(KIND, signed.draft().model_copy(update={"signature": rejected.signature}))
        assert signed.states() == ["superseded", "invalid"]
        assert signed.criterion().status == "unverified"

    def test_a_record_said_again_is_out_of_place(self, signed: Desk) -> None:
        approved = signed.sign(key="Ada")
        signed.sign(decision="reject", key="Ada")
        signed.ledger.append(KIND, approved)
        assert signed.states() == ["superseded", "superseded", "void"]
        assert "the ledger before it changed" in signed.criterion().reason

    @pytest.mark.parametrize("field", ["name", "role", "decision", "verdict", "evidence_set"])
    def test_an_edited_record_does_not_hold_its_signature(self, field: str, signed: Desk) -> None:
        signed.plan(
            "signoff: {signatures: required, roles: [stakeholder, security]}\n", line("Ada", signed.keys["Ada"])
        )
        body = signed.sign("Ada", "security", "reject", key="Ada").model_dump(mode="json")
        other = {"name": "Adam", "role": "stakeholder", "decision": "approve", "verdict": "sha256:x"}
        body[field] = other.get(field) or {**body["evidence_set"], "final_gate": "failed"}
        signed.rechained(("note", {"text": "before"}), (KIND, {**body, "ledger_head": self.head(signed)}))
        assert signed.states() == ["invalid"]

    @staticmethod
    def head(desk: Desk) -> str:
        """The hash of the first record as ``rechained`` writes it."""
        draft = Entry(seq=1, prev=GENESIS, kind="note", at=f"{TODAY}T10:00:00Z", body={"text": "before"}, hash="")
        return draft.content_hash()

    def test_a_ledger_that_is_chained_anew_is_not_the_one_signed(self, signed: Desk) -> None:
        body = signed.sign(key="Ada").model_dump(mode="json")
        signed.rechained(("note", {"text": "another past"}), (KIND, body))
        assert signed.states() == ["void"]
        assert signed.criterion().status == "stale"

    def test_an_edited_ledger_is_broken(self, signed: Desk) -> None:
        signed.sign(key="Ada")
        text = signed.ledger.path.read_text("utf-8")
        signed.ledger.path.write_text(text.replace('"decision":"approve"', '"decision":"reject"'), encoding="utf-8")
        assert signed.criterion().status == "unverified"
        assert "was edited" in signed.criterion().reason

    def test_without_a_means_to_check_nothing_is_known(self, signed: Desk) -> None:
        signed.sign(key="Ada")

        def absent(*_: object) -> SignatureCheck:
            return SignatureCheck(state="unknown", reason="ssh-keygen is not installed")

        assert signed.states(check=absent) == ["invalid"]
        signed.plan("", line("Ada", signed.keys["Ada"]))
        signed.sign(key="Ada")
        (_, found) = signed.verdict(check=absent).signoffs
        assert (found.state, found.signed) == ("valid", False)

    def test_a_key_that_may_sign_for_everybody_signs_for_nobody(self, desk: Desk) -> None:
        desk.plan(REQUIRED, line("*", desk.keys["Eve"]))
        assert [one.rule for one in read_planning(read_sources(desk.folder)).findings if "sign" in one.rule] == [
            "signer-pattern"
        ]
        desk.sign(key="Eve")
        assert desk.states() == ["invalid"]


KEYLESS = ("ada\n", "ada ssh-ed25519\n", "ada key AAAA\n", '"ada ssh-ed25519 AAAA\n', ",a ssh-rsa AAAA\n")


@pytest.mark.parametrize("text", KEYLESS)
def test_a_line_that_gives_no_key_is_a_finding(text: str, tmp_path: Path) -> None:
    (tmp_path / "allowed_signers").write_text(f"# people\n{text}", encoding="utf-8")
    findings = [one for one in read_planning(read_sources(tmp_path)).findings if one.rule.startswith("signer-")]
    assert [(one.rule, one.at[0].line) for one in findings] == [("signer-broken", 2)]


class TestRecords:
    @pytest.mark.parametrize("body", [{}, {"role": 7}, {"role": "stakeholder", "name": "Ada", "decision": "approve"}])
    def test_what_is_no_sign_off_counts_for_nothing(self, body: dict[str, Any], desk: Desk) -> None:
        desk.rechained((KIND, body))
        assert desk.states() == ["invalid"]
        assert desk.criterion().status == "unverified"
        assert list(signed_commits(desk.ledger.entries())) == []

    def test_a_commit_that_git_could_misread_is_not_asked_for(self, desk: Desk) -> None:
        good = desk.sign()
        evil = good.evidence_set.model_copy(update={"target": Target(commit="--output=x", tree="")})
        desk.ledger.append(KIND, good.model_copy(update={"evidence_set": evil}))
        assert list(signed_commits(desk.ledger.entries())) == ["c" * 40]

    def test_nothing_comes_between_the_head_and_a_sign_off(self, desk: Desk) -> None:
        draft = desk.draft()
        desk.ledger.append("note", Note(text="meanwhile"))
        with pytest.raises(LedgerMoved):
            desk.ledger.append(KIND, draft, after=draft.ledger_head)
        assert desk.states() == []

    def test_the_statement_is_everything_but_the_signature(self, desk: Desk) -> None:
        draft = desk.draft()
        assert draft.model_copy(update={"signature": "x"}).statement() == draft.statement()
        for field in ("role", "name", "verdict", "ledger_head"):
            assert draft.model_copy(update={field: "other"}).statement() != draft.statement()

    def test_the_verdict_is_pure(self, signed: Desk) -> None:
        signed.sign(key="Ada")
        assert len({digest_of(document) for document in self.documents(signed)}) == 1

    @staticmethod
    def documents(desk: Desk) -> Iterator[dict[str, object]]:
        for _ in range(2):
            yield desk.verdict().document()
