"""How long the code index takes: cold, after one changed file, and for a query, beside a bare tree-sitter parse.

Run: ``python -m benchmarks.index`` (``--quick``: the small tree alone). Every size is measured in a process of its
own, for its peak memory to be its own. Goals, on two cores: 50,000 lines cold in 3 s, one changed file in 0.3 s,
queries at 15 ms (p50), 300 MB; ten times the lines in about ten times the time. ``(CPU)`` is this process's own time
(a query's is the mean), which says what a busy machine hides.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table
from tree_sitter import Parser

from benchmarks.sources import NOUNS, VERBS, module_path, write_tree
from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.ess.index.language import compiled, language_of
from radeng_assets.execution.git import TargetRepository

SIZES = (50_000, 500_000)
QUERIES = tuple(f"where do we {verb} the {noun} of a customer" for verb in VERBS for noun in NOUNS[:9])


def git(folder: Path, *args: str) -> None:
    """Run git in the generated repository."""
    who = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True)


def bare_parse(folder: Path) -> float:
    """Seconds that tree-sitter alone needs for every source file."""
    sources = [(language, path.read_bytes()) for path in folder.rglob("*") if (language := language_of(path.name))]
    for language, _ in sources:
        compiled(language.name)
    start = time.perf_counter()
    for language, data in sources:
        Parser(compiled(language.name)[0]).parse(data)
    return time.perf_counter() - start


def measure(lines: int) -> dict[str, float]:
    """All figures of one size."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch) / "tree", Path(scratch) / "home"
        written = write_tree(folder, lines)
        git(folder, "init", "--quiet")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", "Tree")
        repository = TargetRepository.open(folder)
        parse = bare_parse(folder)
        start, cpu = time.perf_counter(), time.process_time()
        with CodeIndex.build(home, repository, "HEAD") as index:
            cold, cold_cpu = time.perf_counter() - start, time.process_time() - cpu
            counts = index.counts
        changed = folder / module_path(4)
        changed.write_text(changed.read_text(encoding="utf-8").replace("let sum = 0", "let sum = 1"), encoding="utf-8")
        git(folder, "commit", "--quiet", "-a", "-m", "Change")
        start = time.perf_counter()
        with CodeIndex.build(home, repository, "HEAD") as index:
            warm = time.perf_counter() - start
            times: list[float] = []
            cpu = time.process_time()
            for query in QUERIES:
                start = time.perf_counter()
                index.search(query)
                times.append(time.perf_counter() - start)
            query_cpu = (time.process_time() - cpu) / len(QUERIES)
        size = sum(path.stat().st_size for path in home.rglob("*.sqlite")) / 2
    return {
        "lines": written,
        "files": counts.files,
        "symbols": counts.symbols,
        "parse": parse,
        "cold": cold,
        "cold_cpu": cold_cpu,
        "changed": warm,
        "p50_ms": statistics.median(times) * 1000,
        "query_cpu_ms": query_cpu * 1000,
        "p95_ms": statistics.quantiles(times, n=20)[18] * 1000,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "disk_mb": size / 1e6,
    }


def measured_apart(lines: int) -> dict[str, float]:
    """``measure`` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.index", str(lines)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print the table, or the measurement of the one size that is named."""
    if sys.argv[1:2] and sys.argv[1] != "--quick":
        print(json.dumps(measure(int(sys.argv[1]))))
        return
    sizes = SIZES[:1] if "--quick" in sys.argv else SIZES
    rows = [measured_apart(size) for size in track(sizes, console=Console(stderr=True), transient=True)]
    table = Table(title="The code index on generated TypeScript and Python")
    names = (
        "lines",
        "files",
        "parse s",
        "cold s",
        "(CPU)",
        "one file s",
        "p50 ms",
        "(CPU)",
        "p95 ms",
        "peak MB",
        "disk MB",
    )
    for name in names:
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            *(f"{row['lines']:,}", f"{row['files']:,}", f"{row['parse']:.2f}", f"{row['cold']:.2f}"),
            *(f"{row['cold_cpu']:.2f}", f"{row['changed']:.2f}", f"{row['p50_ms']:.1f}", f"{row['query_cpu_ms']:.1f}"),
            *(f"{row['p95_ms']:.1f}", f"{row['peak_mb']:.0f}", f"{row['disk_mb']:.0f}"),
        )
    console = Console(width=110)
    console.print(table)
    for row in rows:
        ours, bare = row["lines"] / row["cold"], row["lines"] / row["parse"]
        console.print(f"{row['lines']:,.0f} lines: {ours:,.0f} lines/s indexed, {bare:,.0f} lines/s bare parse.")
    if len(rows) > 1:
        grown = rows[-1]["lines"] / rows[0]["lines"]
        console.print(f"{grown:.1f} times the lines: {rows[-1]['cold'] / rows[0]['cold']:.1f} times as long.")


if __name__ == "__main__":
    main()
