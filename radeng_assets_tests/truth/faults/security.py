"""Scanners that crashed, looked at nothing, kept silent, or found something."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Fault

BANDIT, AUDIT, SECRETS = "bandit.sarif", "pip-audit.json", "secrets.sarif"
Document = dict[str, Any]


def result(
    *, rule: str = "B602", level: str = "error", path: str = "postbox/service/server.py", line: int = 10, **more: Any
) -> Document:
    """One result of a static analysis, as SARIF has it."""
    region = {"startLine": line, "snippet": {"text": "subprocess.call(text, shell=True)\n"}}
    place = {"physicalLocation": {"artifactLocation": {"uri": path}, "region": region}}
    return {"ruleId": rule, "level": level, "message": {"text": "A shell is started"}, "locations": [place], **more}


def found(*results: Document) -> Callable[[State], None]:
    """The static analysis found something, and ended as it then does."""

    def edit(document: Document) -> None:
        document["runs"][0]["results"] = list(results)

    return with_(BANDIT, edit, code=1)


def with_(path: str, edit: Callable[[Document], object], *, code: int = 0) -> Callable[[State], None]:
    """A report with something else in it."""

    def edited(data: bytes) -> bytes:
        document = json.loads(data)
        edit(document)
        return json.dumps(document).encode()

    return lambda state: state.leave("security", path, edited, exit_code=code)


def _no_rules(document: Document) -> None:
    document["runs"][0]["tool"]["driver"]["rules"] = []
    document["runs"][0].pop("properties", None)


def _crashed(document: Document) -> None:
    document["runs"][0]["invocations"] = [{"executionSuccessful": False}]


def _no_runs(document: Document) -> None:
    document["runs"] = []


def _no_lines(document: Document) -> None:
    metrics = document["runs"][0].setdefault("properties", {}).setdefault("metrics", {})
    metrics["_totals"] = {"loc": 0, "nosec": 0, "skipped_tests": 0}


def _skipped(document: Document) -> None:
    document["dependencies"] = [{"name": "requests", "skip_reason": "Dependency not found on PyPI"}]


def _vulnerable(document: Document) -> None:
    weakness = {"id": "PYSEC-2018-28", "fix_versions": ["2.20.0"], "aliases": ["CVE-2018-18074"], "description": "-"}
    document["dependencies"] = [{"name": "requests", "version": "2.0", "vulns": [weakness]}]


def _secret(document: Document) -> None:
    place = {"physicalLocation": {"artifactLocation": {"uri": "load/fleet.py"}, "region": {"startLine": 3}}}
    found = {"ruleId": "private-key", "level": "error", "message": {"text": "a key"}, "locations": [place]}
    document["runs"][0]["results"] = [found]


_SUPPRESSED = result(suppressions=[{"kind": "inSource", "justification": "nosec"}])


def _gone(path: str, code: int = 0) -> Callable[[State], None]:
    return lambda state: state.leave("security", path, lambda _: None, exit_code=code)


def _yesterday(document: Document) -> None:
    document["runs"][0]["invocations"][0]["endTimeUtc"] = "2025-01-01T00:00:00Z"


def _measured(*files: tuple[str, str]) -> Callable[[State], None]:
    """Committed files, and the scanners run for real on them."""

    def seed(state: State) -> None:
        for path, text in files:
            state.change(path, lambda _, text=text: text.encode())
        state.remeasure_for_real("security")

    return seed


_SHELL = ("postbox/core/shell.py", "import subprocess\n\n\ndef run(text):\n    subprocess.call(text, shell=True){}\n")
_FORGER = """import json
tool = {"driver": {"name": "Bandit", "version": "1.9.4", "rules": [{"id": "B602"}]}}
json.dump({"version": "2.1.0", "runs": [{"tool": tool, "results": []}]}, open("bandit.sarif", "w"))
"""

FAULTS = (
    Fault("code that starts a shell", "security_audit", "high: .*B602", _measured((_SHELL[0], _SHELL[1].format("")))),
    Fault(
        "a comment hides a finding",
        "security_audit",
        "let comments in the code hide",
        _measured((_SHELL[0], _SHELL[1].format("  # nosec"))),
    ),
    Fault(
        "a file tells the scanner to look away",
        "security_audit",
        "postbox/.bandit tells bandit",
        _measured((_SHELL[0], _SHELL[1].format("")), ("postbox/.bandit", "[bandit]\nskips: B404,B602\n")),
    ),
    Fault(
        "code where no scanner looks",
        "security_audit",
        "no static analysis looked at tools/shell.py",
        _measured(("tools/shell.py", _SHELL[1].format(""))),
    ),
    Fault(
        "a module in the scanner's place",
        "security_audit",
        "in place of the tool bandit",
        _measured(("bandit/__main__.py", _FORGER)),
    ),
    Fault("a scan of another day", "security_audit", "dated 2025-01-01", with_(BANDIT, _yesterday)),
    Fault("the static analysis found something", "security_audit", "high: .*B602", found(result())),
    Fault("a finding is suppressed in the code", "security_audit", "suppressed in the code", found(_SUPPRESSED)),
    Fault(
        "something found, and exit code 0",
        "security_audit",
        "B602",
        with_(BANDIT, lambda d: d["runs"][0].update(results=[result()])),
    ),
    Fault("the scanner crashed", "security_audit", "broke down|left no", _gone(BANDIT, 2)),
    Fault("the scanner says that it crashed", "security_audit", "success|end|crash|execution", with_(BANDIT, _crashed)),
    Fault("the scanner was not there", "security_audit", "127|broke down", _gone(BANDIT, 127)),
    Fault("a scan without runs", "security_audit", "read|run", with_(BANDIT, _no_runs)),
    Fault("a scan without rules", "security_audit", "rule", with_(BANDIT, _no_rules)),
    Fault("a scan of no line", "security_audit", "no line", with_(BANDIT, _no_lines)),
    Fault("a secret in the history", "security_audit", "critical: .*private-key", with_(SECRETS, _secret)),
    Fault("no scan for secrets", "security_audit", "secrets", _gone(SECRETS)),
    Fault("the audit skipped a package", "security_audit", "skipped", with_(AUDIT, _skipped)),
    Fault("a vulnerable dependency", "security_audit", "PYSEC-2018-28", with_(AUDIT, _vulnerable, code=1)),
    Fault("no audit of dependencies", "security_audit", "dependencies", _gone(AUDIT)),
    Fault("an old vulnerability database", "security_audit", "days old", lambda _: None, timedelta(days=8)),
)
