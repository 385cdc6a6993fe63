from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import radeng_assets
from radeng_assets.planning.documents.execution_plan import ExecutionPlan, Story, Wave
from radeng_assets.planning.documents.gap_analysis import Gap, GapAnalysis, GapCategory
from radeng_assets.planning.documents.verification import StoryVerification, Verification
from radeng_assets.planning.folder import Planning, read_planning, read_sources
from radeng_assets.planning.located import Fact
from radeng_assets.planning.trace.coverage import gap_stories
from radeng_assets.planning.trace.matrix import TraceRow, trace
from radeng_assets.planning.trace.suggest import LEAST_SCORE, MOST
from radeng_assets_tests.planning.trace.documents import GAPS, PLAN, read_folder


def row(planning: Planning, name: str) -> TraceRow:
    (found,) = (row for row in trace(planning).rows if row.id == name)
    return found


def test_shared_words_and_files_suggest_a_story_and_strangers_suggest_none(tmp_path: Path) -> None:
    planning = read_folder(tmp_path)
    (suggestion,) = row(planning, "LOG-1").suggested
    assert suggestion.story == "W1-S1"
    assert LEAST_SCORE <= suggestion.score <= 1
    assert suggestion.why == "words: console, json, line, logger; files: logger.ts"
    assert row(planning, "TAX-1").suggested == ()
    assert [one.story for one in row(planning, "R-001").suggested] == ["W1-S2"]


def test_shared_files_add(tmp_path: Path) -> None:
    with_file = row(read_folder(tmp_path), "LOG-1").suggested[0]
    another = GAPS.replace("src/logging/Logger.ts", "src/logging/Printer.ts")
    without = row(read_folder(tmp_path, gaps=another), "LOG-1").suggested[0]
    assert with_file.score > without.score
    assert "files" not in without.why


def test_the_master_plans_text_of_the_same_story_speaks_for_it(tmp_path: Path) -> None:
    master = "# Plan\n\n## Story 1: Payroll declarations\n\n**ID**: UI-S1\n\n### Tasks\n- Task 1: Ask an accountant\n"
    planning = read_folder(tmp_path, master=master)
    assert [one.story for one in row(planning, "TAX-1").suggested] == ["UI-S1"]


@pytest.mark.parametrize("name", ["LOG-1", "1e3", "yes", "a, b", 'say "so"', "# x", "null-1", "1-2"])
@pytest.mark.parametrize("before", [None, "addresses: [TAX-1]"])
def test_writing_the_line_makes_the_guess_a_link(tmp_path: Path, name: str, before: str | None) -> None:
    gaps = GAPS.replace("id: LOG-1", "id: '" + name + "'")
    stated = {"verification": f"stories:\n  W1-S1:\n    {before}\n"} if before else {}
    planning = read_folder(tmp_path, gaps=gaps, **stated)
    (suggestion,) = row(planning, name).suggested
    assert suggestion.where == "stories: W1-S1:"
    assert "\n" not in suggestion.line
    assert str(suggestion.replaces) == ("verification.yaml:3" if before else "None")
    # As a person would: the line under its keys, in place of the list that was there.
    written = read_folder(tmp_path, gaps=gaps, verification=f"stories:\n  W1-S1:\n    {suggestion.line}\n")
    assert not [finding for finding in written.findings if finding.at and finding.at[0].file == "verification.yaml"]
    linked = gap_stories(written)
    assert [link.source for link in linked[name]] == ["W1-S1"]
    assert [link.source for link in linked["TAX-1"]] == (["W1-S1"] if before else [])
    assert row(written, name).suggested == ()


def test_a_risks_line_extends_its_own_list(tmp_path: Path) -> None:
    verification = "stories:\n  W1-S2:\n    addresses: [TAX-1]\n    mitigates:\n      - R-777\n"
    (suggestion,) = row(read_folder(tmp_path, verification=verification), "R-001").suggested
    assert suggestion.line == "mitigates: [R-777, R-001]"
    assert str(suggestion.replaces) == "verification.yaml:5"


def test_a_link_to_a_gap_wave_still_leaves_room_for_a_guess_and_a_story_link_does_not(tmp_path: Path) -> None:
    gaps = GAPS + "---\nwave_assignment:\n  wave_1:\n    gaps: [LOG-1]\n"
    assert row(read_folder(tmp_path, gaps=gaps), "LOG-1").suggested
    planning = read_folder(tmp_path, gaps=gaps, plan=PLAN.replace("Window events", "Window events for LOG-1"))
    assert row(planning, "LOG-1").suggested == ()


# --- the published folder -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_folder: Path) -> dict[str, TraceRow]:
    return {row.id: row for row in trace(read_planning(read_sources(real_folder))).rows}


@pytest.mark.parametrize(
    ("name", "story"),
    [
        ("UI-001", "UI-S1"),
        ("UI-003", "UI-S3"),
        ("PROD-001", "W1-S2"),
        ("PROD-002", "W3-S1"),
        ("PROD-006", "W4-S1"),
        ("SEC-001", "W5-S1"),
        ("TEST-002", "W6-S2"),
        ("TEST-003", "W6-S3"),
        ("DOC-001", "W6-S4"),
        ("R-002", "UI-S1"),
        ("R-006", "W1-S2"),
        ("R-021", "W4-S4"),
    ],
)
def test_the_plain_cases_come_first(real: dict[str, TraceRow], name: str, story: str) -> None:
    assert real[name].suggested[0].story == story


@pytest.mark.parametrize("name", ["SDK-001", "ESS-001", "ESS-002", "SEC-004", "R-003", "R-012", "R-027"])
def test_what_no_story_is_about_gets_no_guess(real: dict[str, TraceRow], name: str) -> None:
    assert real[name].suggested == ()


def test_a_runner_up_is_shown_only_where_it_comes_close(real: dict[str, TraceRow]) -> None:
    assert [one.story for one in real["UI-002"].suggested] == ["UI-S2", "UI-S1"]
    assert [one.story for one in real["PROD-003"].suggested] == ["W3-S2"]


def test_no_guess_of_the_published_folder_counts(real_folder: Path, real: dict[str, TraceRow]) -> None:
    assert sum(bool(row.suggested) for row in real.values()) == 41
    assert not any(gap_stories(read_planning(read_sources(real_folder))).values())


# --- a guess never counts -------------------------------------------------------------------------

WORDS = st.sampled_from(["token", "bucket", "metric", "health", "shutdown", "lock", "audit", "trace", "window"])
PHRASES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@st.composite
def plannings(draw: st.DrawFn) -> Planning:
    """Folders whose gaps share words with stories, and some of whose stories say what they address."""
    gaps = [f"G-{n}" for n in range(draw(st.integers(1, 4)))]
    known = st.lists(st.sampled_from([*gaps, "G-99"]), max_size=2)
    line = iter(range(1, 1000))

    def facts(names: list[str]) -> tuple[Fact[str], ...]:
        return tuple(Fact(name, "f", next(line)) for name in names)

    stories = tuple(
        Story(id=Fact(f"S-{n}", "f", next(line)), title=Fact(draw(PHRASES), "f", 1), addresses=facts(draw(known)))
        for n in range(draw(st.integers(1, 6)))
    )
    entries = tuple(
        StoryVerification(story=story.id, addresses=facts(draw(known))) for story in stories if draw(st.booleans())
    )
    described = tuple(Gap(id=Fact(gap, "g", next(line)), title=Fact(draw(PHRASES), "g", 1)) for gap in gaps)
    return Planning(
        digest="",
        execution_plan=ExecutionPlan(file="f", waves=(Wave(id=Fact("w", "f", 1), stories=stories),)),
        gap_analysis=GapAnalysis(file="g", categories=(GapCategory(gaps=described),)),
        verification=Verification(file="v", stories=entries),
    )


@given(plannings())
def test_what_counts_is_what_somebody_wrote_whatever_is_guessed(planning: Planning) -> None:
    plan, verification = planning.execution_plan, planning.verification
    assert plan is not None
    assert verification is not None
    written: dict[str, set[str]] = {}
    for name, gaps in [
        *((story.id.value, story.addresses) for story in plan.stories),
        *((entry.story.value, entry.addresses) for entry in verification.stories),
    ]:
        for gap in gaps:
            written.setdefault(gap.value, set()).add(name)
    counted = gap_stories(planning)
    for row in trace(planning).of("gap"):
        expected = written.get(row.id, set())
        assert {link.source for link in counted[row.id]} == expected
        assert {link.source for link in row.counted} == expected
        assert not (row.suggested and row.counted)
        assert len(row.suggested) <= MOST
        scores = [one.score for one in row.suggested]
        assert scores == sorted(scores, reverse=True)
        assert all(LEAST_SCORE <= score <= 1 for score in scores)
    assert trace(planning) == trace(planning)


def test_nothing_that_counts_can_reach_the_guesses() -> None:
    """Read from the code: ``coverage`` and all that it imports, at any depth, never import ``suggest``."""
    root = Path(radeng_assets.__file__).parent.parent
    waiting, seen = ["radeng_assets.planning.trace.coverage"], set[str]()
    while waiting:
        name = waiting.pop()
        path = root.joinpath(*name.split(".")).with_suffix(".py")
        if name in seen or not path.is_file():
            continue
        seen.add(name)
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        waiting.extend(node.module or "" for node in nodes if isinstance(node, ast.ImportFrom))
    assert "radeng_assets.planning.trace.links" in seen
    assert not {name for name in seen if name.rsplit(".", 1)[1] in ("suggest", "bm25", "matrix", "table")}
