"""What coverage must reach: overall and in each module, as policy and plan have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import PurePosixPath

from radeng_assets.evidence.formats.coverage.lines import Count, CoverageReport
from radeng_assets.execution.globs import covered
from radeng_assets.planning.documents.testing_requirements import ModuleCoverage
from radeng_assets.planning.folder import Planning
from radeng_assets.planning.levels import Level, level_of
from radeng_assets.planning.located import Fact
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.assessment import Grade
from radeng_assets.record import Record

_GRADES: dict[Level, Grade] = {"CRITICAL": "critical", "HIGH": "high", "MEDIUM": "medium", "LOW": "low"}
_UNIT = "unit"
_LINES = "lines"


class Module(Record):
    """A module and its coverage; ``why`` says why there is none to know. ``target`` is a share."""

    name: str
    target: float | None
    grade: Grade
    count: Count | None = None
    why: str = ""


def exact(share: float) -> Fraction:
    """A share as it was written: 0.8 is four fifths, which no float is."""
    return Fraction(str(share))


def threshold_of(policy: Policy, planning: Planning) -> float | None:
    """The share of lines that must be covered, ``None`` where nobody says.

    The policy's ``coverage_minimum``; else the execution plan's ``test_coverage_minimum``; else the testing
    requirements' target for unit tests, or their gate on lines. What is no share (over 0, at most 1) says nothing.
    """
    plan, testing = planning.execution_plan, planning.testing_requirements
    stated: list[Fact[float] | None] = [plan.constraints.test_coverage_minimum if plan else None]
    if testing is not None:
        stated += [target.minimum for target in testing.targets if _UNIT in target.name.value.lower()]
        stated += [gate.minimum for gate in testing.gates if gate.metric.value == _LINES]
    shares = [policy.coverage_minimum, *(fact.value for fact in stated if fact)]
    return next((share for share in shares if share is not None and 0 < share <= 1), None)


def modules_of(
    planning: Planning, named: Mapping[str, tuple[str, ...]], counted: CoverageReport, reported: Iterable[str]
) -> Iterator[Module]:
    """The modules of the testing requirements, each with what ``counted`` says of its files.

    ``named`` gives files (globs) by the module's name, where the team says so. ``reported`` are the files that some
    report lists: of a module without any, nothing was measured, and nothing is known.
    """
    testing, known = planning.testing_requirements, frozenset(reported)
    by_path = {file.path: file.count() for file in counted.files}
    for row in testing.modules if testing else ():
        name = row.module.value
        module = Module(name=name, target=row.target.value if row.target else None, grade=_grade(row))
        found = _files_of(name, named.get(name, ()), frozenset(by_path))
        if isinstance(found, str):
            yield module.model_copy(update={"why": found})
        elif not found & known:
            yield module.model_copy(update={"why": "no report lists a file of it"})
        else:
            yield module.model_copy(update={"count": sum((by_path[path] for path in sorted(found)), Count())})


def _grade(row: ModuleCoverage) -> Grade:
    level = level_of(row.priority.value) if row.priority else None
    return _GRADES[level] if level else "medium"


def _files_of(name: str, globs: tuple[str, ...], paths: frozenset[str]) -> frozenset[str] | str:
    """A module's files, or why it has none.

    By the team's globs; else the path or glob that its name is; else the one folder of that name, wherever it lies;
    else the one file (``TaskHandler`` of ``src/api/TaskHandler.ts``).
    """
    found = frozenset(path for path in paths if covered(path, globs or (name,)))
    if found:
        return found
    if globs:
        return "the globs of reports: coverage: modules name no file of the product"
    plain = name.strip("/")
    folders = {folder for path in paths for folder in _folders(path) if folder.endswith(f"/{plain}")}
    tops = {folder for folder in folders if not any(folder.startswith(f"{other}/") for other in folders)}
    files = {path for path in paths if PurePosixPath(path).stem == plain}
    for places in (tops, files):
        if len(places) == 1:
            place = next(iter(places))
            return frozenset(path for path in paths if path == place or path.startswith(f"{place}/"))
        if places:
            return f"it may be any of {', '.join(sorted(places)[:5])}: say which (reports: coverage: modules)"
    return "no file of the product is in it: say which are (reports: coverage: modules)"


def _folders(path: str) -> Iterator[str]:
    return (str(folder) for folder in PurePosixPath(path).parents if str(folder) != ".")
