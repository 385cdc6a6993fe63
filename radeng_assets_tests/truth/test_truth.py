"""Every fault brings the verdict down for the right reason, and no clean twin does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from radeng_assets_tests.truth.book import FAULTS, TWINS
from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Trial, tried

LEAST_FAULTS, LEAST_TWINS = 60, 15


def test_the_corpus_is_as_large_as_we_say() -> None:
    assert len(FAULTS) >= LEAST_FAULTS
    assert len(TWINS) >= LEAST_TWINS
    names = Counter(trial.name for trial in (*FAULTS, *TWINS))
    assert names.most_common(1)[0][1] == 1
    assert len({fault.criterion for fault in FAULTS}) == 8


@pytest.mark.parametrize("trial", [*FAULTS, *TWINS], ids=lambda trial: trial.name)
def test_the_verdict_is_right(trial: Trial, ready_example: Path, tmp_path: Path) -> None:
    assert tried(trial, State.copied(ready_example, tmp_path / "copy")) == ""
