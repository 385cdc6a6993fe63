"""Go tests."""

from __future__ import annotations

import re

from radeng_assets.execution.inspection.languages.facts import TestFacts
from radeng_assets.execution.inspection.languages.scanner import scanner

SUFFIXES = (".go",)

_TAG = re.compile(r"^//\s*(?:go:build|\+build)\b.*", re.MULTILINE)


def failing(sibling: str) -> str:
    """A test that fails, in the package of the one beside it."""
    package = re.search(r"^package \w+", sibling, re.MULTILINE)
    head = package.group() if package else "package control"
    return f'{head}\n\nimport "testing"\n\nfunc TestControl(t *testing.T) {{\n\tt.Fatal("this must fail")\n}}\n'


def read(text: str) -> TestFacts:
    """The facts of a file; a build tag keeps all of it from running, wherever it does not hold."""
    facts = _scanned(text)
    facts.skips.update(_TAG.findall(text))
    return facts


_scanned = scanner(
    test=r"^func (?:\([^)]*\) )?((?:Test|Fuzz|Example)\w*)\(",
    assertion=r"\b[tb]\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(|\b(?:assert|require)\.\w+\(",
    skip=r"\b[tb]\.(?:Skip|Skipf|SkipNow)\(",
)
