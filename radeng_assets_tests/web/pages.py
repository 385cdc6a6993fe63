"""What a person does on the web UI's pages, and what its GraphQL answers."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from playwright.sync_api import Page, expect

SLOW = 90_000
"""Milliseconds to wait for a page on a busy two-core machine."""


def ask(address: str, query: str, **variables: Any) -> dict[str, Any]:
    """One GraphQL request to the web server."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        document = json.load(answer)
    assert "errors" not in document, document
    return document["data"]


def launch(page: Page, address: str, asset: str, wave: str = "") -> str:
    """Materialize an asset, or a wave's partition of it, as a person does; the run's id."""
    before = started(address)
    page.goto(f"{address}/assets/{asset}")
    page.get_by_role("button", name="Materialize").first.click()
    launched, choice = page.get_by_text("Launched run"), page.get_by_text("Select a partition or create one")
    # As long as something upstream is not materialized, or is out of date, the page asks first.
    confirm = page.get_by_role("button", name="Confirm")
    expect(confirm.or_(choice if wave else launched).first).to_be_visible()
    if confirm.is_visible():
        confirm.click()
    if wave:
        choice.click()
        # In the list that has opened: the page behind it may name the wave too.
        page.locator(".dagster-portal").get_by_text(wave, exact=True).first.click()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Launch 1 run").click()
        expect(page.get_by_text("Partition selection")).not_to_be_visible()
    expect(launched.first).to_be_visible()
    (run,) = started(address) - before
    return run


def materialize(page: Page, address: str, asset: str, wave: str = "") -> None:
    """The same, and see the run succeed. A page that is opened before that may go on showing what was before it."""
    page.goto(f"{address}/runs/{launch(page, address, asset, wave)}")
    expect(page.get_by_text("Success", exact=True).first).to_be_visible()


def started(address: str) -> set[str]:
    """The runs that people started: sensors start others meanwhile."""
    found = ask(address, "{ runsOrError { ... on Runs { results { id tags { key } } } } }")
    runs = found["runsOrError"]["results"]
    return {run["id"] for run in runs if "dagster/sensor_name" not in {tag["key"] for tag in run["tags"]}}
