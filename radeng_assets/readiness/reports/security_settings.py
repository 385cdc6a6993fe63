"""Files of a commit that tell a scanner what to leave out. It finds them by itself, and no report says so.

They stand where the agents work, so they are the word of whoever wrote the code, as a comment is. What a measure's
command names itself (``--config``), the policy has chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from radeng_assets.readiness.reports.assessment import Issue, issue_digest

RULE = "scanner-settings"

FOUND_BY_ITSELF: dict[str, frozenset[str]] = {
    "bandit": frozenset({".bandit"}),
    "brakeman": frozenset({"brakeman.ignore"}),
    "checkov": frozenset({".checkov.yaml", ".checkov.yml"}),
    "eslint": frozenset({".eslintignore"}),
    "gitleaks": frozenset({".gitleaksignore", ".gitleaks.toml"}),
    "grype": frozenset({".grype.yaml"}),
    "osv-scanner": frozenset({"osv-scanner.toml"}),
    "semgrep": frozenset({".semgrepignore"}),
    "snyk": frozenset({".snyk"}),
    "trivy": frozenset({".trivyignore", ".trivyignore.yaml", "trivy.yaml", "trivy-secret.yaml"}),
}
"""Scanner (a word of the name that it gives itself) → names of such files, by the documentation of each."""


def settings_of(tools: Iterable[str], tree: Mapping[str, str]) -> Iterator[Issue]:
    """Such files in the commit, of the scanners that ran. A waiver accepts what one says, to the byte."""
    names = {
        name: word
        for tool in tools
        for word, names in FOUND_BY_ITSELF.items()
        if word in tool.lower()
        for name in names
    }
    for path, blob in sorted(tree.items()):
        word = names.get(PurePosixPath(path).name)
        if word:
            yield Issue(
                rule=RULE,
                subject=path,
                grade="high",
                message=f"{path} tells {word} what to leave out, which no report of it shows",
                digest=issue_digest(RULE, path, blob),
            )
