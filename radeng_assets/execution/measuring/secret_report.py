"""What scans for secrets found, as SARIF 2.1.0: where, of what kind, and a digest in place of the secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from radeng_assets.canonical import canonical, digest_of
from radeng_assets.evidence.formats.sarif_result import CONTENT
from radeng_assets.execution.measuring.history import Reachable

Json = dict[str, object]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Catch:
    """A secret in a content: by which rule, on which line (from 1), and the secret itself, which goes no further."""

    blob: str
    rule: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class SecretScan:
    """One scanner's run over all contents.

    ``rules`` are titles by id; ``faults`` say what was not looked at, or why it cannot be trusted; ``notes`` are for
    people.
    """

    tool: str
    version: str
    rules: dict[str, str]
    catches: tuple[Catch, ...]
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def to_sarif(scans: Iterable[SecretScan], there: Reachable) -> bytes:
    """The report's bytes: equal findings, equal bytes.

    A secret is listed for each path that its content ever had, once; with its line where the commit has it so.
    """
    return canonical({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(scan, there) for scan in scans]})


def content_digest(text: str) -> str:
    """The identity of a secret: the text itself, however it is broken into lines or indented."""
    return digest_of(["secret", "".join(text.split())])


def _run(scan: SecretScan, there: Reachable) -> Json:
    told = [{"level": "error", "message": {"text": fault}} for fault in scan.faults]
    told += [{"level": "note", "message": {"text": note}} for note in scan.notes]
    rules = [{"id": name, "shortDescription": {"text": title}} for name, title in sorted(scan.rules.items())]
    return {
        "tool": {"driver": {"name": scan.tool, "version": scan.version, "rules": rules}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": told}],
        "results": [_result(*key, line) for key, line in sorted(_placed(scan, there).items())],
    }


def _placed(scan: SecretScan, there: Reachable) -> dict[tuple[str, str, str], int]:
    """(path, rule, digest) → line; 0 where the commit does not have it: it is in the history, or on a branch."""
    lines: dict[tuple[str, str, str], int] = {}
    for catch in scan.catches:
        for path in there.ever[catch.blob]:
            key = (path, catch.rule, content_digest(catch.text))
            lines[key] = lines.get(key) or (catch.line if there.now.get(path) == catch.blob else 0)
    return lines


def _result(path: str, rule: str, digest: str, line: int) -> Json:
    place: Json = {"artifactLocation": {"uri": quote(path, errors="surrogateescape")}}
    if line:
        place["region"] = {"startLine": line, "snippet": {"text": "[redacted]"}}
    where = "in the commit" if line else "in the history, or on a branch of the plan"
    return {
        "ruleId": rule,
        "level": "error",
        "message": {"text": f"This looks like a secret. It is {where}."},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {CONTENT: digest},
    }
