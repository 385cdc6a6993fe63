"""Where a home's Dagster instance keeps its runs: SQLite in the home, or the database of ``RADENG_POSTGRES_URL``.

A home that was begun on a database says so in its ``dagster.yaml`` and does not leave it by itself: a run that went to
SQLite because a variable was missing would have no history, and nobody would know.
"""

from __future__ import annotations

import re

from radeng_assets.database import ADDRESS, NoDatabase

SECTION = f"""
# Runs, event log and schedules are in the database that {ADDRESS} names.
storage:
  custom:
    module: radeng_assets.orchestration.postgres
    class: PostgresStorage
    config: {{postgres_url: {{env: {ADDRESS}}}}}
"""

_OWN = re.compile(r"^(storage|run_storage|event_log_storage|schedule_storage):", re.MULTILINE)


def on_database(config: str) -> bool:
    """Whether a ``dagster.yaml`` keeps runs in the database of the environment."""
    return re.search(rf"^[^#\n]*\benv:\s*[\"']?{ADDRESS}\b", config, re.MULTILINE) is not None


def instance_config(config: str, *, database: bool) -> str:
    """A home's ``dagster.yaml`` as it should be. ``database`` is whether the environment names one.

    Raises ``NoDatabase`` where the two do not go together.
    """
    if on_database(config):
        if not database:
            raise NoDatabase(
                f"this home keeps its runs in Postgres, and {ADDRESS} is not set.",
                f"Set {ADDRESS}. To begin a new history in SQLite, take `storage:` out of the home's dagster.yaml.",
            )
        return config
    if not database:
        return config
    if _OWN.search(config):
        raise NoDatabase(
            f"{ADDRESS} is set, but the home's dagster.yaml names another storage.",
            f"Unset {ADDRESS}, or take `storage:` out of that file.",
        )
    return config.rstrip("\n") + "\n" + SECTION
