"""A Claude agent at work on one attempt: ask, do, write down, until it claims to be done or cannot go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import anthropic
from pydantic import BaseModel, JsonValue

from radeng_assets.evidence.envelope import timestamp
from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.agents.agent import AgentReport, Ending, Job
from radeng_assets.execution.agents.claude.conversation import Ask, Do, End, messages_of, next_step
from radeng_assets.execution.agents.claude.endings import failure_of
from radeng_assets.execution.agents.claude.journal import Journal, Kind
from radeng_assets.execution.agents.claude.measure import counted_by, measured_memory
from radeng_assets.execution.agents.claude.memory import DEFAULT_BUDGETS, Budgets
from radeng_assets.execution.agents.claude.roles import Role, role_of
from radeng_assets.execution.agents.claude.snapshot import Snapshots
from radeng_assets.execution.agents.claude.transcript import transcript_of
from radeng_assets.execution.broker.client import NoBroker
from radeng_assets.execution.broker.line import TURN_HEADER, Line
from radeng_assets.execution.tools.tool import Tool, ToolAnswer, Workshop

T = TypeVar("T")

WATCH_S = 0.5
"""How often the kill switch is looked at while a turn or a tool goes on."""

_CACHED = {"type": "ephemeral"}


def nowhere(job: Job) -> tuple[str, ...]:
    """No place in the code: there is no index."""
    del job
    return ()


@dataclass(frozen=True, slots=True)
class ClaudeAgent:
    """An agent on the Messages API.

    ``line`` gives an attempt its capability, ``workshop`` the place where its tools work (by its role). ``plain`` and
    ``escalation`` are models. ``places`` cites the code that an attempt may be about.
    """

    line: Callable[[Job], Line]
    workshop: Callable[[Job, Role], Workshop]
    policy: AgentPolicy
    tools: Sequence[Tool]
    plain: str
    escalation: str
    budgets: Budgets = DEFAULT_BUDGETS
    places: Callable[[Job], Sequence[str]] = nowhere
    name: str = "claude"

    def work(self, job: Job) -> AgentReport:
        """See ``Agent``."""
        return asyncio.run(self.work_async(job))

    async def work_async(self, job: Job) -> AgentReport:
        """The same, for whoever runs many at once."""
        journal = Journal.open(job.scratch / "journal.jsonl")
        if journal.cut:
            job.log(f"{job.key}: the journal's last {journal.cut} bytes were no whole record and were cut off")
        ended = journal.last("ended")
        if ended is not None:
            return AgentReport.model_validate(ended["report"])
        role = role_of(job.brief.role)
        workshop = self.workshop(job, role)
        try:
            line = await asyncio.to_thread(self.line, job)
        except NoBroker as missing:
            return AgentReport(ending="stopped", reason=str(missing))
        async with line.client() as client:
            if journal.last("opened") is None:
                await self._open(journal, job, role, workshop, client)
            session = _Session(self, job, journal, role, workshop, client, line)
            return await session.run()

    async def _open(
        self, journal: Journal, job: Job, role: Role, workshop: Workshop, client: anthropic.AsyncAnthropic
    ) -> None:
        """Write down what every request of the attempt begins with, so that one after a kill begins the same."""
        model = self.escalation if job.tier == "escalation" else self.plain
        places = await asyncio.to_thread(self.places, job)
        memory, measured = await measured_memory(job.brief, self.budgets, counted_by(client, model), places)
        offered = [tool for tool in self.tools if tool.name in role.tools and _there(tool, workshop)]
        tools: list[dict[str, JsonValue]] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.schema} for tool in offered
        ]
        if tools:
            tools[-1] = {**tools[-1], "cache_control": cast("JsonValue", _CACHED)}
        shared = f"{role.prompt}\n\n{memory.global_}".strip()
        first = [{"type": "text", "text": memory.task, "cache_control": _CACHED}]
        first += [{"type": "text", "text": memory.local}] if memory.local else []
        await asyncio.to_thread(
            journal.write,
            "opened",
            key=job.key,
            model=model,
            measured=measured.model_dump(mode="json"),
            system=cast("JsonValue", [{"type": "text", "text": shared, "cache_control": _CACHED}]),
            tools=cast("JsonValue", tools),
            first=cast("JsonValue", first),
        )


class _Halted(Exception):  # noqa: N818  # it is not an error: it was asked for
    """The kill switch was pulled."""


@dataclass(frozen=True, slots=True)
class _Session:
    """One process's part of an attempt."""

    agent: ClaudeAgent
    job: Job
    journal: Journal
    role: Role
    workshop: Workshop
    client: anthropic.AsyncAnthropic
    line: Line

    async def run(self) -> AgentReport:
        """Step after step. A report that is final is written down, one that is stopped is not."""
        deadline = time.monotonic() + self.job.timeout_s
        try:
            while True:
                self._check()
                if time.monotonic() > deadline:
                    return await self._end("failed", f"the attempt did not end within {self.job.timeout_s:g} s")
                step = next_step(self.journal.notes)
                if isinstance(step, End):
                    return await self._ended(step)
                if isinstance(step, Do):
                    await self._do(step)
                    continue
                if step.turn > self.agent.policy.turns:
                    return await self._end("failed", f"it took more than {self.agent.policy.turns} turns")
                report = await self._ask(step)
                if report is not None:
                    return report
        except _Halted:
            return AgentReport(ending="stopped", reason="everything was halted", model=self._model)

    @property
    def _model(self) -> str:
        opened = self.journal.last("opened")
        return str(opened["model"]) if opened else ""

    async def _write(self, kind: Kind, **body: JsonValue) -> None:
        """A record, in a thread: while one agent waits for the disk, the others of the process go on."""
        await asyncio.to_thread(self.journal.write, kind, **body)

    def _check(self) -> None:
        if self.job.stopping():
            raise _Halted

    async def _ask(self, step: Ask) -> AgentReport | None:
        """One turn; a report if it failed."""
        if not step.again:
            await self._write("asking", turn=step.turn)
        try:
            answer = await self._watched(self._stream(step.turn))
        except _Halted:
            raise
        except Exception as error:  # noqa: BLE001  # whatever a stream raises is a failed turn, and gets a name
            failure = failure_of(error)
            if failure.ending == "stopped":
                return AgentReport(ending="stopped", reason=failure.reason, model=self._model)
            return await self._end(failure.ending, f"turn {step.turn}: {failure.reason}")
        content = [_plain(block) for block in answer.content]
        details = getattr(answer, "stop_details", None)
        await self._write(
            "answered",
            turn=step.turn,
            content=cast("JsonValue", content),
            stop_reason=answer.stop_reason,
            details=str(getattr(details, "explanation", None) or "") if details else "",
        )
        names = ", ".join(str(block["name"]) for block in content if block["type"] == "tool_use")
        used = answer.usage
        counts = f"{getattr(used, 'input_tokens', '?')} in, {getattr(used, 'output_tokens', '?')} out" if used else ""
        self.job.log(f"{self.job.key}: turn {step.turn}: {names or answer.stop_reason} ({counts})")
        return None

    async def _stream(self, turn: int) -> anthropic.types.Message:
        opened = self.journal.last("opened") or {}
        request: dict[str, Any] = {
            "model": opened["model"],
            "max_tokens": self.agent.policy.output_tokens,
            "system": opened["system"],
            "tools": opened["tools"],
            "messages": messages_of(self.journal.notes, self.agent.budgets),
        }
        # The broker may wait for its limits and try again; the deadline of all that is its own, this one bounds a hang.
        policy = self.agent.policy
        async with asyncio.timeout(policy.turn_timeout_s + policy.retry_deadline_s):
            async with self.client.messages.stream(**request, extra_headers={TURN_HEADER: str(turn)}) as stream:
                return cast("anthropic.types.Message", await stream.get_final_message())

    async def _do(self, step: Do) -> None:
        """One tool call. One that a kill cut short is undone first: what it did is done once in the end."""
        call = step.call
        tool = next((tool for tool in self.agent.tools if tool.name == call["name"]), None)
        allowed = tool is not None and tool.name in self.role.tools
        snapshots = Snapshots(self.job.tree, self.job.scratch / "snapshots.git")
        if step.again and step.snapshot:
            await asyncio.to_thread(snapshots.restore, step.snapshot)
        elif not step.again:
            mutates = tool is not None and allowed and tool.mutates
            snapshot = await asyncio.to_thread(snapshots.take) if mutates else None
            await self._write("doing", call=call, snapshot=snapshot, at=timestamp())
        arguments = call["input"]
        if tool is None or not allowed:
            answer = ToolAnswer(text="you have no such tool", is_error=True)
        elif not isinstance(arguments, dict):
            answer = ToolAnswer(text="the input must be an object", is_error=True)
        else:
            answer = await asyncio.to_thread(tool.run, arguments, self.workshop)
        self._check()  # a command that the kill switch ended has not failed: it is to be done again
        text = answer.text.encode(errors="replace").decode()
        await self._write("done", id=call["id"], text=text, is_error=answer.is_error, at=timestamp())

    async def _watched(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for work, and give it up when everything is to halt."""
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=WATCH_S)
                if not task.done():
                    self._check()
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _ended(self, end: End) -> AgentReport:
        if end.what == "claim":
            return await self._end("claimed", "")
        if end.what == "refusal":
            escalated = self._model == self.agent.escalation
            why = f"the model declined{f': {end.reason}' if end.reason else ''}"
            return await self._end("refused" if escalated else "failed", why, declined=True)
        if end.what == "full":
            return await self._end("failed", "the context window is full")
        return await self._end("failed", end.reason)

    async def _end(self, ending: Ending, reason: str, *, declined: bool = False) -> AgentReport:
        """The final report, written down before it is given."""
        spent = await asyncio.to_thread(self.line.spent)
        transcript = self.job.scratch / "transcript.md"
        transcript.write_text(transcript_of(self.journal.notes), encoding="utf-8", errors="replace")
        report = AgentReport(
            ending=ending,
            reason=reason,
            model=self._model,
            turns=sum(note.kind == "answered" for note in self.journal.notes),
            tokens=Tokens(
                input=spent.input + spent.cache_write_5m + spent.cache_write_1h + spent.cache_read,
                output=spent.output,
            ),
            cost_usd=spent.cost_usd,
            transcript=transcript,
            sandboxed=self.workshop.sandbox is not None,
            declined=declined,
        )
        await self._write("ended", report=report.model_dump(mode="json"))
        return report


def _there(tool: Tool, workshop: Workshop) -> bool:
    return tool.name != "query_code" or workshop.query is not None


def _plain(block: BaseModel) -> dict[str, Any]:
    """A block as the next request may hold it."""
    whole: dict[str, Any] = block.model_dump(mode="json", exclude_none=True)
    wanted = {"text": ("type", "text"), "tool_use": ("type", "id", "name", "input")}.get(whole.get("type", ""))
    return {name: whole[name] for name in wanted if name in whole} if wanted else whole
