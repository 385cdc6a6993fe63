"""Rust tests."""

from __future__ import annotations

from radeng_assets.execution.inspection.languages.scanner import scanner

SUFFIXES = (".rs",)

read = scanner(
    test=r"\bfn\s+(\w+)\s*\(\s*\)",
    assertion=r"\b(?:debug_)?assert\w*!|\bpanic!|\bprop_assert\w*!",
    skip=r"#\[ignore|#\[should_panic|#\[cfg\(any\(\)\)\]",
)
