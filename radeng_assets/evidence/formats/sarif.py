"""SARIF 2.1.0 as scanners write it, and whether a run can be relied on at all: silence is no clean bill.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. (``planning/sarif.py`` writes SARIF; the
two share nothing.) A run without ``invocations`` does not say how it ended; that alone is no doubt, as many sound
scanners write none.
"""

from __future__ import annotations

from radeng_assets.evidence.formats.json_tree import Node, read_json
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.sarif_result import SarifFinding, read_result
from radeng_assets.evidence.formats.sarif_told import Told, read_told
from radeng_assets.evidence.states import State, combine
from radeng_assets.planning.findings import Finding
from radeng_assets.record import Record

VERSION = "2.1.0"

_TIMES = ("startTimeUtc", "endTimeUtc")


class SarifRun(Record):
    """One scanner's run. ``doubts`` say why it shows nothing even where it found nothing.

    ``dates``: when it began and ended, as written.
    """

    tool: str
    version: str | None
    rules: tuple[str, ...]
    findings: tuple[SarifFinding, ...]
    doubts: tuple[str, ...] = ()
    told: Told = Told()
    dates: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """What the run shows.

        ``failed`` if it found anything that it did not itself suppress, of whatever level (policy, not the report,
        lets levels and suppressions count); ``no_runner`` if it is in doubt; ``human_needed`` if it asks for a
        review; else ``passed``.
        """
        open_ = {one.kind for one in self.findings if not one.suppressed}
        told: list[State] = ["passed"]
        if "fail" in open_:
            told.append("failed")
        if self.doubts:
            told.append("no_runner")
        if open_ & {"open", "review"}:
            told.append("human_needed")
        return combine(told)


class SarifReport(Record):
    """All runs of a report."""

    runs: tuple[SarifRun, ...]

    @property
    def state(self) -> State:
        """The worst of its runs; ``missing`` where there is none."""
        return combine(run.state for run in self.runs)


def read_sarif(data: bytes, file: str) -> tuple[SarifReport | None, tuple[Finding, ...]]:
    """The runs of a SARIF report (``None`` where it is none), and its faults. ``file`` is its name in findings."""
    notes = Notes(file)
    top = read_json(data, notes)
    if top is None:
        return None, notes.findings()
    if top["version"].value != VERSION or not isinstance(top["runs"].value, list):
        message = f"{file} is no SARIF {VERSION}: it lacks that version, or runs."
        top["version"].error("sarif-version", message)
        return None, notes.findings()
    runs = tuple(_run(run) for run in top["runs"].elements())
    if not runs:
        top["runs"].error("sarif-no-run", f"{file} holds no run.")
    return SarifReport(runs=runs), notes.findings()


def _run(run: Node) -> SarifRun:
    driver = run["tool"]["driver"]
    by_index = _elements(driver["rules"])
    extended = [rule for part in _elements(run["tool"]["extensions"]) for rule in _elements(part["rules"])]
    rules = {name: rule for rule in (*extended, *by_index) if (name := rule["id"].text())}
    version = driver["version"].text() or driver["semanticVersion"].text()
    findings = tuple(read_result(result, rules, by_index) for result in _elements(run["results"]))
    told = read_told(run)
    shows = bool(rules) or any(one.rule for one in findings) or bool(version and told.looked)
    doubts = _doubts(run, shows)
    for doubt in doubts:
        run.error("sarif-not-clean", f"The run shows nothing: {doubt}.")
    return SarifRun(
        tool=driver["name"].text() or "",
        version=version,
        rules=tuple(sorted(rules)),
        findings=findings,
        doubts=doubts,
        told=told,
        dates=tuple(
            date for one in _elements(run["invocations"]) for key in _TIMES if (date := one[key].text()) is not None
        ),
    )


def _doubts(run: Node, shows: bool) -> tuple[str, ...]:
    """Every reason for which a run that reports nothing may have looked at nothing.

    ``shows``: it names a rule, or (as bandit, which names none where it found nothing) its version and lines, files or
    packages that it looked at.
    """
    doubts: list[str] = []
    if not shows:
        doubts.append("it names no rule, nor both the tool's version and what it looked at")
    if not isinstance(run["results"].value, list):
        doubts.append("it has no results, not even an empty list (section 3.14.23: the scan did not happen)")
    if not run["externalPropertyFileReferences"]["results"].is_absent:
        doubts.append("its results lie in another file")
    for invocation in _elements(run["invocations"]):
        if invocation["executionSuccessful"].value is not True:
            doubts.append("the scanner did not end well (executionSuccessful is not true)")
        for kind in ("toolExecutionNotifications", "toolConfigurationNotifications"):
            errors = sum(one["level"].value == "error" for one in _elements(invocation[kind]))
            if errors:
                doubts.append(f"the scanner reported {errors} errors of its own")
    return tuple(dict.fromkeys(doubts))


def _elements(node: Node) -> list[Node]:
    return list(node.elements())
