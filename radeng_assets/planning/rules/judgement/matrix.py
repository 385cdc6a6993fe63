"""The risk matrix against the risks: each in the one cell of its probability and impact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from radeng_assets.planning.documents.risk_register import MatrixCell, Risk
from radeng_assets.planning.levels import LEVELS, RANK, rank_of
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """Risks in no cell, in a wrong one, in several. A level over the matrix' highest belongs to its highest."""
    cells: dict[str, list[MatrixCell]] = defaultdict(list)
    for cell in documents.risks.matrix:
        for name in dict.fromkeys(fact.value for fact in cell.risks):
            cells[name].append(cell)
    if not cells:
        return
    top = tuple(_top([getattr(cell, axis) for cell in documents.risks.matrix]) for axis in ("probability", "impact"))
    first = documents.risks.matrix[0].text.at
    for name, risk in documents.risk_of.items():
        own = cells.get(name, [])
        if not own:
            yield Issue(
                name, f"{name} ({risk.id.at}) is in no cell of the matrix ({first}).", (risk.id.at, first), "Add it."
            )
            continue
        yield from _placed(risk, own, top)


def _placed(risk: Risk, cells: list[MatrixCell], top: tuple[int, ...]) -> Iterator[Issue]:
    """One issue at most: a risk that stands in several cells is said once, with the ones that are wrong."""
    levels = (risk.probability, risk.impact)
    ranks = tuple(rank_of(fact.value if fact else "") for fact in levels)
    if None in ranks:
        return
    due = tuple(min(rank or 1, most) for rank, most in zip(ranks, top, strict=True))
    wrong = [cell for cell in cells if (rank_of(cell.probability), rank_of(cell.impact)) != due]
    if not wrong and len(cells) == 1:
        return
    where = " and ".join(f"{cell.probability} x {cell.impact} ({cell.text.at})" for cell in cells)
    own = " x ".join(LEVELS[(rank or 1) - 1] for rank in ranks)
    if len(cells) == 1:
        fault = f"is in the cell {where}, which is not its own"
    elif len(wrong) == len(cells):
        fault = f"is placed {len(cells)} times, each time wrongly: {where}"
    else:
        fault = f"is placed {len(cells)} times: {where}"
    at = (*(fact.at for fact in levels if fact), *(cell.text.at for cell in cells))
    yield Issue(
        risk.id.value, f"{risk.id.value} ({own}, {at[0]}) {fault}.", at, "Put it into the one cell of its levels."
    )


def _top(words: list[str]) -> int:
    """The highest level of an axis. Columns without any risk are not told, and no matrix ends below HIGH."""
    return max(RANK["HIGH"], *(rank for word in words if (rank := rank_of(word)) is not None))


RULE = Rule(
    id="matrix-differs",
    severity="error",
    why=(
        "The matrix is the picture that decisions are made from. A risk that is missing from it, or drawn where "
        "it is not, is "
        "judged by the picture and not by what is known of it."
    ),
    example="R-007 (HIGH x MEDIUM, …:196) is in the cell HIGH x HIGH (…:570), which is not its own.",
    check=check,
)
