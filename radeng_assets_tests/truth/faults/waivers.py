"""Waivers that accept nothing. Each is set against one issue that an honest waiver accepts (see ``twins``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from radeng_assets_tests.truth.faults.security import found, result
from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Fault


def day(days: int) -> str:
    """A day from today, as ``readiness.yaml`` has it."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def waive(state: State, **changed: str) -> None:
    """A finding of the static analysis, and a waiver of it that is sound but for ``changed``; all sign."""
    found(result())(state)
    (issue,) = state.case().reports["security"].issues
    fields = {
        "digest": issue.digest,
        "reason": "The text comes from the office itself and from no caller",
        "owner": "Katherine Johnson",
        "requester": "Katherine Johnson",
        "approver": "Adele Goldberg",
        "granted": day(-1),
        "expires": day(5),
        "risk": "R-004",
        **changed,
    }
    lines = [f"    {name}: {value}" for name, value in fields.items() if value]
    item = "\n".join(lines).replace("    ", "  - ", 1)
    policy = state.plan / "readiness.yaml"
    policy.write_text(f"{policy.read_text('utf-8')}\nwaivers:\n{item}\n", encoding="utf-8")
    state.all_sign()


def _waived(**changed: str) -> Callable[[State], None]:
    return lambda state: waive(state, **changed)


def _moved(state: State) -> None:
    """The waived text is mended, and another stands on its line."""
    waive(state)
    other = result()
    other["locations"][0]["physicalLocation"]["region"]["snippet"]["text"] = "subprocess.call(body, shell=True)\n"
    found(other)(state)
    state.all_sign()


def _one_more(state: State) -> None:
    waive(state)
    found(result(), result(path="postbox/core/journal.py"))(state)
    state.all_sign()


FAULTS = (
    Fault("a waiver has expired", "security_audit", "high: .*B602", _waived(granted=day(-9), expires=day(-1))),
    Fault("a waiver expires", "security_audit", "high: .*B602", _waived(), timedelta(days=6, hours=1)),
    Fault(
        "a waiver is approved by who asked", "security_audit", "high: .*B602", _waived(approver="Johnson, Katherine")
    ),
    Fault("a waiver is approved by an agent", "security_audit", "high: .*B602", _waived(approver="Claude")),
    Fault("a waiver without an approver", "security_audit", "high: .*B602", _waived(approver="")),
    Fault("a waiver without an end", "security_audit", "high: .*B602", _waived(expires="")),
    Fault("a waiver for a year", "security_audit", "high: .*B602", _waived(expires=day(365))),
    Fault("a waiver without a risk", "security_audit", "high: .*B602", _waived(risk="R-099")),
    Fault("a waiver without a reason", "security_audit", "high: .*B602", _waived(reason="ok")),
    Fault("a waiver of tomorrow", "security_audit", "high: .*B602", _waived(granted=day(1))),
    Fault("another finding on the waived line", "security_audit", "high: .*B602", _moved),
    Fault("one finding more than is waived", "security_audit", "journal.py", _one_more),
)
