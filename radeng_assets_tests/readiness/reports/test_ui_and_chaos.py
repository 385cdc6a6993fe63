"""Runs in a browser and tests of recovery: what they must show besides that their tests passed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import pytest

from radeng_assets.readiness.reports import chaos, ui
from radeng_assets.readiness.reports.assessment import Assessment
from radeng_assets_tests.evidence.formats.test_image import shot
from radeng_assets_tests.readiness.reports.materials import Ran, material
from radeng_assets_tests.readiness.reports.test_junit_runs import suite

PAGE, JPEG = shot("page.png"), shot("page.jpg")


def browser(shots: Mapping[str, bytes], junit: bytes | None = None, **terms: object) -> Assessment:
    files = {("junit", "ui.xml"): suite("passed", "passed") if junit is None else junit}
    files |= {("screenshots", path): data for path, data in shots.items()}
    return ui.assess(material("ui", Ran(files), terms=terms))


def test_a_run_with_tests_and_a_picture_passes() -> None:
    found = browser({"shots/home.png": PAGE})
    assert (found.state, found.issues, found.findings) == ("passed", (), ())
    assert (found.measured, found.threshold) == (2.0, 2.0)
    assert found.tables[1].rows[0][:5] == ("shots/home.png", "PNG", 160, 120, "no")
    assert str(found.tables[1].rows[0][5]).startswith("sha256:")


@pytest.mark.parametrize(
    ("shots", "words"),
    [
        ({}, "no file was left as screenshots"),
        ({"a.png": shot("blank.png")}, "0 different screenshots"),
        ({"a.jpg": shot("blank.jpg")}, "0 different screenshots"),
        ({"a.webp": shot("lossy.webp")}, "0 different screenshots"),
        ({"a.png": b"a picture of the page"}, "0 different screenshots"),
        ({"a.png": PAGE[:-9]}, "0 different screenshots"),
    ],
)
def test_a_picture_that_shows_nothing_is_none(shots: Mapping[str, bytes], words: str) -> None:
    found = browser(shots)
    assert found.state == "missing"
    assert words in found.reason
    assert bool(found.findings) == bool(shots)


def test_the_same_picture_twice_is_one() -> None:
    assert browser({"a.png": PAGE, "b.jpg": JPEG}, screenshots_minimum=2).state == "passed"
    found = browser({"a.png": PAGE, "b.png": PAGE}, screenshots_minimum=2)
    assert (found.state, [finding.rule for finding in found.findings]) == ("missing", ["ui-same-picture"])


def test_each_picture_that_is_required_must_show_something() -> None:
    named = ["shots/home.*", "shots/cart.png"]
    assert (
        browser({"shots/home.png": PAGE, "shots/cart.png": shot("lossless.webp")}, screenshots=named).state == "passed"
    )
    found = browser({"shots/home.png": PAGE, "shots/cart.png": shot("blank.png")}, screenshots=named)
    assert found.reason == "no screenshot shots/cart.png that shows anything"


def test_a_note_in_a_picture_makes_no_other_picture() -> None:
    size = PAGE.index(b"IDAT") - 4
    text = b"tEXtComment\0another"
    note = struct.pack(">I", len(text) - len(b"tEXt")) + text + struct.pack(">I", zlib.crc32(text))
    noted = PAGE[:size] + note + PAGE[size:]
    found = browser({"a.png": PAGE, "b.png": noted}, screenshots_minimum=2)
    assert (found.state, [one.rule for one in found.findings]) == ("missing", ["ui-same-picture"])


def test_pictures_do_not_stand_in_for_tests() -> None:
    shots = {"a.png": PAGE}
    assert browser(shots, suite()).state == "missing"
    assert browser(shots, suite("skipped")).state == "skipped"
    assert [issue.rule for issue in browser(shots, suite("passed", "failed")).issues] == ["test-failed"]
    assert [issue.rule for issue in browser(shots, suite("passed", "xfailed")).issues] == ["test-expected-to-fail"]


def recovery(*states: str, required: tuple[str, ...] = ()) -> Assessment:
    return chaos.assess(material("chaos", Ran({("junit", "a.xml"): suite(*states)}), terms={"required": required}))


def test_recovery_was_tested_where_a_test_passed_and_none_did_not() -> None:
    found = recovery("passed")
    assert (found.state, found.issues, found.measured, found.threshold) == ("passed", (), 1.0, 1.0)
    for state in ("failed", "skipped", "xfailed", "error"):
        assert recovery("passed", state).issues
        assert recovery(state).state != "passed"


@pytest.mark.parametrize(
    ("states", "required", "state", "measured"),
    [
        (("passed", "passed"), ("t.n0", "t.n1"), "passed", 2.0),
        (("passed", "passed"), ("t.n?",), "passed", 1.0),
        (("passed", "passed"), ("t.n0", "t.crash*"), "missing", 1.0),
        (("passed", "skipped"), ("t.n0", "t.n1"), "missing", 1.0),
        (("passed",), ("T.N0",), "missing", 0.0),
    ],
)
def test_each_recovery_that_is_required_must_have_passed(
    states: tuple[str, ...], required: tuple[str, ...], state: str, measured: float
) -> None:
    found = recovery(*states, required=required)
    assert (found.state, found.measured, found.threshold) == (state, measured, float(len(required)))
