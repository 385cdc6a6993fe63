"""The one place where tests get a Dagster instance of their own from: SQLite or Postgres (``conftest.storage``)."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import dagster as dg

from radeng_assets.database import ADDRESS
from radeng_assets.home import Home
from radeng_assets_tests.postgres_server import beside


def new_instance(folder: Path | None = None) -> dg.DagsterInstance:
    """An instance without any runs. On SQLite it is in memory where no folder is named."""
    url = os.environ.get(ADDRESS)
    if url is None:
        return dg.DagsterInstance.local_temp(str(folder)) if folder else dg.DagsterInstance.ephemeral()
    place = folder or Path(tempfile.mkdtemp(prefix="radeng-instance-"))
    storage = {
        "module": "radeng_assets.orchestration.postgres",
        "class": "PostgresStorage",
        "config": {"postgres_url": beside(url)},
    }
    config = {"telemetry": {"enabled": False}, "storage": {"custom": storage}}
    (place / "dagster.yaml").write_text(json.dumps(config), encoding="utf-8")
    return dg.DagsterInstance.from_config(str(place))


def bare_home(folder: Path) -> Path:
    """A home in which no ``radeng`` ever was; on Postgres it says so, as Dagster cannot know by itself."""
    folder.mkdir()
    return Home(folder).prepare().path if ADDRESS in os.environ else folder
