"""The OWASP LLM Top 10 by an edition that is out of date, or by two at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.documents.testing_requirements import OwaspItem
from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.words import same_title

EDITIONS = {
    "2023": (
        *("Prompt Injection", "Insecure Output Handling", "Training Data Poisoning", "Model Denial of Service"),
        *("Supply Chain Vulnerabilities", "Sensitive Information Disclosure", "Insecure Plugin Design"),
        *("Excessive Agency", "Overreliance", "Model Theft"),
    ),
    "2025": (
        *("Prompt Injection", "Sensitive Information Disclosure", "Supply Chain", "Data and Model Poisoning"),
        *("Improper Output Handling", "Excessive Agency", "System Prompt Leakage"),
        *("Vector and Embedding Weaknesses", "Misinformation", "Unbounded Consumption"),
    ),
}
"""OWASP Top 10 for LLM Applications: LLM01 to LLM10 of version 1.1 (2023) and of 2025 (genai.owasp.org)."""

CURRENT = "2025"
_NAMED = re.compile(r"\bLLM(?:0[1-9]|10):(?P<edition>20\d\d)\b|\bOWASP LLM Top 10(?: for)?[ (]*(?P<year>20\d\d)\b")
_ITEM = re.compile(r"LLM(?P<number>0[1-9]|10)")


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for the table, one for each item whose name is another edition's, one for items that do not apply."""
    items = documents.tests.owasp
    named = [
        (match["edition"] or match["year"], text) for text in _texts(documents) if (match := _NAMED.search(text.value))
    ]
    old = [item for item in items if _is_old(item)]
    if old:
        others = [text for edition, text in named if edition == CURRENT]
        beside = (
            (f", while {', '.join(str(text.at) for text in others)} names the edition of {CURRENT}") if others else ""
        )
        message = (
            f"The OWASP LLM Top 10 ({items[0].id.at}) is that of 2023{beside}: {len(old)} of {len(items)} items have "
            f"other names in {CURRENT}."
        )
        at = (items[0].id.at, *(text.at for text in others), *(item.id.at for item in old))
        fix = f"Test by the edition of {CURRENT}: {', '.join(EDITIONS[CURRENT])}."
        yield Issue("OWASP LLM Top 10", message, at, fix)
    for edition, text in named:
        if edition not in (CURRENT, "2026") and not old:
            message = f"{text.at} names the OWASP LLM Top 10 of {edition}; the current edition is of {CURRENT}."
            yield Issue("OWASP LLM Top 10", message, (text.at,), f"Use the edition of {CURRENT}.")


def _is_old(item: OwaspItem) -> bool:
    """Whether an item has the name that its number had in 2023, and not the one of today."""
    match = _ITEM.fullmatch(item.id.value)
    if match is None:
        return False
    index = int(match["number"]) - 1
    name = item.name.value.replace("DoS", "Denial of Service").replace("Info ", "Information ")
    return same_title(name, EDITIONS["2023"][index]) and not same_title(name, EDITIONS[CURRENT][index])


def _texts(documents: Documents) -> Iterator[Fact[str]]:
    for gap in documents.gaps.gaps:
        yield from (text for text in (gap.title, gap.current_state, gap.target_state, gap.recommendation) if text)
    for target in documents.tests.targets:
        yield target.text
    for story in (*documents.plan.stories, *documents.master.stories):
        yield from (task.description for task in story.tasks if task.description)


RULE = Rule(
    id="standard-outdated",
    severity="error",
    why=(
        "The OWASP LLM Top 10 of 2025 renumbered and replaced most items of 2023. A table by the old edition "
        "tests for things "
        'that were dropped and misses what was added, and "LLM02" means two things in one folder.'
    ),
    example="The OWASP LLM Top 10 (TESTING-REQUIREMENTS.md:648) is that of 2023, while …:571 names the edition "
    "of 2025.",
    check=check,
)
