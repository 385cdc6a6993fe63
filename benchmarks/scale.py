"""The constants of docs/scale.md: what definitions, a run's start, the ledger and a story's life cost here.

Run: ``python -m benchmarks.scale`` (``--quick``: up to 100 stories). Definitions are measured in a process of their
own each; a run's start is that of a rehearsed wave, up to its first step. Stories are carried out by agents that only
write their files, so what is left is what the product itself takes.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.bare import bare_target, without_tools
from benchmarks.makespan import AGENT
from benchmarks.plans import write_plan
from radeng_assets.evidence.ledger import Ledger
from radeng_assets.record import Record

SIZES = (25, 100, 500)
RECORDS = 3_000


class Note(Record):
    """A record as large as most in the ledger of a real run."""

    text: str = "x" * 600


def definitions(folder: Path, home: Path) -> dict[str, float]:
    """Seconds of the processor to read the plan, to build definitions and their jobs, and for a rehearsed wave.

    And seconds by the clock to that run's first step, and MB at peak.
    """
    import dagster as dg

    from radeng_assets.orchestration.build import build_defs
    from radeng_assets.orchestration.jobs import QUIET, WAVE_JOB
    from radeng_assets.orchestration.one_wave import ops_of
    from radeng_assets.orchestration.site import Site
    from radeng_assets.planning.snapshot import served_plan
    from radeng_assets.settings import Settings

    start = time.process_time()
    site = Site(Settings(plan_dir=folder, home=home), served_plan(folder, home, {}))
    read = time.process_time()
    defs = build_defs(site)
    dg.Definitions.validate_loadable(defs)
    job = defs.resolve_job_def(WAVE_JOB)
    built = time.process_time()
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        began, opened = time.time(), time.process_time()
        wave = site.served.schedule.waves[0].id
        result = job.execute_in_process(
            instance=instance,
            partition_key=wave,
            op_selection=ops_of(job, site.served.schedule, wave),
            run_config=QUIET,
            raise_on_error=False,
        )
        ended = time.process_time()
        log = instance.all_logs(result.run_id, of_type=dg.DagsterEventType.STEP_START)
    return {
        "read": read - start,
        "build": built - read,
        "start": min(entry.timestamp for entry in log) - began,
        "wave": ended - opened,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def ledger(folder: Path) -> dict[str, float]:
    """Of ``RECORDS`` records: ms of an append, seconds to read all, and to look for one kind; bytes each."""
    record = Ledger(folder / "ledger.jsonl")
    start = time.perf_counter()
    for _ in range(RECORDS):
        record.append("note", Note())
    appended = time.perf_counter()
    assert len(list(record.entries())) == RECORDS
    read = time.perf_counter()
    assert not list(record.entries("story"))
    sought = time.perf_counter()
    return {
        "append_ms": (appended - start) / RECORDS * 1000,
        "read": read - appended,
        "sought": sought - read,
        "bytes": record.path.stat().st_size / RECORDS,
    }


def carried_out(scratch: Path) -> dict[str, float]:
    """What a story of the first wave took with all that is around it: seconds, records, bytes, files, events."""
    import dagster as dg

    plan = write_plan(scratch / "plan", 25)
    without_tools(plan, 'agents: {sandbox: "off", scope_also: ["done/*"]}\n')
    target, agent, home = scratch / "target", scratch / "agent.py", scratch / "home"
    bare_target(target)
    agent.write_text(AGENT, encoding="utf-8")

    command = [sys.executable, "-m", "radeng_assets.cli", "run", "--plan", str(plan), "--target", str(target)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [*command, "--agent", "command", "--home", str(home), "--json", "--waves", "wave-1"],
        env={**os.environ, "RADENG_AGENT_COMMAND": f"{sys.executable} {agent} 0"},
        capture_output=True,
        check=True,
    )
    ended, after = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(done.stdout)["waves"][0]["stories"]
    assert {story["status"] for story in told} == {"verified"}, told
    stories = len(told)
    entries = sum(1 for _ in Ledger(home / "ledger.jsonl").entries())
    evidence = [path for path in (home / "evidence").rglob("*") if path.is_file()]
    with dg.DagsterInstance.from_config(str(home)) as instance:
        runs = instance.get_runs(dg.RunsFilter(job_name="wave_job"))
        events = sum(len(instance.all_logs(r.run_id)) for r in runs)
    return {
        "stories": stories,
        "cpu": (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / stories,
        "wall": (ended - began) / stories,
        "records": entries / stories,
        "ledger_kb": (home / "ledger.jsonl").stat().st_size / stories / 1000,
        "files": len(evidence) / stories,
        "evidence_kb": sum(path.stat().st_size for path in evidence) / stories / 1000,
        "events": events / stories,
    }


def apart(*args: str) -> dict[str, float]:
    """A measurement in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", *args]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])


def main() -> None:
    """Print the tables, or one measurement as JSON."""
    quick = sys.argv[1:] == ["--quick"]
    if sys.argv[1:] and not quick:
        what, *places = sys.argv[1:]
        paths = map(Path, places)
        print(json.dumps({"definitions": definitions, "ledger": ledger, "story": carried_out}[what](*paths)))
        return
    console = Console(width=110)
    table = Table(title="Seconds of the processor; the first step by the clock", title_justify="left")
    for name in ("stories", "plan read", "definitions, job", "run to its first step", "rehearsed wave", "MB at peak"):
        table.add_column(name, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for size in SIZES[:2] if quick else SIZES:
            plan = write_plan(scratch / str(size), size)
            found = apart("definitions", str(plan), str(scratch / f"home-{size}"))
            table.add_row(str(size), *(f"{found[key]:.2f}" for key in ("read", "build", "start", "wave", "peak_mb")))
        console.print(table)
        console.print(f"ledger of {RECORDS} records:", apart("ledger", str(scratch)))
        console.print("a story:", apart("story", str(scratch)))


if __name__ == "__main__":
    main()
