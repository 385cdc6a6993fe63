"""The traceability matrix: every gap, risk and criterion with what links to it, and guesses apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Literal

from radeng_assets.planning.folder import Planning
from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.trace.coverage import links_of
from radeng_assets.planning.trace.links import Link, criterion_id, proof_links
from radeng_assets.planning.trace.success import success_criteria, success_links
from radeng_assets.planning.trace.suggest import Suggester, Suggestion
from radeng_assets.record import Record

RowKind = Literal["gap", "risk", "criterion", "success"]


class TraceRow(Record):
    """One thing that the plan must answer, and what does.

    ``severity`` is the gap's severity or the risk's score as written, else empty. ``links`` are explicit;
    ``suggested`` are guesses, only where no link counts, best first.
    """

    kind: RowKind
    id: str
    title: str
    severity: str
    place: Place
    links: tuple[Link, ...] = ()
    suggested: tuple[Suggestion, ...] = ()

    @property
    def counted(self) -> tuple[Link, ...]:
        """The links that a gate may count. Never a suggestion."""
        return tuple(link for link in self.links if link.counts)


class Traceability(Record):
    """The matrix. ``dangling`` are links whose story, gap, risk or criterion is in no document."""

    rows: tuple[TraceRow, ...]
    dangling: tuple[Link, ...] = ()

    def of(self, kind: RowKind) -> tuple[TraceRow, ...]:
        """The rows of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)


def trace(planning: Planning) -> Traceability:
    """The matrix of a planning folder: gaps, risks, acceptance criteria, success criteria; each in file order."""
    links = (
        *links_of(planning),
        *proof_links(planning.execution_plan, planning.verification),
        *success_links(planning.execution_plan, planning.readme),
    )
    to: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in links:
        to[link.kind.split("-")[1], link.target].append(link)
    rows = (*_gaps_and_risks(planning, to), *_criteria(planning, to), *_success(planning, to))
    return Traceability(rows=rows, dangling=tuple(link for link in links if not link.known))


_To = Mapping[tuple[str, str], list[Link]]


def _gaps_and_risks(planning: Planning, to: _To) -> Iterator[TraceRow]:
    suggester = Suggester(planning.execution_plan, planning.master_plan, planning.verification)
    for gap in planning.gap_analysis.gaps if planning.gap_analysis else ():
        row = _row("gap", gap.id.value, gap.title, gap.id.at, to, gap.severity)
        yield row if row.counted else row.model_copy(update={"suggested": suggester.for_gap(gap)})
    for risk in planning.risk_register.risks if planning.risk_register else ():
        row = _row("risk", risk.id.value, risk.title, risk.id.at, to, risk.score)
        yield row if row.counted else row.model_copy(update={"suggested": suggester.for_risk(risk)})


def _criteria(planning: Planning, to: _To) -> Iterator[TraceRow]:
    for story in planning.execution_plan.stories if planning.execution_plan else ():
        for number, criterion in enumerate(story.criteria, start=1):
            yield _row("criterion", criterion_id(story.id.value, number), criterion, criterion.at, to)


def _success(planning: Planning, to: _To) -> Iterator[TraceRow]:
    for name, item in success_criteria(planning.readme):
        yield _row("success", name, item.text, item.text.at, to)


def _row(
    kind: RowKind, name: str, title: Fact[str] | None, place: Place, to: _To, severity: Fact[str] | None = None
) -> TraceRow:
    return TraceRow(
        kind=kind,
        id=name,
        title=title.value if title else "",
        severity=severity.value if severity else "",
        place=place,
        links=tuple(to.get((kind, name), ())),
    )
