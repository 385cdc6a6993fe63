"""``radeng worker``: let this machine carry out steps of waves, as a worker of Celery with a home of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.fleet import join_fleet, prepare_engine
from radeng_assets.cli.homes import prepare_home
from radeng_assets.cli.options import apply_settings

APP = "radeng_assets.orchestration.fleet.celery_app"


def worker_command(
    at_once: Annotated[int, typer.Option(min=1, help="How many steps at once.")] = 1,
    target: Annotated[str | None, typer.Option(help="The git repository, by a URL.")] = None,
    home: Annotated[Path | None, typer.Option(help="Where this machine's state lives; no other machine's.")] = None,
) -> None:
    """Carry out what `radeng run` with RADENG_EXECUTOR=celery sends, until it is ended (SIGTERM: after its steps)."""
    os.environ["RADENG_EXECUTOR"] = "celery"
    settings = apply_settings(target_repo=target, home=home)
    if settings.target_repo is None:
        console.fail("a worker needs the repository.", hint="Name it with --target URL (or RADENG_TARGET_REPO).")
    prepare_engine(settings)
    prepare_home(settings.home)
    join_fleet(settings)
    # In the home and not here: Dagster loads the .env of its working directory, which may be a target's.
    os.chdir(settings.home)
    command = [sys.executable, "-m", "celery", "-A", APP, "worker", "--concurrency", str(at_once)]
    options = ["--hostname", f"radeng-{os.getpid()}@%h", "--queues", "dagster", "--without-gossip", "--without-mingle"]
    os.execv(sys.executable, [*command, *options, "--loglevel", "INFO"])  # noqa: S606  # signals go to Celery
