"""Definitions, references, neighbours, tests, and the nodes that veracity is computed from."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets.ess.answer import Hit
from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets_tests.ess.index.trees import change, repository
from radeng_assets_tests.folders import git


def at(hits: tuple[Hit, ...]) -> list[tuple[str, int]]:
    return [(hit.path, hit.line_start) for hit in hits]


def test_definitions_by_name_and_by_whole_symbol(index: CodeIndex) -> None:
    expected = [("src/limits/rateLimiter.ts", 13)]
    assert at(index.definitions("acquire")) == expected
    assert at(index.definitions("RateLimiter.acquire")) == expected
    assert index.definitions("Clock.acquire") == ()
    assert index.definitions("Manual") == ()  # a section is no symbol


def test_references_go_through_imports(index: CodeIndex) -> None:
    found = index.references("Clock")
    assert at(found) == [
        ("src/limits/rateLimiter.ts", 2),
        ("src/limits/rateLimiter.ts", 10),
        ("src/limits/rateLimiter.ts", 18),
    ]
    assert [hit.symbol for hit in found] == ["", "RateLimiter.constructor", "waitUntil"]
    assert at(index.references("CURRENCY")) == [("service/billing.py", 3), ("service/billing.py", 8)]
    assert index.references("nobody") == ()


def test_a_name_means_what_is_imported_and_not_its_namesake(tmp_path: Path) -> None:
    files = {
        "a.py": "def run():\n    pass\n",
        "b.py": "def run():\n    pass\n",
        "c.py": "from a import run\n\nrun()\n",
        "d.py": "run()\n",
    }
    with CodeIndex.build(tmp_path / "home", repository(tmp_path / "target", files), "HEAD") as index:
        assert at(index.references("run")) == [("c.py", 1), ("c.py", 3)]


def test_neighbours_are_callers_callees_containers_and_members(index: CodeIndex) -> None:
    assert [hit.symbol for hit in index.neighbours("RateLimiter.acquire")] == ["RateLimiter", "waitUntil"]
    assert [hit.symbol for hit in index.neighbours("bill_customer")] == ["CURRENCY", "round_up", "test_bill"]
    assert {hit.symbol for hit in index.neighbours("RateLimiter")} == {"RateLimiter.constructor", "RateLimiter.acquire"}


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("bill_customer", {"tests/test_billing.py": 1.0}),
        ("service/billing.py", {"tests/test_billing.py": 1.0}),
        ("service/money.py", {"tests/test_billing.py": 0.5}),
        ("src/limits/rateLimiter.ts", {"src/limits/rateLimiter.test.ts": 1.0}),
        ("src/clock.ts", {"src/limits/rateLimiter.test.ts": 0.5}),
        ("waitUntil", {"src/limits/rateLimiter.test.ts": 1.0}),
        ("docs/manual.md", {}),
        ("no/such/file.py", {}),
    ],
)
def test_tests_that_touch_something(index: CodeIndex, subject: str, expected: dict[str, float]) -> None:
    assert {hit.path: hit.score for hit in index.tests_of(subject)} == expected


def test_nodes(index: CodeIndex) -> None:
    nodes = {(node.path, node.name): node for node in index.nodes()}
    manual = nodes["docs/manual.md", "Manual"]
    assert manual.document
    assert manual.describes == ("service/billing.py", "src/limits/rateLimiter.ts")
    assert manual.neighbours == 2
    assert nodes["service/money.py", "CURRENCY"].neighbours == 2  # the file that imports it, the function that uses it
    assert nodes["tests/test_billing.py", "test_bill"].neighbours == 1
    assert sum(node.document for node in index.nodes()) == 1
    assert len(nodes) == index.counts.symbols + 1


def test_nodes_of_hits_are_those_of_all(index: CodeIndex) -> None:
    everything = set(index.nodes())
    hits = [*index.definitions("bill_customer"), *index.definitions("Clock"), *index.search("manual")]
    found = index.nodes_of(hits)
    assert {(node.path, node.name) for node in found} >= {
        ("service/billing.py", "bill_customer"),
        ("src/clock.ts", "Clock"),
        ("docs/manual.md", "Manual"),
    }
    assert set(found) <= everything


def test_a_hit_on_a_plain_file_has_the_file_for_a_node(index: CodeIndex) -> None:
    (hit,) = index.search("retries config", 1)
    (node,) = index.nodes_of([hit])
    assert (node.path, node.line, node.document) == ("config.yaml", 1, False)


def test_nodes_carry_the_date_of_the_last_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, home = tmp_path / "target", tmp_path / "home"
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2024-01-01T12:00:00+02:00")
    target = repository(folder, {"a.py": "A = 1\n", "b.py": "B = 1\n"})
    with CodeIndex.build(home, target, "HEAD") as index:
        assert {node.changed for node in index.nodes()} == {"2024-01-01T10:00:00Z"}
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2024-02-01T00:00:00Z")
    change(folder, {"b.py": "B = 2\n"})
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2024-03-01T00:00:00Z")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    with CodeIndex.build(home, target, "HEAD") as index:
        changed = {node.path: node.changed for node in index.nodes()}
        assert changed == {"a.py": "2024-01-01T10:00:00Z", "b.py": "2024-02-01T00:00:00Z"}
