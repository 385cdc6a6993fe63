"""Evidence is edited, taken away, swapped, or was never evidence of what is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from radeng_assets.evidence.envelope import Envelope, Subject
from radeng_assets.evidence.ledger import Entry
from radeng_assets.evidence.measures import role_and_path
from radeng_assets.evidence.outcomes import GateOutcome, StoryOutcome
from radeng_assets.readiness.freshness import moment
from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Fault


def _of_story(state: State) -> str:
    return state.evidence_of("story", story="W1-S1")[-1]


def _edited(state: State) -> None:
    path = state.store.path(_of_story(state))
    path.write_bytes(path.read_bytes().replace(b'"exit_code":0', b'"exit_code":1'))


def _gone(state: State) -> None:
    state.store.path(_of_story(state)).unlink()


def _artifact(state: State, report: str, name: str) -> str:
    _, envelopes = state.measured(report)
    return next(a.digest for e in envelopes for a in e.artifacts if role_and_path(a)[1] == name)


def _edited_artifact(state: State) -> None:
    path = state.store.path(_artifact(state, "coverage", "coverage.json"))
    path.write_bytes(path.read_bytes().replace(b"missing_lines", b"missing_Lines", 1))


def _swapped(state: State) -> None:
    one, other = (state.store.path(_artifact(state, "coverage", name)) for name in ("coverage.json", "junit.xml"))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _as(report: str, **fields: object) -> Callable[[State], None]:
    """Every envelope of a report's measurement with other fields."""
    return lambda state: state.remeasure(report, lambda envelope: envelope.model_copy(update=fields))


def _borrowed(state: State) -> None:
    measurement, _ = state.measured("ui")
    other, _ = state.measured("chaos")
    state.ledger.append("measurement", measurement.model_copy(update={"evidence": other.evidence}))


def _of_nobody(state: State) -> None:
    measurement, _ = state.measured("load")
    state.ledger.append("measurement", measurement.model_copy(update={"evidence": ()}))


def _elsewhere(state: State) -> None:
    other = Subject(commit="1" * 40, tree="2" * 40)
    state.remeasure("load", lambda envelope: envelope.model_copy(update={"subject": other}))


def _wrong_tree(state: State) -> None:
    measurement, envelopes = state.measured("load")
    tree = state.git("rev-parse", "HEAD~1^{tree}").strip()
    subject = Subject(commit=measurement.commit, tree=tree)
    evidence = tuple(state.store.put_envelope(e.model_copy(update={"subject": subject})) for e in envelopes)
    state.ledger.append("measurement", measurement.model_copy(update={"evidence": evidence}))


def _forged_gate(state: State) -> None:
    last = [GateOutcome.model_validate(entry.body) for entry in state.ledger.entries("gate")][-1]
    tree = state.git("rev-parse", "HEAD~1^{tree}").strip()
    evidence = tuple(
        state.store.put_envelope(one.model_copy(update={"subject": Subject(commit=one.subject.commit, tree=tree)}))
        for one in map(state.store.get_envelope, last.evidence)
    )
    forged = last.model_copy(update={"tree": tree, "evidence": evidence})
    state.rewrite(lambda entries: [_forged(entry, forged) for entry in entries])
    state.all_sign()


def _forged(entry: Entry, outcome: GateOutcome) -> Entry:
    return entry.model_copy(update={"body": outcome.model_dump(mode="json")}) if entry.kind == "gate" else entry


def _later(envelope: Envelope) -> Envelope:
    ended = moment(envelope.ended) + timedelta(days=1)
    return envelope.model_copy(update={"ended": ended.isoformat(timespec="milliseconds")})


def _backwards(envelope: Envelope) -> Envelope:
    return envelope.model_copy(update={"started": envelope.ended, "ended": envelope.started})


def _cut(envelope: Envelope) -> Envelope:
    cut = tuple(a.model_copy(update={"total_bytes": a.total_bytes + 1}) for a in envelope.artifacts)
    return envelope.model_copy(update={"artifacts": cut})


def _of_other_size(envelope: Envelope) -> Envelope:
    lied = tuple(a.model_copy(update={"kept_bytes": a.kept_bytes + 1}) for a in envelope.artifacts)
    return envelope.model_copy(update={"artifacts": lied})


def _said(output: bytes) -> Callable[[State], None]:
    """The proof of a criterion ended with 0, and this is what its runner printed."""

    def seed(state: State) -> None:
        outcome = StoryOutcome.model_validate(
            [e.body for e in state.ledger.entries("story") if e.body["story"] == "W1-S2"][-1]
        )
        item = outcome.criteria[-1]
        envelope = state.store.get_envelope(item.evidence[-1])
        kept = {"digest": state.store.put_bytes(output), "kept_bytes": len(output), "total_bytes": len(output)}
        changed = envelope.model_copy(update={"artifacts": (envelope.artifacts[0].model_copy(update=kept),)})
        evidence = (*item.evidence[:-1], state.store.put_envelope(changed))
        criteria = (*outcome.criteria[:-1], item.model_copy(update={"evidence": evidence}))
        state.ledger.append("story", outcome.model_copy(update={"criteria": criteria}))

    return seed


FAULTS = (
    Fault("a proof of skipped tests", "stories_completed", "no test passed", _said(b"2 skipped in 0.01s\n")),
    Fault("a proof of tests that may fail", "stories_completed", "no test passed", _said(b"1 xfailed in 0.08s\n")),
    Fault("an envelope is edited", "stories_completed", "changed after it was recorded", _edited),
    Fault("an envelope is gone", "stories_completed", "missing", _gone),
    Fault("an artifact is edited", "test_coverage", "changed after it was recorded", _edited_artifact),
    Fault("two artifacts are swapped", "test_coverage", "changed after it was recorded", _swapped),
    Fault("evidence of another report", "ui_integration", "not that of the commands", _borrowed),
    Fault("evidence of nothing", "load_test", "not that of the commands", _of_nobody),
    Fault("evidence of another commit", "load_test", "another commit", _elsewhere),
    Fault("evidence of the wrong tree", "load_test", "another commit", _wrong_tree),
    Fault("evidence of the wrong tree, and a record to match", "stories_completed", "another tree", _forged_gate),
    Fault("simulated: no command ran", "load_test", "no command that ran", _as("load", argv=(), exit_code=None)),
    Fault("another command ran", "load_test", "not that of the commands", _as("load", command="true")),
    Fault("passed, and ended with 1", "load_test", "ended with 1", _as("load", exit_code=1)),
    Fault("it timed out", "load_test", "timeout|not end", _as("load", state="timeout", exit_code=None)),
    Fault("it was skipped", "load_test", "skipped", _as("load", state="skipped", exit_code=None)),
    Fault("dated tomorrow", "load_test", "set back", lambda s: s.remeasure("load", _later)),
    Fault("ended before it began", "load_test", "before it begins", lambda s: s.remeasure("load", _backwards)),
    Fault("a report kept in part", "load_test", "too large|part|left no", lambda s: s.remeasure("load", _cut)),
    Fault("a report of another size", "load_test", "not of the size", lambda s: s.remeasure("load", _of_other_size)),
)
