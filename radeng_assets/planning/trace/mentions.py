"""Stories that name a gap or a risk in their own text, or carry its id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final

from radeng_assets.planning.documents.execution_plan import ExecutionPlan
from radeng_assets.planning.documents.master_plan import MasterPlan
from radeng_assets.planning.located import Fact
from radeng_assets.planning.trace.story_text import StoryText, story_texts

EQUAL_ID: Final = "equal id"
NAMED: Final = "named"

_WORD = re.compile(r"(?<![\w.-])\w+(?:[.-]\w+)*")
"""``SDK-001`` in ``(SDK-001).`` and ``SDK-001/SDK-002``, but not in ``SDK-001-a``, ``SDK-0011`` or ``X-SDK-001``."""


def mentions(
    plan: ExecutionPlan | None, master: MasterPlan | None, ids: Set[str]
) -> Iterator[tuple[str, Fact[str], bool]]:
    """Story id, the id that it names (where it first does), and whether that is the story's own id.

    Looked at are title, description, tasks and criteria in both plans. Only the id verbatim counts, as a word; and
    only an id with a letter and a digit, as any sentence may hold the word ``Load`` or the number ``7``. What the
    sentence says about the id is not understood.
    """
    named = {name for name in ids if _speaks_for_itself(name)}
    for text in story_texts(plan, master):
        story = text.story.id
        if story.value in ids:
            yield story.value, story, True
        yield from ((story.value, fact, False) for fact in _named_by(text, named))


def _named_by(text: StoryText, ids: Set[str]) -> Iterator[Fact[str]]:
    found: dict[str, Fact[str]] = {}
    for fact in text.texts:
        for word in _WORD.findall(fact.value) if ids else ():
            if word in ids:
                found.setdefault(word, fact.with_value(word))
    yield from found.values()


def _speaks_for_itself(name: str) -> bool:
    return any(c.isalpha() for c in name) and any(c.isdigit() for c in name)
