"""What a tool is, and the workshop that tools work in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from radeng_assets.execution.agent_policy import MachineLimits
from radeng_assets.execution.sandbox import Sandbox
from radeng_assets.execution.tools.confined import Refused
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


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing an agent can do. ``mutates``: it may change the workspace. ``action`` may raise ``Refused``."""

    name: str
    description: str
    schema: dict[str, JsonValue]
    action: Callable[[Mapping[str, JsonValue], Workshop], ToolAnswer]
    mutates: bool = False

    def run(self, arguments: Mapping[str, JsonValue], workshop: Workshop) -> ToolAnswer:
        """Do it. Never raises for what a model asks: the answer says what was wrong."""
        if self.mutates and not workshop.writable:
            return ToolAnswer(text="your role only reads", is_error=True)
        try:
            return self.action(arguments, workshop)
        except Refused as refused:
            return ToolAnswer(text=str(refused), is_error=True)
        except OSError as error:
            return ToolAnswer(text=error.strerror or "the file system said no", is_error=True)
