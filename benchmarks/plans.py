"""Generated planning folders of any size from 9 stories: six documents and ``verification.yaml`` that agree.

Tests seed faults into a small one; benchmarks read and audit large ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

STORIES_PER_WAVE = 50
SMALL = 50
"""Up to so many stories, waves are of four."""
POINTS = 3
EFFORT = 5
AGENTS = 3
GATES = ("npm run lint", "npm test -- --coverage")
LEVELS = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
PAIRS = {
    "CRITICAL": ("HIGH", "HIGH"),
    "HIGH": ("HIGH", "MEDIUM"),
    "MEDIUM": ("MEDIUM", "MEDIUM"),
    "LOW": ("LOW", "LOW"),
}
"""A probability and an impact that give each score."""

SPECIAL = (
    "Run the security audit by the OWASP LLM Top 10",
    "Run the load test",
    "Write the documentation",
    "Index the code with ESS",
)
"""What the first stories do, so that every success criterion and test requirement is carried."""

OWASP = (
    *("Prompt Injection", "Sensitive Information Disclosure", "Supply Chain", "Data and Model Poisoning"),
    *("Improper Output Handling", "Excessive Agency", "System Prompt Leakage", "Vector and Embedding Weaknesses"),
    *("Misinformation", "Unbounded Consumption"),
)


def write_plan(folder: Path, stories: int) -> Path:
    """Write a consistent folder of ``stories`` stories (6 tasks and 4 criteria each), the last in the UI track."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = _Plan(stories)
    for name, lines in (
        ("README.md", plan.readme()),
        ("COMPREHENSIVE-GAP-ANALYSIS.yaml", plan.gaps()),
        ("RISK-ASSESSMENT.md", plan.risks()),
        ("TESTING-REQUIREMENTS.md", plan.tests()),
        ("MASTER-IMPLEMENTATION-PLAN.md", plan.master()),
        ("EXECUTION-PLAN.yaml", plan.execution()),
        ("verification.yaml", plan.verification()),
    ):
        with (folder / name).open("w", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)
    return folder


@dataclass(frozen=True)
class _Wave:
    """One wave: its number (0 for the UI track) and its stories, by number."""

    number: int
    stories: range

    @property
    def points(self) -> int:
        return POINTS * len(self.stories)

    @property
    def name(self) -> str:
        return f"Wave {self.number}: Part {self.number}" if self.number else "UI Integration"


@dataclass(frozen=True)
class _Plan:
    stories: int

    @cached_property
    def waves(self) -> list[_Wave]:
        """The numbered waves, then the UI track with the last story."""
        last = self.stories - 1
        starts = range(0, last, self.per_wave)
        numbered = [_Wave(n, range(start, min(start + self.per_wave, last))) for n, start in enumerate(starts, 1)]
        return [*numbered, _Wave(0, range(last, self.stories))]

    @property
    def per_wave(self) -> int:
        return STORIES_PER_WAVE if self.stories > SMALL else 4

    @property
    def gap_count(self) -> int:
        return max(8, self.stories // 10)

    def _needs(self, number: int) -> str:
        """Two gaps of the second wave need the first gap, a critical one of the first wave."""
        return f"[{_gap(0)}]" if number in (self.per_wave, self.per_wave + 1) else "[]"

    @property
    def risk_count(self) -> int:
        return max(4, self.stories // 20)

    def _severity(self, number: int) -> str:
        return LEVELS[number % 4]

    def _of(self, level: str, count: int) -> list[int]:
        return [number for number in range(count) if self._severity(number) == level]

    # --- README ---

    def readme(self) -> Iterator[str]:
        of = {level: len(self._of(level, self.gap_count)) for level in LEVELS}
        yield from ("# Plan", "", "> **Generated**: 2026-01-14", "> **Status**: READY", "", "## Documents", "")
        yield from ("### 1. COMPREHENSIVE-GAP-ANALYSIS.yaml", "**Purpose**: gaps", "", "**Key Findings**:")
        yield f"- **{self.gap_count} total gaps** identified across 1 categories"
        yield f"- **{of['CRITICAL']} critical gaps**"
        yield f"- **{of['HIGH']} high-priority gaps**"
        yield f"- **{of['MEDIUM'] + of['LOW']} medium/low gaps**"
        yield from ("", "**Categories**:", f"1. Platform ({self.gap_count} gaps)", "")
        yield from ("### 2. RISK-ASSESSMENT.md", "**Purpose**: risks", "", "**Key Findings**:")
        for level in LEVELS:
            ids = self._of(level, self.risk_count)
            yield (
                f"- **{len(ids)} {level.lower()} risks** ({', '.join(_risk(n) for n in ids[:3])})"
                if len(ids) < 4
                else (f"- **{len(ids)} {level.lower()} risks**")
            )
        yield from ("", "**Top Risks**:", f"1. {_risk_title(0)} (HIGH probability, HIGH impact)", "")
        yield from ("### 3. TESTING-REQUIREMENTS.md", "**Purpose**: tests", "", "**Coverage Targets**:")
        yield from ("- Unit Test Coverage: >= 80%", "- Security Test Coverage: 100% of OWASP LLM Top 10", "")
        yield from ("**Testing Categories**:", "1. Unit Tests (70% effort)", "2. Integration Tests (25% effort)")
        yield from ("3. E2E Tests (5% effort)", "", "### 4. MASTER-IMPLEMENTATION-PLAN.md", "**Purpose**: plan", "")
        yield from ("**Scope**:", f"- **{self.stories} stories** across {len(self.waves) - 1} waves + UI integration")
        yield from (f"- **{self.stories * POINTS} story points** total", "- **8-12 weeks** estimated duration", "")
        yield "**Waves**:"
        for index, wave in enumerate(self.waves, 1):
            yield f"{index}. {wave.name} ({wave.points} pts, {len(wave.stories)} stories, PARALLEL)"
        yield from (
            "",
            "### 5. EXECUTION-PLAN.yaml",
            "**Purpose**: machines",
            "",
            "## Dependency Relationships",
            "",
            "```",
        )
        numbered = sum(wave.points for wave in self.waves if wave.number)
        yield f"Original Plan ({numbered} pts)        UI Integration ({POINTS} pts)"
        yield f"          PRODUCTION READINESS ({self.stories * POINTS} pts)"
        shown = [f"Wave {wave.number}" for wave in self.waves if wave.number][:6]
        yield from (f"  {' ──► '.join(shown)}", "```", "", "## Critical Blocking Issues", "")
        yield from ("| Issue | Severity | Document Reference |", "|-------|----------|--------------------|")
        for number in self._of("CRITICAL", self.gap_count):
            yield f"| {_gap_title(number)} | CRITICAL | GAP-ANALYSIS.yaml ({_gap(number)}) |"
        yield from ("", "## Related Documents", "", "| Document | Location | Purpose |", "|---|---|---|")
        yield from ("| Notes | `docs/notes.md` | notes |", "", "## Success Criteria", "")
        yield from (f"- [ ] All {self.stories} stories completed", "- [ ] 80%+ test coverage achieved")
        yield from ("- [ ] Load test passes (100+ agents, <5% error rate)", "- [ ] Security audit passes")
        yield from ("- [ ] UI integration functional", "- [ ] ESS integration functional")
        yield from ("- [ ] Documentation complete", "- [ ] Stakeholder sign-off obtained", "", "---", "")
        yield from ("**Document Version**: 1.0.0", "**Last Updated**: 2026-01-15", "**Owner**: Team")

    # --- gaps ---

    def gaps(self) -> Iterator[str]:
        of = {level: len(self._of(level, self.gap_count)) for level in LEVELS}
        yield from (
            "---",
            "meta:",
            '  version: "1.0.0"',
            '  generated: "2026-01-14"',
            "---",
            "summary: What is missing.",
        )
        yield f"total_gaps_identified: {self.gap_count}"
        yield from (f"{level.lower()}_gaps: {count}" for level, count in of.items())
        yield "blocking_issues:"
        yield from (f'  - "{_gap_title(number)}"' for number in self._of("CRITICAL", self.gap_count))
        yield from ("---", 'category: "Platform"', "severity_overall: CRITICAL", "gaps:")
        for number in range(self.gap_count):
            state = f"Part {number} is not there"
            state = {1: f"{state} (line 10-20)", 3: "ESS: NOT STARTED"}.get(number, state)
            yield from (f"  - id: {_gap(number)}", f'    title: "{_gap_title(number)}"')
            yield from (f"    severity: {self._severity(number)}", f'    current_state: "{state}"')
            yield from (f'    target_state: "Part {number} is there"', "    impact: It cannot be used")
            yield from ("    evidence:", f'      file: "src/part{number}/file0.ts"', '      lines: "10-20"')
            yield "    recommendation: Build it"
            yield from (f'    effort_estimate: "{EFFORT} story points"', f"    dependencies: {self._needs(number)}")
        yield from ("---", "priority_order:")
        for level, name in zip(
            LEVELS, ("critical_path", "high_priority", "medium_priority", "low_priority"), strict=True
        ):
            yield from (f"  {name}:", *(f"    - {_gap(number)}" for number in self._of(level, self.gap_count)))
        yield from (
            "total_effort_estimate:",
            f"  story_points: {self.gap_count * EFFORT}",
            '  estimated_weeks: "8-12 weeks"',
        )
        yield "---"
        yield "dependencies:"
        yield from (f"  {_gap(n)}: {self._needs(n)}" for n in range(self.gap_count) if self._needs(n) != "[]")
        yield "wave_assignment:"
        for wave in self.waves:
            inside = [number for number in range(self.gap_count) if number in wave.stories]
            if wave.number and inside:
                yield from (f"  wave_{wave.number}_part_{wave.number}:", f"    gaps: [{', '.join(map(_gap, inside))}]")
                yield "    parallel: true"

    # --- risks ---

    def risks(self) -> Iterator[str]:
        yield from ("# Risks", "", "> **Version**: 1.0.0", "> **Generated**: 2026-01-14", "", "**Risk Profile**:")
        yield from (f"- {level.title()} Risks: {len(self._of(level, self.risk_count))}" for level in LEVELS)
        for level in LEVELS:
            yield from ("", "---", "", f"## {level.title()} Risks", "")
            for number in self._of(level, self.risk_count):
                probability, impact = PAIRS[level]
                yield from (f"### {_risk(number)}: {_risk_title(number)}", "", "| Attribute | Value |", "|---|---|")
                yield from (
                    f"| Probability | {probability} |",
                    f"| Impact | {impact} |",
                    f"| Risk Score | {level} |",
                    "",
                )
                yield from (f"**Description**: Part {number} may fail.", "", "**Mitigation**:", "1. Test it", "")
                yield from ("**Owner**: Lead", "**Status**: REQUIRES_ACTION", "")
        yield from ("---", "", "## Risk Matrix Summary", "", "```")
        yield "            │ LOW IMPACT │ MEDIUM IMPACT │ HIGH IMPACT │"
        for probability in ("HIGH", "MEDIUM", "LOW"):
            cells: list[str] = []
            for impact in ("LOW", "MEDIUM", "HIGH"):
                levels = [level for level, pair in PAIRS.items() if pair == (probability, impact)]
                cells.append(", ".join(_risk(n) for level in levels for n in self._of(level, self.risk_count)))
            yield f"{probability} PROB │ {' │ '.join(cells)} │"
        yield from ("```", "", "## Risk Response Summary", "", "| Response Type | Count | Examples |", "|---|---|---|")
        yield f"| MITIGATE | {self.risk_count} | {_risk(0)} through {_risk(self.risk_count - 1)} |"
        yield from ("| ACCEPT | 0 | - |", "", "## Monitoring", "", "### Risk Monitoring Cadence", "")
        yield from ("- **Critical Risks**: Daily review", "- **High Risks**: Weekly review")
        yield from ("- **Medium Risks**: Bi-weekly review", "- **Low Risks**: Monthly review", "", "---", "")
        yield from ("**Document Version**: 1.0.0", "**Last Updated**: 2026-01-15", "**Owner**: Team")

    # --- tests ---

    def tests(self) -> Iterator[str]:
        yield from ("# Tests", "", "> **Version**: 1.0.0", "> **Generated**: 2026-01-14", "", "**Coverage Targets**:")
        yield from ("- Unit Test Coverage: >= 80%", "- Security Test Coverage: 100% of OWASP LLM Top 10", "")
        yield from (
            "## 1. Unit Tests (70% of test effort)",
            "",
            "### 1.1 First",
            "",
            "**File**: `src/part0/file0.ts`",
            "",
        )
        yield from (
            "| Test Case | Description | Priority |",
            "|---|---|---|",
            "| It starts | Start it | CRITICAL |",
            "",
        )
        yield from ("## 2. Integration Tests (25% of test effort)", "", "### 2.1 Second", "")
        yield from ("**File**: `src/part1/file0.ts`", "", "## 3. End-to-End Tests (5% of test effort)", "")
        yield from ("### 3.1 Third", "", "**File**: `src/part2/file0.ts`", "", "## 4. Load Testing", "")
        yield from ("**Success Criteria**:", "- 10 agents: < 1% error rate, < 5s p99 latency")
        yield from ("- 100 agents: < 5% error rate, < 30s p99 latency", "", "## 5. Security Testing", "")
        yield from ("### 5.1 OWASP LLM Top 10 Testing", "", "| Vulnerability | Test | Status |", "|---|---|---|")
        yield from (f"| LLM{n:02}: {name} | Try it | REQUIRED |" for n, name in enumerate(OWASP, 1))
        yield from ("", "## 6. Test Infrastructure", "", "### 6.1 Commands", "", "```bash", "npm test", "```", "")
        yield from ("## 7. Coverage Requirements", "", "### 7.1 Minimum Coverage by Module", "")
        yield from (
            "| Module | Current | Target | Priority |",
            "|---|---|---|---|",
            "| part0/ | 50% | 80% | HIGH |",
            "",
            "---",
            "",
        )
        yield from ("**Document Version**: 1.0.0", "**Last Updated**: 2026-01-15", "**Owner**: Team")

    # --- master plan ---

    def master(self) -> Iterator[str]:
        points = self.stories * POINTS
        numbered = sum(wave.points for wave in self.waves if wave.number)
        yield from ("# Master plan", "", "> **Version**: 1.0.0", "> **Generated**: 2026-01-14", "")
        yield f"- **Original Plan**: {numbered} story points ({self.stories - 1} stories, {len(self.waves) - 1} waves)"
        yield from (f"- **UI Integration**: {POINTS} story points (1 stories)", "")
        yield f"**Total Scope**: {points} story points across {self.stories} stories"
        yield from (
            "**Estimated Duration**: 8-12 weeks (with 2-3 parallel agents per wave)",
            "",
            "---",
            "",
            "## Stories",
            "",
        )
        for wave in self.waves:
            if wave.number:
                yield f"### {wave.name} ({wave.points} points, {len(wave.stories)} stories, PARALLEL)"
            else:
                yield "## UI Integration Stories (Parallel Track)"
            yield from ("", "---", "")
            for number in wave.stories:
                yield from self._told(number, wave)
        yield from (
            "## Progress Tracking",
            "",
            "### Summary",
            "",
            "| Wave | Stories | Points | Status |",
            "|---|---|---|---|",
        )
        yield from (f"| {wave.name} | {len(wave.stories)} | {wave.points} | pending |" for wave in self.waves)
        yield from (f"| **Total** | **{self.stories}** | **{points}** | **pending** |", "")
        yield from ("### Story Status Tracker", "", "```")
        for wave in self.waves:
            yield wave.name if wave.number else "UI Integration (Parallel)"
            for number in wave.stories:
                before = self._before(number, wave)
                tail = f" - depends: {before}" if before else ""
                yield f"  [ ] {self._id(number)}: {self._title(number)} ({POINTS} pts){tail}"
            yield ""
        yield from ("```", "", "## Quality Gates", "", "### Per-Story Gates", "", "```bash", *GATES, "```", "")
        yield from (
            "### Final Gate",
            "",
            f"- [ ] All {len(self.waves) - 1} waves completed",
            "- [ ] Documentation complete",
        )
        yield from ("", "---", "", "**Document Version**: 1.0.0", "**Last Updated**: 2026-01-15")

    def _told(self, number: int, wave: _Wave) -> Iterator[str]:
        before = self._before(number, wave)
        yield from (
            f"## Story {number + 1}: {self._title(number)}",
            "",
            f"**ID**: {self._id(number)}",
            f"**Points**: {POINTS}",
        )
        yield from ("**Agent**: developer", f"**Dependencies**: {before or 'None'}", "", "### Tasks")
        yield from (f"- Task {number}.{task}: {self._task(number, task)}" for task in range(6))
        yield from ("", "### Tests", *(f"- [ ] {self._criterion(number, n)}" for n in range(4)), "", "### Files")
        yield from (f"- `src/part{number}/file{task}.ts` (new)" for task in range(6))
        agent = number % AGENTS + 1
        assigned = f"Wave {wave.number}, Agent {agent}" if wave.number else f"UI Wave 1, Agent {agent}"
        beside = f" (parallel with {self._id(3)})" if number == 1 else ""
        yield from ("", "### Wave Assignment", f"- {assigned}{beside}", "", "---", "")

    # --- execution plan ---

    def execution(self) -> Iterator[str]:
        yield from (
            "---",
            "meta:",
            '  version: "1.0.0"',
            '  generated: "2026-01-14"',
            f"  total_stories: {self.stories}",
        )
        yield from (f"  total_points: {self.stories * POINTS}", '  estimated_weeks: "8-12"', "---", "global:")
        yield from ("  vision: Make it ready.", "  constraints:", f"    - max_parallel_agents: {AGENTS}")
        yield from (
            "    - quality_gate_required: true",
            "    - test_coverage_minimum: 0.80",
            "    - typecheck_errors_allowed: 0",
        )
        gates = ", ".join(f'"{gate}"' for gate in GATES)
        yield "  quality_gates:"
        yield from (f"    {phase}: [{gates}]" for phase in ("pre_story", "post_story", "post_wave", "post_final"))
        yield from ("---", "waves:")
        for wave in self.waves:
            if wave.number:
                needs = f"[wave-{wave.number - 1}]" if wave.number > 1 else "[]"
                yield from (f"  - id: wave-{wave.number}", f'    name: "Part {wave.number}"', "    parallel: true")
                yield from (f"    dependencies: {needs}", "    stories:")
            else:
                yield from ("---", "ui_integration:")
            indent = "      " if wave.number else "  "
            for number in wave.stories:
                yield from (indent + line for line in self._planned(number, wave))
        yield from ("---", "progress:", "  summary:", f"    total_stories: {self.stories}", "    completed: 0")
        yield from ("    in_progress: 0", f"    pending: {self.stories}", f"    total_points: {self.stories * POINTS}")
        yield from ("    completed_points: 0", "    percentage: 0", "  wave_status:")
        yield from (f"    {f'wave-{wave.number}' if wave.number else 'ui-integration'}: pending" for wave in self.waves)
        yield from ("---", "memory_strategy:")
        for scope, budget in (("global_scope", 500), ("task_scope", 2000), ("local_scope", 5000)):
            yield from (f"  {scope}:", f"    token_budget: {budget}", '    content: ["what it needs"]')
        yield '  checkpoints: ["After each wave"]'

    def _planned(self, number: int, wave: _Wave) -> Iterator[str]:
        before = self._before(number, wave)
        yield from (f"- id: {self._id(number)}", f'  title: "{self._title(number)}"', f"  points: {POINTS}")
        yield from ("  agent: developer", f"  dependencies: [{before}]", "  tasks:")
        for task in range(6):
            yield from (f'    - id: "{number}.{task}"', f'      description: "{self._task(number, task)}"')
            yield f'      files: ["src/part{number}/file{task}.ts"]'
        yield from ("  acceptance_criteria:", *(f'    - "{self._criterion(number, n)}"' for n in range(4)))
        if number < self.gap_count:
            yield f"  addresses: [{_gap(number)}]"

    # --- verification.yaml ---

    def verification(self) -> Iterator[str]:
        yield "stories:"
        for number in range(self.stories):
            yield from (f"  {self._id(number)}:", "    criteria:")
            yield from (f'      {n}: {{command: "npm test -- part{number}"}}' for n in range(1, 5))
            if number < self.risk_count:
                yield f"    mitigates: [{_risk(number)}]"

    # --- what several documents say of one story ---

    def _id(self, number: int) -> str:
        return f"S-{number}" if number < self.stories - 1 else "UI-S1"

    def _title(self, number: int) -> str:
        return f"Part number {number}" if number < self.stories - 1 else "Window of the parts"

    def _before(self, number: int, wave: _Wave) -> str:
        """The story before it in the wave; each fourth story waits for none, so that a wave has something to share."""
        return self._id(number - 1) if (number - wave.stories.start) % 4 in (1, 2) else ""

    def _task(self, number: int, task: int) -> str:
        return SPECIAL[number] if task == 0 and number < len(SPECIAL) else f"Step {task} of it"

    def _criterion(self, number: int, n: int) -> str:
        if number == 1 and n < 2:
            return ("10 agents: <1% error rate", "100 agents: <5% error rate")[n]
        return f"Property {n} of {number} holds"


def _gap(number: int) -> str:
    return f"GAP-{number + 1:03}"


def _gap_title(number: int) -> str:
    return f"Part number {number} missing"


def _risk(number: int) -> str:
    return f"R-{number + 1:03}"


def _risk_title(number: int) -> str:
    return f"Part number {number} fails"
