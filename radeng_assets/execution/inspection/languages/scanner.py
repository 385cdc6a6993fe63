"""Tests of languages that are read line by line: names, assertions and skips by their usual forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from radeng_assets.execution.inspection.languages.facts import TestFacts

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def scanner(test: str, assertion: str, skip: str) -> Callable[[str], TestFacts]:
    """A reader from three patterns: a test (its first group is the name), an assertion, a mark that skips.

    Assertions belong to the test that began last above them. Comments are left out: what is commented out is gone.
    """
    tests, assertions, skips = re.compile(test), re.compile(assertion), re.compile(skip)

    def read(text: str) -> TestFacts:
        facts = TestFacts()
        current = ""
        for line in _COMMENT.sub("", text).splitlines():
            facts.skips.update(match.group().strip() for match in skips.finditer(line))
            began = tests.search(line)
            if began:
                current = next((group for group in began.groups() if group), began.group())
                facts.tests.setdefault(current, Counter())
            if assertions.search(line):
                into = facts.tests[current] if current else facts.helpers
                into[re.sub(r"\s+", " ", line.strip())] += 1
        return facts

    return read
