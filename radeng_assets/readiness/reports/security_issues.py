"""What scanners found, as issues: how bad each is, and by what a waiver knows it again."""

from __future__ import annotations

from collections.abc import Mapping

from radeng_assets.evidence.formats.dependency_audit import Advisory
from radeng_assets.evidence.formats.sarif import SarifRun
from radeng_assets.evidence.formats.sarif_result import Level, SarifFinding
from radeng_assets.readiness.reports.assessment import GRADES, Grade, Issue, issue_digest

_LEVELS: dict[Level, Grade] = {"error": "high", "warning": "medium", "note": "low", "none": "low"}

_SCORES: tuple[tuple[float, Grade], ...] = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.0, "low"))
"""CVSS v3.1, section 5, "Qualitative Severity Rating Scale"; GitHub reads ``security-severity`` by the same limits."""

_WORDS: dict[str, Grade] = {
    "critical": "critical",
    "high": "high",
    "moderate": "medium",
    "medium": "medium",
    "low": "low",
    "info": "low",
}
"""The words of npm's advisories, which are GitHub's."""

_ANYWAY = ("error", "warning")


def counts(finding: SarifFinding) -> bool:
    """Whether a result speaks against the code.

    Suppressed ones do: a comment in the code is the word of whoever wrote the code. So does one whose kind says that
    it is none and whose level says that it is an error (section 3.27.10 allows no such thing).
    """
    return finding.kind == "fail" or finding.level in _ANYWAY


def grade_of(finding: SarifFinding) -> Grade:
    """The worse of what its level and its ``security-severity`` say: tools disagree about both."""
    grades: list[Grade] = [_LEVELS[finding.level]]
    if finding.severity is not None:
        grades.append(next(grade for least, grade in _SCORES if finding.severity >= least))
    return min(grades, key=GRADES.index)


def found_by(run: SarifRun, finding: SarifFinding, role: str, tree: Mapping[str, str], commit: str) -> Issue:
    """A result as an issue. Its message repeats nothing of the code, which may hold a secret."""
    path = path_in(finding.path, tree)
    title = f" ({finding.title})" if finding.title not in ("", finding.rule) else ""
    where = f"{path}:{finding.line}" if finding.line else path
    if role == "secrets" and not finding.line:
        where += ", in the history or on a branch of the plan"
    hushed = ", suppressed in the code, which accepts nothing" if finding.suppressed else ""
    return Issue(
        rule=finding.rule or "(no rule)",
        subject=path,
        grade="critical" if role == "secrets" else grade_of(finding),
        message=f"{run.tool or 'a scanner'}: {finding.rule or '(no rule)'}{title} in {where}{hushed}",
        digest=issue_digest(finding.rule, path, _content(finding, path, tree, commit)),
    )


def published(tool: str, advisory: Advisory) -> Issue:
    """An advisory as an issue, known again by package, version and advisory."""
    fixed = f"; mended in {', '.join(advisory.fixed)}" if advisory.fixed else ""
    return Issue(
        rule=advisory.id,
        subject=advisory.package,
        grade=_grade_of(advisory),
        message=f"{tool}: {advisory.package} {advisory.version} has {advisory.id}{fixed}",
        digest=issue_digest(advisory.id, advisory.package, advisory.version),
    )


def _grade_of(advisory: Advisory) -> Grade:
    """High where the tool does not say, or in a word that nobody knows: it may be anything."""
    return _WORDS.get((advisory.severity or "").lower(), "high")


def path_in(path: str | None, tree: Mapping[str, str]) -> str:
    """A path of the commit: scanners write some from the top of the worktree, some from the machine's root."""
    if path is None:
        return "(no file)"
    parts = path.split("/")
    inside = ("/".join(parts[start:]) for start in range(len(parts))) if path.startswith("/") else (path,)
    return next((one for one in inside if one in tree), path)


def _content(finding: SarifFinding, path: str, tree: Mapping[str, str], commit: str) -> str:
    """What was found there.

    The report's own quotation; else the file's whole content with the line in it, so that any change of the file is
    another finding; else this commit alone.
    """
    if finding.content is not None:
        return finding.content
    blob = tree.get(path)
    return f"blob {blob} {finding.line}" if blob else f"commit {commit} {path} {finding.line} {finding.message_digest}"
