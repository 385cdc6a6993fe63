"""How long reading and auditing take: the bundled folder, the real one where it is there, and generated ones.

Run: ``python -m benchmarks.audit`` (``--quick``: the smallest alone of the generated ones). Each is measured in a
process of its own, for its peak memory to be its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.plans import write_plan
from radeng_assets.distribution import bundled
from radeng_assets.planning.audit import audit
from radeng_assets.planning.folder import read_planning, read_sources

SIZES = (1_000, 2_500, 5_000, 10_000)
TODAY = date(2026, 1, 1)


def measure(folder: Path) -> dict[str, float]:
    """Stories, MB of input, seconds of reading and of the rules, errors and warnings, MB at peak."""
    start = time.perf_counter()
    sources = read_sources(folder)
    planning = read_planning(sources)
    read = time.perf_counter()
    result = audit(sources, TODAY, planning)
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "stories": result.plan.stories,
        "mb": sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6,
        "read": read - start,
        "rules": done - read,
        "findings": sum(1 for finding in result.findings if finding.severity != "info"),
        "peak_mb": peak,
    }


def measured_apart(folder: Path) -> dict[str, float]:
    """``measure`` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.audit", str(folder)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print the table, or the measurement of the one folder that is named."""
    if sys.argv[1:2] and sys.argv[1] != "--quick":
        print(json.dumps(measure(Path(sys.argv[1]))))
        return
    sizes = SIZES[:1] if "--quick" in sys.argv else SIZES
    folders = {"bundled": bundled("plans") / "rad-engineer-v2"}
    real = Path(__file__).resolve().parents[2] / "shared" / "data" / "rad-engineer-v2"
    if real.is_dir():
        folders["real"] = real
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            folders[f"generated {size:,}"] = write_plan(Path(scratch) / str(size), size)
        rows = {
            name: measured_apart(folder)
            for name, folder in track(folders.items(), console=Console(stderr=True), transient=True)
        }
    table = Table(title="Reading and auditing a planning folder (faults: errors and warnings)")
    for name in ("folder", "stories", "input MB", "read s", "rules s", "total s", "faults", "peak MB"):
        table.add_column(name, justify="left" if name == "folder" else "right")
    for name, row in rows.items():
        total = row["read"] + row["rules"]
        seconds = (f"{row['read']:.2f}", f"{row['rules']:.2f}", f"{total:.2f}")
        table.add_row(
            name, f"{row['stories']:,}", f"{row['mb']:.2f}", *seconds, f"{row['findings']}", f"{row['peak_mb']:.0f}"
        )
    console = Console(width=100)
    console.print(table)
    if len(sizes) == 1:
        return
    small, large = (rows[f"generated {size:,}"] for size in (sizes[0], sizes[-1]))
    ratio = (large["read"] + large["rules"]) / (small["read"] + small["rules"])
    console.print(f"From {sizes[0]:,} to {sizes[-1]:,} stories: {ratio:.1f} times as long.")


if __name__ == "__main__":
    main()
