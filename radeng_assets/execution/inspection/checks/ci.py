"""Edits of what continuous integration runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection

_CI = re.compile(
    r"\.github/.*|\.gitlab-ci\.yml|\.gitlab/.*|\.circleci/.*|\.buildkite/.*|\.ci/.*|ci/.*|Jenkinsfile|azure-pipelines.*"
    r"|\.travis\.yml|\.drone\.yml|bitbucket-pipelines\.yml|appveyor\.yml|\.pre-commit-config\.yaml|\.husky/.*"
    r"|(?:.*/)?CODEOWNERS|\.gitmodules|(?:.*/)?\.gitattributes",
    re.DOTALL,
)


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    for file in change.files:
        if _CI.fullmatch(file.path):
            yield file.path, 0, "it decides what is run on a change, and who must agree"


INSPECTION = Inspection(
    "ci",
    "The pipeline that judges every later change is not part of any story, unless the plan says so.",
    _find,
)
