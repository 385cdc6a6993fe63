"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from radeng_assets_tests.folders import make_target, write_folder

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ROOT / "artifacts"

# What lands must not hang on luck: the same examples every time. `make search` looks for new ones.
settings.register_profile("repeat", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


@pytest.fixture(scope="session")
def real_folder() -> Path:
    """The published planning folder of rad-engineer-v2, beside the checkout. Input, never ours."""
    folder = ROOT.parent / "shared" / "data" / "rad-engineer-v2"
    assert folder.is_dir(), f"{folder} is missing: the suite reads the real documents from there"
    return folder


@pytest.fixture(scope="session")
def ready_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, walked to READY once for all processes of the suite. ``truth.state.State`` copies it."""
    from radeng_assets_tests.truth.state import make_ready  # what only few tests need is not imported for all

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / "ready", shared / "ready.done"
    with FileLock(shared / "ready.lock"):
        if not done.exists():
            make_ready(folder)
            done.touch()
    return folder


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the machine or of another test reaches a test, and none leaks out of it."""
    for name in list(os.environ):
        if name.startswith("RADENG_") or name == "DAGSTER_HOME":
            monkeypatch.delenv(name)
    before = set(os.environ)
    yield
    for name in set(os.environ) - before:
        if name.startswith("RADENG_") or name == "DAGSTER_HOME":
            del os.environ[name]


@pytest.fixture
def plan_folder(tmp_path: Path) -> Path:
    """A small sound planning folder (``folders.PLAN``)."""
    return write_folder(tmp_path / "plan")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A git repository that satisfies ``folders.PLAN``."""
    return make_target(tmp_path / "target")
