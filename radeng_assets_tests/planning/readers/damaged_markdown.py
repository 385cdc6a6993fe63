"""Damage for real documents: edits of lines as people, editors and bad merges make them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from hypothesis import strategies as st

from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.source import Source
from radeng_assets.record import Record

Lines = list[str]
Edit = tuple[str, int, int, str]
"""Kind, where (a line, modulo the document), where in it, what."""

JUNK = ("", "   ", "foo", "```", "---", "***", "> q", "| a | b |", "- x", "1. z", "<!--", "<div>")
CHARACTERS = "x|*`-[0\u200b\u00a0\u2028\ufffd é"
GIANTS = ("x" * 20_000, "| " * 8_000, "[" * 8_000, "**a" * 6_000, "R-001 " * 3_000, "- " * 3_000)

FRAGMENTS = (
    "### R-001: it breaks", "## High Risks", "| Attribute | Value |", "|---|---|", "| Probability | HIGH |",
    "**Mitigation**:", "1. do it", "- [ ] done", "**Waves**:", "1. Wave 1: base (11 pts, 3 stories, PARALLEL)",
    "```", "│ LOW IMPACT │ HIGH IMPACT │", "HIGH PROB │ R-001-R-004 │ R-009", "| Module | Current | Target |",
    "| a | 5% | x |", "- 10 agents: < 1% error rate, < 5s p99", "## 1. PLAN.yaml", "**Scope**:", "- **23 stories**",
    "> **Version**: 1", "**Last Updated**: now", "", "", "    code", "<!-- note -->", "R-9 to R-1",
    "| Vulnerability | Test | Status |", "| LLM01: x | y | z |", "**File**: `a.ts`", "## Success Criteria",
)  # fmt: skip

_WHERE = st.integers(min_value=0, max_value=10_000)
_DAMAGE = ("delete", "duplicate", "truncate", "insert", "cut", "put", "shorten")


def edits(*more: str) -> st.SearchStrategy[Edit]:
    """One edit: of the kinds that keep every other line where it belongs, and of ``more`` kinds."""
    return st.tuples(
        st.sampled_from((*_DAMAGE, *more)),
        _WHERE,
        _WHERE,
        st.sampled_from(JUNK if not more else (*JUNK, *GIANTS, "# Y", "## R-001: z")),
    )


def documents() -> st.SearchStrategy[str]:
    """Texts without carriage returns (sources have none): noise, and the readers' forms in any order."""
    noise = st.text(max_size=200).map(lambda text: text.replace("\r", "\n"))
    forms = st.lists(st.one_of(st.sampled_from(FRAGMENTS), noise), max_size=40).map("\n".join)
    return st.one_of(noise, forms)


def apply(edit: Edit, lines: Lines) -> Lines:
    """The lines with one edit made."""
    kind, where, inside, what = edit
    at = where % len(lines) if lines else 0
    head, line, tail = lines[:at], lines[at : at + 1], lines[at + 1 :]
    text = line[0] if line else ""
    column = inside % (len(text) + 1)
    match kind:
        case "delete":
            return head + tail
        case "duplicate":
            return head + line + line + tail
        case "truncate":
            return head
        case "insert":
            return [*head, what, *line, *tail]
        case "cut":
            return [*head, text[:column] + text[column + 1 :], *tail]
        case "put":
            sign = CHARACTERS[inside % len(CHARACTERS)]
            return [*head, text[:column] + sign + text[column:], *tail]
        case "shorten":
            return [*head, text[:column], *tail]
        case "move":
            to = inside % (len(lines) or 1)
            rest = head + tail
            return [*rest[:to], *line, *rest[to:]]
        case _:
            raise AssertionError(kind)


def facts(value: object) -> Iterator[Fact[object]]:
    """Every fact inside a model."""
    if isinstance(value, Fact):
        yield value
    elif isinstance(value, tuple):
        for part in cast(tuple[object, ...], value):
            yield from facts(part)
    elif isinstance(value, Record):
        for _, part in value:
            yield from facts(part)


def assert_located(model: Record, findings: tuple[Finding, ...], lines: Lines) -> None:
    """Every fact and finding stands on a line of the document."""
    for fact in facts(model):
        assert 1 <= fact.line <= len(lines), fact
    for finding in findings:
        for place in finding.at:
            assert place.line is None or 1 <= place.line <= len(lines), finding


@dataclass(frozen=True, repr=False)
class Original:
    """A real document, what its reader makes of it, and which facts stand for its items."""

    read: Callable[[Source], tuple[Record, tuple[Finding, ...]]]
    items: Callable[[Record], list[Fact[object]]]
    name: str
    lines: Lines

    def __repr__(self) -> str:
        return self.name

    def damaged(self, *made: Edit) -> tuple[Lines, Record, tuple[Finding, ...]]:
        """The lines after some edits, and what the reader makes of them."""
        lines = self.lines
        for edit in made:
            lines = apply(edit, lines)
        return lines, *self.read(Source(self.name, "\n".join(lines), ""))

    def assert_survives(self, *made: Edit) -> None:
        """No exception, and everything read or found stands on a line of the document."""
        lines, model, findings = self.damaged(*made)
        assert_located(model, findings, lines)

    def assert_no_silent_loss(self, edit: Edit) -> None:
        """Each item whose line still stands is read, or a finding says what was not there before."""
        lines, model, findings = self.damaged(edit)
        if {_key(finding) for finding in findings} <= self._known:
            found = Counter(lines[item.line - 1] for item in self.items(model))
            standing = Counter(lines)
            for line in self._stated - found:
                assert standing[line] < self._standing[line], f"items of {line!r} are lost"

    @cached_property
    def _known(self) -> set[tuple[str, str]]:
        return {_key(finding) for finding in self.damaged()[2]}

    @cached_property
    def _stated(self) -> Counter[str]:
        return Counter(self.lines[item.line - 1] for item in self.items(self.damaged()[1]))

    @cached_property
    def _standing(self) -> Counter[str]:
        return Counter(self.lines)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.subject
