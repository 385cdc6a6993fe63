"""Memory scopes measured by the API's own count, where it counts; by the stated estimate where it does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import anthropic
import httpx2

from radeng_assets.execution.agents.claude.memory import SCOPES, Budgets, Memory, Scope, estimate, memory_of
from radeng_assets.execution.brief import Brief
from radeng_assets.record import Record

ROUNDS = 3
"""Times that a scope is cut to a smaller size before it is left out: a count that never fits shows nothing."""

Count = Callable[[str], Awaitable[int | None]]
"""The tokens of a text; ``None`` where nobody counts."""


class Measured(Record):
    """Tokens of each scope, and who counted them."""

    by: Literal["endpoint", "estimate"]
    tokens: dict[Scope, int]


async def measured_memory(
    brief: Brief, budgets: Budgets, count: Count, places: Sequence[str] = ()
) -> tuple[Memory, Measured]:
    """The scopes of a brief, each within its budget by the count of whoever counts, and what was counted.

    ``places`` are citations of the code that the story may be about.
    The estimate errs high, so a text fitted by it fits by nearly every count; one that does not is cut again by as
    much as the count says.
    """

    def within(budgets: Budgets) -> Memory:
        return memory_of(brief, budgets, places)

    memory = within(budgets)
    tokens: dict[Scope, int] = {}
    for scope in SCOPES:
        fitted = await _fitted(scope, memory, within, budgets, count)
        if fitted is None:
            memory = within(budgets)
            return memory, Measured(by="estimate", tokens={one: estimate(memory.text(one)) for one in SCOPES})
        text, tokens[scope] = fitted
        memory = memory.model_copy(update={scope: text})
    return memory, Measured(by="endpoint", tokens=tokens)


async def _fitted(
    scope: Scope, memory: Memory, within: Callable[[Budgets], Memory], budgets: Budgets, count: Count
) -> tuple[str, int] | None:
    """(text, tokens) of one scope; ``None`` where nobody counts."""
    budget = budgets.of_scope(scope)
    text, allowed = memory.text(scope), budget
    for _ in range(ROUNDS):
        if not text:
            break
        tokens = await count(text)
        if tokens is None:
            return None
        if tokens <= budget:
            return text, tokens
        allowed = allowed * budget // tokens
        text = within(budgets.model_copy(update={scope: allowed})).text(scope)
    return "", 0


def counted_by(client: anthropic.AsyncAnthropic, model: str) -> Count:
    """Counting by the API's endpoint; a text of its own, so a little more than it takes up in a request."""

    async def count(text: str) -> int | None:
        try:
            answer = await client.messages.count_tokens(model=model, messages=[{"role": "user", "content": text}])
        except (anthropic.APIError, httpx2.HTTPError):
            return None
        return answer.input_tokens

    return count
