"""Kills an agent at every boundary of its journal, lets it go on, and tells what came of it, one JSON line a point.

A program of its own, with one thread: it forks a child for every run, and each child that is to die kills itself.
Arguments: the broker's home, a folder to work in, the first and the last point.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from pydantic import JsonValue

from radeng_assets.execution.agents.agent import Job
from radeng_assets.execution.agents.claude.journal import Journal, Kind
from radeng_assets.execution.broker.client import Broker
from radeng_assets.execution.broker.line import Line, Scope
from radeng_assets_tests.execution.agents.work import Desk
from radeng_assets_tests.execution.conftest import POLICY


def run(folder: Path, broker: Broker, name: str, point: int | None) -> int:
    """Let an agent work in a forked child; at ``point`` it kills itself. The child's wait status.

    Even points are just before the record is written (what it tells of has happened), odd ones just after.
    """
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    written = 0
    plain = Journal.write

    def write(self: Journal, kind: Kind, **body: JsonValue) -> None:
        nonlocal written
        if point is not None and point == 2 * written:
            os.kill(os.getpid(), signal.SIGKILL)
        plain(self, kind, **body)
        if point is not None and point == 2 * written + 1:
            os.kill(os.getpid(), signal.SIGKILL)
        written += 1

    Journal.write = write

    def line(job: Job) -> Line:
        return broker.grant(Scope(plan="kill", wave="w", story=name, attempt=job.brief.attempt))

    desk = Desk(folder, line)
    report = desk.work()
    (folder / "report.json").write_text(report.model_dump_json(), encoding="utf-8")
    os._exit(0)


def main() -> None:
    """See the module."""
    home, root, first, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    broker = Broker.ensure(home, POLICY, {})
    for point in range(first, last):
        name = f"point-{point}"
        folder = root / name
        died = run(folder, broker, name, None if point < 0 else point)
        again = run(folder, broker, name, None)
        files = {p.name: p.read_text("utf-8") for p in sorted((folder / "tree").rglob("*")) if p.is_file()}
        report = json.loads((folder / "report.json").read_text("utf-8"))
        journal = Journal.open(folder / "scratch" / "journal.jsonl")
        kinds = [[note.kind, note.body.get("id"), note.body.get("text")] for note in journal.notes]
        line = {
            "point": point,
            "died": os.WIFSIGNALED(died),
            "again": again,
            "files": files,
            "ending": report["ending"],
            "cost": report["cost_usd"],
            "turns": report["turns"],
            "notes": kinds,
            "cut": journal.cut,
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
