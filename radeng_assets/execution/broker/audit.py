"""The audit log: one record for each request to the broker, append-only, hash-chained, in files that are turned.

Whose request it was, what became of it, how long it took. Never what was said, never the key, and nobody's name: words
that an agent chooses are kept only where they can be nothing but a turn's or a model's name, and else as a digest.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from radeng_assets.canonical import digest_bytes
from radeng_assets.evidence.rotation import RotatedLedger
from radeng_assets.execution.broker.line import Scope
from radeng_assets.execution.broker.prices import Unpriced, price_of
from radeng_assets.execution.broker.relay import Outcome, Turn
from radeng_assets.record import Record

_TURN = re.compile(r"[0-9]{1,5}")
"""How our own agents name their turns."""

_STOP_REASONS = frozenset(
    {
        "",
        "end_turn",
        "max_tokens",
        "stop_sequence",
        "tool_use",
        "pause_turn",
        "refusal",
        "model_context_window_exceeded",
    }
)
"""https://docs.claude.com/en/api/messages (stop_reason), and none yet."""


class AuditLine(Record):
    """The body of a record."""

    scope: Scope
    turn: str
    model: str
    what: str
    stop_reason: str
    tries: int
    milliseconds: int


def audit_of(home: Path) -> RotatedLedger:
    """The audit log of a home's broker."""
    return RotatedLedger(home / "broker" / "audit.jsonl")


def line_of(turn: Turn, outcome: Outcome, began: float) -> AuditLine:
    """What is recorded of a turn that ends now; ``began`` is when it did (``time.monotonic``)."""
    return AuditLine(
        scope=turn.scope,
        turn=turn.name if not turn.name or _TURN.fullmatch(turn.name) else _digest(turn.name),
        model=turn.model if _is_priced(turn.model) else _digest(turn.model),
        what=outcome.what,
        stop_reason=outcome.stop_reason if outcome.stop_reason in _STOP_REASONS else _digest(outcome.stop_reason),
        tries=outcome.tries,
        milliseconds=int(1000 * (time.monotonic() - began)),
    )


def _is_priced(model: str) -> bool:
    try:
        price_of(model)
    except Unpriced:
        return False
    return True


def _digest(words: str) -> str:
    return digest_bytes(words.encode(errors="surrogatepass"))


def main() -> int:
    """``python -m … HOME``: say where the chain of a home's log is broken; 1 where it is."""
    problems = audit_of(Path(sys.argv[1] if len(sys.argv) > 1 else ".radeng")).verify()
    for problem in problems:
        sys.stdout.write(f"{problem.file}:{problem.line}: {problem.message}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
