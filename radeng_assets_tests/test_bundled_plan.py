"""The bundled plan: every figure of the published one, none of its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from pydantic import BaseModel

from radeng_assets.distribution import bundled
from radeng_assets.planning.documents import (
    common,
    execution_plan,
    gap_analysis,
    master_plan,
    readme,
    risk_register,
    testing_requirements,
)
from radeng_assets.planning.folder import FILES, Planning, read_planning, read_sources
from radeng_assets.planning.located import Fact

PROSE: dict[type[BaseModel], set[str]] = {
    common.Header: {"purpose", "notes"},
    common.Task: {"description"},
    common.ChecklistItem: {"text"},
    common.Claim: {"label"},
    execution_plan.ExecutionPlan: {"vision", "capabilities", "checkpoints"},
    execution_plan.Wave: {"name"},
    execution_plan.Story: {"title", "criteria"},
    execution_plan.MemoryScope: {"content", "compression_trigger"},
    gap_analysis.GapAnalysis: {"summary", "blocking_issues", "claimed_weeks"},
    gap_analysis.Gap: {"title", "current_state", "target_state", "impact", "recommendation"},
    gap_analysis.GapEvidence: {"values"},
    master_plan.MasterPlan: {"claimed_duration"},
    master_plan.MasterStory: {"title", "files"},
    master_plan.MasterWave: {"name"},
    master_plan.ProgressTable: {"title"},
    master_plan.ProgressRow: {"wave"},
    master_plan.ScopeClaim: {"note"},
    master_plan.TrackerEntry: {"title", "tracker", "group"},
    master_plan.Checklist: {"title"},
    readme.ReadmeWave: {"name"},
    readme.BlockingIssue: {"issue"},
    readme.RelatedDocument: {"purpose"},
    readme.DocumentSection: {"purpose"},
    readme.Readme: {"top_risks", "coverage_targets"},
    risk_register.Risk: {"title", "description", "root_cause", "mitigations", "detection"},
    risk_register.ReviewCadence: {"every"},
    testing_requirements.CoverageTarget: {"name", "text"},
    testing_requirements.ModuleCoverage: {"section"},
    testing_requirements.OwaspItem: {"test"},
    testing_requirements.TestCase: {"name", "description", "section"},
    testing_requirements.TestCommand: {"purpose"},
    testing_requirements.TestFile: {"section"},
    testing_requirements.Prerequisite: {"text"},
}
"""Fields in which a document speaks in its own words. Of those only what is there counts, and how often."""


def figures(value: object) -> object:
    """A model without places and words: ids, numbers, statuses, and how many words there are of each kind."""
    if isinstance(value, BaseModel):
        words = PROSE.get(type(value), set())
        return {
            name: _how_many(field) if name in words else figures(field)
            for name, field in value
            if name not in ("file", "digest", "findings")
        }
    if isinstance(value, tuple):
        return [figures(item) for item in cast("tuple[object, ...]", value)]
    return cast("Fact[object]", value).value if isinstance(value, Fact) else value


def _how_many(words: object) -> int:
    return len(cast("tuple[object, ...]", words)) if isinstance(words, tuple) else 0


@pytest.fixture(scope="module")
def folder() -> Path:
    return bundled("plans") / "rad-engineer-v2"


@pytest.fixture(scope="module")
def ours(folder: Path) -> Planning:
    return read_planning(read_sources(folder))


@pytest.fixture(scope="module")
def published(real_folder: Path) -> Planning:
    return read_planning(read_sources(real_folder))


DOCUMENTS = [name for name in Planning.model_fields if name not in ("digest", "files", "findings")]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_figure_is_there(document: str, ours: Planning, published: Planning) -> None:
    assert figures(getattr(ours, document)) == figures(getattr(published, document))


def test_it_is_damaged_in_the_same_way(ours: Planning, published: Planning) -> None:
    def damage(planning: Planning) -> list[tuple[str, str]]:
        return [(f.rule, f.subject) for f in planning.findings if f.severity != "info"]

    assert damage(ours) == damage(published) == [("yaml-broken", "COMPREHENSIVE-GAP-ANALYSIS.yaml")]


RUN = 6
"""So many equal words in a row are copied words."""


def word_runs(text: str) -> Iterator[tuple[str, ...]]:
    """Runs of words within one line that are neither code, paths, commands, ids nor figures."""
    fenced = False
    for line in text.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
        if fenced or re.search(r"(command|pattern|pre_story|post_\w+): ", line):
            continue
        plain = re.sub(r"`[^`]*`|[\w.~-]*/[\w./*~-]+", " | ", line)
        words = re.findall(r"[a-z0-9']+|\|", plain.lower())
        for start in range(len(words) - RUN + 1):
            run = tuple(words[start : start + RUN])
            if "|" not in run and sum(word.isalpha() and len(word) > 2 for word in run) >= RUN - 1:
                yield run


STANDARD = {"owasp", "llm"}
"""Names of a public standard may stand wherever they like."""


def test_no_prose_is_copied(folder: Path, real_folder: Path) -> None:
    documents = [name for name, missing in FILES.items() if missing is not None]
    theirs = {run for name in documents for run in word_runs((real_folder / name).read_text("utf-8"))}
    assert len(theirs) > 1000
    copied = {
        " ".join(run)
        for name in documents
        for run in word_runs((folder / name).read_text("utf-8"))
        if run in theirs and not STANDARD & set(run)
    }
    assert copied <= {
        "effort estimate 54 story points total",
        "sdk best practices 18 story points",
        "total scope 204 story points across",
    }
