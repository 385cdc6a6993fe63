"""One scanner's file, read: what it found, and why its silence may mean nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from radeng_assets.evidence.formats.dependency_audit import DependencyAudit
from radeng_assets.evidence.formats.json_tree import read_json
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.npm_audit import read_npm_audit
from radeng_assets.evidence.formats.pip_audit import read_pip_audit
from radeng_assets.evidence.formats.sarif import SarifRun, read_sarif
from radeng_assets.evidence.states import State
from radeng_assets.planning.findings import Finding, has_errors
from radeng_assets.readiness.freshness import moment
from radeng_assets.readiness.reports.assessment import Issue
from radeng_assets.readiness.reports.dates import misdated
from radeng_assets.readiness.reports.material import LeftFile, Material
from radeng_assets.readiness.reports.security_issues import counts, found_by, published

Doubt = tuple[State, str]
"""Why something was not shown: the state that it leaves, and the reason."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What one file says.

    ``found`` says whether the tool itself reports anything, so that it may have ended with an exit code that says so.
    ``audited`` is how many packages were looked up, ``None`` where the file does not say. ``database`` are the dates
    that it gives of its vulnerability database. ``looked`` are the files that it looked at, ``None`` where it does not
    say.
    """

    file: LeftFile
    tools: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    findings: tuple[Finding, ...] = ()
    found: bool = False
    audited: int | None = None
    database: tuple[str, ...] = ()
    looked: tuple[str, ...] | None = None


def read_scan(file: LeftFile, material: Material) -> Scan:
    """Read a file of any role by what it is: SARIF, or for ``dependencies`` an audit of pip-audit or npm too."""
    shape = _shape(file) if file.role == "dependencies" else "sarif"
    if shape == "sarif":
        return _sarif(file, material)
    read = read_pip_audit if shape == "pip-audit" else read_npm_audit
    audit, findings = read(file.data, file.path)
    return _audit(file, audit, findings, material.policy.reports.security.own_packages)


def _shape(file: LeftFile) -> str:
    top = read_json(file.data, Notes(file.path))
    if top is not None and isinstance(top.value, dict):
        if isinstance(top["dependencies"].value, list):
            return "pip-audit"
        if not top["auditReportVersion"].is_absent:
            return "npm audit"
    return "sarif"


def _sarif(file: LeftFile, material: Material) -> Scan:
    report, findings = read_sarif(file.data, file.path)
    if report is None or not report.runs:
        return Scan(file, doubts=(("no_runner", f"{file.path} is no report that can be read"),), findings=findings)
    doubts: list[Doubt] = list(_unread(file, findings))
    issues: list[Issue] = []
    for run in report.runs:
        name = run.tool or "a scanner"
        doubts.extend(("no_runner", f"{name}: {doubt}") for doubt in run.doubts)
        doubts += _told(name, run, file.role)
        doubts.extend(("failed", words) for words in misdated(material, file.path, run.dates))
        for one in run.findings:
            if counts(one):
                issues.append(found_by(run, one, file.role, material.tree, material.commit))
            elif one.kind in ("open", "review"):
                doubts.append(("human_needed", f"{name} asks for a person's review of {one.rule} in {one.path}"))
    packages = [run.told.packages for run in report.runs if run.told.packages is not None]
    return Scan(
        file,
        tools=tuple(f"{run.tool} {run.version or ''}".strip() for run in report.runs),
        issues=tuple(issues),
        doubts=tuple(doubts),
        findings=findings,
        found=any(not one.suppressed and counts(one) for run in report.runs for one in run.findings),
        audited=sum(packages) if packages else None,
        database=tuple(run.told.database for run in report.runs if run.told.database),
        looked=tuple(path for run in report.runs for path in run.told.files)
        if all(run.told.files for run in report.runs)
        else None,
    )


def _told(name: str, run: SarifRun, role: str) -> Iterable[Doubt]:
    if run.told.hidden:
        yield "no_runner", f"{name} let comments in the code hide {run.told.hidden} findings from it"
    if role == "static" and run.told.lines == 0:
        yield "missing", f"{name} looked at no line of code"


def _audit(file: LeftFile, audit: DependencyAudit | None, findings: tuple[Finding, ...], own: tuple[str, ...]) -> Scan:
    if audit is None:
        return Scan(file, doubts=(("no_runner", f"{file.path} is no report that can be read"),), findings=findings)
    ours = {_plain(name) for name in own}
    skipped = [name for name, _ in audit.skipped if _plain(name) not in ours]
    doubts: list[Doubt] = list(_unread(file, findings))
    if skipped:
        more = f" and {len(skipped) - 3} more" if len(skipped) > 3 else ""
        doubts.append(("skipped", f"{audit.tool} skipped {', '.join(skipped[:3])}{more}"))
    return Scan(
        file,
        tools=(audit.tool,),
        issues=tuple(published(audit.tool, advisory) for advisory in audit.advisories),
        doubts=tuple(doubts),
        findings=findings,
        found=bool(audit.advisories),
        audited=audit.audited,
    )


def _plain(name: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _unread(file: LeftFile, findings: tuple[Finding, ...]) -> Iterable[Doubt]:
    """A report of which a part was not read is not whole. A doubt about a run says so itself."""
    others = tuple(finding for finding in findings if finding.rule != "sarif-not-clean")
    if has_errors(others):
        yield "no_runner", f"part of {file.path} was not read: {others[0].message}"


def outdated(scan: Scan, stated: tuple[str, ...], material: Material) -> Iterable[Doubt]:
    """Doubts about the age of a vulnerability database, on the day of judging.

    ``stated`` are dates that stand in files of the role ``database``. Where nothing is stated, the scanner asked a
    service, so the database is as old as the scan.
    """
    now, days = moment(material.as_of), material.policy.reports.security.database_max_days
    for text in (*scan.database, *stated) or (scan.file.envelope.ended,):
        try:
            built = moment(text if len(text) > len("2026-01-01") else f"{text}T00:00:00+00:00")
        except ValueError:
            yield "no_runner", f"{text[:40]!r} is no date of a vulnerability database"
            continue
        if built > now + timedelta(days=1):  # a date without a time may be another zone's tomorrow
            yield "no_runner", f"the vulnerability database is dated {text[:40]}, after the moment of judging"
        elif now - built > timedelta(days=days):
            yield "stale", f"the vulnerability database is of {built.date()}, and may be {days:g} days old at most"
