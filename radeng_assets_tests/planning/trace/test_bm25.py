from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.planning.trace.bm25 import Index

WORDS = st.lists(st.sampled_from(["ab", "bc", "cd", "de", "ef", "fg"]), max_size=8)


def test_scores_of_three_small_documents_computed_by_hand() -> None:
    index = Index([["aa", "bb"], ["aa", "aa", "cc"], ["dd"]])
    # aa: ln(1 + 1.5/2.5); cc: ln(1 + 2.5/1.5); the second document is the query itself.
    first, second = index.search(["aa", "aa", "cc"], 3)
    assert (first.document, first.score) == (1, 1.0)
    assert (second.document, second.score) == (0, pytest.approx(0.48269, abs=1e-5))


def test_a_word_weighs_as_often_as_the_query_has_it() -> None:
    index = Index([["aa", "xx"], ["bb", "xx"], ["cc", "xx"]])
    assert [hit.document for hit in index.search(["aa", "bb", "bb"], 3)] == [1, 0]
    assert index.weights(["aa", "bb", "bb"])["bb"] == pytest.approx(2 * math.log(1 + 2.5 / 1.5))


def test_equal_documents_keep_their_order_and_strangers_are_no_hits() -> None:
    index = Index([["bb"], ["aa"], ["aa"], ["aa"]])
    assert [hit.document for hit in index.search(["aa"], 2)] == [1, 2]
    assert index.search(["zz"], 3) == []
    assert index.search([], 3) == []
    assert Index([]).search(["aa"], 3) == []
    assert Index([[]]).search(["aa"], 3) == []


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
def test_the_index_agrees_with_the_formula_written_out(documents: list[list[str]], query: list[str]) -> None:
    mean = sum(map(len, documents)) / len(documents)

    def bm25(document: list[str]) -> float:
        total = 0.0
        for term in query:  # once for each time it occurs
            having = sum(term in other for other in documents)
            rarity = math.log(1 + (len(documents) - having + 0.5) / (having + 0.5))
            often = document.count(term)
            if often:
                total += rarity * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * len(document) / mean))
        return total

    hits = Index(documents).search(query, len(documents))
    assert {hit.document for hit in hits} == {n for n, document in enumerate(documents) if set(document) & set(query)}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        expected = bm25(documents[hit.document]) / bm25(query)
        assert hit.score == pytest.approx(min(1.0, expected))
        assert 0 < hit.score <= 1
