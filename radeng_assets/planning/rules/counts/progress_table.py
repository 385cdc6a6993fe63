"""A progress table's total against its rows, and one table of a document against the other."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.documents.master_plan import ProgressRow
from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents, present
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, says


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each column that does not add up, and one for each column on which two tables disagree."""
    tables = documents.master.progress
    for column in ("stories", "points"):
        for table in tables:
            cells = present(_cell(row, column) for row in table.rows)
            if table.total and len(cells) == len(table.rows) and cells:
                places = tuple(cell.at for cell in cells)
                total = Stated(sum(cell.value for cell in cells), "sum of the rows", places)
                said = [*says(_cell(table.total, column), "claimed in"), total]
                subject = f"{table.title.value}: {column}"
                yield from contradiction(subject, f"Total of {column}", said, "Add the rows up again.")
        said = [one for table in tables if table.total for one in says(_cell(table.total, column), "claimed in")]
        subject = f"progress tables: {column}"
        yield from contradiction(subject, f"Total of {column} in the progress tables", said, "Keep one progress table.")


def _cell(row: ProgressRow, column: str) -> Fact[int] | None:
    return row.stories if column == "stories" else row.points


RULE = Rule(
    id="progress-table-differs",
    severity="error",
    why=(
        "Progress is reported from these tables. A total that is not the sum of its rows, or a second table "
        "with other totals, "
        "lets everybody pick the number that suits."
    ),
    example="Total of points in the progress tables: 107 (claimed in MASTER-IMPLEMENTATION-PLAN.md:878) against "
    "147 (…:1344).",
    check=check,
)
