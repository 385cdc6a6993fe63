"""Findings as a person reads them: by family, each with the lines that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from radeng_assets.cli.render import SEVERITY_STYLE, findings_summary
from radeng_assets.planning.audit import Audit
from radeng_assets.planning.baseline import quote
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.folder import Sources
from radeng_assets.planning.rules.book import rule_book
from radeng_assets.planning.rules.rule import Rule

_QUOTED = 4
"""Most lines that are quoted of one finding."""


def findings_report(audit: Audit, sources: Sources, *, every: bool) -> Group:
    """The whole report: findings by family, what is accepted, and the sum. ``every`` lists the info level too."""
    parts: list[RenderableType] = []
    for family, findings in audit.by_family().items():
        listed = [finding for finding in findings if every or finding.severity != "info"]
        if listed:
            parts += [Text(), Line(f"[bold]{family}[/]  {findings_summary(listed)}", align="left", style="dim")]
            parts += [_finding(finding, sources) for finding in listed]
    hidden = sum(1 for finding in audit.findings if finding.severity == "info") if not every else 0
    parts += [Text(), _table(audit)]
    if audit.accepted:
        people = ", ".join(dict.fromkeys(one.by for one in audit.accepted))
        parts.append(
            Text(f"{len(audit.accepted)} more are accepted in audit-baseline.yaml (by {people}).", style="dim")
        )
    notes = " (--all lists the info level too)" if hidden else ""
    parts.append(Text(f"{len(audit.findings)} findings: {findings_summary(audit.findings)}{notes}"))
    return Group(*parts)


def _finding(finding: Finding, sources: Sources) -> Padding:
    head = Text.assemble(
        (f"{finding.severity} ", SEVERITY_STYLE[finding.severity]),
        (finding.subject, "bold"),
        ("  " + finding.rule, "dim"),
    )
    parts: list[RenderableType] = [head, Text(finding.message)]
    if finding.at:
        parts.append(_quotes(finding, sources))
    if finding.fix:
        parts.append(Text(f"-> {finding.fix}", style="green"))
    return Padding(Group(*parts), (1, 0, 0, 2))


def _quotes(finding: Finding, sources: Sources) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="cyan", no_wrap=True, min_width=max(len(str(place)) for place in finding.at[:_QUOTED]))
    grid.add_column(style="dim", width=1)
    grid.add_column(style="dim", no_wrap=True, overflow="ellipsis")
    for place in finding.at[:_QUOTED]:
        grid.add_row(str(place), "|", Text(quote(place, sources).strip()))
    if more := finding.at[_QUOTED:]:
        grid.add_row(f"and {len(more)} more", "|", Text(", ".join(str(place) for place in more)))
    return grid


def _table(audit: Audit) -> Table:
    table = Table(title="Findings by family", title_justify="left")
    table.add_column("family")
    for severity in SEVERITY_STYLE:
        table.add_column(severity, justify="right", style=SEVERITY_STYLE[severity])
    table.add_column("rules that found something")
    for family, findings in audit.by_family().items():
        counts = [str(_count(findings, severity) or "-") for severity in SEVERITY_STYLE]
        rules = dict.fromkeys(finding.rule for finding in findings)
        table.add_row(family, *counts, str(len(rules)) if rules else "-")
    return table


def _count(findings: Sequence[Finding], severity: str) -> int:
    return sum(1 for finding in findings if finding.severity == severity)


def explanation(name: str) -> Group:
    """What a rule is for, or which rules a family has."""
    return Group(*_explained(name))


def _explained(name: str) -> Iterator[RenderableType]:
    for family, found in rule_book().items():
        for rule in found:
            if name in (rule.id, family):
                yield _rule(rule, family)
                yield Text()


def _rule(rule: Rule, family: str) -> Group:
    head = Text.assemble((rule.id, "bold"), f"  {family}, ", (rule.severity, SEVERITY_STYLE[rule.severity]))
    return Group(
        head, Padding(Text(rule.why), (0, 0, 0, 2)), Padding(Text(f"e.g. {rule.example}", style="dim"), (0, 0, 0, 2))
    )
