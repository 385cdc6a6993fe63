"""RISK-ASSESSMENT.md: what may go wrong, how likely, how bad, and what is done about it."""

from __future__ import annotations

from radeng_assets.planning.documents.common import Claim, Header
from radeng_assets.planning.located import Fact
from radeng_assets.record import Record


class Risk(Record):
    """One risk: the attribute table's three values as written, and the prose around them.

    ``mitigations`` holds one fact per numbered step, or one for a mitigation on one line.
    """

    id: Fact[str]
    title: Fact[str] | None = None
    probability: Fact[str] | None = None
    impact: Fact[str] | None = None
    score: Fact[str] | None = None
    description: Fact[str] | None = None
    root_cause: Fact[str] | None = None
    mitigations: tuple[Fact[str], ...] = ()
    detection: tuple[Fact[str], ...] = ()
    owner: Fact[str] | None = None
    status: Fact[str] | None = None


class RiskSection(Record):
    """Risks under one heading; ``level`` is the heading's level word (``Critical``, ``High`` …)."""

    level: Fact[str]
    risks: tuple[Risk, ...] = ()


class MatrixCell(Record):
    """One cell of the probability x impact matrix.

    ``text`` is the cell as written (``R-014-R-023``), ``risks`` the ids that it names with ranges
    spelled out; ids of a range carry the range's place.
    """

    probability: str
    impact: str
    text: Fact[str]
    risks: tuple[Fact[str], ...] = ()


class RiskResponse(Record):
    """One row of the response summary; ``risks`` are the ids that ``examples`` names, ranges spelled out."""

    kind: Fact[str]
    count: Fact[int] | None = None
    examples: Fact[str] | None = None
    risks: tuple[Fact[str], ...] = ()


class ReviewCadence(Record):
    """How often risks of a level are reviewed; ``days`` is the interval, where the words say one."""

    level: Fact[str]
    every: Fact[str]
    days: int | None = None


class RiskRegister(Record):
    """The whole document."""

    file: str
    header: Header = Header()
    profile: tuple[Claim, ...] = ()
    sections: tuple[RiskSection, ...] = ()
    matrix: tuple[MatrixCell, ...] = ()
    responses: tuple[RiskResponse, ...] = ()
    cadence: tuple[ReviewCadence, ...] = ()

    @property
    def risks(self) -> tuple[Risk, ...]:
        """Every risk, in file order."""
        return tuple(risk for section in self.sections for risk in section.risks)
