"""The golden files, and what their readers make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from radeng_assets.evidence.formats.coverage.formats import read_coverage
from radeng_assets.evidence.formats.coverage.lines import CoverageReport
from radeng_assets.evidence.formats.json_place import Step
from radeng_assets.evidence.formats.junit import JUnitReport, read_junit
from radeng_assets.evidence.formats.sarif import SarifReport, read_sarif

FOLDER = Path(__file__).parent / "golden"

TREE = (
    *("shop/__init__.py", "shop/price.py", "tools/__init__.py", "tools/export.py", "tests/test_shop.py"),
    *("lib/cart.js", "lib/unused.js", "check.js"),
    *("src/main/java/com/example/stock/Shelf.java", "src/test/java/com/example/stock/ShelfTest.java"),
)
"""A repository that holds every file that the golden reports cover."""


def golden(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def coverage(name: str) -> CoverageReport:
    report, findings = read_coverage(golden(name), name)
    assert report is not None
    assert findings == ()
    return report


def junit(name: str) -> JUnitReport:
    report, findings = read_junit(golden(name), name)
    assert report is not None
    assert findings == ()
    return report


def sarif(name: str) -> SarifReport:
    report, findings = read_sarif(golden(name), name)
    assert report is not None
    assert findings == ()
    return report


def keys(value: Any) -> list[Step]:
    """The keys or positions in a JSON value; none in one that has no parts."""
    if isinstance(value, dict):
        return list(cast("dict[str, Any]", value))
    return list(range(len(cast("list[Any]", value)))) if isinstance(value, list) else []
