"""Blocking issues: production waits while one is open, whatever the score. Only evidence closes one, and no waiver.

An issue is closed when it names gaps, and each of them is addressed by stories that are all shown to be done. A tick or
a status that says so is a claim; one that says that it is open is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from radeng_assets.evidence.outcomes import DONE
from radeng_assets.planning.folder import GAP_ANALYSIS, MASTER_PLAN, README, Planning
from radeng_assets.planning.located import Fact
from radeng_assets.planning.snapshot import LOSING_RULES
from radeng_assets.planning.trace.coverage import gap_stories
from radeng_assets.planning.trace.links import Link
from radeng_assets.readiness.case import Case
from radeng_assets.readiness.policy import BlockingTie
from radeng_assets.record import Record

_OPEN = re.compile(
    r"\bre-?opened\b|\bopen\b|\bunresolved\b|\bpending\b|\bin[ -]progress\b|\bblocked\b|\[ \]"
    r"|\b(?:not|un)[ -]?(?:done|closed|fixed|resolved|started|mitigated)\b|\bno\b|\bfalse\b|[\u274c\u2717\u2718]",
    re.IGNORECASE,
)
_REOPENED = re.compile(r"\bre-?opened\b", re.IGNORECASE)
_ID = re.compile(r"(?<![\w.-])\w+(?:[.-]\w+)*")


class Blocker(Record):
    """One blocking issue as a document states it. ``stated_open`` is the word that says that it is open."""

    issue: Fact[str]
    gaps: tuple[str, ...] = ()
    stated_open: Fact[str] | None = None


def blockers(planning: Planning, ties: Iterable[BlockingTie] = ()) -> tuple[Blocker, ...]:
    """Every blocking issue of the README, the gap analysis and the master plan, with the gaps that it is about."""
    known = frozenset(gap.id.value for gap in planning.gap_analysis.gaps) if planning.gap_analysis else frozenset[str]()
    tied: dict[str, list[str]] = {}
    for tie in ties:
        tied.setdefault(_plain(tie.issue), []).extend(tie.gaps)
    found: list[Blocker] = []
    for blocker in (*_of_readme(planning), *_of_gaps(planning, known), *_of_master(planning, known)):
        gaps = dict.fromkeys((*blocker.gaps, *tied.get(_plain(blocker.issue.value), ())))
        reopened = blocker.issue if _REOPENED.search(blocker.issue.value) else None
        found.append(blocker.model_copy(update={"gaps": tuple(gaps), "stated_open": blocker.stated_open or reopened}))
    return tuple(found)


def unread(planning: Planning) -> tuple[str, ...]:
    """The documents in which blocking issues may stand that nobody sees: there, and not read whole."""
    lost = {
        place.file
        for finding in planning.findings
        if finding.severity == "error" and (finding.rule in LOSING_RULES or finding.subject not in planning.files)
        for place in finding.at
    }
    return tuple(name for name in (README, GAP_ANALYSIS, MASTER_PLAN) if name in lost)


def open_blockers(case: Case) -> tuple[str, ...]:
    """Why each issue that is open is, in words, with its place. Empty: nothing blocks."""
    found = blockers(case.planning, case.policy.blocking)
    linked = gap_stories(case.planning) if found else {}
    told = ((blocker, _why_open(blocker, linked, case)) for blocker in found)
    return tuple(f"{one.issue.value} ({one.issue.at}): {why}" for one, why in told if why)


def _why_open(blocker: Blocker, linked: Mapping[str, tuple[Link, ...]], case: Case) -> str:
    if blocker.stated_open is not None:
        return f"it is said to be open ({blocker.stated_open.at})"
    if not blocker.gaps:
        return "it names no gap, so nothing could close it (readiness.yaml: blocking)"
    for gap in blocker.gaps:
        if gap not in linked:
            return f"nobody describes the gap {gap}"
        stories = list(dict.fromkeys(link.source for link in linked[gap]))
        if not stories:
            return f"no story addresses {gap}"
        waiting = [name for name in stories if (told := case.stories.get(name)) is None or told.status not in DONE]
        if waiting:
            return f"{', '.join(waiting[:3])} of {gap} {'is' if len(waiting) == 1 else 'are'} not shown to be done"
    return ""


def _of_readme(planning: Planning) -> Iterator[Blocker]:
    for row in planning.readme.blocking_issues if planning.readme else ():
        said = row.status if row.status and _OPEN.search(row.status.value) else None
        yield Blocker(issue=row.issue, gaps=tuple(gap.value for gap in row.gaps), stated_open=said)


def _of_gaps(planning: Planning, known: frozenset[str]) -> Iterator[Blocker]:
    for text in planning.gap_analysis.blocking_issues if planning.gap_analysis else ():
        yield Blocker(issue=text, gaps=_named(text.value, known))


def _of_master(planning: Planning, known: frozenset[str]) -> Iterator[Blocker]:
    """Tick boxes under a heading on what blocks: an empty one says that it is open."""
    for listed in planning.master_plan.checklists if planning.master_plan else ():
        for item in listed.items if re.search(r"\bblock", listed.title.value, re.IGNORECASE) else ():
            said = None if item.ticked else item.text
            yield Blocker(issue=item.text, gaps=_named(item.text.value, known), stated_open=said)


def _named(text: str, known: frozenset[str]) -> tuple[str, ...]:
    """The gaps whose ids stand in a text, as words."""
    return tuple(dict.fromkeys(word for word in _ID.findall(text) if word in known))


def _plain(text: str) -> str:
    return " ".join(text.split())
