"""How long the bundled plan takes with scripted agents, against the least that it could take.

Run: ``python -m benchmarks.makespan [SECONDS]`` (a story's; 10 where not said). Every story's agent waits for so long
and writes the files that the story declares; gates and proofs take no time. The plan, its waves and its number of
agents are the bundled plan's own. Gates and agents run in the sandbox, where the machine has one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.bare import bare_target, without_tools
from radeng_assets.distribution import bundled
from radeng_assets.evidence.ledger import Entry, Ledger
from radeng_assets.planning.chains import chains
from radeng_assets.planning.schedule import Schedule

AGENT = """
import json, os, pathlib, sys, time
brief = json.loads(pathlib.Path(os.environ["RADENG_BRIEF"]).read_text())
time.sleep(float(sys.argv[1]))
for name in brief["scope"]:
    path = pathlib.Path(name.replace("*", brief["story"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("// " + brief["story"] + "\\n")
"""
"""The scope ends with ``done/*``: there it leaves the file by which the story is proved."""

POLICY = 'agents: {readable: ["SCRATCH"], scope_also: ["done/*"]}\n'


def prepare(scratch: Path) -> tuple[Path, Path, Schedule]:
    """(plan, target, schedule): the bundled plan, its proofs and gates without tools, and an almost empty target."""
    plan = scratch / "rad-engineer-v2"
    shutil.copytree(bundled("plans") / "rad-engineer-v2", plan)
    schedule = without_tools(plan, POLICY.replace("SCRATCH", str(scratch)))
    target = scratch / "target"
    bare_target(target)
    return plan, target, schedule


def main() -> None:
    """Run the plan once and print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    console = Console(width=110)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        plan, target, schedule = prepare(scratch)
        agent = scratch / "agent.py"
        agent.write_text(AGENT, encoding="utf-8")
        home = scratch / "home"
        command = [sys.executable, "-m", "radeng_assets.cli", "run", "--plan", str(plan), "--target", str(target)]
        command += ["--agent", "command", "--home", str(home), "--json"]
        began = time.perf_counter()
        with (scratch / "log").open("wb") as log:
            done = subprocess.run(
                command,
                env={**os.environ, "RADENG_AGENT_COMMAND": f"{sys.executable} {agent} {seconds:g}"},
                stdout=subprocess.PIPE,
                stderr=log,
                check=False,
            )
        whole = time.perf_counter() - began
        if done.returncode != 0:
            console.print((scratch / "log").read_text("utf-8", errors="replace")[-4000:])
            raise SystemExit(done.returncode)
        verdict = json.loads(done.stdout)
        entries = tuple(Ledger(home / "ledger.jsonl").entries())
    report(console, schedule, seconds, whole, verdict, entries)


def report(
    console: Console,
    schedule: Schedule,
    seconds: float,
    whole: float,
    verdict: dict[str, list[dict[str, list[dict[str, str]]]]],
    entries: tuple[Entry, ...],
) -> None:
    """Makespan, bound and what lies between them, by the ledger's own times."""
    count = len(schedule.stories)
    statuses = [story["status"] for wave in verdict["waves"] for story in wave["stories"]]
    path = max(chains(schedule, lambda _: 1).values()) * seconds
    bound = max(path, count * seconds / schedule.agents)
    times: dict[str, dict[str, datetime]] = {"ticket": {}, "attempt": {}, "story": {}, "wave": {}}
    for entry in entries:
        if entry.kind in times and entry.body.get("wave") != "(final)":
            name = str(entry.body.get("story") or entry.body.get("wave"))
            times[entry.kind].setdefault(name, datetime.fromisoformat(entry.at))
    table = Table(title="Seconds since the first wave opened; a story from its attempt's begin to its outcome")
    for name in ("wave", "opened", "stories", "closed"):
        table.add_column(name)
    zero = min(times["ticket"].values())

    def since(moment: datetime) -> float:
        return (moment - zero).total_seconds()

    for wave in schedule.waves:
        told = [
            f"{since(times['attempt'][s.id]):.0f}-{since(times['story'][s.id]):.0f}"
            for s in wave.stories
            if s.id in times["attempt"]
        ]
        opened, closed = since(times["ticket"][wave.id]), since(times["wave"][wave.id])
        table.add_row(wave.id, f"{opened:.1f}", " ".join(told), f"{closed:.1f}")
    console.print(table)
    makespan = max(map(since, times["wave"].values()))
    spans = [(times["story"][name] - begun).total_seconds() - seconds for name, begun in times["attempt"].items()]
    gaps = [
        since(times["attempt"][wave.stories[0].id]) - since(times["ticket"][wave.id])
        for wave in schedule.waves
        if wave.stories and wave.stories[0].id in times["attempt"]
    ]
    console.print(
        f"{count} stories of {seconds:g} s, {schedule.agents} agents: "
        f"{statuses.count('verified')} verified.\n"
        f"Lower bound {bound:.0f} s = max(critical path {path:.0f} s, work / agents "
        f"{count * seconds / schedule.agents:.0f} s).\n"
        f"From the first wave's opening to the last one's end: {makespan:.1f} s = {makespan / bound:.2f} x the bound.\n"
        f"The whole command, planning and verdict included: {whole:.1f} s = {whole / bound:.2f} x.\n"
        f"The machine: {os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} over the last five minutes.\n"
        f"What is left: {sum(spans) / len(spans):.1f} s of inspection, proof and merge for each story beside its agent "
        f"(at most {max(spans):.1f} s);\n{sum(gaps) / len(gaps):.1f} s from a wave's opening to its first attempt "
        f"(at most {max(gaps):.1f} s)."
    )


if __name__ == "__main__":
    main()
