"""The audit as SARIF 2.1.0, which code hosts show beside the lines of the plan.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import PurePosixPath
from urllib.parse import quote as url_quote

from radeng_assets.planning.audit import Audit
from radeng_assets.planning.findings import Finding, Severity
from radeng_assets.planning.located import Place
from radeng_assets.planning.rules.book import rule_book

Json = dict[str, object]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "radengFinding/v1"
"""Key of the content digest: by it a host knows a finding again whose lines moved."""

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def to_sarif(audit: Audit, folder: PurePosixPath) -> Json:
    """One run with every finding; accepted ones are suppressed, with the reason.

    ``folder`` is the planning folder as the host knows it: relative to the repository's top.
    """
    open_ = [(finding, digest, None) for finding, digest in zip(audit.findings, audit.digests, strict=True)]
    accepted = [(one.finding, one.digest, f"{one.reason} ({one.by}, until {one.expires})") for one in audit.accepted]
    results = [_result(finding, digest, reason, folder) for finding, digest, reason in (*open_, *accepted)]
    driver: Json = {"name": "radeng audit", "semanticVersion": version("radeng-assets"), "rules": _rules(audit)}
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rules(audit: Audit) -> list[Json]:
    """Every rule of the book, and the readers' ids that were used: a result must name a rule of its run."""
    rules: dict[str, Json] = {
        rule.id: {
            "id": rule.id,
            "shortDescription": {"text": rule.id.replace("-", " ")},
            "fullDescription": {"text": rule.why},
            "help": {"text": f"{rule.why}\n\nFor example: {rule.example}"},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            "properties": {"tags": [family]},
        }
        for family, found in rule_book().items()
        for rule in found
    }
    for finding in (*audit.findings, *(one.finding for one in audit.accepted)):
        rules.setdefault(finding.rule, {"id": finding.rule, "properties": {"tags": ["reading"]}})
    return list(rules.values())


def _result(finding: Finding, digest: str, reason: str | None, folder: PurePosixPath) -> Json:
    text = f"{finding.message} {finding.fix}".strip()
    result: Json = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.subject}: {text}"},
        "locations": [_location(place, folder) for place in finding.at[:1]],
        "relatedLocations": [
            {"id": index, **_location(place, folder)} for index, place in enumerate(finding.at[1:], start=1)
        ],
        "partialFingerprints": {FINGERPRINT: digest},
    }
    if reason is not None:
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


def _location(place: Place, folder: PurePosixPath) -> Json:
    physical: Json = {"artifactLocation": {"uri": url_quote(str(folder / place.file))}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
    return {"physicalLocation": physical}
