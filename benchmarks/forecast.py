"""How long a forecast takes: the bundled plan and generated ones of 1,000 and 10,000 stories, 10,000 runs each.

Run: ``python -m benchmarks.forecast``. Each plan is simulated in a process of its own, so that its peak memory is its
own. Goal: the bundled plan's 23 stories well under a second.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.plans import STORIES_PER_WAVE
from radeng_assets.distribution import bundled
from radeng_assets.planning.documents.execution_plan import Constraints, ExecutionPlan, Story, Wave
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.forecast import RUNS, forecast
from radeng_assets.planning.located import Fact
from radeng_assets.planning.schedule import compile_schedule

SIZES = (1_000, 10_000)
BUNDLED = "bundled"


def generated(stories: int) -> ExecutionPlan:
    """Parallel waves one after another for three agents; every third story needs the one before it."""
    waves: list[Wave] = []
    for first in range(0, stories, STORIES_PER_WAVE):
        number = len(waves)
        waves.append(
            Wave(
                id=Fact(f"wave-{number}", "", 1),
                parallel=Fact(True, "", 1),
                dependencies=(Fact(f"wave-{number - 1}", "", 1),) if number else (),
                stories=tuple(
                    Story(
                        id=Fact(f"S-{index}", "", 1),
                        points=Fact((3, 5, 8)[index % 3], "", 1),
                        dependencies=(Fact(f"S-{index - 1}", "", 1),) if index % 3 == 2 and index > first else (),
                    )
                    for index in range(first, min(stories, first + STORIES_PER_WAVE))
                ),
            )
        )
    return ExecutionPlan(file="", waves=tuple(waves), constraints=Constraints(max_parallel_agents=Fact(3, "", 1)))


def measure(size: str) -> dict[str, float]:
    """Best of three for the bundled plan, one round for generated ones: seconds, MB at peak, stories, weeks."""
    if size == BUNDLED:
        plan = read_planning(read_sources(bundled("plans") / "rad-engineer-v2")).execution_plan
    else:
        plan = generated(int(size))
    schedule, _ = compile_schedule(plan or ExecutionPlan(file=""))
    if schedule is None:
        raise SystemExit("no schedule")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, p85 = float("inf"), 0.0
    for _ in range(3 if size == BUNDLED else 1):
        start = time.perf_counter()
        p85 = forecast(schedule).p85_weeks
        best = min(best, time.perf_counter() - start)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"seconds": best, "grown_mb": grown / 1024, "stories": len(schedule.stories), "p85": p85}


def measured_apart(size: str) -> dict[str, float]:
    """``measure`` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.forecast", size]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] and sys.argv[1] != "--quick":
        print(json.dumps(measure(sys.argv[1])))
        return
    sizes = SIZES[:1] if "--quick" in sys.argv else SIZES
    table = Table(title=f"Forecast: {RUNS:,} runs, three agents")
    for name in ("plan", "stories", "seconds", "MB more at peak", "P85 weeks"):
        table.add_column(name, justify="left" if name == "plan" else "right")
    for size in track((BUNDLED, *map(str, sizes)), console=Console(stderr=True)):
        row = measured_apart(size)
        table.add_row(
            size if size == BUNDLED else "generated",
            f"{row['stories']:,.0f}",
            f"{row['seconds']:.3f}",
            f"{row['grown_mb']:.0f}",
            f"{row['p85']:.1f}",
        )
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
