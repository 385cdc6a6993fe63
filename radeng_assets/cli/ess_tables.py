"""The code index as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from radeng_assets.ess.answer import Answer, Fault
from radeng_assets.ess.index.code_index import Counts
from radeng_assets.ess.status import Status

_FAULTS = 5
"""Most faults of an answer that are listed; the JSON document has all."""


def index_table(commit: str, digest: str, counts: Counts) -> Table:
    """What a snapshot is of and what it holds."""
    plain = {name: str(count) for name, count in counts.model_dump(exclude={"skipped"}).items()}
    skipped = ", ".join(f"{count} {reason}" for reason, count in counts.skipped.items())
    return _facts(
        "Code index", {"commit": commit, "index": digest, **plain, "not indexed wholly": skipped or "-"}.items()
    )


def hits_table(answer: Answer) -> Group:
    """The places, best first, and how far they can be trusted."""
    table = Table(title=f"Places at {answer.commit[:12]} ({answer.source})", title_justify="left")
    for name in ("where", "what", "score"):
        table.add_column(name, overflow="fold", justify="right" if name == "score" else "left")
    for hit in answer.results:
        what = " ".join(part for part in (hit.kind, hit.symbol) if part)
        table.add_row(escape(f"{hit.path}:{hit.line_start}-{hit.line_end}"), escape(what), f"{hit.score:.2f}")
    faults = answer.veracity.faults
    return Group(table, Text(f"veracity {answer.veracity.score} of 100"), *_fault_lines(faults))


def _fault_lines(faults: Sequence[Fault]) -> Iterator[Text]:
    for fault in faults[:_FAULTS]:
        place = fault.path if fault.line is None else f"{fault.path}:{fault.line}"
        yield Text(f"  {fault.type} {place} {fault.message}", style="yellow")
    if len(faults) > _FAULTS:
        yield Text(f"  and {len(faults) - _FAULTS} more", style="yellow")


def status_table(status: Status) -> Table:
    """Who answers, what the last snapshot holds, and how fresh it is."""
    health = status.gateway.health or "not configured"
    facts = {
        "answers": status.source,
        "gateway": f"{health} ({status.gateway.reason})" if status.gateway.configured else health,
        "commit": status.commit or "-",
        "files": str(status.files),
        "symbols": str(status.symbols),
        "stale": f"{'yes' if status.stale else 'no'}: {status.reason}",
    }
    return _facts("Code index", facts.items())


def _facts(title: str, facts: Iterable[tuple[str, str]]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(name, escape(value))
    return table
