from __future__ import annotations

from pathlib import Path

from radeng_assets.planning.folder import Planning
from radeng_assets.planning.trace.success import SUCCESS_RULES, success_criteria, success_links
from radeng_assets.readiness.judge import CRITERIA
from radeng_assets_tests.planning.trace.documents import PLAN, README, read_folder


def links(planning: Planning) -> list[tuple[str, str, str, str]]:
    found = success_links(planning.execution_plan, planning.readme)
    return [(link.target, link.source, link.how, str(link.at)) for link in found]


def test_the_criteria_are_those_of_the_verdict() -> None:
    assert list(SUCCESS_RULES) == list(CRITERIA)


def test_criteria_are_the_readmes_lines_and_those_outside_the_contract_have_their_number(tmp_path: Path) -> None:
    planning = read_folder(tmp_path, readme=README)
    assert [(name, item.text.line) for name, item in success_criteria(planning.readme)] == [
        ("stories_completed", 5),
        ("load_test", 6),
        ("3", 7),
    ]
    assert list(success_criteria(None)) == []


def test_one_line_may_state_two_criteria_and_the_first_line_states_each(tmp_path: Path) -> None:
    readme = "## Success Criteria\n\n- [ ] Documentation of all stories\n- [ ] More documentation\n"
    planning = read_folder(tmp_path, readme=readme)
    assert [(name, item.text.line) for name, item in success_criteria(planning.readme)] == [
        ("stories_completed", 3),
        ("documentation", 3),
        ("2", 4),
    ]


def test_stories_by_rule_and_reports_by_name(tmp_path: Path) -> None:
    readme = (
        "## Success Criteria\n\n- [ ] Load test passes\n- [ ] UI integration works\n- [ ] ESS integration works\n"
        "- [ ] Stories done\n"
    )
    plan = PLAN.replace("Log lines are JSON", "Load-testing at 100 agents").replace("Rate limiting", "Lessen the ess")
    planning = read_folder(tmp_path, readme=readme, plan=plan)
    assert links(planning) == [
        ("load_test", "W1-S1", "by its words", "EXECUTION-PLAN.yaml:8"),
        ("load_test", "load_test_report", "report", "README.md:3"),
        ("ui_integration", "UI-S1", "its wave", "EXECUTION-PLAN.yaml:16"),
        ("ess_integration", "W1-S2", "by its words", "EXECUTION-PLAN.yaml:10"),
        ("ess_integration", "ess_index_snapshot", "report", "README.md:5"),
        ("stories_completed", "W1-S1", "every story", "EXECUTION-PLAN.yaml:4"),
        ("stories_completed", "W1-S2", "every story", "EXECUTION-PLAN.yaml:9"),
        ("stories_completed", "UI-S1", "every story", "EXECUTION-PLAN.yaml:16"),
    ]


def test_a_word_in_a_story_counts_for_nothing(tmp_path: Path) -> None:
    planning = read_folder(tmp_path, readme=README, plan=PLAN.replace("Log lines are JSON", "Load test passes"))
    counts = {link.source: link.counts for link in success_links(planning.execution_plan, planning.readme)[-2:]}
    assert counts == {"W1-S1": False, "load_test_report": True}
