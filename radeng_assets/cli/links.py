"""The traceability matrix as a person reads it, with the lines that accept a suggestion."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from radeng_assets.planning.trace.matrix import RowKind, Traceability, TraceRow

_TITLES: dict[RowKind, str] = {
    "gap": "Gaps and the stories that address them",
    "risk": "Risks and the stories that mitigate them",
    "criterion": "Acceptance criteria and the commands that prove them",
    "success": "Success criteria and what feeds them",
}
_LISTED = 6
"""Most sources that one cell lists."""


def links_report(trace: Traceability) -> Group:
    """One table a kind, then the lines to write into ``verification.yaml`` for the best suggestion of each row."""
    parts: list[RenderableType] = [_table(trace, kind) for kind in _TITLES if trace.of(kind)]
    if trace.dangling:
        names = ", ".join(f"{link.source} -> {link.target} ({link.at})" for link in trace.dangling)
        parts.append(Text(f"Links that lead to nothing: {names}", style="bold red"))
    lines = list(_lines(trace))
    if lines:
        parts += [Text("\nTo accept a suggestion, write its line into verification.yaml:", style="bold"), *lines]
    return Group(*parts)


def _table(trace: Traceability, kind: RowKind) -> Table:
    table = Table(title=_TITLES[kind], title_justify="left", expand=True)
    table.add_column(kind, no_wrap=True)
    table.add_column("title", ratio=4, overflow="ellipsis", no_wrap=True)
    table.add_column("linked", ratio=3, overflow="fold", style="green")
    if kind in ("gap", "risk"):
        table.add_column("suggested (never counted)", ratio=3, overflow="fold", style="dim")
    for row in trace.of(kind):
        cells = [row.id, row.title, _linked(row)]
        if kind in ("gap", "risk"):
            cells.append("  ".join(f"{one.story} {one.score:.2f}" for one in row.suggested))
        table.add_row(*(escape(cell) for cell in cells))
    return table


def _linked(row: TraceRow) -> str:
    names = list(dict.fromkeys(f"{link.source} ({link.how})" for link in row.links if link.known))
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _lines(trace: Traceability) -> Iterator[Text]:
    for row in trace.rows:
        for one in row.suggested[:1]:
            replaces = f"  # instead of {one.replaces}" if one.replaces else ""
            text = f"  {one.where:<22} {one.line}{replaces}  # {row.id}, suggested {one.score:.2f}: {one.why}"
            yield Text(text, no_wrap=True, overflow="ignore")
