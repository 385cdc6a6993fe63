"""Coverage claimed in prose against the module table: no average can be over every module."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

_CLAIM = re.compile(r"(?P<percent>\d{1,3}(?:\.\d{1,3})?)\s{0,2}%\s{1,2}(?:test\s{1,2})?coverage", re.IGNORECASE)
_AIM = re.compile(r"(?:>=?|at least|minimum|target|achiev\w*|reach\w*|least|to)\s{1,2}$", re.IGNORECASE)


def check(documents: Documents) -> Iterator[Issue]:
    """At most one issue for each text that claims a coverage today."""
    modules = [module for module in documents.tests.modules if module.current]
    best = max(modules, key=lambda module: module.current.value if module.current else 0.0, default=None)
    for text in (documents.plan.vision, documents.gaps.summary):
        match = _CLAIM.search(text.value) if text else None
        if text is None or match is None or best is None or best.current is None:
            continue
        claimed = float(match["percent"]) / 100
        if claimed > best.current.value and not _AIM.search(text.value[: match.start()]):
            message = (
                f"{claimed:.0%} coverage ({text.at}) against a table in which no module has more than "
                f"{best.current.value:.0%} ({best.module.value}, {best.current.at})."
            )
            yield Issue(
                "test coverage", message, (text.at, best.current.at), "Measure the coverage, and drop the claim."
            )


RULE = Rule(
    id="coverage-claim-contradicted",
    severity="error",
    why=(
        "The coverage of a whole lies between that of its worst and its best module. A claim over the best "
        "module of the "
        "folder's own table is refuted by it, whatever the weights."
    ),
    example="97% coverage (EXECUTION-PLAN.yaml:15) against a table in which no module has more than 70% (core/).",
    check=check,
)
