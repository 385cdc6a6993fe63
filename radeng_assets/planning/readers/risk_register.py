"""Reads RISK-ASSESSMENT.md: risks by level, profile, matrix, responses, review cadence."""

from __future__ import annotations

import re

from radeng_assets.planning.documents.common import Claim
from radeng_assets.planning.documents.risk_register import (
    ReviewCadence,
    RiskRegister,
    RiskResponse,
)
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import plain
from radeng_assets.planning.readers.markdown_facts import claim, split_label
from radeng_assets.planning.readers.markdown_reading import Reading
from radeng_assets.planning.readers.risk_items import LABELS, read_risks
from radeng_assets.planning.readers.risk_matrix import LEVELS, read_matrix
from radeng_assets.planning.source import Source

_LEVEL_WORD = re.compile(rf"\b(?:{LEVELS})\b", re.IGNORECASE)
_PROFILE = re.compile(r"\bprofile\b|\brisks? (?:summary|counts?|distribution)\b")
_CADENCE = re.compile(r"\bcadence\b|\breview (?:schedule|frequency|interval)\b")
_COUNTS = {
    "level": ("level", "risk level", "severity", "category"),
    "count": ("count", "number", "total", "risks"),
}
_RESPONSES = {
    "kind": ("response type", "response", "risk response", "strategy", "treatment"),
    "count": ("count", "number", "total"),
    "examples": ("examples", "risks", "risk ids", "ids"),
}
_REVIEWS = {
    "level": ("level", "risk level", "severity", "risks"),
    "every": ("review", "cadence", "review cadence", "frequency", "review frequency", "interval"),
}
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}
_INTERVALS = (
    (re.compile(r"(?<![\w-])(?:bi-?weekly|fortnightly)\b"), 14),
    (re.compile(r"(?<![\w-])daily\b"), 1),
    (re.compile(r"(?<![\w-])weekly\b"), 7),
    (re.compile(r"(?<![\w-])monthly\b"), 30),
    (re.compile(r"(?<![\w-])quarterly\b"), 90),
    (re.compile(r"(?<![\w-])(?:yearly|annual(?:ly)?)\b"), 365),
)
_EVERY = re.compile(r"\bevery\s+(?:(?P<number>[0-9]{1,3})\s+)?(?P<unit>day|week|month|quarter|year)s?\b")


def read_risk_register(source: Source) -> tuple[RiskRegister, tuple[Finding, ...]]:
    """The register as far as it can be read, and a finding for each loss. Never raises."""
    reading = Reading(source, (*LABELS, "risk profile"))
    register = RiskRegister(
        file=source.file,
        header=reading.header,
        sections=read_risks(reading),
        profile=_profile(reading),
        matrix=read_matrix(reading),
        responses=_responses(reading),
        cadence=_cadence(reading),
    )
    return register, reading.finish()


def days_between(words: str) -> int | None:
    """The interval that words like ``bi-weekly review`` or ``every 3 weeks`` say, in days."""
    lower = words.lower()
    if match := _EVERY.search(lower):
        return int(match["number"] or 1) * _UNIT_DAYS[match["unit"]]
    return next((days for pattern, days in _INTERVALS if pattern.search(lower)), None)


def _profile(reading: Reading) -> tuple[Claim, ...]:
    claims = [
        Claim(label=level, count=count)
        for row in reading.rows_of(_COUNTS, "level", "count")
        if (level := reading.required(row, "level", "risk profile"))
        and (count := reading.count(row.get("count"), level.value))
    ]
    listed = None if claims else reading.first_list(_PROFILE)
    for item in listed[1].items if listed else ():
        reading.take(item.text)
        if said := claim(item.text):
            claims.append(said)
        else:
            reading.wrong(item.text, "risk profile", "a count")
    if not claims:
        reading.missing("risk profile", "Say how many risks there are of each level.")
    return tuple(claims)


def _responses(reading: Reading) -> tuple[RiskResponse, ...]:
    found = tuple(
        RiskResponse(
            kind=kind,
            count=reading.count(row.get("count"), kind.value),
            examples=row.get("examples"),
            risks=reading.ids(row.get("examples"), kind.value),
        )
        for row in reading.rows_of(_RESPONSES, "kind", "count")
        if (kind := reading.required(row, "kind", "risk response"))
    )
    if not found:
        reading.missing("risk response summary", "Count the risks of each kind of response.")
    return found


def _cadence(reading: Reading) -> tuple[ReviewCadence, ...]:
    found = [
        _review(level, row["every"])
        for row in reading.rows_of(_REVIEWS, "level", "every")
        if (level := reading.required(row, "level", "review cadence")) and "every" in row
    ]
    listed = None if found else reading.first_list(_CADENCE)
    for item in listed[1].items if listed else ():
        if said := split_label(item.text):
            reading.take(item.text)
            found.append(_review(*said))
    if not found:
        reading.missing("review cadence", "Say how often the risks of each level are reviewed.")
    return tuple(found)


def _review(level: Fact[str], every: Fact[str]) -> ReviewCadence:
    word = _LEVEL_WORD.search(level.value)
    return ReviewCadence(
        level=level.with_value(word.group() if word else plain(level.value)),
        every=every,
        days=days_between(every.value),
    )
