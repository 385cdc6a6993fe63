"""pip-audit's JSON (``pip-audit -f json``, 2.x): https://github.com/pypa/pip-audit, "Usage".

Offline it finds no package on PyPI, skips every one of them, and ends with 0: what was skipped is kept.
"""

from __future__ import annotations

from radeng_assets.evidence.formats.dependency_audit import Advisory, DependencyAudit
from radeng_assets.evidence.formats.json_tree import Node, read_json
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.planning.findings import Finding

TOOL = "pip-audit"


def read_pip_audit(data: bytes, file: str) -> tuple[DependencyAudit | None, tuple[Finding, ...]]:
    """The audit (``None`` where it is none), and its faults. ``file`` is its name in findings."""
    notes = Notes(file)
    top = read_json(data, notes)
    if top is None:
        return None, notes.findings()
    if not isinstance(top["dependencies"].value, list):
        top["dependencies"].error("pip-audit-shape", f"{file} is no audit of pip-audit: it has no dependencies.")
        return None, notes.findings()
    audited, skipped, advisories = 0, list[tuple[str, str]](), list[Advisory]()
    for package in top["dependencies"].elements():
        name, version = package["name"].text(), package["version"].text()
        reason = package["skip_reason"].text()
        if name and reason:
            skipped.append((name, reason))
        elif name and version and isinstance(package["vulns"].value, list):
            audited += 1
            advisories += [_advisory(one, name, version) for one in package["vulns"].elements()]
        else:
            message = "A package has neither a version with its weaknesses nor a reason why it was skipped."
            package.error("pip-audit-package", message, name or "")
            skipped.append((name or "(no name)", "what pip-audit says of it was not read"))
    audit = DependencyAudit(tool=TOOL, audited=audited, skipped=tuple(skipped), advisories=tuple(advisories))
    return audit, notes.findings()


def _advisory(node: Node, package: str, version: str) -> Advisory:
    name = node["id"].text()
    if not name:
        node.error("pip-audit-advisory", f"A weakness of {package} has no id.", package)
    fixed = node["fix_versions"]
    versions = () if fixed.is_absent else tuple(text for one in fixed.elements() if (text := one.text()))
    return Advisory(id=name or "(no id)", package=package, version=version, fixed=versions)
