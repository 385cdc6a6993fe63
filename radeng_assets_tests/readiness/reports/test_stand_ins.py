"""Modules that are imported in place of a tool, and those that only look like it."""

from __future__ import annotations

import pytest

from radeng_assets.readiness.reports.stand_ins import stand_ins
from radeng_assets_tests.readiness.reports.materials import Ran, material


@pytest.mark.parametrize("path", ["bandit/__main__.py", "bandit/__init__.py", "bandit.py", "pytest.py", "pluggy.py"])
def test_a_module_in_a_tools_place_is_an_issue_by_its_content(path: str) -> None:
    ran = Ran(command="cd . && python -m bandit -r src")
    (issue,) = stand_ins(material("security", ran, tree={path: "a" * 40}))
    assert (issue.rule, issue.subject, issue.grade) == ("tool-stand-in", path, "high")
    (other,) = stand_ins(material("security", ran, tree={path: "b" * 40}))
    assert other.digest != issue.digest


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("python -m bandit -r src", "src/bandit.py"),
        ("python -m bandit -r src", "bandit.md"),
        ("python -m load 10", "load/__main__.py"),
        ("bandit -r src", "bandit/__main__.py"),
        ("radeng:secrets", "bandit/__main__.py"),
    ],
)
def test_what_stands_in_for_no_tool_is_none(command: str, path: str) -> None:
    assert list(stand_ins(material("security", Ran(command=command), tree={path: "a" * 40}))) == []
