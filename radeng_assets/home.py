"""The home folder: one place for all state, Dagster's instance and ours side by side."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from pydantic import ValidationError

from radeng_assets.database import configured
from radeng_assets.distribution import bundled
from radeng_assets.evidence.commons import Commons
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.stop import StopSwitch
from radeng_assets.record import Record
from radeng_assets.settings import AgentMode, Settings
from radeng_assets.storage import instance_config
from radeng_assets.whole import write_whole

if TYPE_CHECKING:
    from upath import UPath


class LastRun(Record):
    """Plan, target and mode of a run. No command and no address: settings of these kinds may hold secrets."""

    plan_dir: str
    target_repo: str | None
    agent: AgentMode


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything lives below ``path``: ``plans/``, ``evidence/``, ``ledger.jsonl``, ``assets/``, worktrees.

    It may be deleted as a whole; it may not be shared by two machines. ``commons`` is what the machines of a fleet
    share beside their homes: the ledger's order, evidence, asset values.
    """

    path: Path
    commons: Commons | None = None

    @classmethod
    def of(cls, settings: Settings) -> Home:
        """The home of these settings, with its fleet's commons. Raises ``NoDatabase``."""
        return cls(settings.home, Commons.of(settings.shared, os.environ))

    def made(self) -> Home:
        """The home, whose folder is there."""
        self.path.mkdir(parents=True, exist_ok=True)
        return self

    def join(self) -> Home:
        """Let a home that was one machine's so far bring what it has to the fleet. Raises ``LedgerParted``."""
        self.ledger.hand_in(self.store.shelve_all)
        self.stop.mirror()
        return self

    def prepare(self) -> Home:
        """Make the folder usable as ``DAGSTER_HOME``: it exists and has an instance configuration.

        Raises ``NoDatabase`` where the home keeps its runs elsewhere than the environment says.
        """
        self.made()
        there = self.config.read_text(encoding="utf-8") if self.config.exists() else ""
        wanted = instance_config(there or bundled("dagster.yaml").read_text("utf-8"), database=configured(os.environ))
        if wanted != there:
            write_whole(self.config, wanted)
        return self

    @property
    def config(self) -> Path:
        """The settings of Dagster's instance."""
        return self.path / "dagster.yaml"

    @property
    def sqlite(self) -> Path:
        """Where Dagster keeps runs as long as there is no database."""
        return self.path / "history"

    @property
    def database(self) -> str | None:
        """The identity of the database that has this home's runs; ``None`` where that was never noted."""
        note = self.path / "database"
        return note.read_text(encoding="utf-8").strip() or None if note.exists() else None

    def note_database(self, identity: str) -> None:
        """Remember in which database this home's runs are."""
        if self.database != identity:
            write_whole(self.path / "database", f"{identity}\n")

    @property
    def ledger(self) -> Ledger:
        """The append-only record of everything that was shown."""
        return Ledger(self.path / "ledger.jsonl", self.commons.journal if self.commons else None)

    @property
    def store(self) -> EvidenceStore:
        """Content-addressed evidence."""
        return EvidenceStore(self.path, self.commons.root / "evidence" if self.commons else None)

    @property
    def assets(self) -> Path | UPath:
        """Where the IO manager keeps asset values."""
        return (self.commons.root if self.commons else self.path) / "assets"

    @property
    def verdict(self) -> Path | UPath:
        """The last verdict, as the asset ``production_readiness`` stored it."""
        return self.assets / "production_readiness.json"

    def remember(self, settings: Settings) -> None:
        """Note what was judged, so that it can be judged again. Written whole: a kill leaves the note before it."""
        note = LastRun(plan_dir=str(settings.plan_dir), target_repo=settings.target_repo, agent=settings.mode)
        write_whole(self.last_run, note.model_dump_json())

    def recall(self) -> LastRun | None:
        """What was judged last; ``None`` where nothing was, or where the note is damaged."""
        try:
            return LastRun.model_validate_json(self.last_run.read_bytes())
        except (OSError, ValidationError):
            return None

    @property
    def last_run(self) -> Path:
        """What was judged last."""
        return self.path / "last-run.json"

    def snapshot(self, wave: str) -> Path | UPath:
        """What the asset ``ess_index_snapshot`` last stored for a wave."""
        return self.assets / "ess_index_snapshot" / f"{wave}.json"

    @property
    def opening(self) -> FileLock:
        """Held while Dagster's storage is opened."""
        self.path.mkdir(parents=True, exist_ok=True)
        return FileLock(self.path / "opening.lock", fallback_to_soft=False)

    def worker(self, name: str) -> Path:
        """The lock file that a wave's process holds for as long as it lives."""
        return self.path / "workers" / f"{name}.lock"

    @property
    def stop(self) -> StopSwitch:
        """The kill switch."""
        return StopSwitch(self.path / "STOP", self.commons.root / "STOP" if self.commons else None)

    def plan(self, digest: str) -> Path:
        """The frozen planning folder of a plan digest (``sha256:…``)."""
        return self.path / "plans" / digest.removeprefix("sha256:")
