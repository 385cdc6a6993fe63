"""Coverage of too little, of other files, of what nobody ran."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from radeng_assets_tests.truth.faults.runs import every
from radeng_assets_tests.truth.state import Edit, State
from radeng_assets_tests.truth.trial import Fault

FILE = "coverage.json"


def _files(change: Callable[[str, dict[str, Any]], tuple[str, dict[str, Any]] | None]) -> Edit:
    """Every file of the report as ``change`` has it, or left out."""

    def edited(data: bytes) -> bytes:
        document = json.loads(data)
        files = (change(path, entry) for path, entry in document["files"].items())
        document["files"] = dict(pair for pair in files if pair is not None)
        return json.dumps(document).encode()

    return edited


def _unrun(entry: dict[str, Any], share: float) -> dict[str, Any]:
    """The last of a file's lines were not run."""
    lines = sorted(entry["executed_lines"])
    kept = lines[: round(len(lines) * (1 - share))]
    missing = sorted({*entry["missing_lines"], *lines} - set(kept))
    contexts = {line: names for line, names in entry.get("contexts", {}).items() if int(line) in kept}
    return {**entry, "executed_lines": kept, "missing_lines": missing, "contexts": contexts}


def _leave(edit: Edit) -> Callable[[State], None]:
    return lambda state: state.leave("coverage", FILE, edit)


def _elsewhere(path: str, entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return f"vendor/{path}", entry


def _low(path: str, entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return path, _unrun(entry, 0.3)


def _low_security(path: str, entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return path, _unrun(entry, 0.15) if "security" in path else entry


def _without_service(path: str, entry: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    return None if "service/" in path else (path, entry)


def _only_tests(path: str, entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return path.replace("postbox/", "tests/").replace("load/", "tests/load/"), entry


def _longer(path: str, entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return path, {**entry, "executed_lines": [*entry["executed_lines"], 9_000]}


def _excluded(path: str, entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The lines that are not run are called excluded."""
    spoiled = _unrun(entry, 0.3)
    return path, {**spoiled, "excluded_lines": spoiled["missing_lines"], "missing_lines": []}


def _nothing(_: bytes) -> bytes:
    return b""


def _xfailed_only(state: State) -> None:
    """What ran the code is known to fail."""
    state.leave("coverage", "junit.xml", every(b'<skipped type="pytest.xfail" message="known"/>'))


FAULTS = (
    Fault("coverage of other files", "test_coverage", "none of this repository", _leave(_files(_elsewhere))),
    Fault("coverage of tests alone", "test_coverage", "none of the product|none of this", _leave(_files(_only_tests))),
    Fault("coverage below the whole's target", "test_coverage", "overall: .* demanded", _leave(_files(_low))),
    Fault("coverage below security's target", "test_coverage", "security/: .* demanded", _leave(_files(_low_security))),
    Fault("a module that is not measured", "test_coverage", "service/", _leave(_files(_without_service))),
    Fault("coverage of another text", "test_coverage", "does not have", _leave(_files(_longer))),
    Fault("lines not run are called excluded", "test_coverage", "overall: .* demanded", _leave(_files(_excluded))),
    Fault("coverage by tests that fail", "test_coverage", "did not count|expected to fail", _xfailed_only),
    Fault("an empty coverage report", "test_coverage", "read", _leave(_nothing)),
    Fault("no coverage report", "test_coverage", "coverage report|left no", _leave(lambda _: None)),
)
