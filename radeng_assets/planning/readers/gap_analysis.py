"""COMPREHENSIVE-GAP-ANALYSIS.yaml → ``GapAnalysis``.

The file is a stream of documents. ``category``, ``severity_overall`` and ``gaps`` recur, one
category a document; every other key is expected once, in whichever document.
"""

from __future__ import annotations

from collections.abc import Iterable

from radeng_assets.planning.documents.gap_analysis import (
    ClaimedGapCounts,
    Gap,
    GapAnalysis,
    GapCategory,
    GapDependency,
    GapEvidence,
    GapWave,
    PriorityTier,
)
from radeng_assets.planning.fields import Fields, missing_section, texts_of
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.readers.header import read_header
from radeng_assets.planning.source import Source
from radeng_assets.planning.yaml_nodes import Entry, Mapping, Sequence
from radeng_assets.planning.yaml_tree import merge, read_mappings

_OF_CATEGORY = frozenset({"category", "severity_overall", "gaps"})

_EXPECTED = (
    "meta",
    "summary",
    "total_gaps_identified",
    "critical_gaps",
    "high_gaps",
    "medium_gaps",
    "low_gaps",
    "blocking_issues",
    "gaps",
    "priority_order",
    "total_effort_estimate",
    "dependencies",
    "wave_assignment",
)


def read_gap_analysis(source: Source) -> tuple[GapAnalysis, tuple[Finding, ...]]:
    """The gap analysis as far as it can be read, and what is wrong with it. Never raises."""
    documents, problems = read_mappings(source)
    findings = list(problems)
    present = {entry.key.text for document in documents for entry in document.entries}
    findings += [
        missing_section(source.file, key, "warning", "what it would have stated is unknown")
        for key in _EXPECTED
        if key not in present
    ]
    categories = tuple(_categories(documents, source.file, findings))
    rest = (_part(document, of_category=False) for document in documents)
    top = Fields(merge(rest, source.file, findings), source.file, source.file, findings)
    return _analysis(top, categories), tuple(findings)


def _part(document: Mapping, *, of_category: bool) -> Mapping:
    entries = (e for e in document.entries if (e.key.text in _OF_CATEGORY) is of_category)
    return Mapping(tuple(entries), document.line)


def _analysis(top: Fields, categories: tuple[GapCategory, ...]) -> GapAnalysis:
    meta = top.mapping("meta")
    effort = top.mapping("total_effort_estimate")
    analysis = GapAnalysis(
        file=top.file,
        header=read_header(meta),
        summary=top.text("summary"),
        claimed=ClaimedGapCounts(
            total=top.integer("total_gaps_identified"),
            critical=top.integer("critical_gaps"),
            high=top.integer("high_gaps"),
            medium=top.integer("medium_gaps"),
            low=top.integer("low_gaps"),
        ),
        blocking_issues=top.texts("blocking_issues"),
        categories=categories,
        tiers=tuple(PriorityTier(name=name, gaps=gaps) for name, gaps in _lists(top, "priority_order")),
        claimed_effort=effort.leading_integer("story_points") if effort else None,
        claimed_weeks=effort.text("estimated_weeks") if effort else None,
        dependencies=tuple(GapDependency(gap=gap, needs=needs) for gap, needs in _lists(top, "dependencies")),
        waves=tuple(_waves(top)),
    )
    for fields in (meta, effort, top):
        if fields is not None:
            fields.leftovers()
    return analysis


def _lists(top: Fields, key: str) -> Iterable[tuple[Fact[str], tuple[Fact[str], ...]]]:
    """The entries of a mapping from names to lists of texts."""
    fields = top.mapping(key)
    for entry in fields.rest() if fields else ():
        subject = f"{key}: {entry.key.text}"
        yield _name(entry, top.file), texts_of(entry.value, top.file, subject, top.findings)


def _name(entry: Entry, file: str) -> Fact[str]:
    return Fact(entry.key.text.strip(), file, entry.key.line)


def _categories(documents: Iterable[Mapping], file: str, findings: list[Finding]) -> Iterable[GapCategory]:
    for document in documents:
        part = _part(document, of_category=True)
        if not part.entries:
            continue
        fields = Fields(part, file, "gaps", findings)
        name = fields.text("category")
        if name is not None:
            fields.about(name.value)
        if part.get("gaps") is None:
            fields.finding("missing-key", f"{fields.subject} has no 'gaps'.", "Add its gaps.")
        yield GapCategory(
            name=name,
            severity=fields.text("severity_overall"),
            gaps=tuple(gap for one in fields.mappings("gaps", "a gap") if (gap := _gap(one)) is not None),
        )


def _gap(fields: Fields) -> Gap | None:
    gap_id = fields.required_text("id")
    if gap_id is None:
        return None
    fields.about(gap_id.value)
    gap = Gap(
        id=gap_id,
        title=fields.text("title"),
        severity=fields.text("severity"),
        current_state=fields.text("current_state"),
        target_state=fields.text("target_state"),
        impact=fields.text("impact"),
        evidence=_evidence(fields),
        recommendation=fields.text("recommendation"),
        effort=fields.leading_integer("effort_estimate"),
        dependencies=fields.texts("dependencies"),
    )
    fields.leftovers()
    return gap


def _evidence(fields: Fields) -> tuple[GapEvidence, ...]:
    """Evidence in each of its shapes: kinds with values, a text, or a list of either."""
    entry = fields.entry("evidence")
    if entry is None:
        return ()
    node = entry.value
    strays = node.strays if isinstance(node, Sequence) else ()
    parts = node.items if isinstance(node, Sequence) else (node,)
    kinds = [e for part in parts if isinstance(part, Mapping) for e in part.entries]
    plain = Sequence(tuple(p for p in parts if not isinstance(p, Mapping)), node.line)
    subject = f"{fields.subject}: evidence"
    found = [(Fact("text", fields.file, entry.key.line), plain)]
    found += [(_name(kind, fields.file), kind.value) for kind in (*kinds, *strays)]
    read = ((kind, texts_of(value, fields.file, subject, fields.findings)) for kind, value in found)
    return tuple(GapEvidence(kind=kind, values=values) for kind, values in read if values)


def _waves(top: Fields) -> Iterable[GapWave]:
    assignment = top.mapping("wave_assignment")
    for entry in assignment.rest() if assignment else ():
        yield _wave(entry, top)


def _wave(entry: Entry, top: Fields) -> GapWave:
    """One wave: a list of ids, a list damaged by its mode standing among the ids, or a mapping."""
    node, subject = entry.value, f"wave_assignment: {entry.key.text}"
    if isinstance(node, Mapping):
        fields = Fields(node, top.file, subject, top.findings)
        gaps = fields.texts("gaps")
    else:
        strays = node.strays if isinstance(node, Sequence) else ()
        fields = Fields(Mapping(strays, node.line), top.file, subject, top.findings)
        ids = Sequence(node.items, node.line) if isinstance(node, Sequence) else node
        gaps = texts_of(ids, top.file, subject, top.findings)
    wave = GapWave(name=_name(entry, top.file), gaps=gaps, parallel=_mode(fields))
    fields.leftovers()
    return wave


def _mode(fields: Fields) -> Fact[bool] | None:
    """Parallel or not, said either way; ``None`` where it is not said, or both ways at once."""
    parallel, sequential = fields.flag("parallel"), fields.flag("sequential")
    if sequential is None:
        return parallel
    stated = sequential.with_value(not sequential.value)
    if parallel is not None and parallel.value != stated.value:
        message = f"'parallel' and 'sequential' of {fields.subject} contradict one another."
        fields.finding("wrong-value", message, "Keep one of the two.", line=sequential.line)
        return None
    return stated
