"""Go tests."""

from __future__ import annotations

from radeng_assets.execution.inspection.languages.scanner import scanner

SUFFIXES = (".go",)

read = scanner(
    test=r"^func (?:\([^)]*\) )?((?:Test|Fuzz|Example)\w*)\(",
    assertion=r"\b[tb]\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(|\b(?:assert|require)\.\w+\(",
    skip=r"\b[tb]\.(?:Skip|Skipf|SkipNow)\(|^//go:build ignore",
)
