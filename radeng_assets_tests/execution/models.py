"""Scripted models for the stand-in: what a model that does its work would answer, turn by turn."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from radeng_assets.execution.standin.reply import Reply, ToolCall
from radeng_assets.execution.standin.server import Request
from radeng_assets_tests.execution.works import OPERATIONS, PYTHON, module, test_of

NAMES = {story: name for stories in OPERATIONS.values() for story, name in stories.items()}


def answered(body: Mapping[str, Any]) -> int:
    """How many turns of the conversation the model has answered."""
    return sum(message["role"] == "assistant" for message in body["messages"])


def story_of(body: Mapping[str, Any]) -> str:
    """The story that a request is about, from the brief."""
    first = json.dumps(body["messages"][0]["content"])
    found = re.search(r"# ([ABC]-\d): ", first)
    assert found, first
    return found.group(1)


def honest(request: Request) -> Reply:
    """Looks, writes the module and its test, runs it, and says that it is done."""
    body = request.body
    name = NAMES[story_of(body)]
    shared = "calc/__init__.py" in json.dumps(body["messages"][0]["content"])
    line = f"from calc.{name} import {name}\\n"
    turns = [
        Reply(
            "I look first.",
            (ToolCall("find_files", {"pattern": "**"}), ToolCall("read_file", {"path": "calc/zero.py"})),
        ),
        Reply("", (ToolCall("write_file", {"path": f"calc/{name}.py", "content": module(name)}),)),
        Reply(
            "",
            (
                ToolCall("write_file", {"path": f"tests/test_{name}.py", "content": test_of(name)}),
                ToolCall(
                    "run_command",
                    {"command": f"printf '{line}' >> calc/__init__.py" if shared else "true"},
                ),
            ),
        ),
        Reply("", (ToolCall("run_command", {"command": f"{PYTHON} -m unittest tests.test_{name}"}),)),
        Reply("All done, and the tests pass."),
    ]
    return turns[min(answered(body), len(turns) - 1)]
