"""``readiness.yaml``: what the team demands of the plan and of evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from radeng_assets.ess.terms import EssTerms
from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.planning.fields import Fields
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.folder import POLICY, Planning
from radeng_assets.planning.located import Place
from radeng_assets.planning.source import Source
from radeng_assets.planning.yaml_nodes import Mapping
from radeng_assets.planning.yaml_tree import read_stream
from radeng_assets.readiness.freshness import FreshnessTerms
from radeng_assets.readiness.reports.terms import Reports
from radeng_assets.readiness.retention_terms import RetentionTerms
from radeng_assets.readiness.signoff_terms import SignoffTerms
from radeng_assets.readiness.terms import read_items, read_terms
from radeng_assets.readiness.waiver_terms import Waiver
from radeng_assets.readiness.waivers import WaiverDays, read_waivers, waiver_findings
from radeng_assets.record import Record


class BlockingTie(Record):
    """``blocking:`` of ``readiness.yaml``: the gaps of an issue that names none; ``issue`` is its exact text."""

    issue: str
    gaps: tuple[str, ...]


class WaveTerms(Record):
    """``waves:`` of ``readiness.yaml``. ``hold`` are waves that only a person opens."""

    hold: tuple[str, ...] = ()


class Policy(Record):
    """Thresholds of the verdict and limits of the commands behind it.

    ``audit_blocks``: no wave opens while the plan audit has an open error. ``coverage_minimum`` is a fraction and
    ``None`` where the plan's own minimum is to hold;
    ``command_timeout_s`` bounds each gate, setup and proof command; ``command_output_bytes`` is how much of a
    command's output is kept as evidence. ``agents`` is what agents may do and spend, ``ess`` what the code index must
    be, ``reports`` what is measured for each report, ``freshness`` how long evidence holds, ``signoff`` who must
    approve, ``waves`` which of them nobody but a person opens, ``retention`` how long is kept what may go. ``waivers``
    are what was accepted, each for ``waiver_days`` at most; ``blocking`` ties blocking issues to gaps.
    """

    audit_blocks: bool = False
    coverage_minimum: float | None = None
    command_timeout_s: float = 1800.0
    command_output_bytes: int = 256 * 1024
    agents: AgentPolicy = AgentPolicy()
    ess: EssTerms = EssTerms()
    reports: Reports = Reports()
    freshness: FreshnessTerms = FreshnessTerms()
    signoff: SignoffTerms = SignoffTerms()
    waves: WaveTerms = WaveTerms()
    retention: RetentionTerms = RetentionTerms()
    waiver_days: WaiverDays = WaiverDays()
    waivers: tuple[Waiver, ...] = ()
    blocking: tuple[BlockingTie, ...] = ()


_PARTS: dict[str, type[Record]] = {
    "agents": AgentPolicy,
    "ess": EssTerms,
    "reports": Reports,
    "freshness": FreshnessTerms,
    "signoff": SignoffTerms,
    "waves": WaveTerms,
    "retention": RetentionTerms,
    "waiver_days": WaiverDays,
}
"""The parts of the file that are records of their own."""


def read_policy(source: Source | None) -> tuple[Policy, tuple[Finding, ...]]:
    """The policy of ``readiness.yaml``, and what is wrong with the file. No file: the defaults."""
    if source is None:
        return Policy(), ()
    documents, problems = read_stream(source)
    findings = list(problems)
    values: dict[str, object] = {}
    for document in documents:
        if not isinstance(document, Mapping):
            findings.append(_not_a_mapping(source.file, document.line))
            continue
        fields = Fields(document, source.file, source.file, findings)
        blocks = fields.flag("audit_blocks")
        coverage = fields.number("coverage_minimum")
        timeout = fields.number("command_timeout_s")
        output = fields.integer("command_output_bytes")
        if blocks:
            values["audit_blocks"] = blocks.value
        if coverage and _within(fields, "coverage_minimum", coverage.value, 1.0):
            values["coverage_minimum"] = coverage.value
        if timeout and _within(fields, "command_timeout_s", timeout.value, 86_400.0):
            values["command_timeout_s"] = timeout.value
        if output and _within(fields, "command_output_bytes", output.value, 64 * 1024 * 1024):
            values["command_output_bytes"] = output.value
        for name, kind in _PARTS.items():
            part = fields.mapping(name)
            if part is not None:
                values[name] = read_terms(part, kind)
        if waivers := read_waivers(fields):
            values["waivers"] = waivers
        if blocking := read_items(fields, "blocking", BlockingTie):
            values["blocking"] = blocking
        fields.leftovers()
    return Policy.model_validate(values), tuple(findings)


def policy_findings(source: Source | None, planning: Planning, today: date) -> tuple[Finding, ...]:
    """Everything that is wrong with ``readiness.yaml`` by itself, as of a day: how it reads, and its waivers."""
    policy, problems = read_policy(source)
    about = waiver_findings(policy.waivers, days=policy.waiver_days, planning=planning, today=today)
    return (*problems, *about, *_unknown_holds(policy, planning))


def hold_doubts(source: Source | None, planning: Planning) -> tuple[Finding, ...]:
    """Why nobody can be certain which waves are held: the file does not read whole, or holds what is no wave."""
    policy, problems = read_policy(source)
    return (*problems, *_unknown_holds(policy, planning))


def _unknown_holds(policy: Policy, planning: Planning) -> Iterable[Finding]:
    """A hold that names no wave holds nothing, and whoever wrote it believes that it does."""
    known = {wave.id.value for wave in planning.execution_plan.waves} if planning.execution_plan else set[str]()
    for wave in policy.waves.hold:
        if wave not in known:
            yield Finding(
                rule="unknown-wave",
                severity="error",
                subject=wave,
                message=f"{POLICY} holds {wave[:40]!r}, and the plan has no such wave.",
                at=(Place(POLICY),),
                fix="Correct the wave's id (waves: hold).",
            )


def _within(fields: Fields, key: str, value: float, most: float) -> bool:
    if 0 < value <= most:
        return True
    fields.finding(
        "wrong-value",
        f"{key!r} is {value:g}; it must be over 0 and at most {most:g}. The default holds.",
        "Correct the number.",
        subject=key,
    )
    return False


def _not_a_mapping(file: str, line: int) -> Finding:
    return Finding(
        rule="wrong-kind",
        severity="error",
        subject=file,
        message="The policy is not a mapping; the defaults hold.",
        at=(Place(file, line),),
        fix="Write `key: value` lines.",
    )
