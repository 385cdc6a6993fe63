"""One result of a SARIF run as a neutral finding that a waiver can be bound to.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, section 3.27. A secret may stand in a message or a
snippet: neither is kept, only digests of them are.
"""

from __future__ import annotations

import math
import re
from typing import Literal, TypeVar, get_args
from urllib.parse import unquote, urlsplit

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.formats.json_tree import Node
from radeng_assets.record import Record

Level = Literal["none", "note", "warning", "error"]
Kind = Literal["fail", "open", "review", "pass", "informational", "notApplicable"]

T = TypeVar("T", Level, Kind)

_LEVELS: tuple[Level, ...] = get_args(Level)
_KINDS: tuple[Kind, ...] = get_args(Kind)

CONTENT = "radengContent/v1"
"""Key of ``partialFingerprints`` under which our own scanner puts the digest of what it found and does not quote."""

_REDACTED = re.compile(r"redacted|removed|hidden|\*{3,}|x{5,}|•{3,}|…|\.{3}", re.IGNORECASE)
"""A snippet with such a mark may stand for more than one content: it identifies nothing."""

_TITLE = 120

WORST = 10
"""The upper end of ``security-severity``, which is CVSS's scale."""


class SarifFinding(Record):
    """What a scanner has to say about one place.

    ``severity`` is its ``security-severity`` (0 to 10, https://docs.github.com/code-security, "SARIF support"), where
    it gives one; tools disagree about it and about ``level``, so both are kept. ``suppressed``: the tool itself took it
    out. ``content`` is the digest of what it quotes (``content_of``), which identifies it whatever line it moves to;
    ``None`` where the report quotes nothing, or not all. ``title`` is what the rule is called, the tool's fixed text.
    """

    rule: str
    level: Level
    kind: Kind
    path: str | None
    line: int | None
    severity: float | None
    message_digest: str
    suppressed: bool
    content: str | None = None
    title: str = ""


def read_result(result: Node, rules: dict[str, Node], by_index: list[Node]) -> SarifFinding:
    """One element of ``results``. ``rules`` are those of the run by id, ``by_index`` the driver's in order."""
    rule = _rule(result, rules, by_index)
    name = result["ruleId"].text() or result["rule"]["id"].text() or rule["id"].text() or ""
    if not name:
        result.error("sarif-rule", "A result names no rule.")
    kind = _one_of(result["kind"], _KINDS) or "fail"
    place = result["locations"][0]["physicalLocation"]
    snippet = place["region"]["snippet"]["text"].text() or ""
    return SarifFinding(
        rule=name,
        level=_level(result, kind, rule),
        kind=kind,
        path=_path(place["artifactLocation"]["uri"].text()),
        line=place["region"]["startLine"].number(),
        severity=_severity(result, rule),
        message_digest=digest_of(_message(result["message"])),
        suppressed=_is_suppressed(result["suppressions"]),
        content=result["partialFingerprints"][CONTENT].text() or content_of(snippet),
        title=(rule["shortDescription"]["text"].text() or rule["name"].text() or "")[:_TITLE],
    )


def content_of(snippet: str) -> str | None:
    """The digest of a quoted text, its white space made even; ``None`` for one that quotes nothing, or not all."""
    plain = " ".join(snippet.split())
    return digest_of(plain) if plain and not _REDACTED.search(plain) else None


def _rule(result: Node, rules: dict[str, Node], by_index: list[Node]) -> Node:
    """The rule's own description; a node without value where the run has none. Ids may be below one: ``CA1000/1``."""
    name = result["ruleId"].text() or result["rule"]["id"].text()
    while name:
        if name in rules:
            return rules[name]
        name = name.rpartition("/")[0]
    index = result["ruleIndex"].number()
    return by_index[index] if index is not None and index < len(by_index) else result.absent()


def _level(result: Node, kind: Kind, rule: Node) -> Level:
    """Section 3.27.10: the result's own; none for what is no failure; the rule's; ``warning``."""
    own = _one_of(result["level"], _LEVELS)
    if own is not None:
        return own
    if kind != "fail":
        return "none"
    return _one_of(rule["defaultConfiguration"]["level"], _LEVELS) or "warning"


def _severity(result: Node, rule: Node) -> float | None:
    """The result's own score, else its rule's. Tools write it as text or as number."""
    for node in (result["properties"]["security-severity"], rule["properties"]["security-severity"]):
        if node.is_absent:
            continue
        try:
            score = float(node.value) if isinstance(node.value, str | int | float) else math.nan
        except (ValueError, OverflowError):
            score = math.nan
        if 0 <= score <= WORST:
            return score
        node.error("sarif-severity", f"A security-severity is no number from 0 to {WORST}; it was not read.")
    return None


def _is_suppressed(suppressions: Node) -> bool:
    """Section 3.27.23: suppressed if there is a suppression and none is rejected or still under review."""
    if suppressions.is_absent:
        return False
    accepted = [
        one["kind"].value in ("inSource", "external") and one["status"].value in (None, "accepted")
        for one in suppressions.elements()
    ]
    return bool(accepted) and all(accepted)


def _message(message: Node) -> list[str | None]:
    arguments = message["arguments"]
    given = [] if arguments.is_absent else [one.text() for one in arguments.elements()]
    return [message["text"].text() or message["markdown"].text(), message["id"].text(), *given]


def _path(uri: str | None) -> str | None:
    """A URI as a path; what cannot be split is taken as it stands."""
    if uri is None:
        return None
    try:
        path = urlsplit(uri).path
    except ValueError:
        path = uri
    return unquote(path).replace("\\", "/").removeprefix("./")


def _one_of(node: Node, known: tuple[T, ...]) -> T | None:
    """A word that SARIF knows; ``None``, and an error, for one that it does not."""
    found = next((word for word in known if word == node.value), None)
    if found is None and not node.is_absent:
        node.error("sarif-word", f"This is none of {', '.join(map(str, known))}; it was not read.")
    return found
