"""Is the service sound? What has to hold for it to take work, each thing looked at for itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from radeng_assets.canonical import digest_bytes
from radeng_assets.evidence.ledger import LedgerCopy, Problem
from radeng_assets.home import Home
from radeng_assets.planning.findings import has_errors
from radeng_assets.planning.folder import read_sources
from radeng_assets.planning.snapshot import execution_findings, last_sound, schedule_of
from radeng_assets.record import Record

CheckName = Literal["home", "ledger", "plan", "storage"]

CHECKS: tuple[CheckName, ...] = get_args(CheckName)


class Check(Record):
    """One thing that must hold. ``reason`` says why it does not, ``note`` what one should know although it does."""

    name: CheckName
    ok: bool
    reason: str = ""
    note: str = ""


class Readiness(Record):
    """The answer of ``/ready``."""

    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        """Whether everything holds; where nothing was looked at, it does not."""
        return bool(self.checks) and all(check.ok for check in self.checks)

    def document(self) -> dict[str, object]:
        """The answer as JSON (``radeng/ready/v1``)."""
        status = "ready" if self.ready else "not_ready"
        return {"schema": "radeng/ready/v1", "status": status, **self.model_dump(mode="json")}


@dataclass
class Probes:
    """Looks at a home and the planning folder that it is about.

    ``storage`` asks Dagster's instance something and gives back why it does not answer; empty where it does.
    """

    home: Path
    plan: Path
    storage: Callable[[], str]
    _judged: dict[str, tuple[Problem, ...]] = field(default_factory=dict[str, tuple[Problem, ...]])

    def look(self) -> Readiness:
        """Look at everything now. Never raises for what it looks at; writes nothing."""
        return Readiness(checks=tuple(self._looks()))

    def _looks(self) -> Iterator[Check]:
        yield _home(self.home)
        yield self._ledger()
        yield _plan(self.plan, self.home)
        # Dagster would make an instance where there is none.
        reason = self.storage() if (self.home / "dagster.yaml").is_file() else "no dagster.yaml: run radeng once"
        yield Check(name="storage", ok=not reason, reason=reason)

    def _ledger(self) -> Check:
        try:
            problems = self._problems(Home(self.home).ledger.copied())
        except OSError as error:
            return Check(name="ledger", ok=False, reason=f"it cannot be read: {error.strerror}")
        if not problems:
            return Check(name="ledger", ok=True)
        first = problems[0]
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        return Check(name="ledger", ok=False, reason=f"ledger.jsonl:{first.line}: {first.message}{more}")

    def _problems(self, copy: LedgerCopy) -> tuple[Problem, ...]:
        """What is wrong with the chain. Equal bytes are judged once: a hash over them costs a thousandth of it."""
        name = digest_bytes(copy.data) + digest_bytes(copy.head or b"")
        if name not in self._judged:
            self._judged = {name: copy.problems}
        return self._judged[name]


def _home(home: Path) -> Check:
    if not home.is_dir():
        return Check(name="home", ok=False, reason=f"{home} is no folder: run radeng once, or name it with --home")
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        return Check(name="home", ok=False, reason=f"{home} cannot be read and written by this user")
    return Check(name="home", ok=True)


def _plan(folder: Path, home: Path) -> Check:
    """Whether definitions can be built: from the folder as it stands, or from what it was when it was last sound."""
    try:
        sources = read_sources(folder)
    except OSError as error:
        return Check(name="plan", ok=False, reason=f"{folder} cannot be read: {error.strerror}")
    _, sound = schedule_of(sources)
    if sound:
        return Check(name="plan", ok=True)
    errors = [finding for finding in execution_findings(sources) if has_errors([finding])]
    what = f"{errors[0].at[0]}: {errors[0].message}" if errors and errors[0].at else "it holds no plan"
    if last_sound(folder, home) is not None:
        return Check(name="plan", ok=True, note=f"the last good plan serves on; as it stands, {folder} cannot: {what}")
    return Check(name="plan", ok=False, reason=f"{folder}: {what}; `radeng audit` lists every finding")
