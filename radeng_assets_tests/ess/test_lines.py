"""A citation is one if git has the line at the commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.ess.lines import Lines
from radeng_assets.execution.git import TargetRepository
from radeng_assets_tests.folders import commit


@pytest.mark.parametrize(
    ("path", "line", "there"),
    [
        ("three.txt", 1, True),
        ("three.txt", 3, True),
        ("three.txt", 4, False),
        ("three.txt", 0, False),
        ("three.txt", -1, False),
        ("ends.txt", 2, True),
        ("ends.txt", 3, False),
        ("empty.txt", 1, False),
        ("uncommitted.txt", 1, False),
        ("docs", 1, False),
        ("../three.txt", 1, False),
        ("-x", 1, True),
        ("", 1, False),
        ("a\0b", 1, False),
    ],
)
def test_a_line_exists_or_it_does_not(path: str, line: int, there: bool, target: Path) -> None:
    files = {"three.txt": "a\nb\nc", "ends.txt": "a\nb\n", "empty.txt": "", "-x": "a\n"}
    for name, text in files.items():
        (target / name).write_text(text, encoding="utf-8")
    now = commit(target, "Add")
    (target / "uncommitted.txt").write_text("a\n", encoding="utf-8")
    assert Lines(TargetRepository.open(target), now)(path, line) == there
