"""Rust tests."""

from __future__ import annotations

from radeng_assets.execution.inspection.languages.facts import TestFacts
from radeng_assets.execution.inspection.languages.scanner import scanner

SUFFIXES = (".rs",)

MODULE = "#[cfg(test)]"
"""Begins the tests of a file of product code, by custom its end."""


def read(text: str) -> TestFacts:
    """The facts of a file; of one that holds product code as well, those of its test module."""
    module = text.find(MODULE)
    return _scanned(text[max(module, 0) :])


_scanned = scanner(
    test=r"\bfn\s+(\w+)\s*\(\s*\)",
    assertion=r"\b(?:debug_)?assert\w*!|#\[(?:\w+::)*test\b|\bpanic!|\bprop_assert\w*!",
    skip=r"#\[ignore|#\[should_panic|#\[cfg(?:_attr)?\((?!test\))",
)
