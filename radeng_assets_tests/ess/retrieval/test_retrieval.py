"""The labelled questions about this repository find their files. Quality, not time: the same on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.execution.git import TargetRepository
from radeng_assets_tests.ess.retrieval.measure import (
    ROOT,
    Quality,
    own_repository,
    paths_of,
    plain_fts5,
    quality,
    questions,
)

RECALL = 0.9
MRR = 0.75


@pytest.fixture(scope="module")
def qualities(tmp_path_factory: pytest.TempPathFactory) -> tuple[Quality, Quality]:
    """Ours and that of plain FTS5, over the same files and questions."""
    scratch: Path = tmp_path_factory.mktemp("retrieval")
    folder = own_repository(scratch)
    with CodeIndex.build(scratch / "home", TargetRepository.open(folder), "HEAD") as index:
        return quality(paths_of(index), questions()), quality(plain_fts5(folder), questions())


def test_the_questions_are_enough_and_have_answers() -> None:
    asked = questions()
    assert len(asked) >= 40
    assert len({question.text for question in asked}) == len(asked)
    for question in asked:
        for path in question.paths:
            assert (ROOT / path).is_file(), f"{question.text}: {path}"


def test_questions_find_their_files(qualities: tuple[Quality, Quality]) -> None:
    ours, _ = qualities
    assert ours.recall >= RECALL, ours.missed
    assert ours.mrr >= MRR


def test_plain_full_text_search_does_not_do_as_well(qualities: tuple[Quality, Quality]) -> None:
    ours, plain = qualities
    assert ours.recall > plain.recall
    assert ours.mrr > plain.mrr
