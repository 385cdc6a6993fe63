"""npm's audit report (``npm audit --json``, npm 7 and later): https://docs.npmjs.com/cli/commands/npm-audit.

npm names the weak range of a package, not the version in use.
"""

from __future__ import annotations

from radeng_assets.evidence.formats.dependency_audit import Advisory, DependencyAudit
from radeng_assets.evidence.formats.json_tree import Node, read_json
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.planning.findings import Finding

TOOL = "npm audit"
VERSION = 2


def read_npm_audit(data: bytes, file: str) -> tuple[DependencyAudit | None, tuple[Finding, ...]]:
    """The audit (``None`` where it is none: npm writes ``error`` or ``message`` in place of it), and its faults."""
    notes = Notes(file)
    top = read_json(data, notes)
    if top is None:
        return None, notes.findings()
    weak = top["vulnerabilities"]
    if top["auditReportVersion"].value != VERSION or not isinstance(weak.value, dict):
        top["auditReportVersion"].error("npm-audit-shape", f"{file} is no audit of npm 7 or later.")
        return None, notes.findings()
    counts = top["metadata"]
    known = {name for name, _ in weak.members()}
    advisories = [advisory for name, node in weak.members() for advisory in _advisories(name, node, known)]
    listed, said = len(known), counts["vulnerabilities"]["total"].number()
    if listed != said:
        weak.error("npm-audit-count", f"{listed} weak packages are listed, and {said} are counted.")
    audited = counts["dependencies"]["total"].number()
    if audited is None:
        counts.error("npm-audit-count", "It does not say how many packages were audited.")
    audit = DependencyAudit(tool=TOOL, audited=audited or 0, advisories=tuple(dict.fromkeys(advisories)))
    return audit, notes.findings()


def _advisories(package: str, node: Node, known: set[str]) -> list[Advisory]:
    """What is published about a package itself; a text in ``via`` only points to another one of the report."""
    found: list[Advisory] = []
    told = False
    for one in node["via"].elements():
        if isinstance(one.value, str) and one.value in known:
            told = True
            continue
        url = one["url"].text() or ""
        name = url.rpartition("/")[2] or str(one["source"].number() or "")
        if not name:
            one.error("npm-audit-advisory", f"A weakness of {package} has neither address nor number.", package)
        found.append(
            Advisory(
                id=name or "(no id)",
                package=one["name"].text() or package,
                version=one["range"].text() or "(any)",
                severity=one["severity"].text(),
            )
        )
    if not found and not told:
        node.error("npm-audit-advisory", f"It does not say what is wrong with {package}.", package)
    return found
