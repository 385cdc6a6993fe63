"""What every agent of a load test does and what goes wrong on the way, from a seed: the same on both sides, each time.

A turn's answer hangs on the agent, the turn and the try alone, so that two fleets in any order get the same.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from radeng_assets.evidence.outcomes import Tokens
from radeng_assets.execution.brief import Brief, BriefCriterion
from radeng_assets.execution.broker.relay import TRIES
from radeng_assets.execution.load.report import Faults
from radeng_assets.execution.standin.reply import Fault, FaultKind, Reply, ToolCall
from radeng_assets.execution.standin.server import Request, Script
from radeng_assets.record import Record

FEWEST_TURNS = 10
"""Turns of one agent at least: a conversation and not a call."""

README = "README.md"
GIVEN = {README: "A package of parts.\n\n" + "".join(f"- part {n} counts to {n}\n" for n in range(40))}
"""The files that an agent finds."""

LATEST_RESET = 6
"""Events of a stream after which a reset comes at the latest; every stream here has more."""

_NAME = re.compile(r"# (agent-\d+): ")


class Scenario(Record):
    """``agents`` at once, each with one conversation of ``turns`` turns (``FEWEST_TURNS`` at least).

    A turn takes ``fastest_s`` to ``slowest_s``, evenly spread. Of all tries, the fraction ``throttled`` is answered
    with 429 or 529 and the fraction ``resets`` ends with a TCP reset, before the first byte or in mid-stream.
    """

    agents: int
    turns: int
    fastest_s: float = 1.0
    slowest_s: float = 4.0
    throttled: float = 0.02
    resets: float = 0.01
    seed: int = 4

    @property
    def names(self) -> tuple[str, ...]:
        """The agents."""
        return tuple(f"agent-{number}" for number in range(1, self.agents + 1))

    @property
    def calls(self) -> int:
        """The turns of all agents together."""
        return self.agents * self.turns

    def brief(self, name: str) -> Brief:
        """What an agent is told."""
        return Brief(
            plan="load",
            wave=f"load-{self.agents}",
            story=name,
            title="Write the parts",
            role="developer",
            attempt=1,
            scope=("parts/**", "notes/**"),
            criteria=(BriefCriterion(number=1, text="Every part counts to its number, and a note says so"),),
        )

    def reply(self, name: str, turn: int, again: int = 0) -> Reply:
        """What the stand-in answers to a turn (from 1) when it was tried ``again`` times before."""
        luck = random.Random(f"{self.seed}/{name}/{turn}/{again}")  # noqa: S311  # no secret
        fault = self._fault(luck)
        if fault is not None and fault.kind == "status":
            return Reply(fault=fault)
        text, tools = self._turn(turn)
        delay = luck.uniform(self.fastest_s, self.slowest_s)
        return Reply(text, tools, usage=_usage(turn), delay_s=delay, fault=fault)

    def _fault(self, luck: random.Random) -> Fault | None:
        what, which = luck.random(), luck.random()
        if what < self.throttled:
            if which < 0.5:
                return Fault("status", status=429, headers={"retry-after": "1"})
            return Fault("status", status=529)
        if what < self.throttled + self.resets:
            return Fault("reset", at=int(which * (LATEST_RESET + 1)))
        return None

    def _turn(self, turn: int) -> tuple[str, tuple[ToolCall, ...]]:
        """Look, then write, read, edit and note part after part, report, and claim."""
        if turn >= self.turns:
            return "Every part is there and counts to its number.", ()
        if turn == self.turns - 1:
            return "", (ToolCall("report", {"summary": "Every part is written, and a note with it."}),)
        if turn == 1:
            look = ToolCall("find_files", {"pattern": "**"})
            return "I look at what is there.", (look, ToolCall("read_file", {"path": README}))
        part, step = divmod(turn - 2, 4)
        path, note = f"parts/part_{part}.py", f"notes/part_{part}.md"
        calls = (
            ToolCall("write_file", {"path": path, "content": f"MOST = 0\n\n{_body(part)}"}),
            ToolCall("read_file", {"path": path}),
            ToolCall("edit_file", {"path": path, "old": "MOST = 0", "new": f"MOST = {part}"}),
            ToolCall("write_file", {"path": note, "content": f"Part {part} counts to {part}.\n"}),
        )
        return f"Part {part}.", (calls[step],)

    @property
    def files(self) -> dict[str, str]:
        """What is in an agent's folder when it has done everything once."""
        files = dict(GIVEN)
        for turn in range(1, self.turns):
            for call in self._turn(turn)[1]:
                path = str(call.input.get("path", ""))
                if call.name == "write_file":
                    files[path] = str(call.input["content"])
                elif call.name == "edit_file":
                    files[path] = files[path].replace(str(call.input["old"]), str(call.input["new"]))
        return files

    @property
    def faults(self) -> Faults:
        """What goes wrong on the way of a fleet that gives up a turn after as many tries as the broker does."""
        kinds = Counter(kind for name in self.names for turn in self._numbers for kind in self._met(name, turn))
        return Faults(throttled=kinds["status"], resets=kinds["reset"])

    @property
    def tokens(self) -> Tokens:
        """What a fleet consumes that is answered every turn, and pays each once."""
        usages = [_usage(turn) for turn in self._numbers]
        put_in = sum(usage["input_tokens"] + usage["cache_read_input_tokens"] for usage in usages)
        return Tokens(input=self.agents * put_in, output=self.agents * sum(usage["output_tokens"] for usage in usages))

    @property
    def _numbers(self) -> range:
        return range(1, self.turns + 1)

    def _met(self, name: str, turn: int) -> Iterator[FaultKind]:
        """The faults that a turn meets before it is answered."""
        for again in range(TRIES):
            fault = self.reply(name, turn, again).fault
            if fault is None:
                return
            yield fault.kind


def _usage(turn: int) -> dict[str, int]:
    return {"input_tokens": 300, "cache_read_input_tokens": 150 * turn, "output_tokens": 40}


def _body(part: int) -> str:
    return "".join(f"def step_{n}() -> int:\n    return {part * n}\n\n" for n in range(8))


def script(text: str) -> Script:
    """The stand-in's script for a scenario (its JSON). Each fleet has a key of its own, and so tries of its own."""
    scenario = Scenario.model_validate_json(text)
    tries: Counter[tuple[str, str, int]] = Counter()

    def answer(request: Request) -> Reply:
        name, turn = whose(request.body)
        fleet = request.headers.get("x-api-key") or request.headers.get("authorization", "")
        again = tries[fleet, name, turn]
        tries[fleet, name, turn] += 1
        return scenario.reply(name, turn, again)

    return answer


def whose(body: Mapping[str, Any]) -> tuple[str, int]:
    """(the agent, its turn) of a request."""
    found = _NAME.search(str(body["messages"][0]["content"]))
    if found is None:
        raise ValueError("a request of nobody's")
    return found.group(1), 1 + sum(message["role"] == "assistant" for message in body["messages"])
