"""Coverage from end to end: a real repository, real tests in it, the real measurer, and the verdict's own gathering."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from radeng_assets.evidence.measures import Measure
from radeng_assets.evidence.outcomes import Ticket
from radeng_assets.execution.branches import Branches
from radeng_assets.execution.gates import Limits, never
from radeng_assets.execution.muster import Muster
from radeng_assets.orchestration.observation import observe
from radeng_assets.planning.folder import read_planning, read_sources
from radeng_assets.planning.schedule import Schedule
from radeng_assets.readiness.case import Records, gather
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.terms import CoverageTerms, Reports
from radeng_assets_tests.folders import commit, git, write_folder

PRICE = """def total(cents, discount):
    if discount > 100:
        raise ValueError
    return sum(cents) * (100 - discount) // 100


def refund(cents):
    return -cents
"""

TESTS = """import pytest
from shop.price import refund, total


def test_total():
    assert total([100], 10) == 90


def test_refund():
    assert refund(1) == -1


def test_discount():
    with pytest.raises(ValueError):
        total([1], 101)
"""

TRACER = """import importlib, sys, types
from pathlib import Path
import pytest

WATCHED = {str(path.resolve()): path for path in map(Path, sys.argv[1:])}
ran = {name: set() for name in WATCHED}

def lines(code):
    own = {line for _, _, line in code.co_lines() if line}
    return own.union(*(lines(one) for one in code.co_consts if isinstance(one, types.CodeType)))

def trace(frame, event, argument):
    name = frame.f_code.co_filename
    if name not in WATCHED:
        return None
    if event == "line":
        ran[name].add(frame.f_lineno)
    return trace

class Tracing:
    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self):
        sys.settrace(trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)

sys.path.insert(0, ".")
sys.settrace(trace)
for path in WATCHED.values():
    importlib.import_module(".".join(path.with_suffix("").parts))
sys.settrace(None)
code = pytest.main(["-q", "-p", "no:cacheprovider", "--junitxml=junit.xml", "tests"], [Tracing()])
with open("lcov.info", "w") as report:
    for name, path in WATCHED.items():
        report.write(f"SF:{name}\\n")
        for line in sorted(lines(compile(path.read_text(), name, "exec"))):
            report.write(f"DA:{line},{int(line in ran[name])}\\n")
        report.write("end_of_record\\n")
sys.exit(code)
"""
"""A coverage tool in a page: this machine's tests have no other at hand. It writes what real ones write."""

LEAVES = {"coverage": ("lcov.info",), "junit": ("junit.xml",)}


@dataclass
class Shop:
    """A target with tests, and everything that measures it."""

    root: Path

    def __post_init__(self) -> None:
        self.target = self.root / "target"
        (self.target / "tests").mkdir(parents=True)
        git(self.target, "init", "--quiet", "--initial-branch=main")
        self.commit(
            **{"shop/__init__.py": "", "shop/price.py": PRICE, "tests/test_price.py": TESTS, "measure/run.py": TRACER}
        )
        folder = write_folder(self.root / "plan")
        self.planning = read_planning(read_sources(folder))
        (self.root / "home").mkdir()

    def commit(self, **files: str) -> str:
        for path, text in files.items():
            (self.target / path).parent.mkdir(exist_ok=True)
            (self.target / path).write_text(text, encoding="utf-8")
        return commit(self.target, "Change")

    def report(self, session: str, watched: str = "shop/price.py", measure: bool = True) -> Assessment:
        """Measure HEAD, and judge what is on record."""
        assert self.planning.execution_plan is not None
        run = f"{sys.executable} measure/run.py {watched}"
        terms = CoverageTerms(measures=(Measure(run=run, leaves=LEAVES),), omits=("measure",))
        policy = Policy(reports=Reports(coverage=terms))
        muster = Muster(
            plan=self.planning.execution_plan,
            name="plan",
            verification=None,
            home=self.root / "home",
            target=str(self.target),
            limits=Limits(timeout_s=60, output_bytes=20_000),
            policy=policy.agents,
            stopping=never,
        )
        measurer, mirror = muster.measurer(), muster.mirror
        assert measurer is not None
        assert mirror is not None
        head = mirror.target.head()
        ticket = Ticket(wave="wave-1", session=session, mode="none", plan="p", commit=head.commit, tree=head.tree)
        if measure:
            measurer.measure("coverage", terms.measures, ticket)
        entries = tuple(muster.ledger.entries())
        case = gather(
            Records(entries, (), muster.store.get_bytes),
            planning=self.planning,
            schedule=Schedule(),
            execution_digest="p",
            policy=policy,
            sound=True,
            circumstances=observe(head, mirror, muster.ledger.copied()),
        )
        return case.reports["coverage"]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_target_with_tests_passes_until_it_has_code_that_no_test_runs(shop: Shop) -> None:
    first = shop.report("one")
    assert (first.state, first.issues, first.measured) == ("passed", (), 1.0), first.reason
    assert first.numbers == {"covered": 6, "total": 6, "tests": 3, "tests_passed": 3}
    assert len(first.evidence) == 3
    more = shop.commit(**{"shop/more.py": "def more(a):\n    if a:\n        return 1\n    return 2\n"})
    git(shop.target, "update-ref", Branches("plan").story("A-1"), more)
    stale = shop.report("one", measure=False)
    assert (stale.state, "shop/more.py changed" in stale.reason) == ("stale", True)
    # The same command: the new file is in no report, and counts all the same.
    second = shop.report("two")
    assert (second.state, second.numbers["covered"], second.numbers["total"]) == ("passed", 6, 9)
    assert [issue.rule for issue in second.issues] == ["coverage-below"]
    assert second.tables[2].rows == (("A-1", 4, 3, 0, 0.0),)


def test_a_report_that_lies_in_the_commit_and_a_run_that_fails_show_nothing(shop: Shop) -> None:
    shop.commit(
        **{
            "tests/test_price.py": TESTS.replace("== 90", "== 91"),
            "junit.xml": '<testsuite><testcase name="a"/></testsuite>',
            "lcov.info": "SF:shop/price.py\nDA:1,1\nend_of_record\n",
        }
    )
    found = shop.report("one")
    assert found.state == "failed"
    assert "tests that did not pass: tests.test_price.test_total" in found.reason
    assert found.numbers["tests"] == 3
