"""Where output goes: results on stdout, everything else on stderr; exit codes in one place."""

from __future__ import annotations

import json
import sys
from typing import NoReturn

import typer
from rich.console import Console

OK = 0
FINDINGS = 1
UNUSABLE = 2
NOT_READY = 3

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_json(document: object) -> None:
    """One JSON document on stdout and nothing else."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def fail(message: str, *, hint: str = "", code: int = UNUSABLE) -> NoReturn:
    """Say what is wrong and what to do next, on stderr, and leave with ``code``."""
    err.print(f"[bold red]radeng:[/] {message}", soft_wrap=True)
    if hint:
        err.print(f"        {hint}", style="dim", soft_wrap=True)
    raise typer.Exit(code)
