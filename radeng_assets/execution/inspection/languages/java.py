"""Java and Kotlin tests: JUnit, TestNG."""

from __future__ import annotations

from radeng_assets.execution.inspection.languages.scanner import scanner

SUFFIXES = (".java", ".kt")

read = scanner(
    test=r"\b(?:void|fun)\s+(`[^`]+`|\w+)\s*\(",
    assertion=r"\bassert\w*\s*[({]|\bverify\w*\s*\(|\bfail\s*\(|@(?:\w*Test)\b",
    skip=r"@Disabled\w*|@Ignore\w*|@Enabled\w+|\bassume\w+\s*\(|enabled\s*=\s*false",
)
