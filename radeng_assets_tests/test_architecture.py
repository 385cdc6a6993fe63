"""The one import rule, read from the code itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from radeng_assets_tests.conftest import ROOT

PACKAGE = ROOT / "radeng_assets"

ROOMS = ("planning", "evidence", "execution", "ess", "readiness", "keeping", "telemetry", "orchestration", "cli")
"""In the order in which facts travel: a room imports from those before it, and from itself."""

SHARED = {
    "record", "canonical", "distribution", "locations", "database", "storage", "settings", "home", "holding", "whole",
}  # fmt: skip
"""Modules beside the rooms. ``home`` binds rooms together, so the rooms below it may not use it."""

DAGSTER_ROOMS = {"orchestration", "definitions"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    for name in imports(path):
        if not name.startswith("radeng_assets.") or room not in ROOMS:
            continue
        other = name.split(".")[1]
        if other in SHARED:
            assert other != "home" or room in ("readiness", "keeping", "telemetry", "orchestration", "cli"), name
        else:
            assert ROOMS.index(other) <= ROOMS.index(room), f"{path} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_orchestration_imports_dagster(path: Path) -> None:
    for name in imports(path):
        if name.split(".")[0].startswith("dagster"):
            assert room_of(path) in DAGSTER_ROOMS, f"{path} imports {name}"


def test_every_room_is_known() -> None:
    folders = {p.name for p in PACKAGE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert folders == set(ROOMS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_belongs_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_command_line_starts_without_what_takes_seconds_to_import() -> None:
    heavy = ("dagster", "anthropic", "pandas")
    asked = f"import sys, radeng_assets.cli.app; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
