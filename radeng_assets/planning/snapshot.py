"""The plan that a run started with, in every process, however the files change meanwhile.

Definitions are loaded many times in one run: by the launcher, the run worker, every step process.
So the folder is *frozen* at the first load - its bytes are copied, content-addressed, into the home -
and the digest travels to every later process in the environment (``PIN``), which run workers and
step processes inherit. A reload of the code location starts a process without it and so reads the
folder anew. See docs/decisions/0003-plan-pin.md for what else was tried.

An edit that breaks the plan does not take the service down: the last sound snapshot of that folder
is served on, and the broken one rides along in the pin so that its findings can be shown.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter

from radeng_assets.canonical import digest_bytes
from radeng_assets.holding import hold
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.folder import (
    EXECUTION_PLAN,
    RISK_REGISTER,
    VERIFICATION,
    Planning,
    Sources,
    read_planning,
    read_sources,
)
from radeng_assets.planning.readers.execution_plan import read_execution_plan
from radeng_assets.planning.readers.risk_register import read_risk_register
from radeng_assets.planning.schedule import Schedule, compile_schedule
from radeng_assets.record import Record
from radeng_assets.whole import write_whole

PIN = "RADENG_PLAN_PIN"
"""Environment variable: ``served[,broken]``, each the hex digest of a snapshot; served may be empty."""

_MOST_HELD = 8
"""Snapshots that a process holds, the last ones asked for: each edit of a plan brings one more."""

_HELD: dict[Path, int] = {}
"""What this process holds: snapshot → file descriptor. No result hangs on it."""

PLANS = "plans"
"""The folder of a home that snapshots lie in."""

_UNREADABLE = "unreadable.json"
_FINDINGS = TypeAdapter(tuple[Finding, ...])
_POINTER = TypeAdapter(dict[str, str])

LOSING_RULES = frozenset(
    {
        "yaml-broken",
        "yaml-duplicate-key",
        "yaml-alias",
        "yaml-too-deep",
        "yaml-nul",
        "yaml-complex-key",
        "missing-key",
        "missing-section",
        "malformed-id",
        "wrong-kind",
    }
)
"""Findings about the execution plan after which stories or dependencies may be missing from it."""


class ServedPlan(Record):
    """What the definitions are built from.

    ``folder`` is the snapshot that is served, ``None`` where no usable plan was ever seen; ``broken``
    is the snapshot of the folder as it stands now, where that one cannot be served. ``sound`` is false where
    reading may have lost part of the served plan. ``execution_digest`` identifies what is carried out and how it
    is proved: outcomes recorded under another one do not count.
    """

    folder: Path | None = None
    broken: Path | None = None
    schedule: Schedule = Schedule()
    sound: bool = False
    execution_digest: str = digest_bytes(b"")

    @property
    def digest(self) -> str:
        """The served plan's digest (``sha256:…``); that of an empty text where none is served."""
        return f"sha256:{self.folder.name}" if self.folder else digest_bytes(b"")

    def planning(self) -> Planning:
        """Every document of the served snapshot, parsed now."""
        return read_planning(thaw(self.folder)) if self.folder else Planning(digest=self.digest)

    def review_days(self) -> int | None:
        """The shortest review interval that the served risk register states, in days."""
        source = thaw(self.folder).sources.get(RISK_REGISTER) if self.folder else None
        cadence = read_risk_register(source)[0].cadence if source else ()
        return min((item.days for item in cadence if item.days), default=None)

    def broken_findings(self) -> tuple[Finding, ...]:
        """What is wrong with the folder as it stands, where it cannot be served; else nothing."""
        return execution_findings(thaw(self.broken)) if self.broken else ()


def freeze(sources: Sources, home: Path) -> Path:
    """Copy what was read into ``<home>/plans/<digest>`` and return that folder.

    Equal content gives the same folder; a copy that exists is left alone, unless it does not hold what its name says.
    The folder appears whole or not at all, so a killed process leaves no half snapshot.
    """
    target = home / PLANS / sources.digest.removeprefix("sha256:")
    if _hold(target) and is_whole(target):
        os.utime(target)  # asked for now: what is not asked for for long may go
        return target
    files = {name: source.data for name, source in sources.sources.items()}
    move_in({**files, _UNREADABLE: _FINDINGS.dump_json(sources.findings)}, target)
    _hold(target)
    return target


def move_in(files: Mapping[str, bytes], target: Path) -> None:
    """Make a snapshot of these files, in place of a damaged one. One that is whole stays: another process made it."""
    plans = target.parent
    plans.mkdir(parents=True, exist_ok=True)
    # Alone: whoever found none a moment ago would else take away what was moved in since.
    with FileLock(plans / ".moving.lock", fallback_to_soft=False):
        if is_whole(target):
            return
        _remove(target)
        with tempfile.TemporaryDirectory(dir=plans, prefix=".freezing-") as scratch:
            draft = Path(scratch) / "plan"
            draft.mkdir()
            for name, data in files.items():
                (draft / name).write_bytes(data)
            draft.rename(target)


def _hold(snapshot: Path) -> bool:
    """Hold a snapshot for as long as this process may load definitions by it; whether it is there."""
    held = _HELD.pop(snapshot, None)
    descriptor = hold(snapshot)
    if held is not None:
        os.close(held)
    if descriptor is None:
        return False
    _HELD[snapshot] = descriptor
    while len(_HELD) > _MOST_HELD:
        os.close(_HELD.pop(next(iter(_HELD))))
    return True


def is_whole(snapshot: Path) -> bool:
    """Whether a snapshot is there and holds the bytes that it is named for."""
    try:
        return thaw(snapshot).digest == f"sha256:{snapshot.name}"
    except (OSError, ValueError):
        return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def thaw(snapshot: Path) -> Sources:
    """The sources as they were frozen, with the findings about files that could not be read then."""
    recorded = _FINDINGS.validate_json((snapshot / _UNREADABLE).read_bytes())
    # Files that could not be read are not in the snapshot; what was found then is said again.
    return Sources(sources=read_sources(snapshot).sources, findings=recorded)


def execution_findings(sources: Sources) -> tuple[Finding, ...]:
    """All findings about the execution plan: reading it, and putting it in order."""
    findings = [finding for finding in sources.findings if finding.subject == EXECUTION_PLAN]
    source = sources.sources.get(EXECUTION_PLAN)
    if source is not None:
        plan, problems = read_execution_plan(source)
        findings += [*problems, *compile_schedule(plan)[1]]
    return tuple(findings)


def schedule_of(sources: Sources) -> tuple[Schedule | None, bool]:
    """(the schedule, sound?). Not sound: there is one, but reading may have lost part of the plan."""
    source = sources.sources.get(EXECUTION_PLAN)
    if source is None:
        return None, False
    plan, problems = read_execution_plan(source)
    schedule, _ = compile_schedule(plan)
    sound = not any(finding.rule in LOSING_RULES and finding.severity == "error" for finding in problems)
    return schedule, sound and schedule is not None


def pin_plan(sources: Sources, home: Path, environ: MutableMapping[str, str]) -> ServedPlan:
    """Freeze exactly these sources and pin them, broken or not: for a run on a named folder."""
    environ[PIN] = freeze(sources, home).name
    return served_plan(Path(), home, environ)


def served_plan(folder: Path, home: Path, environ: MutableMapping[str, str] = os.environ) -> ServedPlan:
    """The plan to build definitions from: the pinned one, else ``folder`` frozen and pinned now.

    Where the folder is not sound, the last sound snapshot of the same folder is served instead; where
    there is none, the folder is served as far as it goes.
    """
    pin = environ.get(PIN)
    if pin is None:
        pin = environ[PIN] = pin_of(read_sources(folder), folder, home)
    return pinned(pin, home)


def pinned(pin: str, home: Path) -> ServedPlan:
    """The plan that a pin names."""
    served, _, broken = pin.partition(",")
    plans = home / PLANS
    snapshot = plans / served if served else None
    rest = plans / broken if broken else None
    for each in (snapshot, rest):
        if each:
            _hold(each)
    if snapshot is None:
        return ServedPlan(broken=rest)
    sources = thaw(snapshot)
    schedule, sound = schedule_of(sources)
    return ServedPlan(
        folder=snapshot,
        broken=rest,
        schedule=schedule or Schedule(),
        sound=sound,
        execution_digest=execution_digest(sources),
    )


def execution_digest(sources: Sources) -> str:
    """The identity of what is carried out and how it is proved."""
    return sources.digest_over(EXECUTION_PLAN, VERIFICATION)


def pin_of(sources: Sources, folder: Path, home: Path) -> str:
    """What to serve where a folder stands like this, frozen: itself, or the last sound one where an edit broke it."""
    now = freeze(sources, home).name
    schedule, sound = schedule_of(sources)
    if sound:
        pointer = _last_good(folder, home)
        write_whole(pointer, json.dumps({"folder": str(folder.resolve()), "plan": now}))
        return now
    last = last_sound(folder, home)
    if last is not None:
        return f"{last.name},{now}"
    return f"{now},{now}" if schedule else f",{now}"


def last_sound(folder: Path, home: Path) -> Path | None:
    """The snapshot that is served where a folder cannot be; ``None`` where it never was sound."""
    last = _pointed(_last_good(folder, home))
    snapshot = home / PLANS / last
    return snapshot if last and is_whole(snapshot) else None


def _pointed(pointer: Path) -> str:
    """The snapshot that a pointer names; empty where there is none, or it is damaged."""
    try:
        plan = _POINTER.validate_json(pointer.read_bytes()).get("plan", "")
    except (OSError, ValueError):
        return ""
    return plan if re.fullmatch("[0-9a-f]{64}", plan) else ""


def served_last(home: Path) -> frozenset[str]:
    """The snapshots (hex digests) that are served where an edit breaks their planning folders."""
    return frozenset(filter(None, map(_pointed, (home / PLANS).glob("last-good-*.json"))))


def _last_good(folder: Path, home: Path) -> Path:
    name = digest_bytes(str(folder.resolve()).encode()).removeprefix("sha256:")[:16]
    return home / PLANS / f"last-good-{name}.json"
