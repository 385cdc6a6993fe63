"""Clean twins: changes alike to faults that are none. Where people must look again, they do, and sign."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta

from radeng_assets.evidence.outcomes import StoryOutcome
from radeng_assets_tests.folders import commit, git
from radeng_assets_tests.truth.faults.clock import nothing
from radeng_assets_tests.truth.faults.load import at, share
from radeng_assets_tests.truth.faults.runs import every, first
from radeng_assets_tests.truth.faults.security import found, result
from radeng_assets_tests.truth.faults.waivers import waive
from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Twin


def _touched(state: State) -> None:
    for path in (state.target / "postbox").rglob("*.py"):
        os.utime(path, (1, 1))
    for path in state.plan.iterdir():
        path.touch()


def _uncommitted(state: State) -> None:
    (state.target / "postbox" / "core" / "letter.py").write_bytes(b"# Not committed.\n")
    (state.target / "notes.txt").write_text("Not committed.\n", encoding="utf-8")


def _other_branches(state: State) -> None:
    state.git("switch", "--quiet", "--create", "experiment")
    (state.target / "postbox" / "extra.py").write_text("broken(\n", encoding="utf-8")
    commit(state.target, "Try something")
    state.git("switch", "--quiet", "main")
    state.git("tag", "v1")


def _packed(state: State) -> None:
    state.git("gc", "--quiet", "--aggressive", "--prune=now")
    state.git("pack-refs", "--all")


def _cloned(state: State) -> None:
    """The product's repository, cloned anew: same commit, other files around it."""
    other = state.folder / "clone"
    git(state.folder, "clone", "--quiet", str(state.target), str(other))
    shutil.rmtree(state.target)
    other.rename(state.target)


def _without_branches(state: State) -> None:
    for ref in state.git("for-each-ref", "--format=%(refname)", "refs/heads/radeng", "refs/radeng").split():
        state.git("update-ref", "-d", ref)


def _shallow(state: State) -> None:
    """The same with no history, as CI services clone."""
    other = state.folder / "clone"
    git(state.folder, "clone", "--quiet", "--depth", "1", state.target.as_uri(), str(other))
    shutil.rmtree(state.target)
    other.rename(state.target)


def _gates_not_required(state: State) -> None:
    """The plan requires no gates any more, and has them all the same; it is run again, and all sign."""
    state.replan("EXECUTION-PLAN.yaml", "quality_gate_required: true", "quality_gate_required: false")
    state.carry_over()
    state.all_sign()


def _again(*reports: str) -> Callable[[State], None]:
    """The same commands once more, on the same commit, for real."""

    def seed(state: State) -> None:
        for report in reports:
            state.remeasure_for_real(report)

    return seed


def _recorded_again(state: State) -> None:
    for report in ("coverage", "chaos", "load", "security", "ui", "documentation", "ess"):
        state.remeasure(report, lambda envelope: envelope.model_copy(update={"session": "f" * 32}))


def _failed_then_passed(state: State) -> None:
    """A flaky run is on record, and a whole one after it."""
    whole, _ = state.measured("chaos")
    state.leave("chaos", "recovery.xml", every(b'<failure message="flaky"/>'), exit_code=1)
    state.ledger.append("measurement", whole)


def _torn(state: State) -> None:
    """A killed writer left half a line, which never was a record."""
    with state.ledger.path.open("ab") as stream:
        stream.write(b'{"at":"2026-')


def _more_evidence(state: State) -> None:
    state.store.put_bytes(b"Nobody cites this.")


def _of_another_plan(state: State) -> None:
    last = [StoryOutcome.model_validate(entry.body) for entry in state.ledger.entries("story")][-1]
    other = last.model_copy(update={"plan": "sha256:" + "1" * 64, "status": "failed", "reason": "of another plan"})
    state.ledger.append("story", other)


def _signed_twice(state: State) -> None:
    state.all_sign()


def _rejected_then_approved(state: State) -> None:
    state.sign("product-owner", decision="reject")
    state.sign("product-owner")


def _looked_at(state: State) -> None:
    state.verdict()
    state.verdict()


def _comment_in_the_plan(state: State) -> None:
    """A byte of the plan voids the sign-offs; people look, and sign again."""
    state.replan("readiness.yaml", "audit_blocks: true", "audit_blocks: true  # as agreed")
    state.all_sign()


def _reworded(state: State) -> None:
    state.replan("README.md", "Lists what is missing", "Lists everything that is missing")
    state.all_sign()


def _note_beside_the_plan(state: State) -> None:
    (state.plan / "notes.txt").write_text("Nobody reads this.\n", encoding="utf-8")


def _unrelated(state: State) -> None:
    """A file of which the policy says that nothing depends on it; people sign for the new commit."""
    state.replan("readiness.yaml", "audit_blocks: true", "audit_blocks: true\nfreshness: {unrelated: [NOTES.md]}")
    state.change("NOTES.md", lambda _: b"A note.\n")
    state.all_sign()


def _some_errors(state: State) -> None:
    """Two requests in a hundred failed where one in twenty may."""
    at(100, lambda requests: share(requests, 0.02, ok=False))(state)


def _low_finding(state: State) -> None:
    found(result(rule="B101", level="note"))(state)


def _moved_text(state: State) -> None:
    """The waived text stands on another line now."""
    waive(state)
    found(result(line=40))(state)


def _one_skipped(state: State) -> None:
    """One test of sixty is skipped, and the rest of them pass."""
    state.leave("coverage", "junit.xml", first(b'<skipped type="pytest.skip" message="on this system"/>'))


TWINS = (
    Twin("nothing at all", nothing),
    Twin("files are touched", _touched),
    Twin("edits that are not committed", _uncommitted),
    Twin("another branch, and a tag", _other_branches),
    Twin("the repository is packed", _packed),
    Twin("the repository is cloned anew", _cloned),
    Twin("a shallow clone", _shallow),
    Twin("HEAD is detached", lambda s: s.git("switch", "--quiet", "--detach"), agent="command"),
    Twin("asked about what agents merged", nothing, agent="command"),
    Twin("the branches of agents are gone", _without_branches, agent="command"),
    Twin("gates that are there and not required", _gates_not_required),
    Twin("the documents are measured again", _again("documentation")),
    Twin("scanners and tests of recovery run again", _again("security", "chaos")),
    Twin("everything is recorded again", _recorded_again),
    Twin("a flaky run, and a whole one after it", _failed_then_passed),
    Twin("half a line at the ledger's end", _torn),
    Twin("evidence that nobody cites", _more_evidence),
    Twin("a failure under another plan", _of_another_plan),
    Twin("everybody signs twice", _signed_twice),
    Twin("rejected, then approved", _rejected_then_approved),
    Twin("the verdict is asked for again", _looked_at),
    Twin("a comment in the plan, signed again", _comment_in_the_plan),
    Twin("a sentence of the plan, signed again", _reworded),
    Twin("a note beside the plan", _note_beside_the_plan),
    Twin("an unrelated file, signed again", _unrelated),
    Twin("two errors in a hundred requests", _some_errors),
    Twin("a finding that does not block", _low_finding),
    Twin("a sound waiver", waive),
    Twin("a waived text on another line", _moved_text),
    Twin("one test in sixty is skipped", _one_skipped),
    Twin("six days pass", nothing, timedelta(days=6)),
)
