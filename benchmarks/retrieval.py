"""How well the code index finds what is asked for: the labelled questions about this repository, beside plain FTS5.

Run: ``python -m benchmarks.retrieval``. Goals: recall@5 of 0.9, mean reciprocal rank of 0.75.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.execution.git import TargetRepository
from radeng_assets_tests.ess.retrieval.measure import own_repository, paths_of, plain_fts5, quality, questions


def main() -> None:
    """Print both figures of both, and what ours missed."""
    asked = questions()
    with tempfile.TemporaryDirectory() as scratch:
        folder = own_repository(Path(scratch))
        with CodeIndex.build(Path(scratch) / "home", TargetRepository.open(folder), "HEAD") as index:
            ours = quality(paths_of(index), asked)
        plain = quality(plain_fts5(folder), asked)
    table = Table(title=f"{len(asked)} questions about this repository")
    for name in ("", "recall@5", "MRR"):
        table.add_column(name, justify="left" if not name else "right")
    table.add_row("code index", f"{ours.recall:.2f}", f"{ours.mrr:.2f}")
    table.add_row("plain FTS5", f"{plain.recall:.2f}", f"{plain.mrr:.2f}")
    console = Console(width=110)
    console.print(table)
    for question in ours.missed:
        console.print(f"not among the first five: {question}")


if __name__ == "__main__":
    main()
