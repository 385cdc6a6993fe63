"""``radeng audit``: read and cross-check a planning folder."""

from __future__ import annotations

import json as json_text
from datetime import date
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Annotated, NoReturn

import typer

from radeng_assets.cli import console
from radeng_assets.cli.findings import explanation, findings_report
from radeng_assets.cli.links import links_report
from radeng_assets.cli.options import apply_settings
from radeng_assets.cli.outlook import outlook as foresee
from radeng_assets.cli.outlook import outlook_report
from radeng_assets.cli.render import counts_line
from radeng_assets.planning.audit import Audit, audit
from radeng_assets.planning.baseline import entry_lines
from radeng_assets.planning.findings import has_errors
from radeng_assets.planning.folder import POLICY, Planning, Sources, read_planning, read_sources
from radeng_assets.planning.rules.book import READING, rule_book, rules_named
from radeng_assets.planning.sarif import to_sarif
from radeng_assets.planning.trace.matrix import trace
from radeng_assets.readiness.policy import policy_findings


def audit_command(
    plan: Annotated[Path | None, typer.Option(help="The planning folder.")] = None,
    every: Annotated[bool, typer.Option("--all", help="List info-level findings too.")] = False,
    rule: Annotated[list[str] | None, typer.Option(help="Only this rule or family; may be given again.")] = None,
    explain: Annotated[str | None, typer.Option(help="Say what a rule is for, and leave.")] = None,
    links: Annotated[bool, typer.Option("--links", help="The traceability matrix instead of findings.")] = False,
    outlook: Annotated[bool, typer.Option("--forecast", help="Forecast and risk ranking instead of findings.")] = False,
    sarif: Annotated[Path | None, typer.Option(help="Write the findings as SARIF 2.1.0, for a code host.")] = None,
    baseline: Annotated[bool, typer.Option("--baseline", help="Print baseline entries for the findings.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Read a planning folder and list every finding, with file and line.

    Exit 0: no error-level finding. 1: some. 2: nothing usable in the folder.
    """
    if explain is not None:
        if not rules_named(explain):
            _unknown(explain)
        console.out.print(explanation(explain))
        return
    settings = apply_settings(plan_dir=plan)
    sources = read_sources(settings.plan_dir)
    planning = read_planning(sources)
    today = date.today()  # noqa: DTZ011  # the person's own day
    result = audit(sources, today, planning, policy_findings(sources.sources.get(POLICY), planning, today))
    if rule:
        result = result.keep(_ids(rule, result))
    if sarif is not None:
        _write_sarif(sarif, result, settings.plan_dir)
    if links or outlook:
        _show_instead(planning, links=links, json=json)
    else:
        _show(result, sources, every=every, baseline=baseline, json=json)
    if not planning.any_document:
        raise typer.Exit(console.UNUSABLE)
    raise typer.Exit(console.FINDINGS if has_errors(result.findings) else console.OK)


def _show(result: Audit, sources: Sources, *, every: bool, baseline: bool, json: bool) -> None:
    if json:
        console.print_json(result.document())
    elif baseline:
        pairs = zip(result.findings, result.digests, strict=True)
        wanted = "".join(entry_lines(item, digest) for item, digest in pairs if every or item.severity != "info")
        typer.echo(f"accepted:\n{wanted}", nl=False)
    else:
        console.out.print(counts_line(result.plan))
        console.out.print(findings_report(result, sources, every=every))


def _show_instead(planning: Planning, *, links: bool, json: bool) -> None:
    """The traceability matrix, or the forecast and the ranking."""
    if links:
        matrix = trace(planning)
        if json:
            console.print_json({"schema": "radeng/links/v1", **matrix.model_dump(mode="json")})
        else:
            console.out.print(links_report(matrix))
        return
    predicted, ranking = foresee(planning)
    if json:
        forecast = predicted.model_dump(mode="json") if predicted else None
        console.print_json(
            {"schema": "radeng/forecast/v1", "forecast": forecast, "risks": ranking.model_dump(mode="json")}
        )
    else:
        console.out.print(outlook_report(predicted, ranking))


def _ids(names: list[str], result: Audit) -> frozenset[str]:
    """Ids of the rules that names of rules and families mean, those of the readers' findings included."""
    ids: set[str] = set()
    for name in names:
        there = {item.rule for item in result.findings}
        found = {*rules_named(name), *({name} & there), *_of_family(name, result)}
        if not found and name != READING:
            _unknown(name)
        ids |= found
    return frozenset(ids)


def _of_family(name: str, result: Audit) -> set[str]:
    return {item.rule for item in result.by_family().get(name, ())}


def _unknown(name: str) -> NoReturn:
    near = get_close_matches(name, [*rule_book(), *(one.id for found in rule_book().values() for one in found)])
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Families: {', '.join(rule_book())}."
    console.fail(f"no such rule: {name}", hint=hint)


def _write_sarif(path: Path, result: Audit, folder: Path) -> None:
    """Places are told from the working directory, which CI jobs make the repository's top."""
    top = Path.cwd().resolve()
    inside = folder.resolve()
    name = inside.relative_to(top) if inside.is_relative_to(top) else Path(inside.name)
    try:
        path.write_text(
            json_text.dumps(to_sarif(result, PurePosixPath(name.as_posix())), indent=2) + "\n", encoding="utf-8"
        )
    except OSError as error:
        console.fail(f"{path} cannot be written: {error.strerror}", hint="Name a file in a folder that exists.")
