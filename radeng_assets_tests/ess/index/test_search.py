"""What a search answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets.ess.index.words import query_terms, split_identifiers
from radeng_assets_tests.ess.index.trees import TREE, change, repository


def test_identifiers_fall_apart() -> None:
    text = "rateLimiter HTTPServer oauth2Client snake_case CONSTANT XMLHttpRequest IDs\nnextLine"
    assert split_identifiers(text) == (
        "rate Limiter HTTP Server oauth2 Client snake_case CONSTANT XML Http Request I Ds\nnext Line"
    )


def test_query_terms_keep_order_and_frequency() -> None:
    assert query_terms("Where is the rateLimiter? The limiter!") == ("rate", "limiter", "limiter")
    assert query_terms("to be or not to be") == ("to", "be", "or", "not", "to", "be")
    assert query_terms("?!") == ()


@pytest.mark.parametrize(
    ("question", "path", "symbol"),
    [
        ("who holds callers back with a rate limiter", "src/limits/rateLimiter.ts", "RateLimiter"),
        ("wait_until", "src/limits/rateLimiter.ts", "waitUntil"),
        ("how much does a customer owe", "service/billing.py", "bill_customer"),
        ("which currency is paid", "service/money.py", "CURRENCY"),
        ("test of the bill", "tests/test_billing.py", "test_bill"),
        ("how to use the manual", "docs/manual.md", "Manual"),
    ],
)
def test_the_best_place_comes_first(index: CodeIndex, question: str, path: str, symbol: str) -> None:
    first = index.search(question)[0]
    assert (first.path, first.symbol) == (path, symbol)


def test_code_comes_before_its_test_unless_the_test_is_asked_for(index: CodeIndex) -> None:
    def order(question: str) -> list[str]:
        return [hit.path for hit in index.search(question) if hit.path.startswith("src/limits")]

    assert order("rate limiter acquire") == ["src/limits/rateLimiter.ts", "src/limits/rateLimiter.test.ts"]
    assert order("rate limiter test") == ["src/limits/rateLimiter.test.ts", "src/limits/rateLimiter.ts"]


def test_a_synonym_finds_what_the_word_itself_does_not(tmp_path: Path) -> None:
    files = {"a.py": "def erase_entry():\n    pass\n", "b.py": "def other():\n    pass\n"}
    with CodeIndex.build(tmp_path / "home", repository(tmp_path / "target", files), "HEAD") as index:
        assert [hit.path for hit in index.search("deleting things")] == ["a.py"]


@pytest.mark.parametrize(
    "question", ["load_account", "who calls load_account", "load_account for the report of a customer"]
)
def test_what_defines_an_identifier_comes_before_what_uses_it(tmp_path: Path, question: str) -> None:
    use = "from accounts import load_account\n\n\ndef report(customer):\n    return load_account(customer)\n"
    files = {"accounts.py": "def first():\n    pass\n\n\ndef load_account(name):\n    return name\n" + "# more\n" * 50}
    files |= {f"report{number}.py": use for number in range(5)}
    with CodeIndex.build(tmp_path / "home", repository(tmp_path / "target", files), "HEAD") as index:
        first = index.search(question)[0]
        assert (first.path, first.symbol, first.line_start) == ("accounts.py", "load_account", 5)


def test_a_limit_is_kept_and_scores_fall(index: CodeIndex) -> None:
    hits = index.search("customer limiter clock money manual", 3)
    assert len(hits) == 3
    assert sorted(hits, key=lambda hit: -hit.score) == list(hits)
    assert index.search("customer", 0) == ()


def test_equal_files_come_in_order_of_their_paths_whatever_was_indexed_before(tmp_path: Path) -> None:
    folder = tmp_path / "target"
    names = [f"{number:03}.py" for number in range(300)]
    target = repository(folder, {name: "SAME = 1\n" for name in names if name > "150"} | {"gone.py": "GONE = 1\n"})
    warm = tmp_path / "warm"
    CodeIndex.build(warm, target, "HEAD").close()
    change(folder, {"gone.py": None, **dict.fromkeys(names, "SAME = 1\n")})
    for home in (warm, tmp_path / "cold"):
        with CodeIndex.build(home, target, "HEAD") as index:
            assert [hit.path for hit in index.search("same")] == names[:10]


@given(text=st.text())
def test_no_query_is_fatal(index: CodeIndex, text: str) -> None:
    assert len(index.search(text)) <= len(TREE)


@pytest.mark.parametrize("text", ['"', "a OR", "NEAR(", "path:", "*", "x" * 100_000, "a " * 10_000, "\0", "\ud800"])
def test_no_syntax_of_fts5_gets_through(index: CodeIndex, text: str) -> None:
    assert len(index.search(text)) <= len(TREE)
    assert index.references(text) == ()
    assert index.tests_of(text) == ()
