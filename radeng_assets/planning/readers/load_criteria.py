"""Reads load-test limits: list items like ``10 agents: < 1% error rate, < 5s p99``, or a table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from radeng_assets.planning.documents.testing_requirements import LoadCriterion
from radeng_assets.planning.located import Fact
from radeng_assets.planning.markdown_tree import plain
from radeng_assets.planning.readers.markdown_reading import Columns, Reading

_LOAD: Columns = {
    "agents": ("agents", "concurrent agents", "concurrency"),
    "error_rate": ("error rate", "max error rate", "errors"),
    "p99_seconds": ("p99", "p99 latency", "latency"),
}

_AGENTS = re.compile(
    r"(?P<agents>[0-9]{1,6})\s+(?:(?:concurrent|parallel)\s+)?agents?\b[\s:\u2013\u2014-]*(?P<limits>.*)"
)
_DURATION = re.compile(r"(?<![\w.])(?P<number>[0-9]{1,6}(?:\.[0-9]{1,3})?)\s{0,3}(?P<unit>ms|s|m)\b")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


def read_load_criteria(reading: Reading) -> tuple[LoadCriterion, ...]:
    """Every load criterion of the document, those of a table first."""
    return (*_rows(reading), *_items(reading))


def _rows(reading: Reading) -> Iterator[LoadCriterion]:
    for row in reading.rows_of(_LOAD, "agents", "error_rate"):
        if agents := reading.count(reading.required(row, "agents", "load"), "load"):
            yield _criterion(reading, agents, row.get("error_rate"), row.get("p99_seconds"))


def _items(reading: Reading) -> Iterator[LoadCriterion]:
    for section in reading.sections:
        for item in (item for block in section.lists for item in block.items):
            match = _AGENTS.fullmatch(plain(item.text.value))
            if match and not reading.is_taken(item.text):
                reading.take(item.text)
                agents = item.text.with_value(int(match["agents"]))
                yield _criterion(reading, agents, *_limits(reading, item.text, match["limits"]))


def _limits(reading: Reading, item: Fact[str], words: str) -> tuple[Fact[str] | None, Fact[str] | None]:
    """(the error rate's words, the latency's words) of a list of limits."""
    error: Fact[str] | None = None
    latency: Fact[str] | None = None
    for part in re.split(r"[,;]", words):
        if "error" in part.lower() and error is None:
            error = item.with_value(part.strip())
        elif re.search(r"p99|latency", part, re.IGNORECASE) and latency is None:
            latency = item.with_value(part.strip())
        else:
            message = f"The limit {part.strip()[:80]!r} is neither an error rate nor a latency."
            fix = "Write '< 1% error rate, < 5s p99 latency'."
            reading.report("unread-block", item, "load criterion", message, fix)
    return error, latency


def _criterion(
    reading: Reading, agents: Fact[int], error: Fact[str] | None, latency: Fact[str] | None
) -> LoadCriterion:
    subject = f"{agents.value} agents"
    place = agents.with_value("")
    for name, fact in (("error rate", error), ("p99 latency", latency)):
        if fact is None:
            message = f"The load criterion for {subject} states no {name}."
            reading.report("missing-key", place, subject, message, f"Add the {name}.")
    return LoadCriterion(
        agents=agents,
        error_rate=reading.fraction(error, subject),
        p99_seconds=reading.parsed(latency, subject, seconds, "a time like 5s"),
    )


def seconds(text: str) -> float | None:
    """The first time in a text, in seconds: 0.25 for ``< 250 ms``. ``None`` without one."""
    match = _DURATION.search(text)
    return None if match is None else float(match["number"]) * _SECONDS[match["unit"]]
