"""What blocks production: the README's list, the gap analysis' own list, and its critical path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from radeng_assets.planning.documents.gap_analysis import PriorityTier
from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction
from radeng_assets.planning.rules.words import words

ALIKE = 0.6
"""Share of a gap title's words that a blocking issue must have to be about that gap."""


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each gap that one list has and another lacks, and one where the lists differ in length."""
    readme = {gap.value: gap for row in documents.readme.blocking_issues for gap in row.gaps}
    critical = {gap.value: gap for tier in documents.gaps.tiers if _is_critical(tier) for gap in tier.gaps}
    titles = {name: words(gap.title.value) if gap.title else frozenset[str]() for name, gap in documents.gap_of.items()}
    named = {name: text for text in documents.gaps.blocking_issues if (name := _gap_of(titles, text))}
    yield from _lacking(readme, critical, "the README's blocking issues", "the critical path")
    yield from _lacking(critical, readme, "the critical path", "the README's blocking issues")
    yield from _lacking(readme, named, "the README's blocking issues", "the gap analysis' blocking issues")
    yield from _lacking(named, readme, "the gap analysis' blocking issues", "the README's blocking issues")
    yield from _lacking(critical, named, "the critical path", "the gap analysis' blocking issues")
    yield from _lacking(named, critical, "the gap analysis' blocking issues", "the critical path")
    rows, texts = documents.readme.blocking_issues, documents.gaps.blocking_issues
    if rows and texts:
        said = [
            Stated(len(rows), f"counted in {documents.readme.file}", (rows[0].issue.at,)),
            Stated(len(texts), f"counted in {documents.gaps.file}", (texts[0].at,)),
        ]
        yield from contradiction("blocking_issues", "Blocking issues", said, "Keep one list of what blocks.")


def _is_critical(tier: PriorityTier) -> bool:
    return "critical" in words(tier.name.value)


def _gap_of(titles: Mapping[str, frozenset[str]], text: Fact[str]) -> str:
    """The gap whose title a blocking issue repeats, or whose id it names; ``""`` for none."""
    said, best, share = words(text.value), "", 0.0
    for name, title in titles.items():
        if name in text.value:
            return name
        found = len(title & said) / len(title) if title else 0.0
        if found > share:
            best, share = name, found
    return best if share >= ALIKE else ""


def _lacking(one: dict[str, Fact[str]], other: dict[str, Fact[str]], name: str, others: str) -> Iterator[Issue]:
    if not other:
        return
    for gap, fact in one.items():
        if gap not in other:
            message = f"{gap} is in {name} ({fact.at}) and not in {others} ({next(iter(other.values())).at})."
            yield Issue(gap, message, (fact.at, next(iter(other.values())).at), "Agree on what blocks production.")


RULE = Rule(
    id="blocking-list-differs",
    severity="error",
    why=(
        '"Must be resolved before any deployment" is the strongest word that a plan has. Lists of it that '
        "differ mean that "
        "somebody will deploy with a blocker open."
    ),
    example="SEC-001 is in the README's blocking issues (README.md:149) and not in the critical path (…:693).",
    check=check,
)
