"""What a marked code block of a document did when it was run: a file beside the document's own bytes."""

from __future__ import annotations

from radeng_assets.evidence.states import State
from radeng_assets.record import Record

RUNS = "runs"
"""The role of such files."""


class BlockRun(Record):
    """One block, by its document and line, with the text that was run. ``output`` is its end where it was long."""

    path: str
    line: int
    text: str
    exit_code: int | None
    state: State
    reason: str
    started: str
    ended: str
    output: str


def run_name(path: str, line: int) -> str:
    """How the file of a block's run is called."""
    return f"{path}:{line}"
