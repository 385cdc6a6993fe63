"""Sign-offs of others, of before, of nobody."""

from __future__ import annotations

from radeng_assets.readiness.signoff import KIND, Signoff
from radeng_assets.record import Record
from radeng_assets_tests.truth.state import State, make_key
from radeng_assets_tests.truth.trial import Fault

OWNER = "product-owner"


class _Note(Record):
    """The body of a record that calls itself a sign-off."""

    role: str = OWNER
    decision: str = "approve"


def _last(state: State) -> Signoff:
    return [Signoff.model_validate(entry.body) for entry in state.ledger.entries(KIND)][-1]


def _forged(state: State) -> None:
    """The signature of one statement under another."""
    last = _last(state)
    state.ledger.append(KIND, last.model_copy(update={"ledger_head": state.ledger.head()}))


def _unsigned(state: State) -> None:
    last = _last(state)
    state.ledger.append(KIND, last.model_copy(update={"signature": None, "ledger_head": state.ledger.head()}))


def _by_a_stranger(state: State) -> None:
    key = state.folder / "keys" / "stranger"
    make_key(key)
    state.sign(OWNER, key=key)


def _by_another(state: State) -> None:
    state.sign(OWNER, key=state.folder / "keys" / "security-lead")


def _before_the_last_change(state: State) -> None:
    state.change("postbox/core/letter.py", lambda data: data + b"# Signed before this.\n")


def _before_the_last_measure(state: State) -> None:
    """What was signed held; since then a test of recovery is known to fail."""
    state.leave(
        "chaos", "recovery.xml", lambda data: data.replace(b"/></testsuite>", b"><skipped/></testcase></testsuite>")
    )


FAULTS = (
    Fault("a sign-off before the last change", "stakeholder_signoff", "VOID.*letter.py", _before_the_last_change),
    Fault("a forged signature", "stakeholder_signoff", "does not hold", _forged),
    Fault("no signature where one is demanded", "stakeholder_signoff", "demands a signature", _unsigned),
    Fault("signed with a stranger's key", "stakeholder_signoff", "does not hold", _by_a_stranger),
    Fault("signed with another's key", "stakeholder_signoff", "does not hold", _by_another),
    Fault("signed by an agent", "stakeholder_signoff", "no person", lambda s: s.sign(OWNER, "Claude Code")),
    Fault("signed by an agent of the plan", "stakeholder_signoff", "no person", lambda s: s.sign(OWNER, "developer")),
    Fault(
        "signed by one person for both",
        "stakeholder_signoff",
        "does not hold|one person",
        lambda s: s.sign(OWNER, "Adele Goldberg", key=s.folder / "keys" / "security-lead"),
    ),
    Fault("rejected", "stakeholder_signoff", "rejected it", lambda s: s.sign(OWNER, decision="reject")),
    Fault(
        "a record that is no sign-off",
        "stakeholder_signoff",
        "cannot be read|does not count",
        lambda s: s.ledger.append(KIND, _Note()),
    ),
    Fault("the evidence changed since", "stakeholder_signoff", "VOID", _before_the_last_measure),
)
