"""How long reading takes: the bundled folder, the real one where it is there, and generated ones.

Run: ``python -m benchmarks.read_plans``. Each size is read in a process of its own, so that its peak memory is its own.
Goals (issue 2): the real folder within 0.5 s, 10,000 stories within 10 s and 500 MB, growth linear.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.plans import write_plan
from radeng_assets.distribution import bundled
from radeng_assets.planning.folder import read_planning, read_sources

SIZES = (1_000, 2_500, 5_000, 10_000)
ROUNDS = 5


def measure(folder: Path) -> dict[str, float]:
    """Best of ``ROUNDS`` for small folders, one round for large ones: seconds, MB at peak, stories."""
    best = float("inf")
    stories = 0
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    for _ in range(ROUNDS if size < 1_000_000 else 1):
        start = time.perf_counter()
        planning = read_planning(read_sources(folder))
        best = min(best, time.perf_counter() - start)
        stories = planning.counts.stories
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": best, "peak_mb": peak, "stories": stories, "mb": size / 1e6}


def measured_apart(folder: Path) -> dict[str, float]:
    """``measure`` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.read_plans", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main() -> None:
    """Print the table."""
    if len(sys.argv) > 1:
        print(json.dumps(measure(Path(sys.argv[1]))))
        return
    folders = {"bundled": bundled("plans") / "rad-engineer-v2"}
    real = Path(__file__).resolve().parents[2] / "shared" / "data" / "rad-engineer-v2"
    if real.is_dir():
        folders["real"] = real
    table = Table(title="Reading a planning folder (all documents, findings included)")
    for name in ("folder", "stories", "input MB", "seconds", "ms per story", "peak MB"):
        table.add_column(name, justify="left" if name == "folder" else "right")
    with tempfile.TemporaryDirectory() as scratch:
        for count in SIZES:
            folders[f"generated {count:,}"] = write_plan(Path(scratch) / str(count), count)
        for name, folder in track(list(folders.items()), console=Console(stderr=True)):
            row = measured_apart(folder)
            table.add_row(
                name,
                f"{row['stories']:,.0f}",
                f"{row['mb']:.2f}",
                f"{row['seconds']:.3f}",
                f"{1000 * row['seconds'] / row['stories']:.2f}",
                f"{row['peak_mb']:.0f}",
            )
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
