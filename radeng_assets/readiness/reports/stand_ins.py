"""Modules of a commit that are imported in place of the tool that a measure names.

``python -m bandit`` looks into the worktree first: a folder ``bandit`` there writes whatever report it likes.
"""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.execution.inspection.kinds import TOOLS, words_of
from radeng_assets.readiness.reports.assessment import Issue, issue_digest
from radeng_assets.readiness.reports.material import Material

RULE = "tool-stand-in"


def stand_ins(material: Material) -> Iterator[Issue]:
    """Those of the commit, where any command of the measurement runs Python modules.

    An issue and no doubt, since there are products that are such a tool. A waiver accepts one file, to the byte.
    """
    if not any("-m" in words_of(envelope.command) for envelope in material.envelopes.values()):
        return
    for tool in sorted(TOOLS):
        for path in (f"{tool}.py", f"{tool}/__init__.py", f"{tool}/__main__.py"):
            blob = material.tree.get(path)
            if blob is not None:
                yield Issue(
                    rule=RULE,
                    subject=path,
                    grade="high",
                    message=f"{path} is imported in place of the tool {tool}: what it reports is the product's word",
                    digest=issue_digest(RULE, path, blob),
                )
