"""Measurements of coverage without a target: the files of a commit, and what commands left of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from radeng_assets.canonical import canonical, digest_bytes
from radeng_assets.evidence.envelope import Artifact, Envelope, Subject
from radeng_assets.evidence.measures import Measure, artifact_name
from radeng_assets.evidence.states import State
from radeng_assets.execution.measuring.changes import Change, Changes
from radeng_assets.execution.measuring.sources import Sources, is_code, read_source
from radeng_assets.planning.folder import EXECUTION_PLAN, TESTING_REQUIREMENTS, Planning, read_planning
from radeng_assets.planning.folder import Sources as Folder
from radeng_assets.planning.source import Source
from radeng_assets.readiness.policy import Policy
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.coverage import assess
from radeng_assets.readiness.reports.material import Material
from radeng_assets.readiness.reports.terms import CoverageTerms, Reports
from radeng_assets_tests.folders import PLAN

RUN = "make coverage"
Left = Mapping[tuple[str, str], bytes]


def lcov(files: Mapping[str, Mapping[int, int]]) -> bytes:
    """A tracefile: path → line → hits."""
    lines: list[str] = []
    for path, hits in files.items():
        lines += [f"SF:{path}", *(f"DA:{line},{hit}" for line, hit in hits.items()), "end_of_record"]
    return "\n".join(lines).encode() + b"\n"


def junit(passed: int = 1, skipped: int = 0, xfailed: int = 0, failed: int = 0) -> bytes:
    """A JUnit file of so many cases, with counters that are right."""
    kinds = {
        "passed": (passed, ""),
        "skipped": (skipped, "<skipped/>"),
        "xfailed": (xfailed, '<skipped type="pytest.xfail"/>'),
        "failed": (failed, "<failure/>"),
    }
    cases = [
        f'<testcase classname="tests.test_it" name="test_{kind}_{number}">{inside}</testcase>'
        for kind, (count, inside) in kinds.items()
        for number in range(count)
    ]
    counters = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="{skipped + xfailed}"'
    return f'<testsuite name="all" {counters}>{"".join(cases)}</testsuite>'.encode()


def code(statements: int) -> bytes:
    """A Python file of so many lines, each of which runs."""
    return b"".join(b"print(%d)\n" % number for number in range(statements))


def hits(total: int, covered: int) -> dict[int, int]:
    """Lines 1 to ``total``, the first ``covered`` of which ran."""
    return {line: int(line <= covered) for line in range(1, total + 1)}


@dataclass(frozen=True)
class Measured:
    """A measurement that passes: 100 lines, 80 of them covered, by a plan that demands 0.8. Tests change one thing."""

    files: Mapping[str, bytes] = field(default_factory=lambda: {"src/a.py": code(100), "tests/test_it.py": code(50)})
    left: Left = field(
        default_factory=lambda: {
            ("coverage", "lcov.info"): lcov({"src/a.py": hits(100, 80)}),
            ("junit", "junit.xml"): junit(10),
        }
    )
    plan: str = PLAN
    testing: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict[str, Any])
    policy: Mapping[str, Any] = field(default_factory=dict[str, Any])
    state: State = "passed"
    stories: Sequence[Change] = ()
    own: bool = True
    now: Mapping[str, bytes] | None = None
    truncated: bool = False

    def but(self, **changes: Any) -> Measured:
        """The same with something else."""
        return replace(self, **changes)

    def leaving(self, left: Left) -> Measured:
        """The same with other files in place of those of the same roles."""
        roles = {role for role, _ in left}
        return self.but(left={**{key: data for key, data in self.left.items() if key[0] not in roles}, **left})

    def assess(self) -> Assessment:
        """The measurement, judged."""
        store: dict[str, bytes] = {}
        subject = Subject(commit="c" * 40, tree="t" * 40)

        def envelope(run: str, left: Left, state: State) -> Envelope:
            artifacts: list[Artifact] = []
            for (role, path), data in left.items():
                digest = digest_bytes(data)
                store[digest] = data
                cut = self.truncated and role == "coverage"
                size = len(data) + cut
                artifacts.append(
                    Artifact(name=artifact_name(role, path), digest=digest, kept_bytes=len(data), total_bytes=size)
                )
            return Envelope(
                subject=subject,
                kind="report:coverage",
                about="coverage",
                command=run,
                state=state,
                artifacts=tuple(artifacts),
                session="s",
                plan="p",
                started="2026-11-27T04:00:00Z",
                ended="2026-11-27T04:01:00Z",
            )

        envelopes = [envelope(RUN, self.left, self.state)]
        if self.own:
            found = {path: read_source(path, blob(data), data) for path, data in self.files.items() if is_code(path)}
            written = Changes(stories=tuple(self.stories))
            inventory = {("sources", "sources.json"): canonical(Sources(files=found))}
            envelopes.append(envelope("radeng:sources", inventory, "passed"))
            envelopes.append(envelope("radeng:changes", {("changes", "changes.json"): canonical(written)}, "passed"))
        terms = CoverageTerms(measures=(Measure(run=RUN),), **self.terms)
        return assess(
            Material(
                report="coverage",
                commit=subject.commit,
                envelopes={one.digest: one for one in envelopes},
                read=store.__getitem__,
                tree={path: blob(data) for path, data in (self.now or self.files).items()},
                planning=_planning(self.plan, self.testing),
                policy=Policy(reports=Reports(coverage=terms), **self.policy),
                as_of="2026-11-27T05:00:00Z",
            )
        )


@cache
def _planning(plan: str, testing: str) -> Planning:
    texts = {EXECUTION_PLAN: plan} | ({TESTING_REQUIREMENTS: testing} if testing else {})
    return read_planning(
        Folder(sources={name: Source(name, text, digest_bytes(text.encode())) for name, text in texts.items()})
    )


def blob(data: bytes) -> str:
    """A stand-in for git's id of a file."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
