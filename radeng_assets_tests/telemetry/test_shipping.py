"""Which runs a collector is told of, and when."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from radeng_assets.telemetry.activity import Activity
from radeng_assets.telemetry.otlp import wanted
from radeng_assets.telemetry.shipping import Shipping, due
from radeng_assets.telemetry.spans import Span, spans_of


def activity(run: str, latest: int, key: str = "run") -> Activity:
    return Activity(kind="run", key=f"{key}/{run}", run=run, began=0, latest=latest)


COURSE = (
    activity("a", 10),
    activity("a", 20, "wave"),
    activity("b", 30),
    Activity(kind="signoff", key="s", began=0, latest=9),
)


def test_a_run_is_due_once_and_again_when_it_grew() -> None:
    assert due(COURSE, {}, quiet_until=30) == {"a": 20, "b": 30}
    assert due(COURSE, {"a": 20}, quiet_until=30) == {"b": 30}
    assert due(COURSE, {"a": 10, "b": 30}, quiet_until=30) == {"a": 20}


def test_a_run_that_goes_on_is_not_due() -> None:
    assert due(COURSE, {}, quiet_until=29) == {"a": 20}


def test_what_did_not_arrive_is_given_again(tmp_path: Path) -> None:
    shipping = Shipping(tmp_path)
    given: list[Collection[Span]] = []

    def lost(spans: Collection[Span]) -> bool:
        given.append(spans)
        return False

    def taken(spans: Collection[Span]) -> bool:
        return not lost(spans)

    assert shipping.ship(COURSE, 100, lost) == 0
    assert shipping.ship(COURSE, 100, taken) == 3
    assert given[0] == given[1] == spans_of(COURSE)  # the very same spans, by their ids too
    assert shipping.ship(COURSE, 100, taken) == 0
    assert len(given) == 2
    # A note that is damaged makes it tell all once more, and is mended.
    (tmp_path / "telemetry" / "shipped.json").write_text("{", encoding="utf-8")
    assert shipping.ship(COURSE, 100, taken) == 3
    assert shipping.ship(COURSE, 100, taken) == 0


@pytest.mark.parametrize(
    ("environ", "answer"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "TRUE"}, False),
    ],
)
def test_traces_are_wanted_where_an_endpoint_is_named(environ: dict[str, str], answer: bool) -> None:
    assert wanted(environ) is answer
