"""The brief: what an agent is told of one story. One record, as JSON and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from radeng_assets.record import Record


class BriefTask(Record):
    """One task of the story, as planned."""

    id: str
    description: str
    files: tuple[str, ...] = ()
    command: str = ""


class BriefCriterion(Record):
    """One acceptance criterion (``number`` counts from 1) and the commands that will prove it."""

    number: int
    text: str
    proofs: tuple[str, ...] = ()


class Failure(Record):
    """What stood against the attempt before: where it was found, why, and the end of the output."""

    where: str
    reason: str
    output: str = ""


class Brief(Record):
    """One attempt at one story. ``scope`` are the paths that may change, ``failures`` those of the attempt before.

    ``vision`` and ``constraints`` are the plan's, ``gates`` the commands that every result must pass.
    """

    format: Literal["radeng/brief/v1"] = "radeng/brief/v1"
    plan: str
    wave: str
    story: str
    title: str
    role: str
    attempt: int
    points: int | None = None
    vision: str = ""
    constraints: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    tasks: tuple[BriefTask, ...] = ()
    scope: tuple[str, ...] = ()
    criteria: tuple[BriefCriterion, ...] = ()
    gates: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    def markdown(self) -> str:
        """The brief as a person would write it."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"# {self.story}: {self.title}"
        yield from ("", f"Wave {self.wave}, attempt {self.attempt}, role {self.role}.")
        if self.vision:
            yield from ("", "## Vision", "", self.vision.strip())
        if self.constraints:
            yield from ("", "## Constraints", "", *(f"- {text}" for text in self.constraints))
        if self.tasks:
            yield from ("", "## Tasks", "")
            for task in self.tasks:
                where = f" ({', '.join(task.files)})" if task.files else ""
                run = f" Run: `{task.command}`" if task.command else ""
                yield f"- {task.id}: {task.description}{where}{run}"
        yield from ("", "## Acceptance criteria", "")
        for item in self.criteria:
            proof = f" Proved by: {', '.join(f'`{command}`' for command in item.proofs)}" if item.proofs else ""
            yield f"{item.number}. {item.text}{proof}"
        if self.gates:
            yield from ("", "## Gates that will run on the result", "", *(f"- `{text}`" for text in self.gates))
        yield from ("", "## Scope", "", "Change these paths, tests and lock files only:", "")
        yield from (f"- {path}" for path in self.scope)
        yield from ("", "Existing tests, gates and tool settings stay as they are; they are run as the base has them.")
        if self.failures:
            yield from ("", "## What stood against the attempt before", "")
            for failure in self.failures:
                yield from (f"### {failure.where}", "", failure.reason, "")
                if failure.output:
                    yield from ("```", failure.output.rstrip(), "```", "")
