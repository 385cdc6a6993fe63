"""The server that a run's steps are forked from, and what it has in memory. Light: it is imported before Dagster is."""

from __future__ import annotations

from multiprocessing import forkserver
from typing import Final

PRELOAD: Final = (
    "dagster._core.executor.multiprocess",
    "radeng_assets.definitions",
    "radeng_assets.orchestration.warm",
)
"""Modules that every step needs. The first is what Dagster's executor would put there itself."""


def start_server() -> None:
    """Start this process's fork server. It loads ``PRELOAD`` on its own while this process goes on."""
    forkserver.set_forkserver_preload(list(PRELOAD))
    forkserver.ensure_running()
