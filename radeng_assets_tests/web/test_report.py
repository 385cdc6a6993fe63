"""The report in a real browser: from a file, silent, accessible, on a desk, a phone and paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from radeng_assets.planning.findings import SEVERITIES
from radeng_assets.readiness.page.facts import PageFacts
from radeng_assets.readiness.page.render import page as render
from radeng_assets_tests.conftest import ARTIFACTS
from radeng_assets_tests.readiness.page.sample import bundled_facts
from radeng_assets_tests.web.pages import SLOW


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> PageFacts:
    """The rich case with fewer findings: axe looks at every one, and they are all alike."""
    whole = bundled_facts(tmp_path_factory.mktemp("facts"))
    few = [f for level in SEVERITIES for f in [one for one in whole.audit.findings if one.severity == level][:4]]
    return whole.model_copy(update={"audit": whole.audit.model_copy(update={"findings": tuple(few)})})


@pytest.fixture(scope="module")
def file(facts: PageFacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(facts), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def heard() -> list[str]:
    """Everything that the browser said or asked for while the page was open."""
    return []


@pytest.fixture(scope="module")
def page(browser: Browser, file: Path, heard: list[str]) -> Page:
    def said(message: ConsoleMessage) -> None:
        heard.append(f"{message.type}: {message.text}")

    def asked(request: Request) -> None:
        heard.append(request.url)

    view = browser.new_page()
    view.set_default_timeout(SLOW)
    view.on("console", said)
    view.on("pageerror", lambda error: heard.append(str(error)))
    view.on("request", asked)
    view.set_viewport_size({"width": 1440, "height": 900})
    view.goto(file.as_uri())
    return view


@pytest.fixture(autouse=True)
def as_opened(page: Page) -> None:
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false }); scrollTo(0, 0)")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds by all its rules, or by some."""
    options: dict[str, Any] = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = cast("list[dict[str, Any]]", Axe().run(page, options=options).response["violations"])
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def test_opens_without_a_word_or_a_request(page: Page, file: Path, heard: list[str]) -> None:
    assert page.title() == "rad-engineer-v2: not ready – production readiness"  # noqa: RUF001  # the title's own dash
    assert heard == [file.as_uri()]


def test_axe_finds_nothing_with_everything_unfolded(page: Page) -> None:
    unfold(page)
    assert violations(page) == []


def test_axe_finds_no_poor_contrast_in_the_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast") == []


def test_axe_would_find_something(page: Page) -> None:
    page.evaluate("document.querySelector('html').removeAttribute('lang')")
    assert len(violations(page, "html-has-lang")) == 1
    page.evaluate("document.querySelector('html').setAttribute('lang', 'en')")


def test_the_contents_stay_in_sight_on_a_desk(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Plan audit").click()
    assert page.evaluate("scrollY") > 2000
    box = page.get_by_role("navigation").bounding_box()
    assert box
    assert 0 <= box["y"] < 100
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=ARTIFACTS / "report-desk.png")


def test_the_keyboard_gets_past_the_contents_and_opens_a_wave(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the report"
    box = focused.bounding_box()
    assert box
    assert box["y"] >= 0
    assert focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("#wave-1 > summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#wave-1 table").is_visible()


def test_a_phone_scrolls_one_way(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    outside = """[...document.querySelectorAll('main *')].filter(
      one => one.getBoundingClientRect().right > 391 && !one.closest('.scroll, .figure, .quiet')
    ).map(one => one.outerHTML.slice(0, 100))"""
    assert page.evaluate(outside) == []
    assert violations(page, "scrollable-region-focusable", "target-size") == []
    page.screenshot(path=ARTIFACTS / "report-phone.png")


def test_paper_is_white_and_unfolds_what_matters(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    shown = "sel => [...document.querySelectorAll(sel)].map(one => one.getBoundingClientRect().height > 0)"
    # In print a closed wave shows its table; digests and the lesser findings stay folded.
    assert all(page.evaluate(shown, "details.wave table"))
    assert page.locator("nav").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    paper = page.pdf(path=ARTIFACTS / "report.pdf", format="A4")
    assert 5 <= paper.count(b"/Type /Page\n") <= 30
    page.set_viewport_size({"width": 720, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    page.screenshot(path=ARTIFACTS / "report-paper.png")


def test_nothing_was_said_or_asked_for_to_the_end(heard: list[str], file: Path) -> None:
    assert set(heard) == {file.as_uri()}
