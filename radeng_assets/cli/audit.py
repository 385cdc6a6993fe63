"""``radeng audit``: read and cross-check a planning folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.options import apply_settings
from radeng_assets.cli.render import counts_line, findings_summary, findings_table
from radeng_assets.planning.audit import audit
from radeng_assets.planning.findings import has_errors
from radeng_assets.planning.folder import read_planning, read_sources


def audit_command(
    plan: Annotated[Path | None, typer.Option(help="The planning folder.")] = None,
    every: Annotated[bool, typer.Option("--all", help="List info-level findings too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Read a planning folder and list every finding, with file and line.

    Exit 0: no error-level finding. 1: some. 2: nothing usable in the folder.
    """
    settings = apply_settings(plan_dir=plan)
    planning = read_planning(read_sources(settings.plan_dir))
    result = audit(planning)
    if json:
        console.print_json(result.document())
    else:
        console.out.print(counts_line(result.plan))
        listed = [item for item in result.findings if every or item.severity != "info"]
        if listed:
            console.out.print(findings_table(listed))
        hidden = "" if len(listed) == len(result.findings) else " (--all lists the info level too)"
        console.out.print(f"{len(result.findings)} findings: {findings_summary(result.findings)}{hidden}")
    if not planning.any_document:
        raise typer.Exit(console.UNUSABLE)
    raise typer.Exit(console.FINDINGS if has_errors(result.findings) else console.OK)
