"""``python -m radeng_assets_tests.truth [--ready FOLDER] [WORD ...]``: the table, and the two rates.

``--ready`` keeps the READY example there, or takes the one that is. Words choose trials by their names. Exit 1 where a
verdict was wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from radeng_assets_tests.truth.book import FAMILIES, TWINS
from radeng_assets_tests.truth.state import State, make_ready
from radeng_assets_tests.truth.trial import Fault, Trial, tried


def main(arguments: list[str]) -> int:
    """Try everything."""
    parser = argparse.ArgumentParser(prog="python -m radeng_assets_tests.truth")
    parser.add_argument("--ready", type=Path)
    parser.add_argument("words", nargs="*")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="truth-") as scratch:
        ready = given.ready or Path(scratch, "ready")
        began = time.monotonic()
        if not ready.exists():
            make_ready(ready)
            Console().print(f"READY after {time.monotonic() - began:.0f} s")
        return _table(list(_trials(given.words)), ready, Path(scratch))


def _trials(words: list[str]) -> Iterator[tuple[str, Trial]]:
    every = [(name, fault) for name, faults in FAMILIES.items() for fault in faults]
    every += [("clean twins", twin) for twin in TWINS]
    return ((family, trial) for family, trial in every if not words or any(word in trial.name for word in words))


def _table(trials: list[tuple[str, Trial]], ready: Path, scratch: Path) -> int:
    table = Table("family", "trial", "criterion", "wrong", title="The attack")
    wrong = {Fault: 0, object: 0}
    count = {Fault: 0, object: 0}
    for number, (family, trial) in enumerate(trials):
        missed = tried(trial, State.copied(ready, scratch / str(number)))
        kind = Fault if isinstance(trial, Fault) else object
        count[kind] += 1
        wrong[kind] += bool(missed)
        table.add_row(family, trial.name, trial.criterion if isinstance(trial, Fault) else "READY", missed)
    console = Console(width=200)
    console.print(table)
    console.print(f"false READY, or for another reason: {wrong[Fault]} of {count[Fault]}")
    console.print(f"false NOT_READY: {wrong[object]} of {count[object]}")
    return 1 if any(wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
