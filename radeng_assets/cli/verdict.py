"""``radeng verdict``: the verdict as it stands now, and its bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from radeng_assets.cli import console
from radeng_assets.cli.options import recall_settings
from radeng_assets.cli.render import counts_line, criteria_table, verdict_line, waves_table
from radeng_assets.execution.git import NotARepository
from radeng_assets.home import Home
from radeng_assets.orchestration.site import Site
from radeng_assets.readiness.bundle import write_bundle
from radeng_assets.readiness.judge import judge
from radeng_assets.readiness.verdict import Verdict


def verdict_command(
    gate: Annotated[bool, typer.Option("--gate", help="Exit 3 unless READY.")] = False,
    bundle: Annotated[Path | None, typer.Option(help="Write the verdict's bundle here.")] = None,
    plan: Annotated[Path | None, typer.Option(help="The planning folder, if not the last run's.")] = None,
    target: Annotated[str | None, typer.Option(help="The git repository, if not the last run's.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Judge what is on record, as of now: nothing is run, and whatever changed since the last run counts.

    Exit 0; with --gate 3 unless it is READY. 2 where nothing was ever judged, or the target is gone.
    """
    place = Home.of(recall_settings(home=home, plan_dir=plan, target_repo=target))
    if not place.verdict.is_file():
        console.fail(f"there is no verdict in {place.path} yet.", hint="Run `radeng run` first.")
    site = Site.current()
    try:
        docket = site.docket()
    except NotARepository as error:
        console.fail(str(error), hint="Name the repository with --target REPO.")
    verdict = judge(docket.case())
    if bundle is not None:
        if site.served.folder is None:
            console.fail("there is no plan to put into a bundle.", hint="Name the planning folder with --plan DIR.")
        write_bundle(bundle, verdict, docket, plan=site.served.folder, store=place.store)
        console.err.print(f"bundle: {bundle}")
    _say_moved(place, verdict)
    if json:
        console.print_json(verdict.document())
    else:
        console.out.print(counts_line(verdict.plan))
        console.out.print(waves_table(verdict), criteria_table(verdict), verdict_line(verdict))
    if gate and verdict.verdict != "READY":
        raise typer.Exit(console.NOT_READY)


def _say_moved(place: Home, verdict: Verdict) -> None:
    """What the last run said, where that is not so any more."""
    try:
        last = Verdict.model_validate_json(place.verdict.read_bytes())
    except (OSError, ValidationError):
        console.err.print(f"What the last run said cannot be read ({place.verdict}); this is judged anew.")
        return
    if last.digest != verdict.digest:
        console.err.print(f"The last run said {last.verdict} ({last.digest[:19]}…); since then something changed.")
