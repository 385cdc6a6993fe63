"""Words and figures: nothing is rounded into something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.readiness.page.words import CRITERIA, bundle_name, figures, percent, sign, usd, visible, when

NUMBERS = st.floats(min_value=0, max_value=1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("criterion", "measured", "threshold", "shown"),
    [
        ("test_coverage", 0.79996, 0.8, ("79.996 %", "80 %")),
        ("test_coverage", 0.7999999999, 0.8, ("79.99999999 %", "80 %")),
        ("test_coverage", 0.29, 0.8, ("29 %", "80 %")),
        ("load_test", 0.0000004, 0.01, ("0.00004 %", "1 %")),
        ("load_test", 0.0, 0.01, ("0 %", "1 %")),
        ("stories_completed", 22.0, 23.0, ("22", "23")),
        ("stories_completed", 1200.0, 1200.0, ("1,200", "1,200")),
        ("ess_integration", 93.0, 85.0, ("93 of 100", "85 of 100")),
        ("documentation", None, None, ("–", "–")),  # noqa: RUF001  # as the page shows it
        ("test_coverage", float("nan"), 0.8, ("NaN %", "80 %")),
        ("nobody_knows", 0.5, 1.0, ("0.5", "1")),
    ],
)
def test_figures(criterion: str, measured: float | None, threshold: float | None, shown: tuple[str, str]) -> None:
    assert figures(criterion, measured, threshold) == shown


@given(st.sampled_from(sorted(CRITERIA)), NUMBERS, NUMBERS)
def test_unequal_figures_never_look_equal(criterion: str, measured: float, threshold: float) -> None:
    one, other = figures(criterion, measured, threshold)
    assert (one == other) == (measured == threshold)


@given(NUMBERS.filter(bool))
def test_something_is_never_shown_as_nothing(value: float) -> None:
    assert figures("load_test", value, None)[0] != "0 %"


def test_money() -> None:
    assert [usd(text) for text in ("0.00", "1.875", "0.0004", "1234.5")] == ["$0.00", "$1.88", "$0.0004", "$1,234.50"]


def test_shares_that_are_not_all_or_nothing() -> None:
    assert [percent(x) for x in (0.0, 0.001, 0.57, 0.999, 1.0)] == ["0 %", "under 1 %", "57 %", "over 99 %", "100 %"]


def test_moments() -> None:
    assert when("2026-11-27T01:30:00+02:00") == "26 November 2026, 23:30 UTC"
    assert when("2026-11-27T01:30:00") == "2026-11-27T01:30:00"
    assert when("yesterday") == "yesterday"


def test_only_a_digest_has_a_name_in_the_bundle() -> None:
    assert bundle_name("sha256:" + "a" * 64) == "evidence/" + "a" * 64
    for other in ("", "sha256:abc", "sha256:" + "a" * 63 + "/", "../" + "a" * 64, "sha256:" + "a" * 64 + "\n"):
        assert bundle_name(other) == ""


def test_an_unknown_status_never_looks_like_a_pass() -> None:
    assert sign("splendid").tone == "open"
    assert sign("splendid_work").word == "splendid work"


@given(st.text())
def test_visible_text_can_be_encoded_and_keeps_its_length(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    shown.encode()
    assert visible(shown) == shown
