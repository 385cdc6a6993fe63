"""``radeng load``: a fleet of real agents against a stand-in of the API, level after level."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from radeng_assets.cli import console
from radeng_assets.cli.options import apply_settings
from radeng_assets.execution.broker.client import NoBroker
from radeng_assets.execution.load.limits import OVERHEAD, Limit, limits_of
from radeng_assets.home import Home
from radeng_assets.planning.folder import read_planning, read_sources

if TYPE_CHECKING:
    from radeng_assets.execution.load.report import Level, LoadReport

MOST_AGENTS = 1000
LONGEST_TURN_S = 60.0


def load_command(
    agents: Annotated[str, typer.Option(help="Numbers of agents at once, with commas.")] = "10,50,100",
    plan: Annotated[Path | None, typer.Option(help="The planning folder that states the limits.")] = None,
    turn_seconds: Annotated[str, typer.Option(help="How long the stand-in takes: fastest,slowest turn.")] = "1,4",
    throttled: Annotated[float, typer.Option(min=0, max=1, help="Fraction of tries answered 429 or 529.")] = 0.02,
    resets: Annotated[float, typer.Option(min=0, max=1, help="Fraction of tries that end in a reset.")] = 0.01,
    seed: Annotated[int, typer.Option(help="The seed of latencies and faults.")] = 4,
    overhead: Annotated[float, typer.Option(min=1, help="Wall time at most, in bare SDK loops.")] = OVERHEAD,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Load the agent runtime with many agents at once, beside a bare SDK loop that does the same calls.

    Exit 0: every level is within its thresholds. 1: one is not. 2: the input is unusable.
    """
    # The SDK takes seconds to import, which no other command is to pay.
    from radeng_assets.execution.load.report import Terms
    from radeng_assets.execution.load.run import Busy, LoadTest

    settings = apply_settings(plan_dir=plan, home=home)
    levels = _levels(agents)
    fastest, slowest = _spread(turn_seconds)
    terms = Terms(
        fastest_s=fastest, slowest_s=slowest, throttled=throttled, resets=resets, seed=seed, overhead=overhead
    )
    limits = _limits(settings.plan_dir)
    switch = Home.of(settings).made().stop
    if switch.pulled is not None:
        console.fail(f"everything is halted: {switch.pulled}", hint="Lift it with `radeng stop --lift`.")
    try:
        report, path = LoadTest(settings.home, terms, lambda: switch.pulled is not None, _say).run(levels, limits)
    except (Busy, NoBroker) as error:
        console.fail(str(error))
    if json:
        console.print_json(report.document())
    else:
        console.out.print(load_table(report))
        for level in report.levels:
            for words in level.shortfalls(overhead):
                console.out.print(f"[red]{level.agents} agents:[/] {escape(words)}", soft_wrap=True)
    console.err.print(f"The record is {path}", soft_wrap=True)
    raise typer.Exit(console.OK if report.within else console.FINDINGS)


def _say(line: str) -> None:
    console.err.print(escape(line), soft_wrap=True)


def _levels(text: str) -> list[int]:
    try:
        levels = [int(part) for part in text.split(",")]
    except ValueError:
        levels = []
    if not levels or not all(1 <= level <= MOST_AGENTS for level in levels):
        console.fail(f"--agents {text} are no levels.", hint=f"Give numbers from 1 to {MOST_AGENTS}, like 10,50,100.")
    return levels


def _spread(text: str) -> tuple[float, float]:
    try:
        fastest, slowest = (float(part) for part in text.split(","))
    except ValueError:
        fastest, slowest = 1.0, 0.0
    if not 0 <= fastest <= slowest <= LONGEST_TURN_S:
        hint = f"Give two numbers of seconds like 1,4; the second is at most {LONGEST_TURN_S:g}."
        console.fail(f"--turn-seconds {text} is no spread.", hint=hint)
    return fastest, slowest


def _limits(plan: Path) -> tuple[Limit, ...]:
    planning = read_planning(read_sources(plan))
    if not planning.any_document:
        console.fail(f"{plan} holds no plan.", hint="Name the planning folder with --plan DIR.")
    testing = planning.testing_requirements
    limits = limits_of(testing.load) if testing else ()
    if not limits:
        console.err.print("The plan states no load limits; those of the reference plan hold.")
    return limits


def load_table(report: LoadReport) -> Table:
    """A column for each level, so that a terminal of 80 columns holds what was measured."""
    table = Table(title="Load", title_justify="left")
    table.add_column("agents")
    for level in report.levels:
        table.add_column(str(level.agents), justify="right")
    for name, measure in _MEASURES.items():
        table.add_row(name, *map(measure, report.levels))
    table.add_row("within thresholds", *(_within(level, report.terms.overhead) for level in report.levels))
    return table


def _within(level: Level, overhead: float) -> str:
    return "[bold red]no[/]" if level.shortfalls(overhead) else "[green]yes[/]"


def _latency(level: Level) -> str:
    latency = level.latency
    return f"{latency.p50:.2f} / {latency.p95:.2f} / {latency.p99:.2f}" if latency else "-"


_MEASURES: dict[str, Callable[[Level], str]] = {
    "at work at once": lambda level: str(level.peak_agents),
    "errors, of calls": lambda level: f"{level.errors} of {level.calls}",
    "error rate, upper 95 %": lambda level: f"{level.error_bound:.2%}",
    "p50 / p95 / p99, s": _latency,
    "wall time, s": lambda level: f"{level.wall_s:.1f}",
    "bare SDK loop, s": lambda level: f"{level.bare.wall_s:.1f}",
    "wall / bare": lambda level: "-" if level.ratio is None else f"{level.ratio:.3f}",
    "memory of all, MiB": lambda level: f"{level.memory.together / 2**20:.0f}",
    "tries, with faults": lambda level: str(level.tries),
    "lost to us": lambda level: str(len(level.lost)),
}
