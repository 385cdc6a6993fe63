"""``coverage``: which of the commit's lines tests ran that passed, counted over all of its code.

The tests must have passed, the reports must be whole and about this commit's files, and what they leave out counts as
not run. Only then are the exact counts set against the policy's and the plan's targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import ValidationError

from radeng_assets.evidence.formats.coverage.formats import read_coverage
from radeng_assets.evidence.formats.coverage.lines import Count, CoverageReport, merge, of_changed, overall, without
from radeng_assets.evidence.formats.coverage.repository import match_tree
from radeng_assets.evidence.formats.junit import JUnitReport
from radeng_assets.evidence.measures import OURS
from radeng_assets.evidence.states import State, combine
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.measuring import changes, sources
from radeng_assets.execution.measuring.changes import Changes
from radeng_assets.execution.measuring.sources import Sources
from radeng_assets.execution.names import shown
from radeng_assets.planning.findings import Finding, has_errors
from radeng_assets.readiness.reports.assessment import Assessment, Grade, Issue, Table, issue_digest
from radeng_assets.readiness.reports.coverage_product import Product, is_product
from radeng_assets.readiness.reports.coverage_tables import module_table, overall_table, share
from radeng_assets.readiness.reports.coverage_targets import Module, exact, modules_of, threshold_of
from radeng_assets.readiness.reports.junit_runs import EXPECTED_TO_FAIL, recount
from radeng_assets.readiness.reports.material import Material
from radeng_assets.readiness.reports.whole import lacking
from radeng_assets.record import Record

COVERAGE = "coverage"

BELOW = "coverage-below"
MODULE_BELOW = "coverage-module-below"
STORY_BELOW = "coverage-story-below"

R = TypeVar("R", bound=Record)


def assess(material: Material) -> Assessment:
    """Judge a measurement. Unit: fraction of lines.

    ``failed``: a test failed, or the reports are about other files. What could not be read, a missing JUnit file, a
    module of which nothing was measured, no threshold anywhere: unknown. Shares below a target are issues, and so is
    each test that is expected to fail.
    """
    return _Judgement(material).assessment()


@dataclass
class _Judgement:
    """One judgement while it is made: what was found so far."""

    material: Material
    states: list[State] = field(default_factory=list[State])
    reasons: list[str] = field(default_factory=list[str])
    findings: list[Finding] = field(default_factory=list[Finding])
    issues: list[Issue] = field(default_factory=list[Issue])

    def assessment(self) -> Assessment:
        terms = self.material.policy.reports.coverage
        threshold = threshold_of(self.material.policy, self.material.planning)
        if threshold is None:
            self._doubt("missing", "neither policy nor plan says what coverage must reach")
        runs = recount(self.material)
        self.findings += runs.findings
        self.issues += [issue for issue in runs.issues if issue.rule == EXPECTED_TO_FAIL]
        self._doubt(*runs.strictly(exact(terms.skipped_most)))
        listed, inventory, written = (
            self._listed(runs.report),
            self._our(sources.ROLE, Sources),
            self._our(changes.ROLE, Changes),
        )
        bare = Assessment(report=COVERAGE, state="missing", threshold=threshold)
        if listed is None or inventory is None or written is None:
            return self._told(bare)
        product = Product.of(inventory, listed, terms)
        counted = product.counted()
        self._sound(product, counted, inventory)
        count = overall(counted)
        modules = tuple(modules_of(self.material.planning, terms.modules, counted, product.reported))
        self._below(count, threshold, BELOW, "overall", "high")
        self._modules(modules)
        counts = runs.report.counts
        return self._told(
            bare.model_copy(
                update={
                    "measured": count.covered / count.total if count.total else None,
                    "numbers": {
                        "covered": count.covered,
                        "total": count.total,
                        "tests": len(runs.report.cases),
                        "tests_passed": counts["passed"],
                    },
                    "tables": (
                        overall_table(count, overall(product.listed), threshold),
                        module_table(modules),
                        self._stories(written, counted),
                    ),
                }
            )
        )

    def _told(self, assessment: Assessment) -> Assessment:
        return assessment.model_copy(
            update={
                "state": combine(self.states or ["passed"]),
                "reason": "; ".join(dict.fromkeys(reason for reason in self.reasons if reason)),
                "issues": tuple(self.issues),
                "findings": tuple(self.findings),
            }
        )

    def _doubt(self, state: State, reason: str) -> None:
        self.states.append(state)
        self.reasons.append(reason)

    def _listed(self, run: JUnitReport) -> CoverageReport | None:
        """All reports as one, by the repository's paths, without what only tests ran that did not pass."""
        for words in lacking(self.material, COVERAGE):
            self._doubt("missing", words)
        matched: list[CoverageReport] = []
        for left in self.material.files(COVERAGE):
            report, faults = read_coverage(left.data, left.path)
            self.findings += faults
            if report is None or has_errors(faults):
                self._doubt("missing", f"{left.path} cannot be read whole")
            if report is None:
                continue
            found, faults = match_tree(report, self.material.tree, left.path)
            self.findings += faults
            if found is None:
                self._doubt("failed", f"{left.path} covers none of this repository's files")
            else:
                if has_errors(faults):
                    self._doubt("missing", f"{left.path} names files that may be several")
                matched.append(without(found, run.not_passed))
        return merge(matched) if matched else None

    def _our(self, role: str, kind: type[R]) -> R | None:
        """The artifact of a measure of our own; one that a command of the target's left in its role is none."""
        for left in self.material.files(role):
            if left.envelope.command == f"{OURS}{role}":
                try:
                    return kind.model_validate_json(left.data)
                except ValidationError:
                    self._doubt("failed", f"{left.path} of {OURS}{role} is not what that measure leaves")
                    return None
        self._doubt("missing", f"{OURS}{role} left nothing")
        return None

    def _sound(self, product: Product, counted: CoverageReport, inventory: Sources) -> None:
        """Whether the reports are about this commit's product, and what they leave out of it."""
        terms, tree = self.material.policy.reports.coverage, self.material.tree
        known = {path: file.blob for path, file in inventory.files.items()}
        moved = [path for path, blob in tree.items() if is_product(path, terms) and known.get(shown(path)) != blob]
        if moved:
            self._doubt("stale", f"{len(moved)} files of the product changed since, {shown(min(moved))} among them")
        if not product.files:
            self._doubt("missing", "no file of the commit is code that must be covered")
        elif not product.reported:
            self._doubt("failed", "the reports cover tests and other files, and none of the product")
        if product.beyond():
            self._doubt("failed", f"the reports list lines that {product.beyond()[0]} does not have")
        self.findings += product.findings(counted)
        self.issues += product.issues()

    def _modules(self, modules: Sequence[Module]) -> None:
        unknown = [module for module in modules if module.target is not None and module.count is None]
        for module in modules:
            if module.count is not None and module.target is not None:
                self._below(module.count, module.target, MODULE_BELOW, module.name, module.grade)
        if unknown:
            names = ", ".join(module.name for module in unknown[:5])
            more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
            self._doubt("missing", f"nothing is known of the modules {names}{more} ({unknown[0].why})")

    def _below(self, count: Count, minimum: float | None, rule: str, subject: str, grade: Grade) -> None:
        if minimum is None or count.meets(exact(minimum)):
            return
        said = f"{count.covered} of {count.total}"
        message = f"{subject}: {said} lines are covered, {minimum:.10g} is demanded"
        digest = issue_digest(rule, subject, said)
        self.issues.append(Issue(rule=rule, subject=subject, grade=grade, message=message, digest=digest))

    def _stories(self, written: Changes, counted: CoverageReport) -> Table:
        """The table of stories; those below the policy's minimum are issues. Who wrote no code has no share."""
        minimum = self.material.policy.reports.coverage.changed_minimum
        ours = {file.path for file in counted.files}
        rows: list[tuple[str | int | float | None, ...]] = []
        for story, change in self._in_plan(written):
            lines = {path: numbers for path, numbers in change.lines.items() if path in ours}
            count = of_changed(counted, lines).count
            rows.append((story, sum(map(len, change.lines.values())), count.total, count.covered, share(count)))
            if count.total:
                self._below(count, minimum, STORY_BELOW, story, "medium")
        return Table(title="Stories", columns=("story", "lines", "of code", "covered", "share"), rows=tuple(rows))

    def _in_plan(self, written: Changes) -> Iterator[tuple[str, changes.Change]]:
        """Stories by their ids in the plan, where it has them; branches have names of their own."""
        plan = self.material.planning.execution_plan
        ids = [story.id.value for story in plan.stories] if plan else []
        names = {Branches("").story(one).rpartition("/")[2]: one for one in ids}
        return ((names.get(change.story, change.story), change) for change in written.stories)
