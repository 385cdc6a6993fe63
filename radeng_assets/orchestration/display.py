"""Facts as the web UI shows them: tables, Markdown, counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import dagster as dg

from radeng_assets.planning.findings import SEVERITIES, Finding

Cell = str | int | float | bool | None


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> dg.TableMetadataValue:
    """A metadata table; cells that hold nothing show as empty."""
    records = [
        dg.TableRecord({name: "" if cell is None else cell for name, cell in zip(columns, row, strict=True)})
        for row in rows
    ]
    schema = dg.TableSchema([dg.TableColumn(name, "string") for name in columns])
    return dg.MetadataValue.table(records=records, schema=schema)


def findings_table(findings: Iterable[Finding]) -> dg.TableMetadataValue:
    """Findings, worst first, with their places."""
    return table(
        ("severity", "rule", "subject", "message", "at", "fix"),
        (
            (
                item.severity,
                item.rule,
                item.subject,
                item.message,
                ", ".join(str(place) for place in item.at),
                item.fix,
            )
            for item in findings
        ),
    )


def findings_counts(findings: Sequence[Finding]) -> dict[str, dg.MetadataValue]:
    """How many findings of each severity."""
    return {
        f"{severity}s": dg.MetadataValue.int(sum(1 for item in findings if item.severity == severity))
        for severity in SEVERITIES
    }


def markdown(title: str, rows: Mapping[str, object]) -> dg.MarkdownMetadataValue:
    """A two-column Markdown table of facts."""
    lines = [
        f"| {title} | |",
        "| --- | --- |",
        *(f"| {key} | {value} |" for key, value in rows.items()),
    ]
    return dg.MetadataValue.md("\n".join(lines))
