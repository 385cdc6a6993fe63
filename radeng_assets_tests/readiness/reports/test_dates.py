"""Dates that stand in a report: one of another run is found, and no honest way to write one is taken for it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.readiness.reports import chaos
from radeng_assets.readiness.reports.dates import misdated
from radeng_assets.readiness.reports.junit_runs import recount
from radeng_assets_tests.readiness.reports.materials import Ran, material

RUN = material("chaos", Ran())  # from 10:00 to 10:10 in UTC

HONEST = (
    "2026-11-01T10:00:00Z",
    "2026-11-01T09:59:59.5+00:00",
    "2026-11-01T15:30:00+05:30",
    "2026-11-01T10:10:00.900Z",
    "2026-11-01T10:05:00",
    "2026-11-01T23:59:00",  # New Zealand's clock, which names no zone
    "2026-10-31T22:10:00",
)
OLD = (
    "2026-11-01T09:59:58Z",
    "2026-11-01T10:10:02Z",
    "2026-11-01T10:05:00+01:00",
    "2025-11-01T10:05:00",
    "2026-11-02T00:10:02",
    "2026-10-31T10:05:00",
    "0001-01-01",
    "9999-12-31T23:59:59",
)


@pytest.mark.parametrize("date", HONEST)
def test_what_was_written_while_the_command_ran_is_not_old(date: str) -> None:
    assert misdated(RUN, "r.xml", [date]) == ()


@pytest.mark.parametrize("date", OLD)
def test_what_was_written_at_another_time_is_told(date: str) -> None:
    assert misdated(RUN, "r.xml", [date, date]) == (
        f"r.xml is dated {date}, outside of the time in which its commands ran",
    )


@given(st.text(max_size=40) | st.datetimes().map(str))
def test_any_text_is_looked_at(date: str) -> None:
    misdated(RUN, "r.xml", [date])


@pytest.mark.parametrize("date", ["2025-11-01T10:05:00Z", "2026-11-01T10:05:00Z"])
def test_an_old_junit_file_is_no_run(date: str) -> None:
    data = f'<testsuite tests="1" timestamp="{date}"><testcase classname="a" name="b"/></testsuite>'.encode()
    run = material("chaos", Ran({("junit", "r.xml"): data}))
    state = "passed" if date.startswith("2026") else "failed"
    assert chaos.assess(run).state == state
    assert recount(run).strictly(Fraction(0))[0] == state
