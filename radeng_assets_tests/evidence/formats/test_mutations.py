"""Over two thousand damaged golden reports: a model or a finding, never an exception, and the same both times."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.formats.coverage.formats import all_formats, format_of, read_coverage
from radeng_assets.evidence.formats.coverage.lines import CoverageReport, overall, without
from radeng_assets.evidence.formats.coverage.repository import match_tree
from radeng_assets.evidence.formats.dependency_audit import DependencyAudit
from radeng_assets.evidence.formats.junit import JUnitReport, read_junit
from radeng_assets.evidence.formats.npm_audit import read_npm_audit
from radeng_assets.evidence.formats.pip_audit import read_pip_audit
from radeng_assets.evidence.formats.sarif import SarifReport, read_sarif
from radeng_assets.planning.findings import Finding
from radeng_assets.record import Record
from radeng_assets_tests.evidence.formats.goldens import TREE, golden, keys
from radeng_assets_tests.planning.mutations import JUNK

GOLDENS = {
    "lcov": ("coverage_py.lcov", "nyc.lcov", "c8.lcov"),
    "cobertura": ("coverage_py.cobertura.xml", "coverage_py.sources.cobertura.xml"),
    "coverage.py": ("coverage_py.json", "coverage_py.contexts.json"),
    "istanbul": ("nyc.istanbul.json", "c8.istanbul.json"),
    "jacoco": ("jacoco.xml",),
    "junit": ("pytest.junit.xml",),
    "sarif": ("bandit.sarif", "bandit.clean.sarif"),
    "pip-audit": ("pip_audit.json", "pip_audit.clean.json", "pip_audit.offline.json"),
    "npm audit": ("npm_audit.json", "npm_audit.clean.json"),
}

MUTANTS = 2600

VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**70,
    1.5,
    1e400,
    "",
    "x",
    "\0",
    "\ud800",
    [],
    {},
    [None],
    {"": None},
    "9" * 5000,
)

Read = Callable[[bytes, str], tuple[Record | None, tuple[Finding, ...]]]


def flip(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def repeat(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    part = data[start : start + chance.randint(1, 400)]
    return bytes(data[:start] + part + data[start:])


def insert(data: bytearray, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return bytes(data[:at] + chance.choice(JUNK).encode("utf-8", "surrogatepass") + data[at:])


def restructure(data: bytearray, chance: random.Random) -> bytes:
    """An edit that leaves the syntax whole: a value, a number, an element or a line is not what it was."""
    text = data.decode()
    if text.startswith("{"):
        document = json.loads(text)
        for _ in range(chance.randint(1, 3)):
            _change(document, chance)
        return json.dumps(document, indent=chance.choice((None, 1))).encode()
    pattern = chance.choice((r'"[^"<>]*"', r"<(\w+)[^<>]*/>|<(\w+)[^<>]*>[^<>]*</\w+>", r"\d+", r"[^\n]*\n"))
    places = list(re.finditer(pattern, text)) or list(re.finditer(r"\w+", text))
    place = chance.choice(places)
    new = chance.choice(("", place[0] * 2, '"-1"', '"x"', "1e9", "0", "99999999999999999999", "<inner/>", "\n"))
    return (text[: place.start()] + new + text[place.end() :]).encode()


def _change(document: Any, chance: random.Random) -> None:
    while True:
        found = keys(document)
        if not found:
            return
        key = chance.choice(found)
        if not keys(document[key]) or chance.random() < 0.2:
            break
        document = document[key]
    match chance.randrange(3):
        case 0:
            del document[key]
        case 1 if isinstance(key, int):
            document.append(document[key])
        case _:
            document[key] = chance.choice(VALUES)


EDITS = (flip, cut, repeat, insert, restructure, restructure)


READERS: dict[str, Read] = {
    "junit": read_junit,
    "sarif": read_sarif,
    "pip-audit": read_pip_audit,
    "npm audit": read_npm_audit,
}
"""Readers of what is no coverage."""


def reader(kind: str) -> Read:
    return READERS.get(kind, read_coverage)


@pytest.mark.parametrize("kind", GOLDENS)
def test_a_damaged_report_is_a_model_or_a_finding(kind: str) -> None:
    chance = random.Random(f"radeng {kind}")  # noqa: S311 - a fixed seed is the point
    read, models, refused = reader(kind), 0, 0
    for number in range(-(-MUTANTS // len(GOLDENS))):
        name = GOLDENS[kind][number % len(GOLDENS[kind])]
        data = EDITS[number % len(EDITS)](bytearray(golden(name)), chance)
        model, findings = read(data, name)
        last = data.count(b"\n") + 1
        for finding in findings:
            assert all(place.file == name and (place.line is None or 1 <= place.line <= last) for place in finding.at)
            assert finding.at
        if model is None:
            assert any(finding.severity == "error" for finding in findings)
            refused += 1
        else:
            check(model)
            models += 1
    assert min(models, refused) > 20


def check(model: Record) -> None:
    """What holds of any model: it can be digested, counts no more than there is, and passes on passes alone."""
    digest_of(model)
    if isinstance(model, CoverageReport):
        count = overall(model)
        assert 0 <= count.covered <= count.total != 0
        assert overall(without(model, {"tests.test_shop.TestShipping.test_heavy"})).covered <= count.covered
        found, said = match_tree(model, TREE, "r")
        assert said if found is None else {file.path for file in found.files} <= set(TREE)
    elif isinstance(model, JUnitReport):
        assert model.state != "passed" or {one.state for one in model.cases} <= {"passed", "skipped", "xfailed"}
    elif isinstance(model, SarifReport):
        assert model.state != "passed" or not any(run.doubts for run in model.runs)
    elif isinstance(model, DependencyAudit):
        assert (model.state == "passed") == bool(model.audited and not model.skipped and not model.advisories)


@pytest.mark.parametrize("name", [name for kind, names in GOLDENS.items() if kind != "lcov" for name in names])
def test_a_report_cut_anywhere_is_refused(name: str) -> None:
    data = golden(name).rstrip()
    kind = next(kind for kind, names in GOLDENS.items() if name in names)
    for end in range(0, len(data), len(data) // 25):
        model, findings = reader(kind)(data[:end], name)
        assert model is None
        assert len(findings) == 1


def test_a_tracefile_cut_inside_a_record_says_so() -> None:
    data = golden("nyc.lcov")
    ends = [place.end() for place in re.finditer(rb"end_of_record", data)]
    whole, _ = read_coverage(data, "r")
    assert whole is not None
    for end in range(1, len(data)):
        model, findings = read_coverage(data[:end], "r")
        begun = max(at for at in (0, *ends) if at <= end)
        assert findings or b"SF:" not in data[begun:end], end
        assert model is None or overall(model).total <= overall(whole).total


def test_every_format_is_damaged() -> None:
    assert GOLDENS.keys() == {*(one.name for one in all_formats()), *READERS}
    for kind, names in GOLDENS.items():
        for name in names:
            known = format_of(golden(name))
            assert (known.name if known else kind) == kind
