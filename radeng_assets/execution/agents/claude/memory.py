"""The plan's three memory scopes as text within their token budgets: global, task, local.

In the order in which they change least: the role and the global scope are one for all stories, the task scope is the
story's, the local scope the attempt's. So the longest possible prefix of a request is in the API's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, get_args

from radeng_assets.execution.brief import Brief
from radeng_assets.planning.documents.execution_plan import MemoryScope
from radeng_assets.record import Record

BYTES_PER_TOKEN = 3
"""The estimate where nothing counts: English and code have 3.5 to 4.5 bytes a token, so this one errs high."""


Scope = Literal["global_", "task", "local"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""The plan's memory scopes, in the order in which they stand in a request."""


class Budgets(Record):
    """Tokens of each scope. The defaults are the reference plan's.

    ``compress_tasks``: when a task ends (the agent reports), what is left of older tool results is cut to the local
    budget; otherwise, and in any case, when they are twice the budget.
    """

    global_: int = 500
    task: int = 2000
    local: int = 5000
    compress_tasks: bool = True

    @classmethod
    def of(cls, scopes: Sequence[MemoryScope]) -> Budgets:
        """The plan's own budgets and trigger, where it states them."""
        stated = {scope.name.value: scope.token_budget.value for scope in scopes if scope.token_budget}
        known = {"global_": "global", "task": "task", "local": "local"}
        found = {field: n for field, name in known.items() if (n := stated.get(name) or stated.get(f"{name}_scope"))}
        triggers = [scope.compression_trigger.value for scope in scopes if scope.compression_trigger]
        return cls(**found, compress_tasks=not triggers or any("task" in text.lower() for text in triggers))

    def of_scope(self, scope: Scope) -> int:
        """The tokens of one scope."""
        return {"global_": self.global_, "task": self.task, "local": self.local}[scope]


def estimate(text: str) -> int:
    """The stated estimate of a text's tokens, rounded up."""
    return -(-len(text.encode(errors="surrogatepass")) // BYTES_PER_TOKEN)


DEFAULT_BUDGETS = Budgets()


class Memory(Record):
    """The three scopes of one attempt, each within its budget."""

    global_: str
    task: str
    local: str

    def text(self, scope: Scope) -> str:
        """The text of one scope."""
        return {"global_": self.global_, "task": self.task, "local": self.local}[scope]


def memory_of(
    brief: Brief, budgets: Budgets, places: Sequence[str] = (), measure: Callable[[str], int] = estimate
) -> Memory:
    """The scopes of a brief. What does not fit is cut from the least important end, and that is said.

    ``places`` are citations of the code that the story may be about.
    """
    constraints = [f"- {text}" for text in brief.constraints]
    gates = [f"- gate: `{command}`" for command in brief.gates]
    vision = [f"Vision: {' '.join(brief.vision.split())}"] if brief.vision else []
    shared = [*(["Constraints and gates:"] if constraints or gates else []), *constraints, *gates, *vision]
    told = brief.model_copy(update={"failures": (), "vision": "", "constraints": (), "gates": ()})
    failures = [
        line
        for failure in brief.failures
        for line in (f"### {failure.where}: {failure.reason}", *failure.output.rstrip().splitlines()[-60:])
    ]
    before = ["What stood against the attempt before:", *failures] if failures else []
    cited = ["Places in the code that this may be about:", *places] if places else []
    return Memory(
        global_=fitted(shared, budgets.global_, measure),
        task=fitted(told.markdown().splitlines(), budgets.task, measure),
        local=fitted([*before, *cited], budgets.local, measure),
    )


def fitted(lines: Sequence[str], budget: int, measure: Callable[[str], int] = estimate) -> str:
    """As many lines from the start as fit into a budget of tokens, the last of them shortened; then what was cut."""
    text = "\n".join(lines)
    if measure(text) <= budget:
        return text
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(_cut(lines, middle)) <= budget:
            low = middle
        else:
            high = middle - 1
    if low == 0 and lines:
        # One line alone is too long: its beginning is worth more than nothing.
        note = "\n[cut to the budget]"
        room = max(0, (budget - measure(note) - 1) * BYTES_PER_TOKEN)
        shortened = lines[0].encode(errors="surrogatepass")[:room].decode(errors="ignore") + note
        return shortened if measure(shortened) <= budget else ""
    return _cut(lines, low)


def _cut(lines: Sequence[str], kept: int) -> str:
    return "\n".join([*lines[:kept], f"[{len(lines) - kept} lines cut to the budget]"])
