"""From YAML trees to typed facts: each value that cannot be used becomes a finding.

A reader wraps a mapping in ``Fields`` and takes key after key; what it did not take, it lists
at the end with ``leftovers()``. So nothing that a document says is dropped in silence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import islice

from radeng_assets.planning.findings import Finding, Severity
from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.yaml_nodes import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_null,
    lines_of,
)
from radeng_assets.planning.yaml_tree import merge

_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_KINDS: dict[type, str] = {Scalar: "a single value", Sequence: "a list", Mapping: "a mapping"}

_LISTED_KEYS = 100
"""Most unread keys of one mapping that are reported one by one."""

_LISTED_ITEMS = 20
"""Most items that a finding about a list cites."""

_LONGEST_SUBJECT = 200
"""In characters: an id may be a megabyte of text."""


class Fields:
    """One mapping, taken apart key by key. ``subject`` names it in findings (a story id, a key)."""

    def __init__(self, node: Mapping, file: str, subject: str, findings: list[Finding]) -> None:
        self._node = node
        self._entries = {entry.key.text: entry for entry in node.entries}
        self._taken: set[str] = set()
        self.file = file
        self.findings = findings
        self.subject = subject[:_LONGEST_SUBJECT]
        self.line = node.line

    def about(self, subject: str) -> Fields:
        """The same fields, named ``subject`` from here on."""
        self.subject = subject[:_LONGEST_SUBJECT]
        return self

    @property
    def lines(self) -> str:
        """The lines that the mapping spans, in words."""
        return lines_of(self._node)

    def entry(self, key: str) -> Entry | None:
        """Take a key as it stands; ``None`` where it is missing or null."""
        self._taken.add(key)
        entry = self._entries.get(key)
        return None if entry is None or is_null(entry.value) else entry

    def text(self, key: str) -> Fact[str] | None:
        """Take a text. A quoted number is a text as well."""
        entry = self.entry(key)
        if entry is None:
            return None
        if not isinstance(entry.value, Scalar):
            self._wrong(key, entry.value, "a single value")
            return None
        return Fact(entry.value.text.strip(), self.file, entry.value.line)

    def required_text(self, key: str) -> Fact[str] | None:
        """Take a text without which the mapping is left out: missing or blank is an error."""
        fact = self.text(key)
        if fact is None or not fact.value:
            self.finding(
                "missing-key",
                f"{self.subject} ({self.lines}) has no {key!r} and was left out.",
                f"Add {key!r}.",
                line=fact.line if fact else self.line,
            )
            return None
        return fact

    def integer(self, key: str) -> Fact[int] | None:
        """Take a whole number (``"8 story points"`` is not one; see ``leading_integer``)."""
        fact = self.text(key)
        if fact is None:
            return None
        if not _INTEGER.fullmatch(fact.value) or len(fact.value) > 18:
            self._wrong_value(key, fact, "a whole number")
            return None
        return fact.with_value(int(fact.value))

    def leading_integer(self, key: str) -> Fact[int] | None:
        """Take the whole number that a text begins with: ``"8 story points"`` is 8."""
        fact = self.text(key)
        if fact is None:
            return None
        match = re.match(r"[-+]?[0-9]{1,18}(?![0-9.])", fact.value)
        if match is None:
            self._wrong_value(key, fact, "a text that begins with a whole number")
            return None
        return fact.with_value(int(match.group()))

    def number(self, key: str) -> Fact[float] | None:
        """Take a number."""
        fact = self.text(key)
        if fact is None:
            return None
        if not _NUMBER.fullmatch(fact.value) or not math.isfinite(float(fact.value)):
            self._wrong_value(key, fact, "a number")
            return None
        return fact.with_value(float(fact.value))

    def flag(self, key: str) -> Fact[bool] | None:
        """Take ``true`` or ``false`` (YAML core schema: ``yes`` and ``on`` are texts)."""
        fact = self.text(key)
        if fact is None:
            return None
        if fact.value not in _TRUE | _FALSE:
            self._wrong_value(key, fact, "true or false")
            return None
        return fact.with_value(fact.value in _TRUE)

    def texts(self, key: str) -> tuple[Fact[str], ...]:
        """Take a list of texts; one text alone counts as a list of one."""
        entry = self.entry(key)
        if entry is None:
            return ()
        return texts_of(entry.value, self.file, f"{self.subject}: {key}", self.findings)

    def mapping(self, key: str) -> Fields | None:
        """Take a mapping."""
        entry = self.entry(key)
        if entry is None:
            return None
        if not isinstance(entry.value, Mapping):
            self._wrong(key, entry.value, "a mapping")
            return None
        return Fields(entry.value, self.file, f"{self.subject}: {key}", self.findings)

    def pairs(self, key: str) -> Fields | None:
        """Take a mapping, or a list of mappings (``- key: value`` lines) as if it were one."""
        entry = self.entry(key)
        if entry is None or not isinstance(entry.value, Sequence):
            return self.mapping(key)
        node = entry.value
        subject = f"{self.subject}: {key}"
        wrong: list[Node] = [item for item in node.items if not isinstance(item, Mapping)]
        self.wrong_items(key, wrong, "a mapping")
        parts = [item for item in node.items if isinstance(item, Mapping)]
        merged = merge([*parts, Mapping(node.strays, node.line)], self.file, self.findings)
        return Fields(merged, self.file, subject, self.findings)

    def sequence(self, key: str) -> tuple[Node, ...]:
        """Take a list's items as they stand."""
        entry = self.entry(key)
        if entry is None:
            return ()
        if not isinstance(entry.value, Sequence):
            self._wrong(key, entry.value, "a list")
            return ()
        _unread_strays(entry.value, self.file, f"{self.subject}: {key}", self.findings)
        return entry.value.items

    def mappings(self, key: str, subject: str) -> Iterator[Fields]:
        """Take a list of mappings, one ``Fields`` each, named ``subject`` until it has an id."""
        wrong: list[Node] = []
        for node in self.sequence(key):
            if isinstance(node, Mapping):
                yield Fields(node, self.file, subject, self.findings)
            else:
                wrong.append(node)
        self.wrong_items(key, wrong, "a mapping")

    def rest(self) -> Iterator[Entry]:
        """Take every entry that was not taken yet (for mappings with free keys)."""
        for key, entry in self._entries.items():
            if key not in self._taken:
                self._taken.add(key)
                yield entry

    def leftovers(self) -> None:
        """Report what nobody took: a key outside the vocabulary, most often a misspelling."""
        unread = self.rest()
        for entry in islice(unread, _LISTED_KEYS):
            self.finding(
                "unread-key",
                f"{self.subject} has the key {entry.key.text[:80]!r}, which nothing reads.",
                "Correct the key's spelling, or remove it.",
                subject=entry.key.text[:80] or self.subject,
                line=entry.key.line,
                severity="warning",
            )
        if more := list(unread):
            self.finding(
                "unread-key",
                f"{self.subject} has {len(more):,} more keys that nothing reads.",
                "Correct their spelling, or remove them.",
                line=more[0].key.line,
                severity="warning",
            )

    def wrong_items(self, key: str, items: list[Node], expected: str) -> None:
        """Report the items of a list that are not ``expected``, if any, in one finding."""
        _wrong_items(items, self.file, f"{self.subject}: {key}", expected, self.findings)

    def finding(
        self,
        rule: str,
        message: str,
        fix: str,
        *,
        subject: str | None = None,
        line: int | None = None,
        severity: Severity = "error",
    ) -> None:
        """Record a finding about this mapping, at ``line`` or where the mapping begins."""
        self.findings.append(
            Finding(
                rule=rule,
                severity=severity,
                subject=(subject or self.subject)[:_LONGEST_SUBJECT],
                message=message,
                at=(Place(self.file, line or self.line),),
                fix=fix,
            )
        )

    def _wrong(self, key: str, node: Node, expected: str) -> None:
        self.finding(
            "wrong-kind",
            f"{key!r} of {self.subject} is {_KINDS[type(node)]}, not {expected}; it was not read.",
            f"Write {expected}.",
            line=node.line,
        )

    def _wrong_value(self, key: str, fact: Fact[str], expected: str) -> None:
        self.finding(
            "wrong-value",
            f"{key!r} of {self.subject} is {fact.value[:80]!r}, not {expected}; it was not read.",
            f"Write {expected}.",
            line=fact.line,
        )


def texts_of(node: Node, file: str, subject: str, findings: list[Finding]) -> tuple[Fact[str], ...]:
    """The texts of a list node, or of one scalar; blank items and other kinds are findings."""
    if is_null(node):
        return ()
    if isinstance(node, Sequence):
        _unread_strays(node, file, subject, findings)
    items = node.items if isinstance(node, Sequence) else (node,)
    texts: list[Fact[str]] = []
    wrong: list[Node] = []
    for item in items:
        text = item.text.strip() if isinstance(item, Scalar) and not is_null(item) else ""
        if text:
            texts.append(Fact(text, file, item.line))
        else:
            wrong.append(item)
    _wrong_items(wrong, file, subject, "a text", findings)
    return tuple(texts)


def _wrong_items(items: list[Node], file: str, subject: str, expected: str, findings: list[Finding]) -> None:
    """One finding about all items of a list that are of the wrong kind."""
    if not items:
        return
    first, subject = items[0], subject[:_LONGEST_SUBJECT]
    blank = isinstance(first, Scalar) and not first.text.strip()
    what = "empty" if blank else _KINDS[type(first)]
    count = f"{len(items):,} items" if len(items) > 1 else "An item"
    findings.append(
        Finding(
            rule="wrong-kind",
            severity="error",
            subject=subject,
            message=f"{count} of {subject} cannot be read; the one at line {first.line} is {what}, not {expected}.",
            at=tuple(Place(file, item.line) for item in items[:_LISTED_ITEMS]),
            fix=f"Write {expected}, or remove the item.",
        )
    )


def _unread_strays(node: Sequence, file: str, subject: str, findings: list[Finding]) -> None:
    """What a damaged list has among its items is read by those who know the key, else reported."""
    if node.strays:
        Fields(Mapping(node.strays, node.line), file, subject, findings).leftovers()


def missing_section(file: str, key: str, severity: Severity, consequence: str) -> Finding:
    """The finding about a top-level key that a document was expected to have."""
    return Finding(
        rule="missing-section",
        severity=severity,
        subject=key,
        message=f"{file} has no {key!r}: {consequence}.",
        at=(Place(file),),
        fix=f"Add {key!r}, or correct the spelling of the key that was meant.",
    )
