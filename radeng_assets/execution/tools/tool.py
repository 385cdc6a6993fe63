"""The protocol of every tool, and the workshop that tools work in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from radeng_assets.execution.agent_policy import MachineLimits
from radeng_assets.execution.sandbox import Sandbox
from radeng_assets.record import Record


class ToolAnswer(Record):
    """What the model is told: text, and whether it is an error."""

    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where tools work: ``tree`` is the only folder that may change, if the role is ``writable``.

    Commands run in ``sandbox``, unconfined where it is ``None``; ``timeout_s`` and ``output_bytes`` bound each.
    ``query`` asks the code index, where there is one. ``stopping`` says whether everything is to halt now.
    """

    tree: Path
    limits: MachineLimits
    timeout_s: float
    output_bytes: int
    stopping: Callable[[], bool]
    sandbox: Sandbox | None = None
    writable: bool = True
    query: Callable[[str], str] | None = None


class Tool(Protocol):
    """One thing an agent can do. Never raises for what a model asks: the answer says what was wrong."""

    @property
    def name(self) -> str:
        """Its name to the model."""
        ...

    @property
    def description(self) -> str:
        """What the model is told of it."""
        ...

    @property
    def schema(self) -> dict[str, JsonValue]:
        """The JSON schema of its input."""
        ...

    @property
    def mutates(self) -> bool:
        """Whether it may change the workspace."""
        ...

    def run(self, arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
        """Do it."""
        ...
