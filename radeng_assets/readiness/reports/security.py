"""``security``: scanners ran to their end over all that they had to, and what they found.

A scanner that is silent shows something only if it can be relied on: it ended well, it says what it is, it looked at
something, and what it compared with is of these days.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence

from radeng_assets.evidence.envelope import Envelope
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.text import decode
from radeng_assets.evidence.measures import role_and_path
from radeng_assets.evidence.states import combine
from radeng_assets.execution.globs import covers
from radeng_assets.readiness.reports.assessment import GRADES, Assessment, Issue, Table
from radeng_assets.readiness.reports.coverage_product import is_product
from radeng_assets.readiness.reports.material import Material
from radeng_assets.readiness.reports.security_issues import path_in
from radeng_assets.readiness.reports.security_scan import Doubt, Scan, outdated, read_scan
from radeng_assets.readiness.reports.security_settings import settings_of
from radeng_assets.readiness.reports.terms import SecurityTerms

SECURITY = "security"
ROLES = ("secrets", "static", "dependencies")
DATABASE = "database"

_ALWAYS = ("critical", "high")
_ROWS = 200


def assess(material: Material) -> Assessment:
    """Issues of the grades that block, and whether the scanners can be relied on.

    ``measured`` counts the issues, critical and high by default; none is allowed.
    """
    terms = material.policy.reports.security
    scans = [read_scan(file, material) for file in material.files(*ROLES)]
    blocking = {*_ALWAYS, *terms.blocks}
    hushing = settings_of([tool for scan in scans for tool in scan.tools], material.tree)
    worst = _worst_first((*(issue for scan in scans for issue in scan.issues), *hushing))
    open_ = tuple(issue for issue in worst if issue.grade in blocking)
    doubts = tuple(dict.fromkeys(_doubts(material, terms, scans)))
    return Assessment(
        report=SECURITY,
        state=combine([state for state, _ in doubts] or ["passed"]),
        reason="; ".join(reason for _, reason in doubts),
        measured=float(len(open_)) if scans else None,
        threshold=0.0,
        issues=open_,
        findings=tuple(finding for scan in scans for finding in scan.findings),
        tables=(_scanners(scans), _others([issue for issue in worst if issue.grade not in blocking])),
    )


def _worst_first(issues: Iterable[Issue]) -> list[Issue]:
    """Each once; what two scanners grade differently by the worse grade."""
    order = sorted(issues, key=lambda issue: (GRADES.index(issue.grade), issue.rule, issue.subject, issue.message))
    known: dict[str, Issue] = {}
    for issue in order:
        known.setdefault(issue.digest, issue)
    return list(known.values())


def _doubts(material: Material, terms: SecurityTerms, scans: Sequence[Scan]) -> Iterable[Doubt]:
    for word in (*(w for w in terms.blocks if w not in GRADES), *(w for w in terms.required if w not in ROLES)):
        yield "no_runner", f"readiness.yaml (reports: security) says {word[:40]!r}, which is no grade or role"
    for role in terms.required:
        if not any(scan.file.role == role for scan in scans):
            yield "missing", f"no scanner left a report in the role {role}"
    for envelope in material.envelopes.values():
        yield from _ended(envelope, [scan for scan in scans if scan.file.envelope == envelope])
    yield from _left(material, terms)
    for scan in scans:
        yield from scan.doubts
    yield from _overlooked(material, [scan for scan in scans if scan.file.role == "static"])
    yield from _dependencies(material, terms, [scan for scan in scans if scan.file.role == "dependencies"])


def _ended(envelope: Envelope, scans: Sequence[Scan]) -> Iterable[Doubt]:
    """How the scanner ended. One that found something ends with a code over 0; so does one that broke down."""
    if envelope.state == "passed":
        return
    name = f"`{envelope.command[:80]}`"
    if envelope.state != "failed":
        yield envelope.state, f"{name}: {envelope.reason or envelope.state}"
    elif not _is_a_scanners_word(envelope.exit_code):
        yield "no_runner", f"{name} broke down (exit code {envelope.exit_code})"
    elif not any(scan.found for scan in scans):
        yield "no_runner", f"{name} ended with {envelope.exit_code}, and its report lists nothing"


def _is_a_scanners_word(code: int | None) -> bool:
    """Not the codes by which a shell says that a program was not there (126, 127) or was killed (128 + signal)."""
    return code is not None and 0 < code < 256 and not 126 <= code <= 128 + 31


def _left(material: Material, terms: SecurityTerms) -> Iterable[Doubt]:
    """Every file that a measure is to leave must be there, and whole."""
    for envelope in material.envelopes.values():
        kept = [(*role_and_path(artifact), artifact.truncated) for artifact in envelope.artifacts]
        for _, path, truncated in kept:
            if path and truncated:
                yield "no_runner", f"{path} was too large to be kept whole"
        for measure in terms.measures:
            if measure.run != envelope.command:
                continue
            for role, globs in measure.leaves.items():
                for glob in globs:
                    if not any(role == r and covers(glob, path) for r, path, _ in kept if path):
                        yield "missing", f"`{measure.run[:80]}` left no {glob} ({role})"
                if role not in (*ROLES, DATABASE):
                    yield "no_runner", f"nothing reads the role {role} of `{measure.run[:80]}`"


def _overlooked(material: Material, scans: Sequence[Scan]) -> Iterable[Doubt]:
    """Code of the product that no static analysis looked at, where all of them say at what they did.

    The product is what must be covered by tests; of it, code in the languages that were looked at (by suffix).
    """
    looked: set[str] = set()
    for scan in scans:
        if scan.looked is None:
            return
        looked.update(path_in(posixpath.normpath(path), material.tree) for path in scan.looked)
    suffixes = {posixpath.splitext(path)[1] for path in looked}
    terms = material.policy.reports.coverage
    product = [path for path in sorted(material.tree) if is_product(path, terms)]
    left = [path for path in product if posixpath.splitext(path)[1] in suffixes and path not in looked]
    if left:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        yield "missing", f"no static analysis looked at {left[0]}{more}"


def _dependencies(material: Material, terms: SecurityTerms, scans: Sequence[Scan]) -> Iterable[Doubt]:
    if not scans:
        return
    stated = tuple((decode(f.data, Notes(f.path)) or "?").strip() for f in material.files(DATABASE))
    for scan in scans:
        yield from outdated(scan, stated, material)
        if terms.packages_minimum and scan.audited is None:
            yield "no_runner", f"{scan.file.path} does not say how many packages were audited"
    audited = sum(scan.audited or 0 for scan in scans)
    if audited < terms.packages_minimum and all(scan.audited is not None for scan in scans):
        yield "missing", f"{audited} packages were audited; at least {terms.packages_minimum} must be"


def _scanners(scans: Sequence[Scan]) -> Table:
    rows = tuple(
        (scan.file.role, ", ".join(scan.tools), scan.file.path, len(scan.issues), scan.audited, len(scan.doubts))
        for scan in scans
    )
    return Table(title="Scanners", columns=("role", "tool", "file", "found", "packages", "doubts"), rows=rows)


def _others(issues: Sequence[Issue]) -> Table:
    """What was found and does not block, the worst first."""
    rows = tuple((issue.grade, issue.rule, issue.subject, issue.message) for issue in issues[:_ROWS])
    title = f"Not blocking ({len(issues)})" if issues else "Not blocking"
    return Table(title=title, columns=("grade", "rule", "subject", "message"), rows=rows)
