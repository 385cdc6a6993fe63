"""The server that processes of a run are forked from, and what it has in memory. Light: imported before Dagster is.

`radeng run` has one for all its waves: their processes are forked from it, and so are the steps of each.
"""

from __future__ import annotations

from multiprocessing import forkserver, resource_tracker
from typing import Final

PRELOAD: Final = (
    "dagster._core.executor.multiprocess",
    "radeng_assets.definitions",
    "radeng_assets.orchestration.warm",
)
"""Modules that every step needs. The first is what Dagster's executor would put there itself."""

_APART: Final = "radeng_assets.orchestration.apart"


def start_server(*entrance: str) -> None:
    """Start this process's fork server. It loads ``PRELOAD`` on its own while this process goes on.

    ``entrance``: the module that this process was started by, which every process forked for it asks for.
    """
    forkserver.set_forkserver_preload([_APART, *entrance, *PRELOAD])
    forkserver.ensure_running()


def share_server() -> None:
    """In a process that was forked from a server: let it fork from that one too.

    CPython hands the server's address on and would start another all the same: it looks for one that it started itself.
    """
    server = forkserver.__dict__["_forkserver"]
    server.ensure_running = resource_tracker.ensure_running
