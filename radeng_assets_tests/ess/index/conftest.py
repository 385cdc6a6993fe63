"""One index of ``trees.TREE`` for all tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.execution.git import TargetRepository
from radeng_assets_tests.ess.index.trees import TREE, repository


@pytest.fixture(scope="session")
def tree_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of ``TREE``, not to be changed."""
    folder = tmp_path_factory.mktemp("tree") / "repository"
    repository(folder, TREE)
    return folder


@pytest.fixture(scope="session")
def index(tree_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeIndex]:
    """The index of ``TREE``."""
    with CodeIndex.build(tmp_path_factory.mktemp("home"), TargetRepository.open(tree_folder), "HEAD") as built:
        yield built
