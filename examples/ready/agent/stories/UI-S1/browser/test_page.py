"""The page in a real browser (Debian's chromium, driven by playwright)."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from postbox.core.letter import Letter
from postbox.service.opening import opened

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
SHOTS = Path("screenshots")


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "there is no chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield running
        running.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("office"), b"only for the tests") as office:
        for owner in ("ada", "bob", "bob"):
            office.boxes.put(Letter("eve", owner, "Hello."))
        yield "http://{}:{}/".format(*office.address)


@pytest.mark.parametrize(("name", "width"), [("desktop", 1280), ("phone", 375)])
def test_the_boxes_are_shown(browser, address, name, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert page.title() == "Post office"
    assert page.locator("tbody tr").all_inner_texts() == ["ada\t1", "bob\t2"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [address]
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)
    page.close()
