"""The other side of a load test: the SDK and nothing else. A loop that asks, does and asks again, with plain retries.

No journal, no budget, no snapshot, no broker: what all of that costs is the difference.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anthropic
import httpx2

from radeng_assets.execution.agents.claude.models import PLAIN
from radeng_assets.execution.agents.claude.roles import role_of
from radeng_assets.execution.broker.relay import FIRST_PAUSE_S, RETRIED, TRIES
from radeng_assets.execution.load.fleet import OUTPUT_TOKENS, lay_out
from radeng_assets.execution.load.scenario import Scenario
from radeng_assets.execution.tools.toolbox import all_tools

KEY = "bare"
"""What the stand-in knows this side by; it lets any key in."""


@dataclass(frozen=True, slots=True)
class BareLoop:
    """A scenario's agents at ``place``, on the API at ``url``."""

    scenario: Scenario
    url: str
    place: Path

    async def work(self) -> int:
        """Let all work at once; how many turns were answered."""
        limits = httpx2.Limits(max_connections=None)
        async with anthropic.AsyncAnthropic(
            api_key=KEY,
            base_url=self.url,
            max_retries=0,
            http_client=httpx2.AsyncClient(timeout=60, limits=limits, trust_env=False),
        ) as client:
            return sum(await asyncio.gather(*(self._converse(client, name) for name in self.scenario.names)))

    async def _converse(self, client: anthropic.AsyncAnthropic, name: str) -> int:
        tree = self.place / name
        lay_out(tree)
        role = role_of("developer")
        request: dict[str, Any] = {
            "model": PLAIN,
            "max_tokens": OUTPUT_TOKENS,
            "system": role.prompt,
            "tools": [
                {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
                for tool in all_tools()
                if tool.name in role.tools
            ],
        }
        messages: list[dict[str, Any]] = [{"role": "user", "content": self.scenario.brief(name).markdown()}]
        for turn in range(1, self.scenario.turns + 1):
            answer = await _patiently(client, {**request, "messages": messages})
            if answer is None:
                return turn - 1
            messages.append({"role": "assistant", "content": [block.model_dump() for block in answer.content]})
            results = [
                {"type": "tool_result", "tool_use_id": block.id, "content": _do(tree, block.name, block.input)}
                for block in answer.content
                if block.type == "tool_use"
            ]
            messages.append({"role": "user", "content": results})
        return self.scenario.turns


async def _patiently(client: anthropic.AsyncAnthropic, request: dict[str, Any]) -> anthropic.types.Message | None:
    """One turn, tried as often and with the same pauses as the broker tries it; ``None`` if that did not help."""
    pause = FIRST_PAUSE_S
    for _ in range(TRIES):
        wait = random.uniform(pause / 2, pause)  # noqa: S311  # no secret
        try:
            async with client.messages.stream(**request) as stream:
                return await stream.get_final_message()
        except anthropic.APIStatusError as error:
            if error.status_code not in RETRIED:
                return None
            wait = float(error.response.headers.get("retry-after", wait))
        except (anthropic.APIConnectionError, httpx2.HTTPError):
            pass
        pause *= 2
        await asyncio.sleep(wait)
    return None


def _do(tree: Path, name: str, arguments: Mapping[str, Any]) -> str:
    """What the scenario's tools come to, without asking whether they may."""
    path = tree / str(arguments.get("path", ""))
    if name == "find_files":
        return "\n".join(str(found.relative_to(tree)) for found in tree.rglob("*") if found.is_file())
    if name == "read_file":
        return path.read_text("utf-8")
    if name == "write_file":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(arguments["content"]), encoding="utf-8")
    if name == "edit_file":
        path.write_text(path.read_text("utf-8").replace(str(arguments["old"]), str(arguments["new"])), encoding="utf-8")
    return "done"
