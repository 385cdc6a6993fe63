"""The home folder: one place for all state, Dagster's instance and ours side by side."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from radeng_assets.distribution import bundled
from radeng_assets.evidence.commons import Commons
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.evidence.store import EvidenceStore
from radeng_assets.execution.stop import StopSwitch
from radeng_assets.record import Record
from radeng_assets.settings import AgentMode, Settings

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

    def prepare(self) -> Home:
        """Make the folder usable as ``DAGSTER_HOME``: it exists and has an instance configuration."""
        self.path.mkdir(parents=True, exist_ok=True)
        config = self.path / "dagster.yaml"
        if not config.exists():
            shutil.copyfile(bundled("dagster.yaml"), config)
        return self

    def join(self) -> Home:
        """Let a home that was one machine's so far bring what it has to the fleet. Raises ``LedgerParted``."""
        if self.ledger.hand_in():
            self.store.shelve_all()
        return self

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
        handle, draft = tempfile.mkstemp(dir=self.path, prefix=".last-run.")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(note.model_dump_json())
        Path(draft).replace(self.last_run)

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
