"""What ``radeng load`` showed: its record, counted again and set against what the record itself says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from pydantic import ValidationError

from radeng_assets.evidence.formats.json_tree import Node
from radeng_assets.execution.load.figures import upper_bound
from radeng_assets.execution.load.report import Level, LoadReport
from radeng_assets.readiness.freshness import moment
from radeng_assets.readiness.reports.load_levels import Shown

FORMAT = "radeng/load/v1"

_DERIVED = ("ratio", "shortfalls")


def fleet_levels(root: Node, source: str) -> tuple[Shown, ...]:
    """The levels of a record; none, and an error in the node's notes, where it is not one that we write.

    An error is a turn that no try answered, or a try more than the faults that were laid in its way on purpose.
    """
    try:
        given = json.loads(json.dumps(root.value))
        levels = [{key: level[key] for key in level if key not in _DERIVED} for level in given["levels"]]
        plain = {key: given[key] for key in given if key not in ("schema", "within", "levels")}
        report = LoadReport.model_validate({**plain, "format": given["schema"], "levels": levels})
        at = moment(report.at).timestamp()
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = str(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else repr(error)
        root.error("load-schema", f"{source} is no record of `radeng load`: {why[:200]}.")
        return ()
    said = cast("dict[str, object]", json.loads(json.dumps(report.document())))
    doubt = () if said == given else ("its conclusions are not those of its own numbers",)
    return tuple(_shown(level, source, at, doubt) for level in report.levels)


def _shown(level: Level, source: str, at: float, doubt: tuple[str, ...]) -> Shown:
    expected = level.calls + level.injected.throttled + level.injected.resets
    errors = min(level.calls, level.errors + max(0, level.tries - expected))
    return Shown(
        source=source,
        agents=level.agents,
        requests=level.calls,
        errors=errors,
        unanswered=level.errors,
        attempts=level.tries,
        distinct=level.distinct,
        peak=level.peak_agents,
        held=None,
        p99_s=level.latency.p99 if level.latency else None,
        begun=at,
        ended=at,
        doubts=(*doubt, *_doubts(level)),
    )


def _doubts(level: Level) -> Iterator[str]:
    name = f"at {level.agents} agents"
    if level.error_bound != upper_bound(level.errors, level.calls):
        yield f"{name} the error bound is not that of {level.errors} errors of {level.calls} turns"
    if level.tries < level.calls - level.errors:
        yield f"{name} {level.calls - level.errors} turns were answered with {level.tries} tries"
    if level.lost:
        yield f"{name} {len(level.lost)} agents did not end with their work: {level.lost[0]}"
    if level.tokens != level.tokens_expected:
        yield f"{name} {level.tokens} were counted, {level.tokens_expected} were used"
