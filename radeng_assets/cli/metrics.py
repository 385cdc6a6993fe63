"""``radeng metrics``: what goes on, over HTTP, for Prometheus and for whoever restarts services."""

from __future__ import annotations

import os
import socket
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.options import recall_settings
from radeng_assets.home import Home
from radeng_assets.settings import Settings


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
    with _listening(host, port) as listening:
        _serve(settings, listening)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        hint = "Name another port with --port; 0 takes a free one."
        console.fail(f"{host}, port {port}, cannot be listened on: {error.strerror}.", hint=hint)


def _serve(settings: Settings, listening: socket.socket) -> None:
    # What this needs takes seconds to import (Dagster's storage is asked too); what fails before fails at once.
    import uvicorn

    from radeng_assets.orchestration.storage import storage_problem
    from radeng_assets.telemetry.probes import Probes
    from radeng_assets.telemetry.server import Telemetry
    from radeng_assets.telemetry.watch import Watch

    home = Home.of(settings)
    telemetry = Telemetry(Watch(home), Probes(home.path, settings.plan_dir, partial(storage_problem, home)))
    config = uvicorn.Config(telemetry.app(), log_level="warning", access_log=False)
    # In no folder of anybody's: Dagster loads the .env of its working directory.
    if settings.home.is_dir():
        os.chdir(settings.home)
    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    console.err.print(f"{address}/metrics, /health, /ready of {settings.home}", soft_wrap=True)
    uvicorn.Server(config).run(sockets=[listening])
