"""One YAML document from libyaml's *events* into located nodes: nothing executed or expanded.

Why not a loader:

- every scalar keeps its line, and the tree of a 10,000-story plan stays small;
- a tag is never acted on and an alias never expanded (a "billion laughs" costs one finding);
- a duplicate key is a finding that cites both lines, where loaders keep one in silence.

See docs/decisions/0002-yaml-events.md for the measurements behind the choice of parser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import cast

import yaml

from radeng_assets.planning.findings import Finding, Severity
from radeng_assets.planning.located import Place
from radeng_assets.planning.yaml_nodes import Entry, Mapping, Node, Scalar, Sequence

MAX_DEPTH = 50
"""Deepest nesting that is read; the deepest real plan seen has 7 levels."""

_PARSED_DEPTH = 1000
"""Deepest nesting that is parsed at all: libyaml needs quadratic time for what lies below."""

_REPORTED = 100
"""Most findings of one rule about one document; the rest are counted, so that a hostile file
cannot fill the memory with them."""

_PLACES = 20
"""Most places that one finding cites."""

_PROPERTIES = re.compile(r"(?:[&!]\S*|\s+|#[^\n]*)*")
"""Anchor, tag and comments that may stand before a value, on lines of their own."""


def compose(text: str, file: str, first_line: int, findings: list[Finding]) -> Node | None:
    """The tree of one YAML document that begins at ``first_line``; ``None`` for an empty one.

    ``yaml.YAMLError`` where the text is not YAML. Findings are recorded only when the whole
    document parsed: one that breaks half-way is salvaged piece by piece, and the pieces report for
    themselves.
    """
    builder = _Builder(text, file, first_line)
    parsed = yaml.parse(text, Loader=yaml.CSafeLoader)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # the stub leaves it untyped
    for event in cast("Iterator[yaml.Event]", parsed):
        builder.feed(event)
    findings.extend(builder.findings())
    return builder.root


def duplicate_key(file: str, key: str, lines: tuple[int, ...]) -> Finding:
    """The finding about a key of one mapping that stands on several lines."""
    cited = ", ".join(str(line) for line in lines[:_PLACES])
    return Finding(
        rule="yaml-duplicate-key",
        severity="error",
        subject=key[:80] or file,
        message=f"The key {key[:80]!r} stands {len(lines)} times (lines {cited}"
        f"{' …' if len(lines) > _PLACES else ''}); only the first was read.",
        at=tuple(Place(file, line) for line in lines[:_PLACES]),
        fix="Keep one of them.",
    )


class _Open:
    """A collection whose end has not been seen; a mapping's nodes alternate key, value."""

    __slots__ = ("is_mapping", "line", "nodes")

    def __init__(self, is_mapping: bool, line: int) -> None:
        self.is_mapping = is_mapping
        self.line = line
        self.nodes: list[Node] = []


class _Builder:
    """Builds a tree from events without recursion; ``root`` is the tree once all were fed."""

    def __init__(self, text: str, file: str, first_line: int) -> None:
        self.root: Node | None = None
        self._text = text
        self._file = file
        self._first_line = first_line
        self._last_line = first_line + text.count("\n")
        self._stack: list[_Open] = []
        self._skipped = 0
        self._skipped_line = 0
        self._findings: list[Finding] = []
        self._reported: Counter[str] = Counter()
        self._last: dict[str, int] = {}

    def feed(self, event: yaml.Event) -> None:
        """Take the next event; ``yaml.MarkedYAMLError`` where it nests hopelessly deep."""
        if isinstance(event, yaml.ScalarEvent):
            if not self._skipped:
                self._add(self._scalar(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent) and not self._skipped:
            self._add(self._alias(event))

    def findings(self) -> list[Finding]:
        """What is wrong with the document so far."""
        return self._findings + [
            Finding(
                rule=rule,
                severity="error",
                subject=self._file,
                message=f"{count - _REPORTED:,} more findings of this kind are not listed; the "
                f"last is about line {self._last[rule]}.",
                at=(Place(self._file, self._last[rule]),),
                fix="Mend the ones listed, then read again.",
            )
            for rule, count in self._reported.items()
            if count > _REPORTED
        ]

    def _line(self, event: yaml.Event) -> int:
        return int(event.start_mark.line) + self._first_line

    def _add(self, node: Node) -> None:
        if self._stack:
            self._stack[-1].nodes.append(node)
        else:
            self.root = node

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if self._skipped or len(self._stack) >= MAX_DEPTH:
            self._skip(event)
            return
        self._check_tag(event)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._stack.append(_Open(is_mapping, self._line(event)))

    def _skip(self, event: yaml.CollectionStartEvent) -> None:
        if not self._skipped:
            self._skipped_line = self._line(event)
            self._report(
                "yaml-too-deep",
                "error",
                self._file,
                f"Nesting over {MAX_DEPTH} levels; what lies deeper was not read.",
                "Flatten the structure.",
                self._skipped_line,
            )
        self._skipped += 1
        if self._skipped > _PARSED_DEPTH:
            raise yaml.MarkedYAMLError(problem=f"nesting over {_PARSED_DEPTH} levels", problem_mark=event.start_mark)

    def _close(self) -> None:
        if not self._skipped:
            self._add(self._collection(self._stack.pop()))
            return
        self._skipped -= 1
        if not self._skipped:
            self._add(Scalar("", self._skipped_line, True))

    def _collection(self, opened: _Open) -> Node:
        if not opened.is_mapping:
            return Sequence(tuple(opened.nodes), opened.line)
        entries: dict[str, Entry] = {}
        for key, value in zip(opened.nodes[::2], opened.nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._report(
                    "yaml-complex-key",
                    "error",
                    self._file,
                    "A mapping key is itself a list or mapping; the entry was not read.",
                    "Use plain text as the key.",
                    key.line,
                )
            elif key.text in entries:
                lines = (entries[key.text].key.line, key.line)
                self._record(duplicate_key(self._file, key.text, lines), key.line)
            else:
                entries[key.text] = Entry(key, value)
        return Mapping(tuple(entries.values()), opened.line)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        if event.tag is not None:
            self._check_tag(event)
        text, line = str(event.value), self._line(event)
        if text and (event.tag or event.anchor):
            line += self._lines_before_value(event)
        if not text:
            # What is left out has the line of what comes next, even where nothing does.
            line = min(line, self._last_line)
        if "\0" not in text:
            return Scalar(text, line, not event.style)
        # No file name and no command line can carry it: what takes the text later would raise.
        self._report(
            "yaml-nul",
            "error",
            self._file,
            "A text holds the character NUL; the value counts as missing.",
            r"Remove the \0.",
            line,
        )
        return Scalar("", line, True)

    def _lines_before_value(self, event: yaml.ScalarEvent) -> int:
        """How many lines below its anchor or tag a value begins."""
        properties = _PROPERTIES.match(self._text, event.start_mark.index)
        return properties[0].count("\n") if properties else 0

    def _alias(self, event: yaml.AliasEvent) -> Scalar:
        name, line = str(event.anchor)[:80], self._line(event)
        self._report(
            "yaml-alias",
            "error",
            name,
            f"The alias *{name} was not expanded; the value counts as missing.",
            "Write the value out: planning documents are read without aliases.",
            line,
        )
        return Scalar("", line, True)

    def _check_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag is not None and event.tag != "!":
            tag = str(event.tag)[:80]
            self._report(
                "yaml-tag",
                "warning",
                tag,
                f"The tag {tag!r} was ignored; the value was read as written.",
                "Remove the tag: planning documents need none.",
                self._line(event),
            )

    def _report(self, rule: str, severity: Severity, subject: str, message: str, fix: str, line: int) -> None:
        at = (Place(self._file, line),)
        finding = Finding(rule=rule, severity=severity, subject=subject, message=message, at=at, fix=fix)
        self._record(finding, line)

    def _record(self, finding: Finding, line: int) -> None:
        self._reported[finding.rule] += 1
        self._last[finding.rule] = line
        if self._reported[finding.rule] <= _REPORTED:
            self._findings.append(finding)
