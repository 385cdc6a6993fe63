"""Faults to seed into the consistent folder, one at a time: where, what, and which rule must name whom.

A fault replaces the first ``old`` after ``anchor`` by ``new``. Every rule of the book has one at least; the
suite fails for a rule without.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

README = "README.md"
GAPS = "COMPREHENSIVE-GAP-ANALYSIS.yaml"
RISKS = "RISK-ASSESSMENT.md"
TESTS = "TESTING-REQUIREMENTS.md"
MASTER = "MASTER-IMPLEMENTATION-PLAN.md"
PLAN = "EXECUTION-PLAN.yaml"
PROOFS = "verification.yaml"

STORIES = 12
"""Size of the folder that faults are seeded into: three waves of four, and the UI track."""


CRITERIA = "        acceptance_criteria:\n" + "".join(f'          - "Property {n} of 3 holds"\n' for n in range(4))
EMPTY_STORY = """\
      - id: S-50
        title: Do something
        points: 3
        agent: developer
        dependencies: []
        tasks:
          - {id: "50.1", description: Do it}
"""


@dataclass(frozen=True)
class Fault:
    rule: str
    subject: str
    file: str
    anchor: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.rule}-{self.subject}-{self.file.split('.')[0]}"

    def seed(self, folder: Path) -> int:
        """Seed the fault; the line (from 1) where the text was changed."""
        path = folder / self.file
        text = path.read_text("utf-8")
        start = text.index(self.old, text.index(self.anchor))
        path.write_text(text[:start] + self.new + text[start + len(self.old) :], encoding="utf-8")
        return text.count("\n", 0, start) + 1


def fault(rule: str, subject: str, file: str, anchor: str, old: str, new: str) -> Fault:
    return Fault(rule, subject, file, anchor, old, new)


FAULTS = (
    # --- counts
    fault("gap-count-differs", "total_gaps_identified", GAPS, "total_gaps", "8", "9"),
    fault("gap-count-differs", "total_gaps_identified", README, "Key Findings", "**8 total", "**7 total"),
    fault("gap-count-differs", "high_gaps", README, "Key Findings", "**2 high-priority", "**3 high-priority"),
    fault("gap-count-differs", "critical_gaps", GAPS, "critical_gaps", "2", "1"),
    fault("gap-count-differs", "medium_low_gaps", README, "Key Findings", "**4 medium", "**5 medium"),
    fault("gap-category-count-differs", "Platform", README, "Categories", "(8 gaps)", "(6 gaps)"),
    fault("gap-category-count-differs", "categories", README, "Key Findings", "1 categories", "2 categories"),
    fault("gap-effort-differs", "total_effort_estimate", GAPS, "story_points", "40", "41"),
    fault("risk-count-differs", "high risks", RISKS, "Risk Profile", "High Risks: 1", "High Risks: 2"),
    fault("risk-count-differs", "low risks", README, "RISK-ASSESSMENT", "1 low", "3 low"),
    fault("risk-response-count-differs", "MITIGATE", RISKS, "Response Type", "| 4 |", "| 5 |"),
    fault("story-count-differs", "total_stories", PLAN, "meta:", "total_stories: 12", "total_stories: 13"),
    fault("story-count-differs", "total_stories", README, "Success Criteria", "All 12 stories", "All 11 stories"),
    fault("story-count-differs", "total_stories", MASTER, "Total Scope", "across 12", "across 14"),
    fault("point-count-differs", "total_points", PLAN, "meta:", "total_points: 36", "total_points: 63"),
    fault("point-count-differs", "total_points", README, "Scope", "36 story points", "39 story points"),
    fault("wave-count-differs", "waves", README, "Scope", "across 3 waves", "across 4 waves"),
    fault("wave-count-differs", "waves", MASTER, "Final Gate", "All 3 waves", "All 5 waves"),
    fault("wave-total-differs", "wave-2", MASTER, "### Wave 2", "(12 points", "(13 points"),
    fault("wave-total-differs", "wave-3", README, "Wave 3", "3 stories", "4 stories"),
    fault("wave-total-differs", "ui-integration", MASTER,
          "Summary", "| UI Integration | 1 | 3", "| UI Integration | 1 | 5"),
    fault("progress-table-differs", "Summary: points", MASTER, "Summary", "**36**", "**37**"),
    fault("progress-summary-differs", "progress", PLAN, "progress:", "pending: 12", "pending: 10"),
    fault("progress-summary-differs", "percentage", PLAN, "progress:", "percentage: 0", "percentage: 85"),
    fault("progress-summary-differs", "completed", PLAN, "wave_status", "wave-1: pending", "wave-1: completed"),
    fault("progress-status-differs", "wave-2", MASTER, "Summary", "| 4 | 12 | pending |\n| Wave 3",
          "| 4 | 12 | completed |\n| Wave 3"),
    fault("progress-status-differs", "S-4", MASTER, "Tracker", "[ ] S-4:", "[x] S-4:"),
    fault("progress-status-differs", "stories_completed", README, "Success Criteria", "[ ] All", "[x] All"),
    fault("scope-differs", "UI Integration", MASTER, "**UI Integration", "3 story points (1", "8 story points (1"),
    fault("scope-differs", "PRODUCTION READINESS", README, "Dependency Rel", "READINESS (36", "READINESS (47"),
    fault("duration-differs", "estimated_weeks", PLAN, "meta:", "8-12", "6-8"),
    fault("duration-differs", "estimated_weeks", GAPS, "estimated_weeks", "8-12", "10-14"),
    fault("test-effort-differs", "Unit Tests", README, "Testing Categories", "70%", "60%"),
    fault("coverage-target-differs", "test_coverage_minimum", PLAN, "constraints", "0.80", "0.70"),
    fault("coverage-target-differs", "Unit Test Coverage", README, "Coverage Targets", ">= 80%", ">= 85%"),
    fault("coverage-claim-contradicted", "test coverage", PLAN,
          "vision", "Make it ready.", "From 97% test coverage on."),
    fault("load-criterion-differs", "100 agents", README, "Load test", "<5%", "<2%"),
    fault("load-criterion-differs", "10 agents", PLAN, "S-1", "10 agents: <1%", "10 agents: <3%"),
    # --- identity
    fault("duplicate-id", "GAP-002", GAPS, "gaps:\n", "- id: GAP-003", "- id: GAP-002"),
    fault("duplicate-id", "R-001", RISKS, "## High", "### R-002", "### R-001"),
    fault("duplicate-id", "S-4", MASTER, "## Story 6", "**ID**: S-5", "**ID**: S-4"),
    fault("duplicate-id", "0.1", PLAN, "waves:", 'id: "0.2"', 'id: "0.1"'),
    fault("story-missing", "S-99", MASTER, "## Story 6", "**ID**: S-5", "**ID**: S-99"),
    fault("story-missing", "S-5", MASTER, "## Story 6", "**ID**: S-5", "**ID**: S-99"),
    fault("wave-missing", "wave-7", README, "**Waves**", "Wave 3: Part 3", "Wave 7: Part 7"),
    fault("story-title-differs", "S-3", PLAN, "id: S-3", "Part number 3", "Something else entirely"),
    fault("story-points-differ", "S-2", PLAN, "id: S-2", "points: 3", "points: 5"),
    fault("story-points-differ", "S-6", MASTER, "Tracker", "Part number 6 (3 pts)", "Part number 6 (8 pts)"),
    fault("story-agent-differs", "S-2", MASTER, "**ID**: S-2", "developer", "planner"),
    fault("story-dependencies-differ", "S-2", MASTER, "**ID**: S-2", "S-1", "S-0"),
    fault("story-dependencies-differ", "S-6", MASTER, "Tracker", "depends: S-5", "depends: S-4"),
    fault("story-tasks-differ", "S-0", MASTER, "## Story 1", "- Task 0.5: Step 5 of it\n", ""),
    fault("criteria-count-differs", "S-4", MASTER, "**ID**: S-4", "- [ ] Property 3 of 4 holds\n", ""),
    fault("story-files-differ", "S-4", MASTER, "**ID**: S-4", "src/part4/file5.ts", "src/part4/other.ts"),
    fault("story-wave-differs", "S-5", MASTER, "**ID**: S-5", "Wave 2, Agent", "Wave 3, Agent"),
    fault("wave-name-differs", "wave-2", PLAN, "id: wave-2", '"Part 2"', '"Reliability"'),
    fault("wave-mode-differs", "wave-1", PLAN, "id: wave-1", "parallel: true", "parallel: false"),
    fault("wave-mode-differs", "wave-2", README,
          "**Waves**", "4 stories, PARALLEL)\n3.", "4 stories, SEQUENTIAL)\n3."),
    fault("wave-mode-differs", "wave-2", PLAN, "id: wave-2", "    parallel: true\n", ""),
    fault("wave-name-differs", "wave_2_polish", GAPS, "wave_assignment", "wave_2_part_2", "wave_2_polish"),
    fault("gap-placed-wrongly", "GAP-004", GAPS, "wave_assignment", ", GAP-004]", "]"),
    fault("gap-placed-wrongly", "GAP-006", GAPS, "high_priority", "    - GAP-006\n", ""),
    fault("gap-placed-wrongly", "GAP-002", GAPS, "wave_2", "[GAP-005", "[GAP-002, GAP-005"),
    fault("blocking-list-differs", "GAP-005", README, "Blocking", "(GAP-005)", "(GAP-001)"),
    fault("readme-risk-differs", "R-001", README, "Top Risks", "HIGH impact", "LOW impact"),
    fault("readme-risk-differs", "R-003", README, "RISK-ASSESSMENT", "(R-002)", "(R-003)"),
    fault("tracker-differs", "S-9", MASTER, "Tracker", "  [ ] S-9: Part number 9 (3 pts) - depends: S-8\n", ""),
    fault("tracker-differs", "S-77", MASTER, "Tracker", "[ ] S-10:", "[ ] S-77:"),
    fault("document-version-differs", "RISK-ASSESSMENT.md: version", RISKS,
          "Monitoring", "Version**: 1.0.0", "Version**: 2.0.0"),
    fault("gate-commands-differ", "post_story", PLAN, "post_story", '"npm run lint", ', ""),
    fault("gate-commands-differ", "post_story", MASTER, "Per-Story", "npm run lint", "npm run types"),
    # --- graph
    fault("unknown-id", "GAP-099", GAPS, "id: GAP-005", "GAP-001", "GAP-099"),
    fault("unknown-id", "GAP-042", PLAN, "addresses", "GAP-001", "GAP-042"),
    fault("unknown-id", "R-099", RISKS, "Matrix", "R-003", "R-099"),
    fault("unknown-id", "R-098", PROOFS, "mitigates", "R-001", "R-098"),
    fault("unknown-id", "wave-8", PLAN, "wave_status", "wave-3: pending", "wave-8: pending"),
    fault("self-dependency", "S-1", PLAN, "id: S-1", "[S-0]", "[S-1]"),
    fault("self-dependency", "GAP-005", GAPS, "id: GAP-005", "[GAP-001]", "[GAP-005]"),
    fault("self-dependency", "wave-2", PLAN, "id: wave-2", "[wave-1]", "[wave-2]"),
    fault("dependency-cycle", "GAP-001", GAPS, "id: GAP-001", "dependencies: []", "dependencies: [GAP-005]"),
    fault("dependency-cycle", "S-1", MASTER, "**ID**: S-1\n", "Dependencies**: S-0", "Dependencies**: S-2"),
    fault("gap-dependencies-differ", "GAP-007", GAPS, "id: GAP-007", "dependencies: []", "dependencies: [GAP-001]"),
    fault("gap-dependencies-differ", "GAP-006", GAPS, "\ndependencies:", "  GAP-006: [GAP-001]\n", ""),
    fault("dependency-on-unordered-wave", "S-8", PLAN, "id: S-8", "dependencies: []", "dependencies: [UI-S1]"),
    fault("dependency-on-unordered-wave", "S-2", PLAN, "id: S-2", "[S-1]", "[S-9]"),
    fault("dependency-on-later-wave", "S-2", MASTER, "**ID**: S-2", "S-1", "S-9"),
    fault("drawn-order-differs", "wave-3", PLAN, "id: wave-3", "[wave-2]", "[wave-1]"),
    fault("gap-order-contradicted", "GAP-005", GAPS, "wave_1", "[GAP-001, ", "[GAP-005, "),
    fault("gap-order-contradicted", "GAP-001", GAPS, "id: GAP-001", "dependencies: []", "dependencies: [GAP-008]"),
    # --- values
    fault("level-outside-vocabulary", "GAP-003", GAPS, "id: GAP-003", "MEDIUM", "MODERATE"),
    fault("level-outside-vocabulary", "R-002", RISKS, "### R-002", "| Probability | HIGH", "| Probability | LIKELY"),
    fault("level-outside-vocabulary", "part0/", TESTS, "Module", "| HIGH |", "| URGENT |"),
    fault("status-outside-vocabulary", "wave-2", PLAN, "wave_status", "wave-2: pending", "wave-2: almost"),
    fault("status-outside-vocabulary", "LLM04", TESTS, "LLM04", "REQUIRED", "WHENEVER"),
    fault("agent-outside-vocabulary", "S-3", PLAN, "id: S-3", "developer", "wizard"),
    fault("number-out-of-range", "S-2", PLAN, "id: S-2", "points: 3", "points: -3"),
    fault("number-out-of-range", "max_parallel_agents", PLAN, "constraints", "agents: 3", "agents: 0"),
    fault("number-out-of-range", "task", PLAN, "task_scope", "2000", "0"),
    fault("fraction-out-of-range", "test_coverage_minimum", PLAN, "constraints", "0.80", "80"),
    fault("fraction-out-of-range", "percentage", PLAN, "progress:", "percentage: 0", "percentage: 140"),
    fault("fraction-out-of-range", "part0/: target", TESTS, "Module", "80%", "180%"),
    fault("limit-order-contradicted", "100 agents", TESTS, "Load Testing", "< 5% error", "< 0.5% error"),
    fault("criteria-missing", "S-3", PLAN, "id: S-3", CRITERIA, "        acceptance_criteria: []\n"),
    fault("story-incomplete", "S-3", PLAN, "id: S-3", "        points: 3\n", ""),
    fault("story-incomplete", "S-6", PLAN, "id: S-6", "        agent: developer\n", ""),
    fault("story-incomplete", "S-2", PLAN, "id: S-2", '            description: "Step 1 of it"\n', ""),
    fault("story-incomplete", "S-1", MASTER, "**ID**: S-1", "**Agent**: developer\n", ""),
    fault("gap-incomplete", "GAP-003", GAPS, "id: GAP-003", "    severity: MEDIUM\n", ""),
    fault("gap-incomplete", "GAP-004", GAPS, "id: GAP-004", '    title: "Part number 3 missing"\n', ""),
    fault("gate-without-command", "post_wave", PLAN, "post_wave", '["npm run lint", "npm test -- --coverage"]', "[]"),
    fault("gate-without-command", "pre_story", PLAN, "pre_story", '"npm run lint"', '"true"'),
    fault("gate-without-command", "post_story", PLAN, "post_story:", '["', '["true || '),
    fault("proof-cannot-fail", "S-0", PROOFS, "S-0", "npm test -- part0", "true"),
    fault("date-impossible", "README.md: generated", README, "Generated", "2026-01-14", "2026-02-30"),
    fault("date-impossible", "RISK-ASSESSMENT.md: last_updated", RISKS, "Last Updated", "2026-01-15", "2025-01-15"),
    # --- judgement
    fault("tier-severity-differs", "GAP-002", GAPS, "id: GAP-002", "severity: HIGH", "severity: LOW"),
    fault("category-severity-differs", "Platform", GAPS, "severity_overall", "CRITICAL", "LOW"),
    fault("risk-score-differs", "R-003", RISKS, "### R-003", "| Impact | MEDIUM", "| Impact | LOW"),
    fault("risk-order-contradicted", "R-001", RISKS, "### R-001", "Score | CRITICAL", "Score | LOW"),
    fault("risk-section-differs", "R-004", RISKS, "### R-004", "Score | LOW", "Score | MEDIUM"),
    fault("matrix-differs", "R-001", RISKS, "Matrix", "│ R-002 │ R-001 │", "│ R-001, R-002 │  │"),
    fault("matrix-differs", "R-004", RISKS, "Matrix", "R-004", ""),
    fault("matrix-differs", "R-003", RISKS, "Matrix", "│ R-002 │", "│ R-002, R-003 │"),
    fault("risk-response-differs", "R-004", RISKS, "Response Type", "R-001 through R-004", "R-001 through R-003"),
    fault("risk-response-differs", "R-002", RISKS, "### R-002", "REQUIRES_ACTION", "ACCEPTED_RISK"),
    fault("accepted-risk-mitigated", "ACCEPT", RISKS,
          "Response Type", "| ACCEPT | 0 | - |", "| ACCEPT | 1 | R-004 |"),
    fault("blocking-severity-differs", "GAP-001", README, "Blocking", "| CRITICAL |", "| HIGH |"),
    fault("sequential-wave-contradicted", "S-1", MASTER,
          "4 stories, PARALLEL", "4 stories, PARALLEL)", "4 stories, SEQUENTIAL)"),
    fault("state-contradicted", "ESS", RISKS, "**Description**", "Part 0 may fail.", "ESS is deployed and may fail."),
    fault("cadence-contradicted", "Critical", RISKS, "Cadence", "Daily review", "Monthly review"),
    fault("evidence-lines-differ", "GAP-002", GAPS, "id: GAP-002", 'lines: "10-20"', 'lines: "30-40"'),
    # --- hazards
    fault("file-shared-in-parallel", "S-3", PLAN, "id: S-3", "src/part3/file2.ts", "src/part0/file2.ts"),
    fault("file-shared-in-parallel", "S-3", MASTER, "**ID**: S-0",
          "- `src/part0/file5.ts` (new)", "- All `part3/*.ts` files"),
    fault("file-shared-in-parallel", "S-3", PLAN, "id: S-0", "src/part0/file0.ts", "src/part3/*.ts"),
    fault("story-without-substance", "S-50", PLAN,
          "stories:", "      - id: S-1\n", EMPTY_STORY + "      - id: S-1\n"),
    fault("human-step", "S-5", PLAN, "id: S-5", "Step 2 of it", "Obtain approval from the board"),
    fault("criterion-without-proof", "S-0", PROOFS, "S-0", '      2: {command: "npm test -- part0"}\n', ""),
    fault("agent-limit-exceeded", "S-4", MASTER, "**ID**: S-4", "Agent 2", "Agent 9"),
    # --- intent
    fault("gap-without-story", "GAP-001", PLAN, "id: S-0", "        addresses: [GAP-001]\n", ""),
    fault("risk-unanswered", "R-001", PROOFS, "S-0", "    mitigates: [R-001]\n", ""),
    fault("risk-unanswered", "R-002", RISKS, "### R-002", "**Owner**: Lead\n", ""),
    fault("risk-unanswered", "R-001", RISKS, "### R-001", "**Mitigation**:\n1. Test it\n", ""),
    fault("success-criterion-unfed", "ess_integration", PLAN, "waves:", "Index the code with ESS", "Index the code"),
    fault("success-criterion-missing", "load_test", README, "Success Criteria",
          "- [ ] Load test passes (100+ agents, <5% error rate)\n", ""),
    fault("blocking-issue-dangling", "Part number 0 missing", README,
          "Blocking", "GAP-ANALYSIS.yaml (GAP-001)", "nobody"),
    fault("test-requirement-unplanned", "OWASP", PLAN,
          "waves:", "Run the security audit by the OWASP LLM " "Top 10", "Run it"),
    fault("test-file-unplanned", "src/nowhere/a.ts", TESTS, "1.1 First", "src/part0/file0.ts", "src/nowhere/a.ts"),
    fault("module-unplanned", "elsewhere/", TESTS, "Module", "part0/", "elsewhere/"),
    fault("module-target-below-whole", "part0/", TESTS, "Module", "80%", "60%"),
    fault("standard-outdated", "OWASP LLM Top 10", TESTS, "LLM10", "Unbounded Consumption", "Model Theft"),
    fault("owasp-incomplete", "LLM10", TESTS, "LLM09", "| LLM10: Unbounded Consumption | Try it | REQUIRED |\n", ""),
)  # fmt: skip
