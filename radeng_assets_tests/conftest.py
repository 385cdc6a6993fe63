"""Fixtures that every room's tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from filelock import FileLock
from hypothesis import settings

from radeng_assets.database import ADDRESS
from radeng_assets_tests.folders import make_target, write_folder

if TYPE_CHECKING:
    from radeng_assets_tests.postgres_server import Server

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
ARTIFACTS = ROOT / "artifacts"

# What lands must not hang on luck: the same examples every time. `make search` looks for new ones.
settings.register_profile("repeat", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


LONGEST_FIRST = ("truth/", "cli/", "docs/", "web/", "orchestration/", "execution/")
"""Rooms with tests that take tens of seconds. They begin first, so that no worker waits for another's at the end."""


STORAGES = ("sqlite", "postgres")


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "where the tests' Dagster instances keep their runs; modules marked `storages` use both unless it is given"
    parser.addoption("--storage", choices=STORAGES, help=text)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("storages") and not metafunc.config.getoption("storage"):
        metafunc.parametrize("storage", STORAGES, indirect=True, scope="module")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real Postgres, one for each process of the suite that wants one."""
    from radeng_assets_tests.postgres_server import Server  # what only few tests need is not imported for all

    server = Server().start()
    yield server
    server.stop()


@pytest.fixture(scope="module", autouse=True)
def storage(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where runs are kept: SQLite in each home, or a database that a module's homes share."""
    kind: str = getattr(request, "param", request.config.getoption("storage") or "sqlite")
    with pytest.MonkeyPatch.context() as patch:
        if kind == "postgres":
            patch.setenv(ADDRESS, request.getfixturevalue("postgres").database())
        else:
            patch.delenv(ADDRESS, raising=False)
        yield kind


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        room = item.path.relative_to(HERE).as_posix()
        return next((n for n, prefix in enumerate(LONGEST_FIRST) if room.startswith(prefix)), len(LONGEST_FIRST))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking through it for garbage took a twelfth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


@pytest.fixture(scope="session")
def real_folder() -> Path:
    """The published planning folder of rad-engineer-v2, beside the checkout. Input, never ours."""
    folder = ROOT.parent / "shared" / "data" / "rad-engineer-v2"
    assert folder.is_dir(), f"{folder} is missing: the suite reads the real documents from there"
    return folder


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that ``make`` fills once for all processes of the suite. Whoever changes something in it copies it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            # In SQLite, because each process of the suite has a Postgres of its own.
            with mock.patch.dict(os.environ):
                os.environ.pop(ADDRESS, None)
                make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def ready_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, walked to READY. ``truth.state.State`` copies it."""
    from radeng_assets_tests.truth.state import make_ready  # what only few tests need is not imported for all

    return once(tmp_path_factory, "ready", make_ready)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, storage: str) -> Iterator[None]:
    """No setting of the machine or of another test reaches a test, and none leaks out of it."""
    for name in list(os.environ):
        if (name.startswith("RADENG_") and name != ADDRESS) or name == "DAGSTER_HOME":
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
