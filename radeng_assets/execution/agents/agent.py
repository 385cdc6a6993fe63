"""The protocol of every agent: it changes the files of a workspace, and then it claims something.

What it claims decides nothing. An agent is handed a job and gives back how its work ended; what the work is
worth is shown by ``execution.delivery``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.brief import Brief
from radeng_assets.record import Record

Ending = Literal["claimed", "failed", "refused", "stopped"]
"""``claimed``: it says it is done. ``failed``: it gave up or broke, another attempt may do better. ``refused``: no
further attempt can help (budget, a person needed). ``stopped``: the kill switch or a signal; it can be resumed.
"""

Tier = Literal["plain", "escalation"]
"""Which of the two configured models an attempt runs on."""


class AgentReport(Record):
    """How an agent's work on one attempt ended.

    ``transcript`` is a file in the job's ``scratch``, ``cost_usd`` a decimal text, ``sandboxed`` whether its commands
    ran where they could reach nothing but the workspace, ``declined`` whether the model would not do it.
    """

    ending: Ending
    reason: str = ""
    model: str = ""
    turns: int = 0
    tokens: Tokens = Tokens()
    cost_usd: str = "0.00"
    transcript: Path | None = None
    sandboxed: bool = False
    declined: bool = False


def keep() -> None:
    """Leave the workspace as it is."""


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt.

    ``tree`` is the workspace: the only folder that may change. ``scratch`` is the attempt's own folder outside of it
    (journal, transcript), which survives a kill. ``key`` names the attempt for ever (``plan/story/3``). ``log`` takes
    lines of progress for people. ``stopping`` says whether everything is to halt now. ``shown`` are folders that git
    needs to see, read-only, to answer in the workspace. ``clear`` puts the workspace back to the base commit, which
    ``base`` names.
    """

    brief: Brief
    tree: Path
    scratch: Path
    key: str
    tier: Tier
    timeout_s: float
    log: Callable[[str], None]
    stopping: Callable[[], bool]
    shown: tuple[Path, ...] = ()
    clear: Callable[[], None] = keep
    base: str = ""


class Agent(Protocol):
    """Somebody who changes files: Claude, or any command line."""

    @property
    def name(self) -> str:
        """The mode's name, as ``--agent`` has it."""
        ...

    def work(self, job: Job) -> AgentReport:
        """Work until done, or until it cannot go on.

        Called again with the same ``key`` after a kill, it goes on where it was: nothing that was paid is paid again,
        nothing that happened happens twice.
        """
        ...
