"""``radeng run``: documents, waves, evidence, verdict - the assets of the web UI, from a terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from radeng_assets.cli import console
from radeng_assets.cli.agents import prepare_agents
from radeng_assets.cli.fleet import join_fleet, prepare_engine
from radeng_assets.cli.halting import Halted, halting
from radeng_assets.cli.homes import prepare_home
from radeng_assets.cli.options import apply_settings
from radeng_assets.cli.render import (
    counts_line,
    criteria_table,
    findings_table,
    verdict_line,
    waves_table,
)
from radeng_assets.cli.traces import ship_after_run
from radeng_assets.database import DatabaseAway, NoDatabase
from radeng_assets.execution.git import NotARepository, TargetRepository
from radeng_assets.home import Home
from radeng_assets.orchestration.preload import start_server
from radeng_assets.planning.audit import reading_findings
from radeng_assets.planning.folder import POLICY, Sources, read_planning, read_sources
from radeng_assets.planning.schedule import Schedule
from radeng_assets.planning.snapshot import pin_plan, schedule_of
from radeng_assets.readiness.policy import read_policy
from radeng_assets.readiness.verdict import Verdict
from radeng_assets.settings import Settings


def run_command(
    plan: Annotated[Path | None, typer.Option(help="The planning folder.")] = None,
    target: Annotated[str | None, typer.Option(help="The git repository: a path or a URL.")] = None,
    agent: Annotated[
        str | None,
        typer.Option(help="claude or command: carry the plan out. none: verify HEAD. rehearse: walk the plan."),
    ] = None,
    waves: Annotated[str, typer.Option(help="'all', or wave ids with commas.")] = "all",
    gate: Annotated[bool, typer.Option("--gate", help="Exit 3 unless READY.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Materialize documents, waves, evidence and the verdict.

    Exit 0: it ran. 3: with --gate, the verdict is not READY. 2: the input is unusable. 130, 143: it was halted by
    SIGINT, SIGTERM, and can go on.
    """
    settings = apply_settings(plan_dir=plan, target_repo=target, agent=agent, home=home)
    sources = read_sources(settings.plan_dir)
    schedule = _usable_schedule(sources, settings)
    chosen = _chosen_waves(schedule, waves)
    policy, _ = read_policy(sources.sources.get(POLICY))
    prepare_engine(settings, policy)
    _check_target(settings)
    prepare_home(settings.home)
    join_fleet(settings)
    pin_plan(sources, settings.home, os.environ)
    prepare_agents(settings, policy)
    try:
        verdict = _conduct(chosen)
    finally:
        ship_after_run(Home.of(settings))
    if json:
        console.print_json(verdict.document())
    else:
        console.out.print(counts_line(verdict.plan))
        console.out.print(waves_table(verdict), criteria_table(verdict), verdict_line(verdict))
    if gate and verdict.verdict != "READY":
        raise typer.Exit(console.NOT_READY)


def _usable_schedule(sources: Sources, settings: Settings) -> Schedule:
    schedule, _ = schedule_of(sources)
    if schedule is None:
        _say_unusable(sources, settings)
    return schedule


def _say_unusable(sources: Sources, settings: Settings) -> NoReturn:
    errors = [f for f in reading_findings(read_planning(sources)) if f.severity == "error"]
    console.err.print(findings_table(errors))
    console.fail(
        f"{settings.plan_dir} holds no plan that can be carried out.",
        hint="Mend the findings above; `radeng audit --plan DIR` lists them all.",
    )


def _chosen_waves(schedule: Schedule, waves: str) -> tuple[str, ...]:
    """The wave ids to run, in the schedule's order."""
    known = [wave.id for wave in schedule.waves]
    if waves == "all":
        return tuple(known)
    wanted = [name.strip() for name in waves.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        console.fail(
            f"no such wave: {', '.join(unknown) or waves!r}",
            hint=f"The plan's waves are {', '.join(known)}.",
        )
    return tuple(name for name in known if name in wanted)


def _check_target(settings: Settings) -> None:
    if settings.mode == "rehearse":
        if settings.target_repo is not None:
            console.fail(
                "a rehearsal has no target.",
                hint="Leave --target out, or use --agent none to verify the repository.",
            )
        return
    if settings.target_repo is None:
        console.fail(
            f"--agent {settings.mode} needs a repository.",
            hint="Name it with --target REPO (or RADENG_TARGET_REPO).",
        )
    try:
        TargetRepository.reach(settings.target_repo, settings.home).head()
    except NotARepository as error:
        console.fail(str(error))


def _conduct(waves: tuple[str, ...]) -> Verdict:
    """Run the jobs, with a progress bar on stderr. Leaves with a signal's code where one asked to halt."""
    if Settings().mode != "rehearse":
        start_server("radeng_assets.cli.app")
    # Dagster takes seconds to import; the server imports it at the same time. What fails before fails at once.
    from radeng_assets.orchestration.conduct import Conductor, RunFailed

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    try:
        with (
            halting(),
            Progress(*columns, console=console.err, transient=True) as progress,
            Conductor.start() as conductor,
        ):
            task = progress.add_task("planning", total=len(waves) + 2)
            conductor.plan()
            progress.advance(task)
            for word in conductor.carry_out(waves):
                progress.update(task, description=", ".join(word.running), advance=len(word.ended))
                for end in word.ended:
                    _say_ended(end.wave, end.refusal, end.killed)
            progress.update(task, description="readiness")
            return conductor.judge()
    except (DatabaseAway, NoDatabase) as error:
        console.fail(str(error), code=console.FINDINGS)
    except RunFailed as error:
        console.fail(str(error), hint="`radeng ui` shows the run's log.", code=console.FINDINGS)
    except Halted as halted:
        console.fail(f"halted by {halted}.", hint="Run again: it goes on where it was.", code=halted.exit_code)


def _say_ended(wave: str, refusal: str, killed: bool) -> None:
    """What the verdict would not say by itself about a wave's run."""
    if killed:
        console.err.print(f"[yellow]The process of {wave} was killed.[/] Run again: it goes on where it was.")
    elif refusal:
        console.err.print(refusal, style="yellow", soft_wrap=True)
