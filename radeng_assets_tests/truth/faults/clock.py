"""Time passes, or is said to."""

from __future__ import annotations

from datetime import timedelta

from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Fault


def nothing(_: State) -> None:
    """Nothing but the time changes."""


FAULTS = (
    Fault("the clock is set back", "stories_completed", "clock", nothing, timedelta(days=-1)),
    Fault("31 days pass", "stories_completed", "days old", nothing, timedelta(days=31)),
    Fault("31 days pass for the load test", "load_test", "days old", nothing, timedelta(days=31)),
    Fault("a year passes", "ui_integration", "days old", nothing, timedelta(days=366)),
)
