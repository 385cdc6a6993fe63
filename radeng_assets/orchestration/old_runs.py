"""The runs of a Dagster instance as things that may go: what needs each of them, and taking one away.

Only by the instance's public methods, so that it is the same on SQLite and on Postgres.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from radeng_assets.keeping.inventory import size_of
from radeng_assets.keeping.items import Item
from radeng_assets.orchestration.assets.waves import session_of
from radeng_assets.orchestration.names import PARTITION_TAG


@dataclass(frozen=True)
class OldRuns:
    """The runs of an instance whose own files are below ``home``."""

    instance: dg.DagsterInstance
    home: Path

    def items(self) -> list[Item]:
        """Every run. One that has not ended, one that such a run goes on with, and the last word on an asset stay."""
        records = self.instance.get_run_records()
        unfinished = [record.dagster_run for record in records if not record.dagster_run.is_finished]
        families = {run.root_run_id for run in unfinished} | {run.parent_run_id for run in unfinished}
        last = set(self._last_words())

        def needed(run: dg.DagsterRun) -> str:
            if not run.is_finished:
                return "it has not ended"
            if run.run_id in families:
                return "a run that has not ended goes on with it"
            return "it has the last word on an asset" if run.run_id in last else ""

        return [
            Item(
                kind="runs",
                name=record.dagster_run.run_id,
                group=f"{record.dagster_run.job_name} {record.dagster_run.tags.get(PARTITION_TAG, '')}".strip(),
                at=record.end_time or record.update_timestamp.timestamp(),
                size=sum(size_of(path) for path in self._files(record.dagster_run.run_id)),
                needed=needed(record.dagster_run),
            )
            for record in records
        ]

    def sessions(self) -> dict[str, str]:
        """The session that each run is part of."""
        return {run.run_id: session_of(run) for run in self.instance.get_runs()}

    def busy_since(self) -> float:
        """When the first of the runs that have not ended was made (seconds since 1970); never, where all have."""
        unfinished = [r for r in self.instance.get_run_records() if not r.dagster_run.is_finished]
        return min((record.create_timestamp.timestamp() for record in unfinished), default=float("inf"))

    def delete(self, run_id: str) -> str:
        """Take a run away, its events and what its steps printed; why it stayed, or nothing."""
        run = self.instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished:
            return "it goes on"
        # The run itself last: whoever is killed before finds it listed again. SQLite makes an empty file for its events
        # once more when it is asked to delete them.
        self.instance.compute_log_manager.delete_logs(prefix=[run_id])
        self._unlink_events(run_id)
        self.instance.delete_run(run_id)
        self._unlink_events(run_id)
        return ""

    def _unlink_events(self, run_id: str) -> None:
        for path in self._files(run_id):
            if path.is_file():
                path.unlink(missing_ok=True)

    def _files(self, run_id: str) -> list[Path]:
        """What a run has on this disk: SQLite's file of its events (which keeps its size when they go), its output."""
        events = (self.home / "history" / "runs" / f"{run_id}.db{suffix}" for suffix in ("", "-wal", "-shm"))
        return [path for path in (*events, self.home / "storage" / run_id) if path.exists()]

    def _last_words(self) -> Iterator[str]:
        """The runs that hold the last materialization or observation of an asset, or of one of its partitions."""
        for key in self.instance.get_asset_keys():
            partitions = sorted(self.instance.get_materialized_partitions(key))
            filters = [dg.AssetRecordsFilter(asset_key=key, asset_partitions=[one]) for one in partitions]
            for each in (key, *filters):
                for fetch in (self.instance.fetch_materializations, self.instance.fetch_observations):
                    yield from (record.run_id for record in fetch(each, limit=1).records)
