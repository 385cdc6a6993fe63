"""An activity: something that went on from one moment to another, inside of another activity."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.broker.line import Spent
from radeng_assets.record import Record

ActivityKind = Literal["run", "wave", "story", "attempt", "call", "tool", "gate", "proof", "measurement", "signoff"]
"""``run``: one session. ``wave``, ``story``: up to an outcome of it; the next one begins another activity.

``attempt``: an agent at a story. ``call``: a request to the Messages API that was paid. ``tool``: what the model had
done. ``gate``: the commands of a quality gate, ``proof``: those of a criterion or a control, run and not taken from
what was shown before. ``measurement``: of a report. ``signoff``: a decision of a person.
"""

TokenClass = Literal["input", "cache_write_5m", "cache_write_1h", "cache_read", "output"]

TOKEN_CLASSES: tuple[TokenClass, ...] = ("input", "cache_write_5m", "cache_write_1h", "cache_read", "output")

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#+-]{0,127}")


def plain(text: object) -> str:
    """A name or an id as it is; ``?`` for what cannot be one: no sentence, no line break, no markup gets through."""
    return text if isinstance(text, str) and _PLAIN.fullmatch(text) else "?"


def milliseconds(timestamp: str) -> int:
    """The moment (ms since 1970) of a record's time. Raises ``ValueError`` for what is no time with a zone."""
    moment = datetime.fromisoformat(timestamp)
    if moment.tzinfo is None:
        raise ValueError(f"{timestamp!r} has no time zone")
    return round(moment.timestamp() * 1000)


def written(moment: int) -> str:
    """A moment as the record writes it: UTC, ISO 8601, to the millisecond."""
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Activity(Record):
    """One activity. It holds names, states, times and numbers, and no text that anybody wrote.

    ``key`` is its name for ever and ``parent`` that of the one around it (empty: none is on record). ``began`` and
    ``latest`` are moments in ms since 1970; ``latest`` is its end where it is ``over``, else the last that is known of
    it. ``opened`` says that its begin was recorded, and did not only follow from what came after. ``name`` is a gate's
    phase, a model, a tool, a report, a role; ``state`` what it came to. ``criterion`` counts from 1.
    """

    kind: ActivityKind
    key: str
    parent: str = ""
    run: str = ""
    wave: str = ""
    story: str = ""
    attempt: int | None = None
    criterion: int | None = None
    name: str = ""
    state: str = ""
    mode: str = ""
    began: int
    latest: int
    over: bool = False
    opened: bool = False
    used: Spent | None = None
    turns: int | None = None
    tokens: Tokens | None = None
    cost_usd: str | None = None

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far as is known."""
        return (self.latest - self.began) / 1000
