"""``radeng metrics``: what goes on, over HTTP, for Prometheus and for whoever restarts services."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.options import recall_settings


def metrics_command(
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 9464,
    host: Annotated[str, typer.Option(help="Address to listen on. Others than loopback show this to others.")] = (
        "127.0.0.1"
    ),
    plan: Annotated[Path | None, typer.Option(help="The planning folder, if not the last run's.")] = None,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Serve /metrics, /health and /ready until a signal ends it.

    What it serves is read from the record: it may be started and ended at any time, and more than once.
    """
    settings = recall_settings(home=home, plan_dir=plan)
    # What this verb needs takes seconds to import (Dagster's storage is asked too).
    import uvicorn

    from radeng_assets.orchestration.storage import storage_problem
    from radeng_assets.telemetry.probes import Probes
    from radeng_assets.telemetry.server import Telemetry
    from radeng_assets.telemetry.watch import Watch

    telemetry = Telemetry(Watch(settings.home), Probes(settings.home, settings.plan_dir, storage_problem))
    config = uvicorn.Config(telemetry.app(), log_level="warning", access_log=False)
    # In no folder of anybody's: Dagster loads the .env of its working directory.
    if settings.home.is_dir():
        os.chdir(settings.home)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        shown = f"[{host}]" if family == socket.AF_INET6 else host
        address = f"http://{shown}:{listening.getsockname()[1]}"
        console.err.print(f"{address}/metrics, /health, /ready of {settings.home}", soft_wrap=True)
        uvicorn.Server(config).run(sockets=[listening])
