"""The security report: each way to look clean, beside its twin that is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.canonical import digest_bytes
from radeng_assets.evidence.envelope import Artifact, Envelope, Subject
from radeng_assets.evidence.formats.sarif_result import CONTENT
from radeng_assets.evidence.measures import Measure, artifact_name
from radeng_assets.evidence.states import State
from radeng_assets.planning.folder import Planning, read_planning, read_sources
from radeng_assets.planning.source import Source
from radeng_assets.readiness.policy import Policy, read_policy
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets.readiness.reports.material import Material
from radeng_assets.readiness.reports.security import assess
from radeng_assets.readiness.reports.terms import Reports, SecurityTerms
from radeng_assets_tests.evidence.formats.goldens import golden
from radeng_assets_tests.folders import PLAN, write_folder

Json = dict[str, Any]

AS_OF = "2026-11-27T12:00:00+00:00"
TREE = {"src/a.py": "b" * 40, "src/b.py": "c" * 40}
RULES = [{"id": "R1", "shortDescription": {"text": "A weak thing"}}, {"id": "R2"}]
RUN: Json = {
    "tool": {"driver": {"name": "scan", "version": "1", "rules": RULES}},
    "invocations": [{"executionSuccessful": True}],
    "results": [],
}


def result(text: str | None = "key = 1", uri: str = "src/a.py", line: int = 3, **changes: Any) -> Json:
    region: Json = {"startLine": line} if text is None else {"startLine": line, "snippet": {"text": text}}
    place = {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
    return {"ruleId": "R1", "level": "error", "message": {"text": "m"}, "locations": [place], **changes}


def sarif(*results: Json, **changes: Any) -> bytes:
    return json.dumps({"version": "2.1.0", "runs": [{**RUN, "results": results, **changes}]}).encode()


def audit(*packages: Json) -> bytes:
    return json.dumps({"dependencies": packages or [package("a")], "fixes": []}).encode()


def package(name: str, version: str = "1", *vulns: str) -> Json:
    return {"name": name, "version": version, "vulns": [{"id": one, "fix_versions": ["2"]} for one in vulns]}


@dataclass
class Scanner:
    """One measure: the files that it left by role, and how it ended."""

    files: dict[str, bytes]
    state: State = "passed"
    code: int | None = 0
    truncated: bool = False
    leaves: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    ended: str = "2026-11-27T11:00:00+00:00"


CLEAN = {
    "secrets": Scanner({"secrets": sarif()}),
    "static": Scanner({"static": sarif()}),
    "dependencies": Scanner({"dependencies": audit()}),
}


@cache
def planning() -> Planning:
    with TemporaryDirectory() as folder:
        return read_planning(read_sources(write_folder(Path(folder) / "plan", PLAN)))


def judged(changes: Mapping[str, Scanner | None], tree: dict[str, str] = TREE, **terms: Any) -> Assessment:
    """The assessment of clean scanners of the three roles, with some of them replaced or left out."""
    store: dict[str, bytes] = {}
    envelopes: dict[str, Envelope] = {}
    measures: list[Measure] = []
    for name, scanner in {**CLEAN, **changes}.items():
        if scanner is None:
            continue
        artifacts: list[Artifact] = []
        leaves = dict(scanner.leaves)
        for role, data in scanner.files.items():
            digest = digest_bytes(data)
            store[digest] = data
            path = f"{name}.{role}"
            leaves.setdefault(role, (path,))
            size = len(data) + scanner.truncated
            artifacts.append(
                Artifact(name=artifact_name(role, path), digest=digest, kept_bytes=len(data), total_bytes=size)
            )
        measures.append(Measure(run=name, leaves=leaves))
        envelope = Envelope(
            subject=Subject(commit="c" * 40, tree="t" * 40),
            kind="report:security",
            about="security",
            command=name,
            argv=(name,),
            exit_code=scanner.code,
            state=scanner.state,
            started="2026-11-27T10:59:00+00:00",
            ended=scanner.ended,
            artifacts=tuple(artifacts),
            session="s",
            plan="p",
        )
        envelopes[envelope.digest] = envelope
    policy = Policy(reports=Reports(security=SecurityTerms(measures=tuple(measures), **terms)))
    return assess(Material("security", "c" * 40, envelopes, store.__getitem__, tree, planning(), policy, AS_OF))


def passes(assessment: Assessment) -> bool:
    return assessment.state == "passed" and not assessment.issues


def static(*results: Json, **changes: Any) -> Assessment:
    return judged({"static": Scanner({"static": sarif(*results, **changes)})})


def dependencies(data: bytes, **terms: Any) -> Assessment:
    return judged({"dependencies": Scanner({"dependencies": data})}, **terms)


def test_three_clean_scanners_pass() -> None:
    clean = judged({})
    assert passes(clean)
    assert (clean.measured, clean.threshold, clean.reason) == (0.0, 0.0, "")
    assert [row[0] for row in clean.tables[0].rows] == ["secrets", "static", "dependencies"]


@pytest.mark.parametrize("role", CLEAN)
def test_a_role_without_a_report_is_missing_unless_the_policy_does_not_ask_for_it(role: str) -> None:
    gone = judged({role: None})
    assert gone.state == "missing"
    assert role in gone.reason
    assert passes(judged({role: None}, required=tuple(name for name in CLEAN if name != role)))


@pytest.mark.parametrize(
    ("state", "code", "expected"),
    [
        *(("timeout", None, "timeout"), ("no_runner", None, "no_runner"), ("missing", None, "missing")),
        *(("failed", code, "no_runner") for code in (1, 2, 126, 127, 137, 139, 255, -9, None)),
    ],
)
def test_a_scanner_that_did_not_end_well_shows_nothing(state: State, code: int | None, expected: State) -> None:
    broken = judged({"static": Scanner({"static": sarif()}, state, code)})
    assert broken.state == expected
    assert broken.issues == ()


def test_a_scanner_that_found_something_may_say_so_by_its_exit_code() -> None:
    low = sarif(result(level="note"))
    assert passes(judged({"static": Scanner({"static": low}, "failed", 1)}))
    # A signal is no word of the scanner; findings that it hid itself are no reason for its exit code.
    assert judged({"static": Scanner({"static": low}, "failed", 139)}).state == "no_runner"
    hushed = sarif(result(level="note", suppressions=[{"kind": "inSource"}]))
    assert judged({"static": Scanner({"static": hushed}, "failed", 1)}).state == "no_runner"
    assert passes(judged({"static": Scanner({"static": hushed})}))
    found = judged({"dependencies": Scanner({"dependencies": audit(package("a", "1", "X-1"))}, "failed", 1)})
    assert (found.state, found.measured) == ("passed", 1.0)


DOUBTS: list[tuple[Json, State]] = [
    ({"invocations": [{"executionSuccessful": False}]}, "no_runner"),
    ({"tool": {"driver": {"name": "scan"}}}, "no_runner"),
    ({"results": None}, "no_runner"),
    ({"externalPropertyFileReferences": {"results": [{}]}}, "no_runner"),
    (
        {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [{"level": "error"}]}]},
        "no_runner",
    ),
    ({"properties": {"metrics": {"_totals": {"loc": 9, "nosec": 1, "skipped_tests": 0}}}}, "no_runner"),
    ({"properties": {"metrics": {"_totals": {"loc": 9, "nosec": 0, "skipped_tests": 1}}}}, "no_runner"),
    ({"properties": {"metrics": {"_totals": {"loc": 0, "nosec": 0, "skipped_tests": 0}}}}, "missing"),
    ({"properties": {"metrics": {"_totals": {"loc": 9, "nosec": 0, "skipped_tests": 0}}}}, "passed"),
]


@pytest.mark.parametrize(("changes", "state"), DOUBTS)
def test_silence_that_means_nothing(changes: Json, state: State) -> None:
    assert static(**changes).state == state


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"no", sarif()[:-1], b'{"version":"2.1.0","runs":[]}'])
@pytest.mark.parametrize("role", CLEAN)
def test_a_file_that_is_no_report_shows_nothing(role: str, data: bytes) -> None:
    broken = judged({role: Scanner({role: data})})
    assert broken.state == "no_runner"
    assert broken.findings


def test_a_report_of_which_a_part_was_not_read_is_not_whole() -> None:
    assert static(result(level="eror")).state == "no_runner"
    assert static(result(properties={"security-severity": "9,8"})).state == "no_runner"


def test_files_that_were_cut_or_left_out() -> None:
    assert judged({"static": Scanner({"static": sarif()}, truncated=True)}).state == "no_runner"
    two = Scanner({"static": sarif()}, leaves={"static": ("static.static", "semgrep.sarif")})
    assert judged({"static": two}).state == "missing"
    assert "semgrep.sarif" in judged({"static": two}).reason
    unknown = Scanner({"static": sarif(), "sast": sarif(result())})
    assert judged({"static": unknown}).state == "no_runner"


GRADES = [
    ({"level": "error"}, "high"),
    ({"level": "warning"}, "medium"),
    ({"level": "note"}, "low"),
    ({"level": "none"}, "low"),
    ({"level": "note", "properties": {"security-severity": "9.0"}}, "critical"),
    ({"level": "note", "properties": {"security-severity": 8.9}}, "high"),
    ({"level": "note", "properties": {"security-severity": "7"}}, "high"),
    ({"level": "note", "properties": {"security-severity": "6.9"}}, "medium"),
    ({"level": "note", "properties": {"security-severity": "3.9"}}, "low"),
    ({"level": "error", "properties": {"security-severity": "0.0"}}, "high"),
    ({"level": "error", "kind": "pass"}, "high"),
    ({"level": "error", "kind": "review"}, "high"),
    ({"level": "error", "suppressions": [{"kind": "inSource"}]}, "high"),
    ({"level": "error", "suppressions": [{"kind": "external", "status": "accepted"}]}, "high"),
]


@pytest.mark.parametrize(("changes", "grade"), GRADES)
def test_the_worse_of_level_and_score_counts(changes: Json, grade: str) -> None:
    shown = static(result(**changes))
    assert shown.state == "passed"
    if grade in ("critical", "high"):
        assert [issue.grade for issue in shown.issues] == [grade]
        assert shown.measured == 1.0
    else:
        assert shown.issues == ()
        assert [row[0] for row in shown.tables[1].rows] == [grade]
        data = {"static": Scanner({"static": sarif(result(**changes))})}
        assert [issue.grade for issue in judged(data, blocks=(grade,)).issues] == [grade]


def test_what_is_no_finding_is_none() -> None:
    assert passes(static(result(level="none", kind="pass"), result(level="none", kind="informational")))
    assert static(result(level="none", kind="review")).state == "human_needed"


def test_critical_and_high_block_whatever_the_policy_says() -> None:
    data = {"static": Scanner({"static": sarif(result())})}
    assert judged(data, blocks=("critical",)).issues
    assert judged(data, blocks=("medum",)).state == "no_runner"
    assert judged(data, required=("statik",)).state == "no_runner"


@pytest.mark.parametrize("level", ["note", "none", "error"])
def test_a_secret_is_always_critical(level: str) -> None:
    shown = judged({"secrets": Scanner({"secrets": sarif(result(level=level))})})
    assert [issue.grade for issue in shown.issues] == ["critical"]


def digest(*args: Any, tree: dict[str, str] = TREE, **kwargs: Any) -> str:
    shown = judged({"static": Scanner({"static": sarif(result(*args, **kwargs))})}, tree)
    (issue,) = shown.issues
    return issue.digest


def test_a_digest_follows_the_content_and_nothing_else() -> None:
    first = digest("token = 'x'", line=3)
    # A moved, indented or reformatted line, another message, other files: the same thing.
    assert first == digest("   token =  'x'\n", line=90)
    assert first == digest("token = 'x'", message={"text": f"at commit {'d' * 40}"})
    assert first == digest("token = 'x'", tree={**TREE, "src/a.py": "e" * 40})
    assert first == digest("token = 'x'", uri="file:///home/me/worktrees/1/src/a.py")
    assert first == digest("token = 'x'", uri="file:///srv/elsewhere/src/a.py")
    # Another secret on the same line, the same one in another file, another rule: another thing.
    assert first != digest("token = 'y'", line=3)
    assert first != digest("token = 'x'", uri="src/b.py")
    assert first != digest("token = 'x'", ruleId="R2")


@pytest.mark.parametrize("quoted", [None, "", "REDACTED", "ghp_********", "token = 'xxxxxxxx'", "sk-ant…"])
def test_without_a_quotation_the_whole_file_is_the_content(quoted: str | None) -> None:
    first = digest(quoted, line=3)
    assert first == digest(quoted, line=3)
    assert first != digest(quoted, line=4)
    assert first != digest(quoted, line=3, tree={**TREE, "src/a.py": "e" * 40})
    # A file that the commit does not have binds to the commit.
    assert digest(quoted, uri="gone.py") != digest(quoted, uri="lost.py")


def test_our_own_scanner_says_what_it_found_by_a_digest() -> None:
    one, two = ({CONTENT: name} for name in ("sha256:1", "sha256:2"))
    assert digest("[redacted]", partialFingerprints=one) == digest(None, line=9, partialFingerprints=one)
    assert digest("[redacted]", partialFingerprints=one) != digest("[redacted]", partialFingerprints=two)


def test_a_secret_is_repeated_nowhere() -> None:
    canary = "sk-ant-" + "canary" * 5
    shown = judged({"secrets": Scanner({"secrets": sarif(result(canary, message={"text": f"found {canary}"}))})})
    assert len(shown.issues) == 1
    assert canary not in shown.model_dump_json()


def test_two_scanners_that_find_the_same_count_once_by_the_worse_grade() -> None:
    two = Scanner({"static": sarif(result(level="note"))})
    shown = judged({"static": Scanner({"static": sarif(result())}), "another": two})
    assert [issue.grade for issue in shown.issues] == ["high"]
    assert shown.measured == 1.0


def test_pip_audit_by_its_own_files() -> None:
    weak = judged({"dependencies": Scanner({"dependencies": golden("pip_audit.json")}, "failed", 1)})
    assert [(i.rule, i.subject, i.grade) for i in weak.issues] == [("PYSEC-2019-217", "jinja2", "high")]
    assert passes(dependencies(golden("pip_audit.clean.json")))
    offline = dependencies(golden("pip_audit.offline.json"))
    assert offline.state == "missing"
    assert "skipped jinja2, markupsafe" in offline.reason


def test_npm_audit_by_its_own_files() -> None:
    weak = judged({"dependencies": Scanner({"dependencies": golden("npm_audit.json")}, "failed", 1)})
    assert [(i.rule, i.subject, i.grade) for i in weak.issues] == [("GHSA-xvch-5gv4-984h", "minimist", "critical")]
    assert passes(dependencies(golden("npm_audit.clean.json")))
    offline = judged({"dependencies": Scanner({"dependencies": golden("npm_audit.offline.json")}, "failed", 1)})
    assert offline.state == "no_runner"


def test_bandit_by_its_own_files() -> None:
    found = judged({"static": Scanner({"static": golden("bandit.sarif")}, "failed", 1)})
    assert [(issue.rule, issue.grade) for issue in found.issues] == [("B602", "high")]
    clean = golden("bandit.clean.sarif")
    tree, today = {"shop/price.py": "a" * 40}, clean.replace(b"2026-11-26T23:15:20Z", b"2026-11-27T10:59:30Z")
    assert passes(judged({"static": Scanner({"static": today})}, tree))
    others = {**tree, "tests/t.py": "b" * 40, "shop/a.js": "c" * 40}
    assert passes(judged({"static": Scanner({"static": today})}, others))
    other = judged({"static": Scanner({"static": today})}, {**tree, "tools/export.py": "b" * 40})
    assert (other.state, other.reason) == ("missing", "no static analysis looked at tools/export.py")
    old = judged({"static": Scanner({"static": clean})}, tree)
    assert (old.state, "dated 2026-11-26T23:15:20Z" in old.reason) == ("failed", True)


def test_an_audit_of_too_few_packages() -> None:
    nothing = json.dumps({"dependencies": [], "fixes": []}).encode()
    assert dependencies(nothing).state == "missing"
    assert dependencies(audit(package("a")), packages_minimum=2).state == "missing"
    assert passes(dependencies(audit(package("a"), package("b")), packages_minimum=2))


def test_a_package_that_was_skipped_is_unknown_unless_it_is_the_teams_own() -> None:
    data = audit(package("a"), {"name": "my-app", "skip_reason": "not found on PyPI"})
    assert dependencies(data).state == "skipped"
    assert passes(dependencies(data, own_packages=("My_App",)))
    assert dependencies(data, own_packages=("a",)).state == "skipped"


def test_sarif_of_dependencies_must_say_how_many_were_audited() -> None:
    assert dependencies(sarif()).state == "no_runner"
    assert passes(dependencies(sarif(properties={"packages": 4})))
    assert passes(dependencies(sarif(), packages_minimum=0))
    assert dependencies(sarif(properties={"packages": 0})).state == "missing"


@pytest.mark.parametrize(
    ("date", "state"),
    [
        ("2026-11-27", "passed"),
        ("2026-11-28", "passed"),
        ("2026-11-21", "passed"),
        ("2026-11-20T12:00:00Z", "passed"),
        ("2026-11-20T11:59:59Z", "stale"),
        ("2026-11-19", "stale"),
        ("2027-01-01", "no_runner"),
        ("yesterday", "no_runner"),
        ("2026-11-27T00:00:00", "no_runner"),
        ("", "no_runner"),
    ],
)
def test_an_old_database_shows_nothing(date: str, state: State) -> None:
    beside = judged({"dependencies": Scanner({"dependencies": audit(), "database": f"{date}\n".encode()})})
    assert beside.state == state
    if date:
        assert dependencies(sarif(properties={"packages": 4, "databaseBuilt": date})).state == state


def test_a_service_is_as_old_as_the_scan() -> None:
    old = replace(CLEAN["dependencies"], ended="2026-11-19T11:00:00+00:00")
    assert judged({"dependencies": old}).state == "stale"
    assert passes(judged({"dependencies": old}, database_max_days=9.0))
    assert passes(judged({"static": replace(CLEAN["static"], ended="2026-11-19T11:00:00+00:00")}))


def test_an_advisory_is_known_again_by_package_version_and_id() -> None:
    def of(*packages: Json) -> str:
        (issue,) = dependencies(audit(*packages)).issues
        return issue.digest

    first = of(package("a", "1", "X-1"))
    assert first == of(package("b"), package("a", "1", "X-1"))
    assert len({first, of(package("a", "2", "X-1")), of(package("a", "1", "X-2")), of(package("b", "1", "X-1"))}) == 4


def test_the_policy_is_read() -> None:
    text = (
        "reports:\n  security:\n    required: [secrets]\n    blocks: [medium]\n    packages_minimum: 0\n"
        "    own_packages: [app]\n    database_max_days: 3\n"
    )
    policy, findings = read_policy(Source("readiness.yaml", text, "sha256:0"))
    assert findings == ()
    terms = policy.reports.security
    assert (terms.required, terms.blocks, terms.own_packages) == (("secrets",), ("medium",), ("app",))
    assert (terms.packages_minimum, terms.database_max_days) == (0, 3.0)


STATES_OF_SCANNERS = st.sampled_from(("passed", "failed", "timeout", "no_runner", "missing", "skipped"))
RESULTS = st.lists(
    st.builds(
        result,
        text=st.sampled_from((None, "a", "b")),
        level=st.sampled_from(("error", "warning", "note", "none")),
        kind=st.sampled_from(("fail", "review", "pass")),
    ),
    max_size=3,
)


@given(STATES_OF_SCANNERS, st.sampled_from((0, 1, 2, 137, None)), RESULTS, st.sampled_from(tuple(CLEAN)))
def test_only_a_sound_scan_without_high_findings_passes(
    state: State, code: int | None, results: Iterable[Json], role: str
) -> None:
    results = list(results)
    data = sarif(*results, properties={"packages": 1})
    shown = judged({role: Scanner({role: data}, state, code)})
    if passes(shown):
        assert state == "passed" or (state == "failed" and code in (1, 2) and results)
        assert not any(one["level"] == "error" for one in results)
        assert role != "secrets" or not any(one["level"] == "warning" or one["kind"] == "fail" for one in results)
    assert (shown.measured or 0) == len(shown.issues)


def test_a_file_that_tells_a_scanner_to_look_away_is_an_issue_by_its_content() -> None:
    bandit = {"static": Scanner({"static": sarif(tool={"driver": {"name": "Bandit", "version": "1", "rules": RULES}})})}
    (hushed,) = judged(bandit, {**TREE, "src/.bandit": "e" * 40}).issues
    assert (hushed.rule, hushed.subject, hushed.grade) == ("scanner-settings", "src/.bandit", "high")
    (other,) = judged(bandit, {**TREE, "src/.bandit": "f" * 40}).issues
    assert other.digest != hushed.digest
    assert passes(judged(bandit, {**TREE, "src/.gitleaksignore": "e" * 40}))
    assert passes(judged(bandit, {**TREE, "src/x.bandit": "e" * 40}))
