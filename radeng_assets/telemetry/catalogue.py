"""Every metric that there is, with its unit in its name, what it says, and its labels.

Labels hold names out of closed lists (states, gates, models that have a price) and never an id of a story, a run or a
commit, so the number of series does not grow with the work. Names follow Prometheus' own rules: base units, ``_total``
for what only grows, ``_seconds``; USD has no base unit there and is written out.
"""

from __future__ import annotations

from typing import Literal

from radeng_assets.record import Record

MetricKind = Literal["counter", "gauge", "histogram"]

QUICK = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
"""Buckets (s) for a command or a turn: the policy's longest command takes half an hour."""

LONG = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0)
"""Buckets (s) for an agent's attempt."""


class Metric(Record):
    """One metric. ``buckets`` are a histogram's upper bounds."""

    name: str
    kind: MetricKind
    says: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


def _m(name: str, kind: MetricKind, says: str, labels: tuple[str, ...] = (), buckets: tuple[float, ...] = ()) -> Metric:
    return Metric(name=f"radeng_{name}", kind=kind, says=says, labels=labels, buckets=buckets)


METRICS: tuple[Metric, ...] = (
    _m("build_info", "gauge", "Always 1; the version that answers.", ("version",)),
    _m("check_ok", "gauge", "1 where a check of /ready holds.", ("check",)),
    _m("stopped", "gauge", "1 while the kill switch is pulled."),
    _m("ledger_records_total", "counter", "Records in the ledger.", ("kind",)),
    _m("runs_total", "counter", "Sessions that are on record."),
    _m("wave_outcomes_total", "counter", "Waves that ended; given_up: their run ended before they did.", ("gate",)),
    _m("story_outcomes_total", "counter", "What stories came to, each time that one ended.", ("status",)),
    _m("agents_running", "gauge", "Agents at work now, in whatever process of this machine."),
    _m("attempts_open", "gauge", "Attempts that were begun and have no end, whether or not an agent works on them."),
    _m("attempts_total", "counter", "Attempts that ended.", ("ending",)),
    _m("attempt_duration_seconds", "histogram", "From an attempt's begin to its end.", ("ending",), LONG),
    _m("turns_total", "counter", "Requests to the Messages API that were paid; charged: at worst case.",
       ("model", "result")),
    _m("turn_duration_seconds", "histogram", "From a turn's reservation to its reply.", ("model",), QUICK),
    _m("tokens_total", "counter", "Tokens by class, as the API counted them.", ("model", "class")),
    _m("cost_usd_total", "counter", "US dollars spent, as the broker's books have them.", ("model",)),
    _m("gate_duration_seconds", "histogram", "Quality gates that were run.", ("gate", "state"), QUICK),
    _m("proof_duration_seconds", "histogram", "Proofs of criteria and their controls that were run.",
       ("proof", "state"), QUICK),
    _m("measurements_total", "counter", "Measurements for reports; missing: nothing could be measured.",
       ("report", "state")),
    _m("signoffs_total", "counter", "Decisions that people signed.", ("decision",)),
    _m("verdict_ready", "gauge", "1 where the last verdict is READY, 0 where it is NOT_READY."),
    _m("verdict_timestamp_seconds", "gauge", "When the last verdict was given, in seconds since 1970."),
    _m("criterion_status", "gauge", "1 for the status that a success criterion has in the last verdict.",
       ("criterion", "status")),
    _m("criterion_measured", "gauge", "What was measured for a criterion, in the unit of its threshold.",
       ("criterion",)),
    _m("criterion_threshold", "gauge", "What a criterion's measure is held against.", ("criterion",)),
    _m("evidence_age_seconds", "gauge", "Age of the oldest evidence that a criterion of the last verdict cites.",
       ("criterion",)),
    _m("stories", "gauge", "Stories of the plan by where they stand in the last verdict.", ("status",)),
    _m("waves", "gauge", "Waves of the plan by their gate in the last verdict.", ("gate",)),
    _m("findings", "gauge", "Open findings of the last plan audit.", ("severity",)),
    _m("broker_up", "gauge", "1 where the broker of this home answers; it ends when nobody needs it."),
    _m("broker_in_flight", "gauge", "Turns that the broker has not answered yet."),
    _m("broker_circuit_open", "gauge", "1 while the API keeps failing and nobody calls it."),
    _m("broker_requests_total", "counter", "What the broker answered; kept: paid before, not asked again.",
       ("result",)),
)  # fmt: skip

BY_NAME = {metric.name: metric for metric in METRICS}


def table() -> str:
    """The metrics as a Markdown table, for docs/observability.md."""
    rows = [
        f"| `{metric.name}` | {metric.kind} | {', '.join(f'`{label}`' for label in metric.labels)} | {metric.says} |"
        for metric in METRICS
    ]
    return "\n".join(("| metric | kind | labels | says |", "| --- | --- | --- | --- |", *rows))
