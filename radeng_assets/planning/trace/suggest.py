"""Stories that may address a gap or mitigate a risk, guessed from words and file names.

A guess is never a link. Published studies of such links reach a mean F1 of about .3 (.28 with TF-IDF), so two of
three guesses may be wrong, and nothing that counts reads this module: a person turns a guess into a link by writing
its line into ``verification.yaml``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.documents.gap_analysis import Gap
from radeng_assets.planning.documents.master_plan import MasterPlan
from radeng_assets.planning.documents.risk_register import Risk
from radeng_assets.planning.documents.verification import StoryVerification, Verification
from radeng_assets.planning.located import Fact, Place
from radeng_assets.planning.trace.bm25 import Index
from radeng_assets.planning.trace.story_text import StoryText, story_texts
from radeng_assets.planning.trace.words import file_names, terms
from radeng_assets.record import Record

MOST = 3
"""How many stories are suggested at most; more than a person compares at a glance is noise."""

LEAST_SCORE = 0.2
"""Under it nothing is suggested. Chosen by reading the published folder of rad-engineer-v2: of the best guesses for
its 61 gaps and risks 41 reach it, and one reader judged 34 of those right; of the 20 others he judged one right. It is
one folder, and the one that the number was chosen on."""

LEAST_OF_BEST = 0.5
"""A story is suggested beside a better one only with this fraction of its score: under it
the runners-up of that folder shared only common words."""

_MOST_WORDS = 4
_FILE = "file:"
"""Marks base names of files among the terms; no word holds a colon."""

_PLAIN = re.compile(r"[A-Za-z]+[-_][A-Za-z0-9_-]+")


class Suggestion(Record):
    """A story that may be what a gap or a risk needs. ``score`` is 0 to 1, ``why`` the words and files shared.

    ``line`` is the YAML that makes it a link, and ``where`` the keys of ``verification.yaml`` that it stands under;
    ``replaces`` is the place of the list that it stands in for, where the story has one already.
    """

    story: str
    score: float
    why: str
    line: str
    where: str
    replaces: Place | None = None


class Suggester:
    """All stories of a plan, indexed once, to be asked about one gap or risk after the other."""

    def __init__(
        self, plan: ExecutionPlan | None, master: MasterPlan | None, verification: Verification | None
    ) -> None:
        texts = list(story_texts(plan, master))
        self._stories = [text.story.id.value for text in texts]
        self._documents = [_document(text) for text in texts]
        self._index = Index(self._documents)
        self._stated = {entry.story.value: entry for entry in verification.stories} if verification else {}

    def for_gap(self, gap: Gap) -> tuple[Suggestion, ...]:
        """Stories that share words with the gap's title, states and recommendation, or files with its evidence."""
        said = _said(gap.title, gap.current_state, gap.target_state, gap.recommendation)
        files = file_names(value.value for evidence in gap.evidence for value in evidence.values)
        return self._best(terms(said) + _file_terms(files), "addresses", gap.id.value)

    def for_risk(self, risk: Risk) -> tuple[Suggestion, ...]:
        """Stories that share words with the risk's title, description, root cause and mitigations."""
        said = _said(risk.title, risk.description, risk.root_cause, *risk.mitigations)
        return self._best(terms(said), "mitigates", risk.id.value)

    def _best(self, query: list[str], key: str, target: str) -> tuple[Suggestion, ...]:
        hits = self._index.search(query, MOST)
        least = max(LEAST_SCORE, LEAST_OF_BEST * hits[0].score) if hits else 0.0
        return tuple(
            self._suggestion(hit.document, hit.score, query, key, target) for hit in hits if hit.score >= least
        )

    def _suggestion(self, document: int, score: float, query: list[str], key: str, target: str) -> Suggestion:
        story = self._stories[document]
        stated = _list_of(self._stated.get(story), key)
        ids = ", ".join(_scalar(name) for name in (*(fact.value for fact in stated), target))
        return Suggestion(
            story=story,
            score=round(score, 3),
            why=self._why(document, query),
            line=f"{key}: [{ids}]",
            where=f"stories: {story}:",
            replaces=stated[0].at if stated else None,
        )

    def _why(self, document: int, query: list[str]) -> str:
        """The shared words that weigh most, and all shared files."""
        there = set(self._documents[document])
        shared = sorted((-weight, term) for term, weight in self._index.weights(query).items() if term in there)
        words = [term for _, term in shared if not term.startswith(_FILE)][:_MOST_WORDS]
        files = [term.removeprefix(_FILE) for _, term in shared if term.startswith(_FILE)]
        parts = (f"words: {', '.join(words)}" if words else "", f"files: {', '.join(files)}" if files else "")
        return "; ".join(part for part in parts if part)


def _document(text: StoryText) -> list[str]:
    words = terms((*(fact.value for fact in text.texts), *text.files))
    return words + _file_terms(file_names(text.files))


def _file_terms(names: Iterable[str]) -> list[str]:
    """Base names as terms of their own, once each: so a file that few stories touch says most, as with words."""
    return [_FILE + name for name in dict.fromkeys(names)]


def _said(*facts: Fact[str] | None) -> list[str]:
    return [fact.value for fact in facts if fact is not None]


def _list_of(entry: StoryVerification | None, key: str) -> tuple[Fact[str], ...]:
    if entry is None:
        return ()
    return entry.addresses if key == "addresses" else entry.mitigates


def _scalar(name: str) -> str:
    """An id as YAML inside a flow list: bare where nobody can misread it, else quoted (JSON is YAML)."""
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
