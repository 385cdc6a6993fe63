"""``load``: a load test reached each of the plan's numbers of agents and stayed below its limits there.

Everything is counted again from records of single requests, and the gate is the exact upper bound of the error rate:
a rate that is rounded to 0.00 %, or that comes from too few requests, shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from radeng_assets.evidence.envelope import Envelope
from radeng_assets.evidence.formats.json_tree import read_json
from radeng_assets.evidence.formats.load import read_target_load
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.states import State, combine
from radeng_assets.execution.load.limits import REFERENCE, Limit, limit_at
from radeng_assets.planning.documents.testing_requirements import LoadCriterion
from radeng_assets.planning.findings import Finding
from radeng_assets.readiness.freshness import moment
from radeng_assets.readiness.reports.assessment import Assessment, Issue, Table
from radeng_assets.readiness.reports.dates import CLOCKS
from radeng_assets.readiness.reports.load_fleet import FORMAT, fleet_levels
from radeng_assets.readiness.reports.load_levels import COLUMNS, Shown, issues, shown, states
from radeng_assets.readiness.reports.material import LeftFile, Material
from radeng_assets.readiness.reports.whole import lacking, unexplained

LOAD = "load"
"""The report, and the role of its files."""

Told = list[tuple[State, str]]


def assess(material: Material) -> Assessment:
    """Judge every level of every file; each number of agents of the plan must be among them.

    ``measured`` is the upper bound of the error rate at the plan's largest number of agents, ``threshold`` its limit.
    """
    testing = material.planning.testing_requirements
    limits = demanded(testing.load if testing else ())
    terms = material.policy.reports.load
    told: Told = []
    told += _missing(lacking(material, LOAD))
    findings: list[Finding] = []
    speaking: dict[str, list[Issue]] = {}
    levels: list[Shown] = []
    for file in material.files(LOAD):
        found = _read(file, terms.pause_s, told, findings)
        told += _outside(found, file.envelope)
        speaking.setdefault(file.envelope.digest, []).extend(
            issue for level in found for issue in issues(level, limit_at(level.agents, limits))
        )
        levels += found
    for level in levels:
        told += states(level, limit_at(level.agents, limits), terms.held)
    reached = {level.agents for level in levels}
    told += _missing(f"nothing was measured at {one.agents} agents" for one in limits if one.agents not in reached)
    told.append(unexplained(material, frozenset(digest for digest, those in speaking.items() if those)))
    most = limits[-1]
    bounds = [level.bound for level in levels if level.agents == most.agents]
    return Assessment(
        report=LOAD,
        state=combine(state for state, _ in told),
        reason="; ".join(dict.fromkeys(words for _, words in told if words)),
        measured=max(bounds, default=None),
        threshold=most.error_rate,
        issues=tuple(dict.fromkeys(issue for those in speaking.values() for issue in those)),
        findings=tuple(findings),
        tables=(
            Table(title="Load", columns=COLUMNS, rows=tuple(one.row(limit_at(one.agents, limits)) for one in levels)),
        ),
    )


def demanded(criteria: Sequence[LoadCriterion]) -> tuple[Limit, ...]:
    """The plan's limits by number of agents, the stricter of two; the reference's where it states none.

    What a criterion leaves out is the reference's as well: it named the number of agents, and meant something by it.
    """
    found: dict[int, Limit] = {}
    for one in criteria:
        agents = one.agents.value
        usual, before = limit_at(agents, REFERENCE), found.get(agents)
        rate = one.error_rate.value if one.error_rate else usual.error_rate
        p99 = one.p99_seconds.value if one.p99_seconds else usual.p99_s
        if before is not None:
            rate, p99 = min(rate, before.error_rate), min(p99, before.p99_s)
        found[agents] = Limit(agents=agents, error_rate=rate, p99_s=p99)
    return tuple(found[agents] for agents in sorted(found)) or REFERENCE


def _read(file: LeftFile, pause_s: float, told: Told, findings: list[Finding]) -> tuple[Shown, ...]:
    """The levels of a file of either format; what was not read, or was only simulated, is told."""
    notes = Notes(file.path)
    root = read_json(file.data, notes) if FORMAT.encode() in file.data[:200] else None
    if root is not None and root["schema"].value == FORMAT:
        levels = fleet_levels(root, file.path)
        findings += notes.findings()
        if not levels:
            told.append(("missing", f"{file.path} holds no load test that can be read"))
        return levels
    load, faults = read_target_load(file.data, file.path)
    findings += faults
    if load is None or not load.whole:
        at = f" ({faults[0].at[0]}: {faults[0].message})" if faults and faults[0].at else ""
        told.append(("missing", f"{file.path} was not read whole{at}"))
    if load is not None and load.simulated:
        told.append(("rehearsed", f"{file.path} was simulated: nothing was loaded"))
    return tuple(shown(level, file.path, pause_s) for level in load.levels) if load else ()


def _missing(words: Iterable[str]) -> Told:
    return [("missing", one) for one in words]


def _outside(levels: Iterable[Shown], envelope: Envelope) -> Told:
    """Levels whose times are not within the command's own: their records were not made by it."""
    begun, ended = (moment(envelope.started) - CLOCKS).timestamp(), (moment(envelope.ended) + CLOCKS).timestamp()
    return [
        ("failed", f"requests of {level.source} at {level.agents} agents are dated outside of the command's own time")
        for level in levels
        if level.begun is not None and level.ended is not None and not begun <= level.begun <= level.ended <= ended
    ]
