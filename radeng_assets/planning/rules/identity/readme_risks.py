"""The README's words about risks against the register."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.documents.risk_register import Risk
from radeng_assets.planning.located import Fact
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.words import same_title, words

_LEVEL = re.compile(r"\b(?P<level>LOW|MEDIUM|HIGH|CRITICAL) (?P<what>probability|impact)\b", re.IGNORECASE)
_NOTE = re.compile(r"\(.*")


def check(documents: Documents) -> Iterator[Issue]:
    """Ids in the wrong section, and probabilities and impacts told differently."""
    for section in documents.readme.documents:
        for claim in section.ids:
            yield from _ids(documents, claim.label, claim.ids)
    for text in documents.readme.top_risks:
        if risk := _meant(documents, text):
            yield from _levels(text, risk)


def _ids(documents: Documents, label: Fact[str], ids: tuple[Fact[str], ...]) -> Iterator[Issue]:
    sections = [one for one in documents.risks.sections if one.level.value.lower() in words(label.value)]
    listed = {risk.id.value: risk.id for section in sections for risk in section.risks}
    if "risk" not in words(label.value) or not listed:
        return
    named = {fact.value: fact for fact in ids}
    for name, fact in named.items():
        if name not in listed and (risk := documents.risk_of.get(name)):
            message = f"{name} is among the {label.value} ({fact.at}), and stands in another section ({risk.id.at})."
            yield Issue(name, message, (fact.at, risk.id.at), "Correct the list of ids.")
    for name, fact in listed.items():
        if named and name not in named:
            message = f"{name} stands in the section of {label.value} ({fact.at}), and {label.at} does not name it."
            yield Issue(name, message, (fact.at, label.at), "Correct the list of ids.")


def _meant(documents: Documents, text: Fact[str]) -> Risk | None:
    """The risk whose title a line repeats, or whose id it names."""
    title = _NOTE.sub("", text.value)
    for name, risk in documents.risk_of.items():
        if name in text.value or (risk.title and words(title) and same_title(title, risk.title.value)):
            return risk
    return None


def _levels(text: Fact[str], risk: Risk) -> Iterator[Issue]:
    for match in _LEVEL.finditer(text.value):
        what, level = match["what"].lower(), match["level"].upper()
        stated = risk.probability if what == "probability" else risk.impact
        if stated and stated.value.upper() != level:
            message = f"{risk.id.value} has {what} {level} ({text.at}) and {stated.value} ({stated.at})."
            yield Issue(risk.id.value, message, (text.at, stated.at), "Settle on one level.")


RULE = Rule(
    id="readme-risk-differs",
    severity="error",
    why="The README is where risks are read first. Another level or another list there than in the register misleads.",
    example="R-005 has impact CRITICAL (README.md:56) and HIGH (RISK-ASSESSMENT.md:144).",
    check=check,
)
