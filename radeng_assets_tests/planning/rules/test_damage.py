"""Whatever is done to the documents, the audit ends: no exception, every place in a file, the same findings twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.plans import write_plan
from radeng_assets.planning.audit import audit
from radeng_assets.planning.folder import Sources, read_planning, read_sources
from radeng_assets.planning.source import Source
from radeng_assets.planning.trace.matrix import trace
from radeng_assets_tests.planning.mutations import KINDS, Edit, damage, edits

DOCUMENTS = (
    "README.md",
    "COMPREHENSIVE-GAP-ANALYSIS.yaml",
    "RISK-ASSESSMENT.md",
    "TESTING-REQUIREMENTS.md",
    "MASTER-IMPLEMENTATION-PLAN.md",
    "EXECUTION-PLAN.yaml",
    "verification.yaml",
)
TODAY = date(2026, 11, 23)


class Whole:
    """A folder before the damage. No record, because hypothesis would print all of it."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    def damaged(self, name: str, damages: list[Edit]) -> Sources:
        # As text is that was read from a file: newlines alike, nothing that UTF-8 cannot hold.
        text = damage(self.sources.sources[name].text, damages).encode("utf-8", "replace").decode("utf-8")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return Sources(sources={**self.sources.sources, name: Source(name, text, "")})

    def without(self, names: set[str]) -> Sources:
        return Sources(sources={name: one for name, one in self.sources.sources.items() if name not in names})


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Small, so that one edit in a hundred lines hits something that a rule looks at."""
    return Whole(read_sources(write_plan(tmp_path_factory.mktemp("small") / "plan", 12)))


@pytest.fixture(scope="module")
def real(real_folder: Path) -> Whole:
    return Whole(read_sources(real_folder))


def assert_audited(sources: Sources) -> None:
    found = audit(sources, TODAY)
    for finding in found.findings:
        for place in finding.at:
            assert place.line is None or 1 <= place.line <= sources.sources[place.file].text.count("\n") + 1
    assert found == audit(sources, TODAY)
    trace(read_planning(sources))


@settings(max_examples=150)
@given(name=st.sampled_from(DOCUMENTS), damages=edits(KINDS, most=6))
def test_a_damaged_small_folder_is_audited(small: Whole, name: str, damages: list[Edit]) -> None:
    assert_audited(small.damaged(name, damages))


@settings(max_examples=40)
@given(name=st.sampled_from(DOCUMENTS[:-1]), damages=edits(KINDS, most=6))
def test_the_damaged_real_folder_is_audited(real: Whole, name: str, damages: list[Edit]) -> None:
    assert_audited(real.damaged(name, damages))


@settings(max_examples=30)
@given(missing=st.sets(st.sampled_from(DOCUMENTS)))
def test_any_document_may_be_missing(small: Whole, missing: set[str]) -> None:
    assert_audited(small.without(missing))
