"""``radeng ui``: the web UI and the daemon, on loopback."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli.agents import prepare_agents
from radeng_assets.cli.fleet import join_fleet, prepare_engine
from radeng_assets.cli.homes import prepare_home
from radeng_assets.cli.options import apply_settings
from radeng_assets.distribution import bundled
from radeng_assets.planning.folder import POLICY, read_sources
from radeng_assets.readiness.policy import read_policy


def ui_command(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
    plan: Annotated[Path | None, typer.Option(help="The planning folder.")] = None,
    target: Annotated[str | None, typer.Option(help="The git repository: a path or a URL.")] = None,
    agent: Annotated[str | None, typer.Option(help="claude, command, none or rehearse.")] = None,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Start the web UI and the daemon; stop them with Ctrl-C."""
    settings = apply_settings(
        plan_dir=plan, target_repo=target, agent=agent, home=home, webserver_url=f"http://127.0.0.1:{port}"
    )
    policy, _ = read_policy(read_sources(settings.plan_dir).sources.get(POLICY))
    prepare_engine(settings, policy)
    prepare_home(settings.home)
    join_fleet(settings)
    prepare_agents(settings, policy)
    workspace = str(bundled("workspace.yaml"))
    # In the home and not here: Dagster loads the .env of its working directory, which may be a target's.
    os.chdir(settings.home)
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-w",
        workspace,
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    os.execv(sys.executable, command)  # noqa: S606  # replaces this process: Ctrl-C goes to Dagster
